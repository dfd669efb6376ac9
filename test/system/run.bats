#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# A pod in the foreground: its output, its status, its signals, its name.

load lib

@test "an image file runs, its output is bare and its status is ours" {
    run rkt run "$(make_aci example.com/hello 'echo hello' 'echo to-stderr >&2' 'exit 5')"
    assert_status 5
    assert_contains "$output" hello
    assert_contains "$output" to-stderr
    assert_equal "${#lines[@]}" 2 "lines of output"
}

@test "an image in the store runs by its name and by its id" {
    id=$(rkt fetch --full "$(make_aci example.com/hello 'echo hello')")
    assert_equal "$(rkt run example.com/hello:1)" hello
    assert_equal "$(rkt run "${id:0:20}")" hello
}

@test "ACI-10: arguments and --exec replace what the image says, word by word" {
    aci=$(make_aci example.com/args 'echo unused')
    output=$(rkt run "$aci" --exec=/bin/echo -- 'a  b' '$HOME' '%n' '"q"' --)
    assert_equal "$output" 'a  b $HOME %n "q" --'
}

@test "several apps run in one pod, each line behind its app's name" {
    one=$(make_aci example.com/one 'echo from-one')
    two=$(make_aci example.com/two 'echo from-two')
    run rkt run "$one" "$two" --name=second
    assert_status 0
    assert_contains "$output" 'one: from-one'
    assert_contains "$output" 'second: from-two'
}

@test "the status of several apps is that of the first that failed" {
    good=$(make_aci example.com/good 'exit 0')
    bad=$(make_aci example.com/bad 'exit 3')
    run rkt run "$good" "$bad"
    assert_status 3
    run rkt run "$bad" "$good"
    assert_status 3
    run rkt run "$good" "$good" --name=other
    assert_status 0
}

@test "a sibling's failure ends the other apps in order: TERM, last line, post-stop" {
    bad=$(make_aci example.com/bad 'until [ -e /dev/shm/ready ]; do sleep 0.05; done' 'exit 3')
    other=$(make_aci example.com/other -a '"eventHandlers": [{"name": "post-stop", "exec": ["/bin/echo", "post-stop ran"]}]' \
        'trap "echo last line; exit 0" TERM' 'touch /dev/shm/ready' 'sleep 1000 & wait')
    run rkt run "$bad" "$other"
    assert_status 3
    assert_contains "$output" 'other: last line'
    assert_contains "$output" 'other: post-stop ran'
}

@test "an app that kills itself has 128 and its signal as status" {
    run rkt run "$(make_aci example.com/suicide 'echo before' 'kill -9 $$')"
    assert_status 137
    assert_equal "$output" before
}

@test "/dev/stdout and /dev/stderr can be opened, by root and by another user" {
    for user in 0 alice; do
        run rkt run "$(make_aci example.com/streams -u "$user" -g 0 'echo out >/dev/stdout' 'echo err >/dev/stderr')"
        assert_status 0
        assert_contains "$output" out
        assert_contains "$output" err
    done
}

@test "ACI-13: users are numbers, or names of the image" {
    run rkt run "$(make_aci example.com/user -u alice -g staff 'id -u; id -g')"
    assert_equal "$output" $'1234\n1235'
    run rkt run "$(make_aci example.com/user -u 77 -g 78 'id -u; id -g')"
    assert_equal "$output" $'77\n78'
    run rkt run "$(make_aci example.com/user -u nobody-knows -g 0 'id')"
    assert_status 254
    assert_contains "$output" nobody-knows
}

@test "5000 lines at once are all there" {
    rkt run "$(make_aci example.com/many 'seq 1 5000')" >"$BATS_TEST_TMPDIR/out"
    assert_equal "$(md5sum <"$BATS_TEST_TMPDIR/out")" "$(seq 1 5000 | md5sum)"
}

