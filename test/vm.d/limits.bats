#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# Limits really kill: systemd's own properties, set on the app's unit inside the pod and on the pod's unit
# outside, act because rkt hands the cgroup controllers down.

load ../system/lib

# An app that takes 100 MB as soon as /go is there.
start_glutton() {
    rkt run --detach --name=glutton "$(make_aci example.com/glutton 'echo up' \
        'until [ -e /go ]; do sleep 0.2; done' 'exec dd if=/dev/zero of=/dev/null bs=100M count=1')" >/dev/null
    await 60 sh -c "$RKT --dir=$data logs glutton | grep -q up"
    unit=/sys/fs/cgroup$(systemctl show rkt-glutton.service --property=ControlGroup --value)
}

@test "memory.max exists below payload" {
    start_glutton
    assert_contains "$(cat "$unit/payload/cgroup.controllers")" memory
    [ -e "$unit/payload/memory.max" ] || fail "no memory.max of the pod"
    [ -e "$unit/payload/system.slice/glutton.service/memory.max" ] || fail "no memory.max of the app"
    rkt stop glutton
}

@test "an app over the limit of its own unit is killed" {
    start_glutton
    systemctl -M rkt-glutton set-property --runtime glutton.service MemoryMax=32M
    assert_equal "$(cat "$unit/payload/system.slice/glutton.service/memory.max")" $((32 * 1024 * 1024))
    rkt enter glutton /bin/touch /go
    assert_contains "$(rkt status --wait=120s glutton)" app-glutton=137
    assert_contains "$(journalctl -D "$(echo "$data"/pods/run/*/journal)" -o cat)" oom-kill
}

@test "an app over the limit of the pod's unit is killed, one within it is not" {
    start_glutton
    systemctl set-property --runtime rkt-glutton.service MemoryMax=64M
    rkt enter glutton /bin/touch /go
    status=$(rkt status --wait=120s glutton)
    assert_contains "$status" exited=true
    refute_contains "$status" app-glutton=0
    rkt rm glutton
    start_glutton
    systemctl set-property --runtime rkt-glutton.service MemoryMax=400M
    rkt enter glutton /bin/touch /go
    assert_contains "$(rkt status --wait=120s glutton)" app-glutton=0
}
