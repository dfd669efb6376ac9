#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# Isolators: what the kernel says of an app's process, and what rkt says of what it could not do. That limits
# really act is for the virtual machine to show (test/vm.d).

load lib

status_lines='grep -E "^(CapBnd|CapEff|NoNewPrivs)" /proc/self/status | tr -d "\t" | tr "\n" " "'

@test "ISO-8 to ISO-10: the bounding set is the usual fourteen, without some, or exactly what is retained" {
    aci=$(make_aci example.com/web "$status_lines")
    assert_contains "$(rkt run --net=none "$aci")" CapBnd:00000000a80425fb
    assert_contains "$(rkt run --net=none "$aci" --caps-remove=CAP_KILL,CAP_SYS_ADMIN)" CapBnd:00000000a80425db
    assert_contains "$(rkt run --net=none "$aci" --caps-retain=CAP_KILL,CAP_CHOWN)" CapBnd:0000000000000021
    image=$(make_aci example.com/image -a '"isolators": [{"name": "os/linux/capabilities-retain-set", "value": {"set": ["CAP_KILL"]}}]' "$status_lines")
    assert_contains "$(rkt run --net=none "$image")" CapBnd:0000000000000020
    assert_contains "$(rkt run --net=none "$image" --caps-remove=CAP_KILL)" CapBnd:00000000a80425db
}

@test "ISO-9: an app that is not root has what it retains, and nothing without" {
    aci=$(make_aci example.com/web -u alice -g staff "$status_lines")
    assert_equal "$(rkt run --net=none "$aci")" 'CapEff:0000000000000000 CapBnd:00000000a80425fb NoNewPrivs:1'
    assert_equal "$(rkt run --net=none "$aci" --caps-retain=CAP_NET_BIND_SERVICE)" \
        'CapEff:0000000000000400 CapBnd:0000000000000400 NoNewPrivs:1'
}

@test "a capability beyond the pod's own is given when it is retained" {
    aci=$(make_aci example.com/web "$status_lines")
    assert_contains "$(rkt run "$aci" --caps-retain=CAP_NET_ADMIN,CAP_SYS_TIME)" CapBnd:0000000002001000
    run rkt --insecure-options=image,capabilities run "$aci"
    assert_status 0
    refute_contains "$output" CapBnd:00000000a80425fb
}

@test "ISO-11: no-new-privileges is as asked for root, and always there for others" {
    asked=$(make_aci example.com/asked -a '"isolators": [{"name": "os/linux/no-new-privileges", "value": true}]' "$status_lines")
    plain=$(make_aci example.com/plain "$status_lines")
    assert_contains "$(rkt run "$asked")" NoNewPrivs:1
    assert_contains "$(rkt run "$plain")" NoNewPrivs:0
}

@test "ISO-1 to ISO-5: system calls are forbidden as the isolators say" {
    aci=$(make_aci example.com/web 'mkdir /made 2>&1 && echo made')
    assert_equal "$(rkt run "$aci")" made
    run rkt run "$aci" --seccomp=mode=remove,errno=EXDEV,mkdir,mkdirat
    assert_contains "$output" 'Invalid cross-device link'
    run rkt run "$aci" --seccomp=mode=remove,mkdir,mkdirat
    assert_contains "$output" 'Bad system call'
    run rkt run "$aci" --seccomp=mode=retain,errno=EPERM,@rkt/default-whitelist
    assert_status 0
    assert_equal "$output" made
    run rkt run "$aci" --seccomp=mode=retain,errno=ENOTSUP,@systemd/default-whitelist
    [ "$status" != 0 ] && refute_contains "$output" made
    run rkt run "$aci" --seccomp=mode=remove,errno=EPERM,@docker/default-blacklist,@systemd/mount
    assert_equal "$output" made
    image=$(make_aci example.com/image -a '"isolators": [{"name": "os/linux/seccomp-remove-set",
        "value": {"errno": "EDOM", "set": ["mkdir", "mkdirat"]}}]' 'mkdir /made 2>&1')
    assert_contains "$(rkt run "$image" || true)" 'argument out of domain'
}