@test "lines that fill several files of the journal are shown while they come, each once and in order, by run and by logs" {
    aci=$(make_aci example.com/long 'i=0; while [ $i -lt 6000 ]; do i=$((i + 1)); echo "$i '"$(printf '%0400d' 0)"'"; done' \
        'until [ -e /dev/shm/go ]; do sleep 0.05; done')
    rkt run --name=long "$aci" >"$BATS_TEST_TMPDIR/out" 3>&- &
    pod=$!
    await 10 grep -q '^1 ' "$BATS_TEST_TMPDIR/out"
    rkt logs --follow long >"$BATS_TEST_TMPDIR/logs" 3>&- &
    logs=$!
    await 30 grep -q '^6000 ' "$BATS_TEST_TMPDIR/out" # while the app runs
    await 30 grep -q '^6000 ' "$BATS_TEST_TMPDIR/logs"
    files=$(find "$data"/pods/run/*/journal -type f | wc -l)
    [ "$files" -gt 2 ] || fail "the journal has $files files"
    rkt exec long touch /dev/shm/go
    wait "$pod"
    tail --pid="$logs" -f /dev/null
    for told in out logs; do
        assert_equal "$(cut -d' ' -f1 "$BATS_TEST_TMPDIR/$told" | md5sum)" "$(seq 1 6000 | md5sum)" "$told"
    done
}

@test "a pod has a loopback of its own, or the host's network" {
    aci=$(make_aci example.com/net 'ls /sys/class/net | wc -l; ip link | grep -c LOOPBACK')
    assert_equal "$(rkt run --net=none "$aci")" $'1\n1'
    ip link add rkt-test type veth peer name rkt-peer
    run rkt run --net=host "$(make_aci example.com/net 'ip link')"
    ip link del rkt-test
    assert_contains "$output" rkt-test
    run rkt run --net=moon "$aci"
    assert_status 254
}

@test "--uuid-file-save has the UUID while the pod runs" {
    aci=$(make_aci example.com/sleep 'echo up; sleep 1000')
    rkt run --uuid-file-save="$BATS_TEST_TMPDIR/uuid" "$aci" >"$BATS_TEST_TMPDIR/out" &
    await 10 grep -q up "$BATS_TEST_TMPDIR/out"
    uuid=$(cat "$BATS_TEST_TMPDIR/uuid")
    assert_contains "$(rkt status "$uuid")" state=running
    assert_contains "$(rkt list --full --no-legend)" "$uuid"
    rkt stop "$uuid"
    wait $! || true
    assert_contains "$(rkt status --uuid-file="$BATS_TEST_TMPDIR/uuid")" state=exited
}

@test "the first Ctrl-C ends the pod in order, through a terminal" {
    aci=$(make_aci example.com/trap -a '"eventHandlers": [{"name": "post-stop", "exec": ["/bin/echo", "post-stop ran"]}]' \
        'trap "echo got TERM; exit 7" TERM' 'echo up' 'sleep 1000 & wait')
    mkfifo "$BATS_TEST_TMPDIR/keys"
    exec 7<>"$BATS_TEST_TMPDIR/keys"
    script -qec "$RKT --dir=$data --insecure-options=image run $aci; echo status=\$?" /dev/null \
        <"$BATS_TEST_TMPDIR/keys" >"$BATS_TEST_TMPDIR/out" &
    await 10 grep -q up "$BATS_TEST_TMPDIR/out"
    printf '\003' >&7
    wait $!
    exec 7>&-
    output=$(cat "$BATS_TEST_TMPDIR/out")
    assert_contains "$output" 'got TERM'
    assert_contains "$output" 'post-stop ran'
    assert_contains "$output" 'status=7'
}

@test "a second signal kills" {
    aci=$(make_aci example.com/stubborn 'trap "echo ignored" TERM' 'echo up' 'while :; do sleep 1000 & wait; done')
    "$RKT" --dir="$data" --insecure-options=image run "$aci" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" &
    pid=$!
    await 10 grep -q up "$BATS_TEST_TMPDIR/out"
    kill -TERM $pid
    await 10 grep -q ignored "$BATS_TEST_TMPDIR/out"
    kill -TERM $pid
    wait $pid || true
    assert_contains "$(cat "$BATS_TEST_TMPDIR/err")" 'killing the pod'
    assert_contains "$(rkt list --no-legend)" exited
}

@test "a pod's name is what verbs take, and belongs to one living pod" {
    aci=$(make_aci example.com/sleep 'echo up; sleep 1000')
    rkt run --name=web "$aci" >"$BATS_TEST_TMPDIR/out" &
    await 10 grep -q up "$BATS_TEST_TMPDIR/out"
    assert_contains "$(rkt status web)" name=web
    run rkt run --name=web "$aci"
    assert_status 254
    assert_contains "$output" 'the pod'
    assert_equal "$(rkt list --no-legend | wc -l)" 1 "pods"
    rkt stop web
    wait $! || true
    assert_equal "$(rkt logs web)" up
    assert_equal "$(rkt run --name=web "$(make_aci example.com/again 'echo again')")" again
    assert_equal "$(rkt logs web)" again
}

@test "names that look like a UUID are refused before anything is made" {
    aci=$(make_aci example.com/hello 'echo hello')
    for name in cafe 0 a-b Web ''; do
        run rkt run --name="$name" "$aci"
        assert_status 254
    done
    assert_equal "$(rkt list --no-legend)" ''
}

@test "unknown verbs and flags are named, with status 254" {
    run rkt frobnicate
    assert_status 254
    assert_contains "$output" 'there is no verb "frobnicate"'
    run rkt run --frobnicate x
    assert_status 254
    assert_contains "$output" --frobnicate
    run rkt run
    assert_status 254
    run rkt
    assert_status 2
}

@test "a data directory on an overlay is said in words, and nothing is left" {
    mkdir -p /srv/overlay-data
    aci=$(make_aci example.com/hello 'echo hello')
    run "$RKT" --dir=/srv/overlay-data --insecure-options=image run "$aci"
    assert_status 254
    assert_contains "$output" 'overlay'
    assert_equal "$("$RKT" --dir=/srv/overlay-data list --no-legend)" ''
    rm -rf /srv/overlay-data
}

@test "a pod needs root, and listing does not" {
    aci=$(make_aci example.com/hello 'echo hello')
    rkt run --name=hello "$aci"
    chmod 755 "$data" /var/lib/rkt
    run setpriv --reuid=65534 --regid=65534 --clear-groups "$RKT" --dir="$data" run example.com/hello
    assert_status 254
    assert_contains "$output" root
    run setpriv --reuid=65534 --regid=65534 --clear-groups "$RKT" --dir="$data" list
    assert_status 0
    assert_contains "$output" hello
    assert_contains "$output" exited
    run setpriv --reuid=65534 --regid=65534 --clear-groups "$RKT" --dir="$data" cat-manifest hello
    assert_status 254
    readable=$(setpriv --reuid=65534 --regid=65534 --clear-groups find "$data/pods" -readable -size +0 -type f \
        \( -name pod -o -name manifest \) 2>/dev/null) || true
    assert_equal "$readable" '' "manifests that everyone may read"
    programs=$(setpriv --reuid=65534 --regid=65534 --clear-groups find "$data" -name busybox 2>/dev/null) || true
    assert_equal "$programs" '' "programs of images that everyone may execute"
}

@test "who may not look at a pod's lock is told no end that there was not" {
    rkt run --name=over "$(make_aci example.com/over 'exit 0')"
    rkt run --name=web --uuid-file-save="$BATS_TEST_TMPDIR/uuid" \
        "$(make_aci example.com/web 'echo up; until [ -e /dev/shm/go ]; do sleep 0.05; done')" >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
    pod=$!
    await 20 grep -q up "$BATS_TEST_TMPDIR/out"
    making=$data/pods/prepare/aaaa0000-0000-4000-8000-000000000001
    mkdir "$making"
    echo 'made sha512-0 example.com/made' >"$making/apps"
    (umask 077 && touch "$making/lock")
    flock --exclusive --no-fork "$making/lock" sh -c 'echo held; exec sleep 1000' >"$BATS_TEST_TMPDIR/held" 3>&- &
    holder=$!
    await 10 grep -q held "$BATS_TEST_TMPDIR/held"
    chmod 755 "$data" /var/lib/rkt
    states() { "$@" "$RKT" --dir="$data" list --no-legend --fields=app,state | tr -s '\t' | sort; }
    as_user='setpriv --reuid=65534 --regid=65534 --clear-groups'
    expected=$'made\tpreparing\nover\texited\nweb\trunning'
    assert_equal "$(states env)" "$expected"
    # shellcheck disable=SC2086 # words
    assert_equal "$(states $as_user)" "$expected"
    rm "$data/pods/run/$(cat "$BATS_TEST_TMPDIR/uuid")/cgroup" # as before it is in one
    # shellcheck disable=SC2086
    assert_equal "$(states $as_user)" "$expected"
    kill "$holder"
    rkt exec web touch /dev/shm/go
    wait "$pod"
}

@test "fifty apps that end at once: right status and complete output every time" {
    exit0=$(rkt fetch --full "$(make_aci example.com/exit0 'echo one; echo two')")
    exit5=$(rkt fetch --full "$(make_aci example.com/exit5 'echo one; echo two; exit 5')")
    killed=$(rkt fetch --full "$(make_aci example.com/killed 'echo one; echo two; kill -9 $$')")
    for _ in {1..50}; do
        for row in "$exit0 0" "$exit5 5" "$killed 137"; do
            run rkt run "${row% *}"
            assert_status "${row#* }"
            assert_equal "$output" $'one\ntwo'
        done
    done
}

@test "no mount, cgroup, process or machine is left of a pod that has exited" {
    before=$(wc -l </proc/self/mountinfo)
    rkt run --name=gone "$(make_aci example.com/hello 'echo hello')"
    assert_equal "$(wc -l </proc/self/mountinfo)" "$before" mounts
    await 5 sh -c '! machinectl list --no-legend | grep -q rkt-gone'
    await 5 sh -c '! find /sys/fs/cgroup -name "rkt-gone*" | grep -q .'
}

# ---- A reader who does not read

start_unread() { # MODE: an app that has written more than a pipe holds, and whose rkt nobody reads
    mkfifo "$BATS_TEST_TMPDIR/$1"
    aci=$(make_aci example.com/noisy 'i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i + 1)); done; echo all; exec sleep 1000')
    rkt run --name="$1" "$aci" --stdout="$1" >"$BATS_TEST_TMPDIR/$1" 3>&- &
    job=$!
    exec 9<"$BATS_TEST_TMPDIR/$1"
    await 20 sh -c "$RKT --dir=$data status --wait-ready $1"
    runner=$(ps -o ppid= -p "$(cat "$data"/pods/run/*/ppid)" | tr -d ' ')
    leader=$(cat "$data"/pods/run/*/pid)
    [ "$1" = stream ] || await 20 sh -c "$RKT --dir=$data logs $1 | grep -q all"
}

@test "who does not read delays the end, and loses nothing" {
    start_unread log
    kill -TERM "$runner"
    await 20 test ! -e "/proc/$leader"
    [ -e "/proc/$runner" ]
    assert_equal "$(grep -c '^line' <&9)" 20000
    wait "$job" || true
}

@test "an rkt whose output nobody reads ends at the second signal" {
    for mode in log stream; do
        start_unread "$mode"
        kill -TERM "$runner"
        await 20 test ! -e "/proc/$leader"
        kill -TERM "$runner"
        wait "$job" || true
        rkt rm "$mode"
    done
}
