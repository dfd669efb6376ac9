#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# A pod as a service of systemd: by the template, and detached from a shell.

load lib

# The template as it is installed, with the programs of the build; the data directory is the default one.
install_template() {
    sed "s,@bindir@/rkt,$RKT," "$project/units/rkt-pod@.service" >/etc/systemd/system/rkt-pod@.service
    systemctl daemon-reload
    data=/var/lib/rkt
}

teardown() {
    rm -f /etc/systemd/system/rkt-pod@.service
    systemctl daemon-reload
    "$RKT" list --no-legend --format=json | tr ',' '\n' | sed -n 's/.*"name":"\([0-9a-f-]\{36\}\)".*/\1/p' |
        while read -r uuid; do
            "$RKT" stop --force "$uuid" || true
            "$RKT" rm "$uuid" || true
        done
}

ended() { # POD STATUS
    assert_contains "$(rkt status --wait=10s "$1")" "app-$2"
}

@test "systemctl starts a prepared pod by its UUID, stop ends it in order" {
    install_template
    uuid=$(rkt prepare "$(make_aci example.com/web 'trap "echo got TERM; exit 0" TERM' 'echo up' 'sleep 1000 & wait')")
    systemctl start "rkt-pod@$uuid"
    assert_equal "$(systemctl is-active "rkt-pod@$uuid")" active
    assert_contains "$(machinectl list --no-legend)" "rkt-$uuid"
    assert_equal "$(machinectl show "rkt-$uuid" --property=Unit --value)" "rkt-pod@$uuid.service"
    await 5 sh -c "$RKT --dir=$data logs $uuid | grep -q up"
    systemctl stop "rkt-pod@$uuid"
    assert_contains "$(rkt logs "$uuid")" 'got TERM'
    ended "$uuid" web=0
}

@test "starting an exited pod again fails at once, and says so" {
    install_template
    uuid=$(rkt prepare "$(make_aci example.com/hello 'echo hello')")
    systemctl start "rkt-pod@$uuid"
    ended "$uuid" hello=0
    run systemctl start "rkt-pod@$uuid"
    [ "$status" -ne 0 ]
    assert_contains "$(journalctl -u "rkt-pod@$uuid" -o cat)" 'it is exited, not prepared'
}

@test "rkt run --detach uses the template, and machinectl terminate ends it in order" {
    install_template
    uuid=$(rkt run --detach --name=web "$(make_aci example.com/web 'trap "echo got TERM; exit 0" TERM' 'echo up' 'sleep 1000 & wait')")
    assert_equal "$(systemctl is-active rkt-pod@web)" active
    await 5 sh -c "$RKT --dir=$data logs web | grep -q up"
    machinectl terminate rkt-web
    ended "$uuid" web=0
    assert_contains "$(rkt logs web)" 'got TERM'
}

@test "a transient unit has the properties of the template" {
    aci=$(make_aci example.com/web 'sleep 1000')
    rkt run --detach --name=transient "$aci"
    transient=$data
    install_template
    rkt run --detach --name=template "$aci"
    names=Type,Slice,Delegate,DevicePolicy,DeviceAllow,KillMode,Restart,TimeoutStopUSec,CollectMode,NotifyAccess,KillSignal,SendSIGKILL
    assert_equal "$(systemctl show rkt-transient.service --property=$names)" \
        "$(systemctl show rkt-pod@template.service --property=$names)"
    "$RKT" --dir="$transient" stop transient
}

@test "the pod's processes are in the unit's cgroup, and rkt in a leaf of it" {
    rkt run --detach --name=web "$(make_aci example.com/web 'sleep 1000')"
    group=/sys/fs/cgroup$(systemctl show rkt-web.service --property=ControlGroup --value)
    assert_equal "$(cat "$group/cgroup.procs")" ''
    # Beside rkt only the helper of its first moments, which ends by itself.
    await 10 sh -c "[ \"\$(cat $group/rkt/cgroup.procs)\" = \$(systemctl show rkt-web.service --property=MainPID --value) ]"
    grep -q 'populated 1' "$group/payload/cgroup.events"
    rkt stop web
}

@test "a pod that cannot start fails its unit, --detach says which, and nothing else is left" {
    run rkt run --detach --name=web "$(make_aci example.com/web -u nobody-knows 'true')"
    assert_status 254
    assert_contains "$output" 'journalctl --unit=rkt-web.service'
    assert_contains "$(journalctl --unit=rkt-web.service --output=cat)" nobody-knows
    assert_equal "$(rkt list --no-legend)" ''
}

# What an app sees of the flags of its pod.
make_witness() {
    make_aci example.com/witness 'hostname; cat /etc/resolv.conf; grep 192.0.2.8 /etc/hosts; ls /sys/class/net' \
        'cat /proc/self/uid_map; grep Seccomp: /proc/self/status'
}

logged() { # POD: what it wrote, when it has ended
    rkt status --wait=10s "$1" >/dev/null
    rkt logs "$1"
}