@test "ISO-3: opting out leaves the pod's own filter alone, an unknown set is refused" {
    aci=$(make_aci example.com/web 'grep Seccomp_filters /proc/self/status | tr -d "\t"')
    default=$(rkt run "$aci")
    for out in mode=retain,@appc.io/all mode=remove,@appc.io/empty; do
        without=$(rkt run "$aci" --seccomp="$out")
        [ "${without#*:}" -lt "${default#*:}" ] || fail "$out: $without, not less than $default"
    done
    run rkt run "$aci" --seccomp=mode=retain,@no/such
    assert_status 254
    assert_contains "$output" '@no/such is no set of system calls that is known here'
    assert_equal "$(rkt list --no-legend | wc -l)" 3
}

@test "ISO-20: the OOM score is the kernel's" {
    assert_equal "$(rkt run "$(make_aci example.com/web 'cat /proc/self/oom_score_adj')" --oom-score-adj=321)" 321
}

@test "ACE-62, ISO-12, ISO-13: limits are systemd's, and what the host cannot hold is said and stands in the status" {
    aci=$(make_aci example.com/web -a '"isolators": [{"name": "resource/network-bandwidth", "value": {"default": true, "limit": "1M"}},
        {"name": "example.com/other", "value": 1}]' 'until [ -e /go ]; do sleep 0.05; done')
    rkt run --name=limited "$aci" --memory=64Mi --cpu=500m --cpu-shares=512 2>"$BATS_TEST_TMPDIR/told" >/dev/null &
    pod=$!
    await 10 systemctl -M rkt-limited is-active web
    assert_contains "$(cat "$BATS_TEST_TMPDIR/told")" 'isolator resource/network-bandwidth is ignored: the bandwidth'
    assert_contains "$(cat "$BATS_TEST_TMPDIR/told")" 'isolator example.com/other is ignored: it is not known'
    if grep -qw memory /sys/fs/cgroup/cgroup.controllers; then
        assert_equal "$(systemctl -M rkt-limited show web -P MemoryMax)" $((64 * 1024 * 1024))
    else
        assert_contains "$(rkt status limited)" "isolator-app-web-resource/memory=ignored: this pod's cgroup has no memory controller"
    fi
    assert_match "$(rkt status --format=json limited)" '"name":"example.com/other","outcome":"ignored","reason":"it is not known"'
    rkt stop limited
    tail --pid="$pod" -f /dev/null
}

@test "ACE-63: with --strict-isolators a pod whose isolators cannot all be enforced is not started" {
    aci=$(make_aci example.com/web -a '"isolators": [{"name": "example.com/other", "value": 1}]' 'echo ran')
    run rkt run --strict-isolators "$aci"
    assert_status 254
    assert_contains "$output" '--strict-isolators: not all isolators of the pod can be enforced'
    refute_contains "$output" ran
    assert_equal "$(rkt list --no-legend)" ''
    run rkt run --strict-isolators "$(make_aci example.com/plain 'echo ran')" --oom-score-adj=10
    assert_status 0
}

@test "values of isolators that make no sense are refused before anything is made" {
    aci=$(make_aci example.com/web true)
    for flag in --memory=16m --cpu=x --cpu-shares=1 --oom-score-adj=2000 --caps-retain= --seccomp=mode=keep,x; do
        run rkt run "$aci" "$flag"
        assert_status 254
    done
    run rkt run "$aci" --caps-retain=CAP_KILL --caps-remove=CAP_KILL
    assert_status 254
    assert_contains "$output" 'exclude each other'
    run rkt run "$(make_aci example.com/bad -a '"isolators": [{"name": "os/linux/seccomp-remove-set", "value": {"set": []}}]' true)"
    assert_status 254
    assert_equal "$(rkt list --no-legend)" ''
}
