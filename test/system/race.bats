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
