#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# Pods that apps come to and leave while they run.

load lib

# Starts an empty pod in the background and returns when it is ready: its systemd has reached its target.
sandbox() { # NAME [FLAG]...
    local name=$1
    shift
    systemd-run --quiet --unit="box-$name" --property=Type=notify --property=NotifyAccess=main --collect \
        --property=KillMode=mixed -- "$RKT" --dir="$data" --insecure-options=image app sandbox --name="$name" "$@"
}

teardown() {
    local unit
    for unit in $(systemctl list-units --plain --no-legend 'box-*' | cut -d' ' -f1); do systemctl stop "$unit"; done
}

@test "rkt app sandbox runs a pod without apps until it is stopped, and its status is 0" {
    "$RKT" --dir="$data" app sandbox --name=box --uuid-file-save="$BATS_TEST_TMPDIR/uuid" >"$BATS_TEST_TMPDIR/out" 2>&1 &
    pod=$!
    await 10 machinectl status rkt-box
    assert_contains "$(rkt status "$(cat "$BATS_TEST_TMPDIR/uuid")")" state=running
    assert_contains "$(rkt cat-manifest box)" '"coreos.com/rkt/stage1/mutable"'
    assert_equal "$(rkt app list --no-legend box)" ""
    assert_equal "$(rkt logs box)" ""
    assert_contains "$(rkt list)" box
    rkt stop box
    status=0
    wait "$pod" || status=$?
    assert_equal "$status" 0
    assert_equal "$(cat "$BATS_TEST_TMPDIR/out")" ""
    assert_contains "$(rkt status box)" state=exited
    rkt rm box
    assert_equal "$(ls -A "$data/pods/run")$(ls -A "$data/pods/exited-garbage")$(ls -A "$data/pins")" ""
}

@test "a sandbox tells its manager that it is ready, and ends in order at a signal" {
    sandbox told
    assert_contains "$(rkt status told)" state=running
    main=$(systemctl show --value --property=MainPID box-told)
    kill -TERM "$main"
    tail --pid="$main" -f /dev/null
    assert_contains "$(rkt status told)" state=exited
    await 10 sh -c '! systemctl is-failed --quiet box-told && ! systemctl is-active --quiet box-told'
}

@test "a sandbox that is killed has no status of 0" {
    "$RKT" --dir="$data" app sandbox --name=box >"$BATS_TEST_TMPDIR/out" 2>&1 &
    pod=$!
    await 10 machinectl status rkt-box
    rkt stop --force box
    status=0
    wait "$pod" || status=$?
    assert_equal "$status" 254
    assert_contains "$(cat "$BATS_TEST_TMPDIR/out")" 'it was killed'
}

@test "rkt app sandbox takes no image, and refuses a network there is not" {
    run rkt app sandbox web.aci
    assert_status 254
    run rkt app sandbox --net=bridge
    assert_status 254
    assert_contains "$output" 'none or host'
    assert_equal "$(rkt list --no-legend)" ""
}
