#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# As many pods at once as a machine of its own lets us ask for: every systemd takes four of the kernel's inotify
# instances, of which a machine that is not ours to set has 128.

load ../system/lib

@test "fifty pods at once: no range of users is given twice, rkt list is right, and nothing is left" {
    sysctl -q fs.inotify.max_user_instances=8192
    rkt fetch "$(make_aci example.com/web 'until [ -e /dev/shm/go ]; do sleep 1; done')" >/dev/null
    pods=()
    for ((i = 0; i < 50; i++)); do
        "$RKT" --dir="$data" run --net=none example.com/web >"$BATS_TEST_TMPDIR/out.$i" 2>&1 3>&- &
        pods+=($!)
    done
    await 900 sh -c '[ $(machinectl list --no-legend | wc -l) = 50 ]'
    assert_equal "$(rkt list --no-legend | grep -c running)" 50
    assert_equal "$(cat "$data"/pods/run/*/private-users | sort -u | wc -l)" 50
    rkt list --no-legend --full | awk '{ print $1 }' | xargs "$RKT" --dir="$data" stop --force >/dev/null
    for pod in "${pods[@]}"; do tail --pid="$pod" -f /dev/null; done
    assert_equal "$(rkt list --no-legend | grep -c exited)" 50
    assert_equal "$(machinectl list --no-legend)" ''
    assert_equal "$(grep -c "$data/pods" /proc/self/mounts)" 0
    await 60 sh -c "[ \$(find /sys/fs/cgroup -name 'rkt-*' | wc -l) = 0 ]"
    rkt gc --grace-period=0s >/dev/null
    assert_equal "$(find "$data/pods" -name private-users)" ''
}