@test "a detached pod is run with the same flags as one in the foreground, by the template and without" {
    flags=(--net=none --hostname=box --dns=192.0.2.53 --dns-search=a.example --dns-opt=rotate --dns-domain=b.example
        --hosts-entry=192.0.2.8=friend --private-users=no --mds-register=false --strict-isolators)
    aci=$(make_witness)
    for installed in no yes; do
        [ $installed = no ] || install_template
        seen=$(rkt run "${flags[@]}" "$aci")
        assert_match "$seen" '^box.*nameserver 192.0.2.53.*192.0.2.8 friend.*lo.* 0 +0 +4294967295'
        assert_equal "$(logged "$(rkt run --detach "${flags[@]}" "$aci")")" "$seen"
        seen=$("$RKT" --dir="$data" --insecure-options=image,seccomp run "$aci" | grep Seccomp)
        uuid=$("$RKT" --dir="$data" --insecure-options=image,seccomp run --detach "$aci")
        assert_equal "$(logged "$uuid" | grep Seccomp)" "$seen"
        refute_contains "$(rkt run "$aci")" "$seen"
    done
}

@test "a prepared pod is run as was said when it was made, but for what is said when it is run" {
    install_template
    aci=$(make_witness)
    flags=(--net=none --hostname=box --hosts-entry=192.0.2.8=friend --private-users=no)
    seen=$(rkt run "${flags[@]}" "$aci")
    uuid=$(rkt prepare "${flags[@]}" "$aci")
    assert_equal "$(stat -c %a "$data/pods/prepared/$uuid/launch")" 640
    systemctl start "rkt-pod@$uuid"
    assert_equal "$(logged "$uuid")" "$seen"
    run rkt run-prepared --hostname=other --private-users=auto "$(rkt prepare "${flags[@]}" "$aci")"
    assert_match "$output" '^other.*192.0.2.8 friend'
    refute_contains "$output" 4294967295
    # Whoever runs the pod says what is not checked.
    [ ! -e "$data/pods/prepared/$("$RKT" --insecure-options=all prepare "$aci")/launch" ]
}

@test "the network that was named when a pod was made is the pod's, and looked for where it was named" {
    describe() { # DIR NAME SUBNET
        mkdir -p "$1/net.d"
        printf '{"cniVersion": "1.0.0", "name": "%s", "type": "ptp", "ipam": {"type": "host-local", "subnet": "%s"}}' \
            "$2" "$3" >"$1/net.d/10-own.conf"
    }
    describe /etc/rkt usual 10.8.0.0/24
    describe "$BATS_TEST_TMPDIR/local" local 10.9.0.0/24
    install_template
    aci=$(make_aci example.com/idle 'exec sleep 1000')
    uuid=$(rkt prepare --net=usual "$aci")
    systemctl start "rkt-pod@$uuid"
    assert_match "$(rkt status "$uuid" | grep ^networks=)" '^networks=usual:ip4=10\.8\.0\.'
    "$RKT" --local-config="$BATS_TEST_TMPDIR/local" --insecure-options=image run --detach --name=own --net=local "$aci"
    assert_match "$(rkt status own | grep ^networks=)" '^networks=local:ip4=10\.9\.0\.'
    assert_equal "$(systemctl is-active rkt-own.service)" active
    rkt stop "$uuid" own
    rm -r /etc/rkt/net.d
}

@test "flags that cannot be are refused before there is a pod" {
    aci=$(make_aci example.com/web -a '"ports": [{"name": "http", "protocol": "tcp", "port": 80}]' 'exec sleep 1000')
    refused() { # PART WORD...
        run rkt "${@:2}" "$aci"
        assert_status 254
        assert_contains "$output" "$1"
        refute_contains "$output" journalctl
        assert_equal "$(rkt list --no-legend)" ''
    }
    for verb in 'run --detach' prepare; do
        # shellcheck disable=SC2086
        refused 'there is no network nowhere' $verb --net=nowhere
        # shellcheck disable=SC2086
        refused 'is neither an IP address' $verb --dns=nobody
        # shellcheck disable=SC2086
        refused 'auto, yes and no are known' $verb --private-users=perhaps
    done
    refused 'there is no metadata service' run --detach --mds-register
    refused 'no network of its own with --net=none' run --detach --net=none --port=http:8080
    refused '--interactive is for the foreground' run --detach --interactive
}

@test "fifty detached pods and fifty services that end at once: right status, complete output" {
    install_template
    for row in 'exit0 0 exit 0' 'exit5 5 exit 5' 'killed 137 kill -9 $$'; do
        read -r name expected end <<<"$row"
        id=$(rkt fetch --full "$(make_aci "example.com/$name" 'echo one; echo two' "$end")")
        for _ in {1..50}; do
            uuid=$(rkt run --detach "$id")
            ended "$uuid" "$name=$expected"
            assert_equal "$(rkt logs "$uuid")" $'one\ntwo'
            uuid=$(rkt prepare "$id")
            systemctl start "rkt-pod@$uuid"
            ended "$uuid" "$name=$expected"
            assert_equal "$(rkt logs "$uuid")" $'one\ntwo'
        done
    done
}
