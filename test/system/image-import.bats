#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# What may happen while an image is imported: no space, kill -9 at any byte, others who import or collect.

bats_require_minimum_version 1.5.0
load lib

@test "a full disk is said, and nothing of the image stays" {
    layout=$(make_layout web)
    head -c 6M /dev/urandom >"$layout/rootfs/random"
    tar -cf "$images/large.aci" -C "$layout" manifest rootfs
    # shellcheck disable=SC2016 # the script's own arguments
    run unshare --mount bash -euc 'mount -t tmpfs -o size=8m small "$1"
        "$2" --dir="$1" --insecure-options=image fetch --max-unpacked-bytes=1Gi "$3" && exit 1
        ls "$1/images" "$1/layers" "$1/tmp"' full "$data" "$RKT" "$images/large.aci"
    assert_status 0
    assert_contains "$output" "No space left on device"
    assert_contains "$output" "$data/images:

$data/layers:

$data/tmp:"
    # shellcheck disable=SC2016
    run unshare --mount bash -euc 'mount -t tmpfs -o size=5m small "$1"
        "$2" --dir="$1" --insecure-options=image fetch "$3"' full "$data" "$RKT" "$images/large.aci"
    assert_status 254
    assert_contains "$output" "the archive unpacks to more than"
}

@test "a data directory that is read-only can be listed, and not changed" {
    aci=$(make_small_aci web)
    id=$(rkt fetch --full "$aci")
    # shellcheck disable=SC2016
    run unshare --mount bash -uc 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1"
        "$2" --dir="$1" image list --no-legend --fields=name
        "$2" --dir="$1" --insecure-options=image fetch "$3"; echo $?
        "$2" --dir="$1" image rm "$4"; echo $?' ro "$data" "$RKT" "$aci" "$id"
    assert_equal "${lines[0]}" example.com/web:1
    assert_match "${lines[1]}" '^rkt: fetching .*: Read-only file system$'
    assert_equal "${lines[2]}" 254
    assert_match "${lines[3]}" '^rkt: .*: Read-only file system$'
    assert_equal "${lines[4]}" 254
}

# Starts a fetch of $images/pipe.aci in the background, from a pipe that stays open as 8. Its process is $fetch.
fetch_from_pipe() {
    rm -f "$images/pipe.aci" && mkfifo "$images/pipe.aci"
    exec 8<>"$images/pipe.aci"
    "$RKT" --dir="$data" --insecure-options=image fetch --full "$images/pipe.aci" 8>&- >"$images/out" 2>&1 &
    fetch=$!
}

has_read() { # BYTES
    [ "$(stat -c %s "$data"/tmp/*/layer/archive)" -ge "$1" ]
}

unpacker() {
    pgrep -P "$fetch"
}

@test "who unpacks is confined" {
    aci=$(make_small_aci web)
    fetch_from_pipe
    head -c 600 "$aci" >&8
    await 10 has_read 600
    process=/proc/$(unpacker)
    assert_match "$(cat "$process/status")" $'CapPrm:\t000000008000001b\nCapEff:\t000000008000001b\nCapBnd:\t000000008000001b'
    assert_match "$(cat "$process/status")" $'NoNewPrivs:\t1\nSeccomp:\t2'
    for namespace in mnt net ipc; do
        [ "$(readlink "$process/ns/$namespace")" != "$(readlink /proc/self/ns/$namespace)" ]
    done
    assert_equal "$(ls "$process/root")" archive
    assert_equal "$(wc -l <"$process/mounts")" 1
    tail -c +601 "$aci" >&8
    exec 8>&-
    wait "$fetch"
    assert_equal "$(cat "$images/out")" "sha512-$(digest cat "$aci")"
}

@test "kill -9 of an import at twenty offsets leaves the whole image or none, and collecting the rest" {
    layout=$(make_layout web)
    head -c 300000 /dev/urandom >"$layout/rootfs/random"
    tar -cf "$images/web.tar" -C "$layout" manifest rootfs
    size=$(stat -c %s "$images/web.tar")
    id=sha512-$(digest cat "$images/web.tar")
    for i in {1..20}; do
        offset=$((size * i / 20))
        fetch_from_pipe
        head -c $offset "$images/web.tar" >&8
        await 10 has_read $offset
        # By turns the process that was asked, and the one that unpacks for it.
        if ((i % 3 == 0)); then kill -9 "$(unpacker)"; else kill -9 "$fetch"; fi
        ! wait "$fetch"
        exec 8>&-
        run --separate-stderr rkt image list --no-legend --full --fields=id
        assert_equal "$output" ""
        rkt image gc
        assert_store_is_empty
    done

    # At the very end it may be there; and then it is whole.
    for i in {1..10}; do
        fetch_from_pipe
        cat "$images/web.tar" >&8
        await 10 has_read "$size"
        exec 8>&-
        kill -9 "$fetch" || true
        wait "$fetch" || true
        run --separate-stderr rkt image list --no-legend --full --fields=id
        if [ -n "$output" ]; then
            assert_equal "$output" "$id"
            tar --compare --file="$images/web.tar" --directory="$data/layers/$id" rootfs
        fi
        rkt image gc
        assert_equal "$(ls "$data/tmp")" ""
    done

    assert_equal "$(rkt fetch --full "$images/web.tar")" "$id"
    tar --compare --file="$images/web.tar" --directory="$data/layers/$id" rootfs
}

@test "an import that goes on is not collected, and does not keep others out" {
    aci=$(make_small_aci web)
    fetch_from_pipe
    head -c 600 "$aci" >&8
    await 10 has_read 600
    other=$(rkt fetch --full "$(make_small_aci other)")
    rkt image gc --grace-period=0
    rkt image rm "$other"
    assert_equal "$(find "$data/tmp" -mindepth 1 -maxdepth 1 | wc -l)" 1
    tail -c +601 "$aci" >&8
    exec 8>&-
    wait "$fetch"
    run --separate-stderr rkt image list --no-legend --fields=name
    assert_equal "$output" example.com/web:1
}

@test "ten fetches of one image at once all succeed, and it is there once" {
    aci=$(make_small_aci web)
    for i in {1..10}; do
        rkt fetch --full "$aci" >"$images/out.$i" &
    done
    for i in {1..10}; do wait -n; done
    assert_equal "$(sort -u "$images"/out.*)" "sha512-$(digest cat "$aci")"
    assert_equal "$(find "$data/images" "$data/layers" -mindepth 1 -maxdepth 1 | wc -l)" 2
    assert_equal "$(ls "$data/tmp")" ""
}

@test "fetching, removing and collecting beside each other lose nothing" {
    aci=$(make_small_aci web)
    id=$(rkt fetch --full "$aci")
    for i in {1..20}; do
        rkt fetch --full "$aci" >/dev/null &
        rkt image rm "$id" >/dev/null 2>&1 &
        rkt image gc --grace-period=0 >/dev/null &
    done
    for i in {1..60}; do wait -n || fail "one of them ended with $?"; done
    assert_equal "$(rkt fetch --full "$aci")" "$id"
    tar --compare --file="$aci" --directory="$data/layers/$id" rootfs
    rkt image gc
    assert_equal "$(ls "$data/tmp")" ""
}
