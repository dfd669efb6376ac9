#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# The test host itself: above all that nothing is executed when a step of its set-up fails, since a
# systemd on the machine's own root would empty its /tmp.

load lib

# A tree just good enough to be booted, whose systemd only tells that it was executed.
make_witness_tree() { # TREE
    local program
    mkdir -p "$1"/{bin,dev,etc,mnt,proc,run,sys,tmp,usr/lib/systemd,witness}
    cp /bin/busybox "$1/bin/"
    ln -s ../bin "$1/usr/bin"
    for program in cat env grep mount sh umount; do ln -s busybox "$1/bin/$program"; done
    printf '#!/bin/sh\necho executed >%s/executed\n' "$witness" >"$1/usr/lib/systemd/systemd"
    touch "$1/usr/lib/systemd/systemd-machined"
    # shellcheck disable=SC2016 # the script's own argument
    printf '#!/bin/sh\nexec grep -q " $2 " /proc/mounts\n' >"$1/bin/mountpoint"
    chmod +x "$1"/usr/lib/systemd/systemd* "$1/bin/mountpoint"
}

boot_witness() { # OPTION...
    run "$project/test/host" -v -r "$tree" -b "$witness" "$@" -- true
}

setup_witness() {
    tree=$BATS_TEST_TMPDIR/tree witness=$BATS_TEST_TMPDIR/witness
    mkdir "$witness"
    make_witness_tree "$tree"
}

@test "test/host: a tree that is whole is executed (so that the next cases can fail)" {
    setup_witness
    boot_witness
    assert_status 125
    assert_equal "$(cat "$witness/executed")" executed
}

@test "test/host: nothing is executed when a step of the set-up fails" {
    setup_witness
    local broken
    for broken in proc sys dev run tmp mnt; do
        rmdir "$tree/$broken"
        touch "$tree/$broken" # nothing can be mounted or made there
        boot_witness
        assert_status 125
        assert_equal "$(ls "$witness")" "" "executed without $broken"
        rm "$tree/$broken"
        mkdir "$tree/$broken"
    done
}

@test "test/host: nothing is executed when a path cannot be bound" {
    setup_witness
    touch "$BATS_TEST_TMPDIR/file"
    boot_witness -b "$BATS_TEST_TMPDIR/file" # a file does not fit on the directory made for it
    assert_status 125
    assert_equal "$(ls "$witness")" ""
}

@test "test/host: nothing is executed when the new root does not show its mark" {
    setup_witness
    rm "$tree/bin/cat"
    boot_witness
    assert_status 125
    assert_equal "$(ls "$witness")" ""
}

@test "test/host: a wrong option, tree or data directory is told before anything is made" {
    run "$project/test/host" -r /nowhere -- true
    assert_status 125
    assert_contains "$output" "/nowhere is no directory"
    run "$project/test/host" -r "$BATS_TEST_TMPDIR" -- true
    assert_status 125
    assert_contains "$output" "no systemd-machined in $BATS_TEST_TMPDIR"
    run "$project/test/host" -d /nowhere -- true
    assert_status 125
    assert_contains "$output" "/nowhere is no directory"
    run "$project/test/host" -z -- true
    assert_status 125
    assert_contains "$output" "-z"
}

@test "test/host: a command's status, output and arguments come back as they are" {
    # shellcheck disable=SC2016 # to be expanded by the shell on the host
    local two=$'a  b\n$HOME %n'
    run "$project/test/host" -- sh -c 'printf "%s" "$1"; exit 42' sh "$two"
    assert_status 42
    assert_equal "$output" "$two"
    run "$project/test/host" -- sh -c 'kill -TERM $$'
    assert_status 143
    run "$project/test/host" -t 1 -- cat /dev/zero
    [ "$status" -eq 124 ]
}

@test "test/host: what is written stays inside, but for a path that is bound" {
    mkdir "$BATS_TEST_TMPDIR/bound"
    "$project/test/host" -b "$BATS_TEST_TMPDIR/bound" -- \
        sh -c "touch /etc/inside /tmp/inside /dev/inside '$BATS_TEST_TMPDIR/bound/outside'"
    [ ! -e /etc/inside ] && [ ! -e /tmp/inside ] && [ ! -e /dev/inside ]
    [ -e "$BATS_TEST_TMPDIR/bound/outside" ]
}

@test "test/host: ends with all it started, and leaves no cgroup, also when it is killed" {
    "$project/test/host" -- true
    assert_equal "$(ls -d /sys/fs/cgroup/test-host.* 2>/dev/null)" ""

    mkfifo "$BATS_TEST_TMPDIR/fifo"
    "$project/test/host" -b "$BATS_TEST_TMPDIR" -- sh -c "echo up >'$BATS_TEST_TMPDIR/fifo'; exec sleep 1000" 3>&- &
    local host=$! cgroup=/sys/fs/cgroup/test-host.$!
    read -r _ <"$BATS_TEST_TMPDIR/fifo"
    kill -KILL "$host"
    await 10 grep -q 'populated 0' "$cgroup/cgroup.events"
    "$project/test/host" -- true
    [ ! -d "$cgroup" ]
}
