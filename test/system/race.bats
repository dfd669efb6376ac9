#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# Several rkt at once: nobody waits for ever, nobody loses anything.

load lib

@test "gc and image gc beside runs take nothing from them" {
    id=$(rkt fetch --full "$(make_aci example.com/hello 'echo hello')")
    touch "$BATS_TEST_TMPDIR/go-on"
    while [ -e "$BATS_TEST_TMPDIR/go-on" ]; do
        rkt gc --grace-period=0 || true
        rkt image gc --grace-period=1h || true
    done >/dev/null 2>&1 &
    collector=$!
    for _ in {1..10}; do
        assert_equal "$(rkt run "$id")" hello
    done
    rm "$BATS_TEST_TMPDIR/go-on"
    wait $collector
}

@test "image rm beside runs: the image is there as long as a pod has it" {
    aci=$(make_aci example.com/hello 'echo hello')
    for _ in {1..10}; do
        id=$(rkt fetch --full "$aci")
        rkt run "$id" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" &
        runner=$!
        rkt image rm "$id" >"$BATS_TEST_TMPDIR/rm" 2>&1 || assert_contains "$(cat "$BATS_TEST_TMPDIR/rm")" 'used by'
        if wait $runner; then
            assert_equal "$(cat "$BATS_TEST_TMPDIR/out")" hello
        else
            assert_contains "$(cat "$BATS_TEST_TMPDIR/err")" 'not in the store'
        fi
        rkt gc --grace-period=0 >/dev/null
        rkt gc --grace-period=0 >/dev/null
    done
}

# An rkt that comes with an rkt-image after each of whose fetches, or after the first alone, COMMAND is run.
make_meddling_rkt() { # often|once COMMAND
    real=$(readlink -f "$(dirname "$RKT")")
    meddling=$BATS_TEST_TMPDIR/meddling
    mkdir "$meddling"
    cp "$real/rkt" "$meddling/"
    ln -s "$real"/{rkt-gpg,stage1-systemd} "$meddling/"
    cat >"$meddling/rkt-image" <<SCRIPT
#!/bin/sh
"$real/rkt-image" "\$@" || exit
[ "\$1" = fetch ] || exit 0
[ $1 = often ] || mkdir "$meddling/done" 2>/dev/null || exit 0
$2 >/dev/null
SCRIPT
    chmod +x "$meddling/rkt-image"
}

meddled() {
    "$meddling/rkt" --dir="$data" --insecure-options=image "$@"
}

@test "an image that is removed between being found and being used is looked for once more" {
    aci=$(make_aci example.com/hello 'echo hello')
    id=sha512-$(digest cat "$aci")
    make_meddling_rkt once "$RKT --dir=$data image rm $id"
    uuid=$(meddled prepare "$aci")
    assert_equal "$(rkt run-prepared "$uuid")" hello
    rkt rm "$uuid" >/dev/null
    rkt image rm "$id" >/dev/null
    rmdir "$meddling/done"
    # Also what it depends on, of which it is not said where it comes from.
    base=$(make_small_aci base)
    rkt fetch "$base" >/dev/null
    top=$(make_aci example.com/top -m '"dependencies": [{"imageName": "example.com/base"}]' 'echo top')
    sed -i "s,image rm .* >,image rm example.com/base >," "$meddling/rkt-image"
    run meddled prepare "$top"
    assert_status 254
    assert_contains "$output" "fetching example.com/base, on which image example.com/top depends"
}

@test "an image that is removed again and again is named" {
    aci=$(make_aci example.com/hello 'echo hello')
    id=sha512-$(digest cat "$aci")
    make_meddling_rkt often "$RKT --dir=$data image rm $id"
    run meddled prepare "$aci"
    assert_status 254
    assert_equal "$output" "rkt: using the image $aci: it is not in the store any more, since somebody removes images"
    # An ID is nowhere else, and a pipe is read once.
    rkt fetch "$aci" >/dev/null
    run meddled prepare "$id" "$(make_small_aci web)"
    assert_status 254
    assert_equal "$output" "rkt: looking for the image $id: it is not in the store; rkt image list shows what is"
    mkfifo "$BATS_TEST_TMPDIR/pipe"
    cat "$aci" >"$BATS_TEST_TMPDIR/pipe" &
    run meddled prepare "$BATS_TEST_TMPDIR/pipe"
    assert_status 254
    assert_contains "$output" "it is not in the store any more"
    assert_equal "$(rkt list --no-legend)" ''
}

@test "twenty runs of one prepared pod at once: one runs it, nineteen are told" {
    uuid=$(rkt prepare "$(make_aci example.com/hello 'echo hello')")
    runners=()
    for i in {1..20}; do
        rkt run-prepared "$uuid" >"$BATS_TEST_TMPDIR/out.$i" 2>"$BATS_TEST_TMPDIR/err.$i" &
        runners+=($!)
    done
    wait "${runners[@]}" || true
    assert_equal "$(cat "$BATS_TEST_TMPDIR"/out.* | grep -c hello)" 1 "runs"
    told=$(cat "$BATS_TEST_TMPDIR"/err.* | grep -cE 'not prepared|someone else|no matches')
    assert_equal "$told" 19 "told"
}

@test "twenty pods at once, each with its own status" {
    id=$(rkt fetch --full "$(make_aci example.com/hello 'read -r n </proc/sys/kernel/hostname; exit ${n##*-}')")
    runners=()
    for i in {1..20}; do
        rkt run --hostname="pod-$i" "$id" &
        runners[i]=$!
    done
    for i in {1..20}; do
        status=0
        wait "${runners[i]}" || status=$?
        assert_equal "$status" "$i" "status of pod $i"
    done
    assert_equal "$(rkt list --no-legend | grep -c exited)" 20 "exited pods"
    rkt gc --grace-period=0
    assert_equal "$(rkt list --no-legend)" ''
}

@test "two pods that want one name at once: one gets it" {
    id=$(rkt fetch --full "$(make_aci example.com/hello 'sleep 1000')")
    runners=()
    for i in 1 2; do
        rkt run --name=web "$id" >"$BATS_TEST_TMPDIR/out.$i" 2>&1 &
        runners+=($!)
    done
    await 20 sh -c "cat $BATS_TEST_TMPDIR/out.* | grep -qE 'has that name|already'"
    await 20 sh -c "$RKT --dir=$data status web | grep -q state=running"
    assert_equal "$(rkt list --no-legend | wc -l)" 1 "pods"
    rkt stop web
    wait "${runners[@]}" || true
}

@test "a pod that is refused while systemd makes its unit leaves no unit behind" {
    rkt fetch "$(make_aci example.com/web 'exit 0')" >/dev/null
    for _ in {1..60}; do
        run rkt run example.com/web --mount=volume=nothing,target=/data
        assert_status 254
    done
    await 10 sh -c "[ -z \"\$(systemctl list-units --no-legend --all 'rkt-*.scope')\" ]"
}
