#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# Whatever of a pod is killed, in whatever order: rkt list never lies, and nothing is left.

load lib

rounds=10

start_in_scope() {
    "$RKT" --dir="$data" run --name=victim example.com/sleep >"$BATS_TEST_TMPDIR/out" 2>&1 &
    await 10 grep -q up "$BATS_TEST_TMPDIR/out"
}

start_in_service() {
    "$RKT" --dir="$data" run --detach --name=victim example.com/sleep >/dev/null
    await 10 sh -c "$RKT --dir=$data logs victim | grep -q up"
}

start_victim() { # scope|service
    : >"$BATS_TEST_TMPDIR/out"
    "start_in_$1"
    await 10 machinectl status rkt-victim
    dir=$(echo "$data"/pods/run/*)
    leader=$(cat "$dir/pid")
    nspawn=$(cat "$dir/ppid")
    rkt_pid=$(awk '/^PPid:/ { print $2 }' "/proc/$nspawn/status")
    cgroup=/sys/fs/cgroup$(dirname "$(cat "$dir/cgroup")")
}

pid_of() { # rkt|nspawn|systemd
    case $1 in
        rkt) echo "$rkt_pid" ;;
        nspawn) echo "$nspawn" ;;
        systemd) echo "$leader" ;;
    esac
}

# It has no memory any more: it leaves its cgroup after that, and becomes a zombie later still, a pod's leader
# when all of its pod are gone.
is_dead() { # PID
    [ -z "$(tr -d '\0' <"/proc/$1/cmdline")" ]
} 2>/dev/null

# The leader lives: the pod is running. It has been dead since before we asked: a pod that is running
# then is one whose rkt has not yet cleaned up, and becomes exited without our help.
list_is_true() {
    local before after
    before=$(is_dead "$leader" && echo dead || echo alive)
    said=$(rkt list --no-legend)
    after=$(is_dead "$leader" && echo dead || echo alive)
    [ "$before$after" != alivealive ] || assert_contains "$said" running
    [ "$before" != dead ] || await 10 sh -c "$RKT --dir=$data list --no-legend | grep -q exited"
}

nothing_is_left() {
    await 10 is_dead "$leader"
    await 10 sh -c "! machinectl list --no-legend | grep -q rkt-victim"
    await 10 sh -c "[ ! -d $cgroup ]"
    assert_equal "$(grep -c "$dir" /proc/self/mountinfo)" 0 "mounts"
}

# gc ends first what nobody holds any more. What nspawn still holds is a pod that runs, and is left to rkt stop.
end_and_remove() {
    if [ "$(rkt list --no-legend | cut -f4)" = running ] && ! is_dead "$nspawn"; then
        rkt stop victim >/dev/null
    fi
    await 10 sh -c "$RKT --dir=$data gc --grace-period=0 >/dev/null; [ -z \"\$($RKT --dir=$data list --no-legend)\" ]"
}

kill_and_check() { # scope|service rkt|nspawn|systemd...
    local where=$1 round victim
    shift
    rkt fetch "$(make_aci example.com/sleep 'echo up; sleep 1000')" >/dev/null
    for ((round = 0; round < rounds; round++)); do
        start_victim "$where"
        for victim; do
            kill -9 "$(pid_of "$victim")" 2>/dev/null || true
            await 10 is_dead "$(pid_of "$victim")"
            list_is_true
        done
        end_and_remove
        nothing_is_left
        [ ! -d "$dir" ] || fail "the pod's directory is still there"
    done
}

@test "rkt stop ends what lives on of a pod whose rkt and nspawn were killed" {
    rkt fetch "$(make_aci example.com/sleep 'echo up; sleep 1000')" >/dev/null
    for flag in --force --timeout=60; do
        start_victim scope
        kill -9 "$rkt_pid" "$nspawn"
        await 10 is_dead "$nspawn"
        assert_contains "$(rkt list --no-legend)" running
        rkt stop "$flag" victim
        await 10 is_dead "$leader"
        assert_contains "$(rkt list --no-legend)" exited
        end_and_remove
        nothing_is_left
    done
}

@test "rkt stop of a pod that is just starting ends it, orderly or by force" {
    rkt fetch "$(make_aci example.com/sleep 'echo up; sleep 1000')" >/dev/null
    for round in {1..10}; do
        for flag in --force --timeout=60; do
            rm -f "$BATS_TEST_TMPDIR/uuid"
            "$RKT" --dir="$data" run --net=none --uuid-file-save="$BATS_TEST_TMPDIR/uuid" example.com/sleep >/dev/null 2>&1 &
            runner=$!
            await 10 sh -c "ls $data/pods/run | grep -q ."
            rkt stop "$flag" "$(cat "$BATS_TEST_TMPDIR/uuid")"
            is_dead "$runner" || await 10 is_dead "$runner"
            await 10 sh -c "$RKT --dir=$data gc --grace-period=0 >/dev/null; [ -z \"\$($RKT --dir=$data list --no-legend)\" ]"
        done
    done
}

teardown() { # so that a case that fails does not spoil the next one
    [ -z "${cgroup:-}" ] || [ ! -d "$cgroup" ] || echo 1 >"$cgroup/cgroup.kill"
    await 10 sh -c "! machinectl list --no-legend | grep -q rkt-victim"
}

@test "kill -9 of rkt, in a scope" { kill_and_check scope rkt; }
@test "kill -9 of nspawn, in a scope" { kill_and_check scope nspawn; }
@test "kill -9 of the pod's systemd, in a scope" { kill_and_check scope systemd; }
@test "kill -9 of rkt, then of nspawn, in a scope" { kill_and_check scope rkt nspawn; }
@test "kill -9 of nspawn, then of rkt, in a scope" { kill_and_check scope nspawn rkt; }
@test "kill -9 of rkt, in a service" { kill_and_check service rkt; }
@test "kill -9 of nspawn, in a service" { kill_and_check service nspawn; }
@test "kill -9 of the pod's systemd, in a service" { kill_and_check service systemd; }
@test "kill -9 of rkt, then of nspawn, in a service" { kill_and_check service rkt nspawn; }
@test "kill -9 of nspawn, then of rkt, in a service" { kill_and_check service nspawn rkt; }
