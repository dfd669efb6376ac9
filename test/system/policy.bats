#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# When a pod ends, and when an app is started again.

load lib

# One ends as soon as the other can be stopped, and that one when it is let go.
one=(example.com/one 'until [ -e /dev/shm/ready ]; do sleep 0.05; done' 'echo one ends' 'exit "$STATUS"')
other=(example.com/other 'trap "echo other was stopped; exit 0" TERM' 'touch /dev/shm/ready' 'until [ -e /go ]; do sleep 0.05; done' 'echo other went on' 'exit 0')

go() { # POD-NAME: lets the other app go
    touch "/proc/$(rkt status "$1" | sed -n 's/^pid=//p')/root/opt/stage2/other/rootfs/go"
}

@test "ACE-9: a failure ends the pod, a success does not, unless the policy says otherwise" {
    first=$(make_aci "${one[@]}")
    second=$(make_aci "${other[@]}")
    run rkt run --set-env=STATUS=3 "$first" "$second"
    assert_status 3
    assert_contains "$output" 'other was stopped'
    run rkt run --exit-policy=on-any --set-env=STATUS=0 "$first" "$second"
    assert_status 0
    assert_contains "$output" 'other was stopped'
    for policy in on-any-failure:0 until-all:4; do
        rkt run --name=both --exit-policy="${policy%:*}" --set-env=STATUS="${policy#*:}" "$first" "$second" \
            >"$BATS_TEST_TMPDIR/out" 2>&1 &
        pod=$!
        await 10 sh -c "'$RKT' --dir='$data' status both | grep -q ^app-one="
        go both
        status=0
        wait "$pod" || status=$?
        assert_equal "$status" "${policy#*:}" "status with $policy"
        assert_contains "$(cat "$BATS_TEST_TMPDIR/out")" 'other went on'
        rkt rm both
    done
    run rkt run --exit-policy=sometimes "$first"
    assert_status 254
    assert_contains "$output" 'is no exit policy'
}

@test "an app is started again as --restart says, and its last end counts" {
    aci=$(make_aci example.com/web 'echo run; test -e /been && exit 0; touch /been; exit 5')
    run rkt run "$aci" --restart=on-failure
    assert_status 0
    assert_equal "$output" $'run\nrun'
    run rkt run "$aci"
    assert_status 5
}

@test "systemctl -M restarts an app alone, and the pod goes on; rkt status knows when" {
    aci=$(make_aci example.com/web 'echo begun; trap "exit 0" TERM; sleep 1000 & wait')
    rkt run --name=alone "$aci" >"$BATS_TEST_TMPDIR/out" 2>&1 &
    pod=$!
    await 10 grep -q begun "$BATS_TEST_TMPDIR/out"
    before=$(rkt status alone | grep app-web-started)
    systemctl -M rkt-alone restart web
    await 10 sh -c "[ \$(grep -c begun '$BATS_TEST_TMPDIR/out') = 2 ]"
    assert_contains "$(rkt status alone)" state=running
    after=$(rkt status alone | grep app-web-started)
    [ "$before" != "$after" ] || fail "it was started at the same time: $before"
    rkt app restart alone --app=web
    await 10 sh -c "[ \$(grep -c begun '$BATS_TEST_TMPDIR/out') = 3 ]"
    rkt stop alone
    tail --pid="$pod" -f /dev/null
    assert_contains "$(rkt status alone)" app-web=0
}

@test "rkt status tells how the pod's systemd has an app; what it cannot be asked, the files tell" {
    aci=$(make_aci example.com/web 'test -e /been || { touch /been; exit 5; }; echo again; exec sleep 1000')
    for flags in '' --private-users=no; do
        # shellcheck disable=SC2086
        rkt run --name=asked $flags "$aci" --restart=on-failure >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
        pod=$!
        await 10 grep -q again "$BATS_TEST_TMPDIR/out"
        run rkt status asked
        assert_contains "$output" $'\napp-web-state=active (running)\n'
        assert_contains "$output" $'\napp-web-restarts=1\n'
        process=$(sed -n 's/^app-web-pid=//p' <<<"$output")
        assert_equal "$(tr '\0' ' ' <"/proc/$process/cmdline")" 'sleep 1000 '
        run rkt status --format=json asked
        assert_contains "$output" "\"unit\":{\"active_state\":\"active\",\"main_pid\":$process,\"restarts\":1,\"sub_state\":\"running\"}"

        leader=$(rkt status asked | sed -n 's/^pid=//p')
        kill -STOP "$leader"
        run timeout 10 "$RKT" --dir="$data" status asked
        kill -CONT "$leader"
        assert_status 0
        assert_match "$output" $'^state=running\n'
        assert_contains "$output" $'\napp-web-started='
        refute_contains "$output" app-web-state
        rkt stop asked
        wait "$pod" || true
        refute_contains "$(rkt status asked)" app-web-state
        rkt rm asked
    done
}

