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

@test "a pod that cannot start fails its unit, and --detach says which" {
    run rkt run --detach --name=web "$(make_aci example.com/web -u nobody-knows 'true')"
    assert_status 254
    assert_contains "$output" rkt-web.service
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
