#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# Limits that the kernel keeps: they need a host whose cgroup controllers can be handed down.

load ../system/lib

# Starts a pod whose app takes 200 MB when it is told to; its output is in $out.
start_greedy_pod() {
    local image
    image=$(make_aci example.com/greedy 'echo "greedy is up"' 'until [ -e /tmp/go ]; do sleep 0.1; done' \
        'dd if=/dev/zero of=/dev/null bs=200M count=1 2>/dev/null; echo "dd ended with $?"')
    out=$BATS_TEST_TMPDIR/out
    "$RKT" --dir="$data" --insecure-options=image run --net=none --name=greedy "$image" >"$out" 2>&1 3>&- &
    runner=$!
    await 120 grep -q 'is up' "$out"
    await 60 machinectl status rkt-greedy
    leader=$(machinectl show rkt-greedy --property=Leader --value)
    unit=$(machinectl show rkt-greedy --property=Unit --value)
    cgroup=/sys/fs/cgroup$(systemctl show "$unit" --property=ControlGroup --value)
}

let_it_take() {
    touch "/proc/$leader/root/opt/stage2/greedy/rootfs/tmp/go"
    wait "$runner" || ended=$?
}

@test "an app without a limit takes what it wants" {
    start_greedy_pod
    ended=0
    let_it_take
    assert_equal "$ended" 0 "status of rkt"
    assert_contains "$(cat "$out")" "dd ended with 0"
}

@test "the memory controller is handed down to the pod, below payload/" {
    start_greedy_pod
    assert_contains "$(cat "$cgroup/cgroup.subtree_control")" memory
    assert_equal "$(cat "$cgroup/payload/memory.max")" max
    assert_contains "$(cat "$cgroup/payload/cgroup.controllers")" memory
    let_it_take
}

@test "an app is killed when its pod's unit is given less memory by systemctl set-property" {
    start_greedy_pod
    systemctl set-property --runtime "$unit" MemoryMax=100M MemorySwapMax=0
    assert_equal "$(cat "$cgroup/memory.max")" $((100 * 1024 * 1024))
    let_it_take
    refute_contains "$(cat "$out")" "dd ended with 0"
    await 30 sh -c "journalctl -k --no-pager | grep -q 'Memory cgroup out of memory: Killed process'"
}

@test "an app is killed when its own unit is given less memory by systemctl -M" {
    start_greedy_pod
    systemctl -M rkt-greedy set-property --runtime greedy.service MemoryMax=50M MemorySwapMax=0
    local own
    own=$(find "$cgroup/payload" -type d -name greedy.service)
    assert_equal "$(cat "$own/memory.max")" $((50 * 1024 * 1024))
    let_it_take
    refute_contains "$(cat "$out")" "dd ended with 0"
    assert_contains "$(rkt logs greedy)" "greedy is up"
}

# Starts a pod whose app does LINES when it is told to, with FLAGS of the app before "--".
start_limited_pod() { # FLAG... -- LINE...
    local flags=() image
    until [ "$1" = -- ]; do
        flags+=("$1")
        shift
    done
    image=$(make_aci example.com/limited 'echo "limited is up"' 'until [ -e /tmp/go ]; do sleep 0.1; done' "${@:2}")
    out=$BATS_TEST_TMPDIR/out
    "$RKT" --dir="$data" --insecure-options=image run --net=none --name=limited "$image" "${flags[@]}" >"$out" 2>&1 3>&- &
    runner=$!
    await 120 grep -q 'is up' "$out"
    leader=$("$RKT" --dir="$data" status limited | sed -n 's/^pid=//p')
    own=$(find /sys/fs/cgroup -type d -name limited.service)
}

let_limited_go() {
    touch "/proc/$leader/root/opt/stage2/limited/rootfs/tmp/go"
    ended=0
    wait "$runner" || ended=$?
}

@test "ISO-13: an app is killed when it takes more memory than its isolator says, also with users of its own" {
    start_limited_pod --memory=50Mi -- 'dd if=/dev/zero of=/dev/null bs=200M count=1 2>/dev/null; echo "dd ended with $?"'
    assert_equal "$(cat "$own/memory.max")" $((50 * 1024 * 1024))
    assert_match "$(cat "/proc/$leader/uid_map")" 65536
    assert_contains "$(rkt status limited)" 'isolator-app-limited-resource/memory=enforced'
    let_limited_go
    refute_contains "$(cat "$out")" "dd ended with 0"
}

@test "ISO-12: an app that computes is throttled to the processor time that its isolator says" {
    start_limited_pod --cpu=100m -- 'i=0; while [ $i -lt 3000 ]; do i=$((i + 1)); done' 'echo computed'
    assert_match "$(cat "$own/cpu.max")" '^10000 100000$'
    let_limited_go
    assert_contains "$(cat "$out")" computed
}

@test "a limit of processes stops a fork bomb, and the host goes on" {
    start_limited_pod -- 'bomb() { bomb | bomb & }; bomb 2>/dev/null; sleep 1000'
    [ "$(cat "$own/pids.max")" != max ]
    systemctl -M rkt-limited set-property --runtime limited.service TasksMax=40
    touch "/proc/$leader/root/opt/stage2/limited/rootfs/tmp/go"
    await 60 sh -c "[ \$(sed -n 's/^max //p' '$own/pids.events') -gt 0 ]"
    [ "$(cat "$own/pids.current")" -le 40 ]
    "$RKT" --dir="$data" stop --force limited
    tail --pid="$runner" -f /dev/null
}