@test "rkt status tells the start, the end and the status of every app, in text and JSON" {
    mkdir "$BATS_TEST_TMPDIR/go"
    "$RKT" --dir="$data" --insecure-options=image run --name=told --exit-policy=until-all \
        --volume=go,kind=host,source="$BATS_TEST_TMPDIR/go" "$(make_aci example.com/a 'exit 3')" \
        "$(make_aci example.com/b 'until [ -e /go/now ]; do sleep 0.05; done; kill -9 $$')" \
        --mount=volume=go,target=/go &
    pod=$!
    a_ended() { rkt status told | grep -q app-a=3; }
    await 20 a_ended
    touch "$BATS_TEST_TMPDIR/go/now"
    status=0
    wait "$pod" || status=$?
    [ "$status" = 3 ] || fail "the pod ended with $status, not with what its first app ended with"
    text=$(rkt status told)
    for line in app-a=3 app-b=137 app-a-started= app-a-finished= app-b-finished=; do assert_contains "$text" "$line"; done
    json=$(rkt status --format=json told)
    assert_match "$json" '"exit_code":3'
    assert_match "$json" '"exit_code":137'
    assert_match "$json" '"finished_at":[0-9]{19}'
}

@test "rkt app lists, stops, starts and shows one app of a pod" {
    aci=$(make_aci example.com/web 'echo begun; trap "exit 0" TERM; sleep 1000 & wait')
    rkt run --name=two "$aci" "$aci" --name=other >"$BATS_TEST_TMPDIR/out" 2>&1 &
    pod=$!
    await 10 sh -c "[ \$(grep -c begun '$BATS_TEST_TMPDIR/out') = 2 ]"
    assert_equal "$(rkt app list --no-legend two | tr -s '\t' ' ')" $'web running\nother running'
    rkt app stop two --app=web
    assert_equal "$(rkt app list --no-legend two | tr -s '\t' ' ')" $'web exited\nother running'
    assert_contains "$(rkt app status two --app=web)" exit_code=0
    rkt app start two --app=web
    await 10 sh -c "[ \$(grep -c begun '$BATS_TEST_TMPDIR/out') = 3 ]"
    assert_contains "$(rkt app status --format=json two --app=web)" '"state":"running"'
    assert_equal "$(rkt app exec --app=web two echo inside)" inside
    run rkt app stop two
    assert_status 254
    assert_contains "$output" 'say which with --app'
    run rkt app stop two --app=none
    assert_status 254
    rkt stop two
    tail --pid="$pod" -f /dev/null
    run rkt app start two --app=web
    assert_status 254
    assert_contains "$output" 'it is exited, not running'
}

@test "rkt status --wait-ready waits until the pod is ready, and no longer than it lives" {
    aci=$(make_aci example.com/web -a '"eventHandlers": [{"name": "pre-start", "exec": ["/bin/true"]}]' 'echo up; until [ -e /dev/shm/go ]; do sleep 0.05; done')
    rkt run --name=ready "$aci" >"$BATS_TEST_TMPDIR/out" 2>&1 &
    pod=$!
    await 10 rkt status ready
    assert_contains "$(rkt status --wait-ready=20s ready)" state=running
    rkt exec ready touch /dev/shm/go
    tail --pid="$pod" -f /dev/null
    run rkt status --wait-ready "$(rkt prepare "$aci" --exec=/not/there)"
    assert_status 254
    assert_contains "$output" 'it is prepared, and was never ready'
}
