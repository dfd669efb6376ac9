#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# A pod as systemd's own tools see it: a machine, its units, its journal.

load lib

# An app that says when it is up, and what it hears at its end.
sleeper() { # NAME [STATUS]
    make_aci "example.com/$1" \
        -a '"eventHandlers": [{"name": "post-stop", "exec": ["/bin/echo", "post-stop ran"]}]' \
        "trap 'echo got TERM; exit ${2:-0}' TERM" "echo $1 is up" 'sleep 1000 & wait'
}

# start_pod NAME ACI...: runs in the background until each app is up; its output is in $out.
start_pod() {
    local name=$1
    shift
    out=$BATS_TEST_TMPDIR/$name.out
    "$RKT" --dir="$data" --insecure-options=image run --name="$name" "$@" >"$out" 2>"$out.err" &
    runner=$!
    await 10 sh -c "[ \$(grep -c 'is up' $out) -ge $# ]"
    await 10 machinectl status "rkt-$name"
}

ended_in_order() {
    wait "$runner" || ended=$?
    assert_contains "$(cat "$out")" 'got TERM'
    assert_contains "$(cat "$out")" 'post-stop ran'
    assert_contains "$(rkt logs "$1")" 'post-stop ran'
    assert_contains "$(rkt status "$1")" state=exited
    await 5 sh -c "! machinectl list --no-legend | grep -q rkt-$1"
    await 5 sh -c "! find /sys/fs/cgroup -name 'rkt-$1*' | grep -q ."
}

@test "machinectl lists the pod with its leader, its unit and its service" {
    start_pod web "$(sleeper web)"
    assert_contains "$(machinectl list --no-legend)" rkt-web
    leader=$(machinectl show rkt-web --property=Leader --value)
    assert_equal "$(rkt status web | sed -n 's/^pid=//p')" "$leader" "leader"
    assert_equal "$(awk '/^NSpid:/ { print $3 }' "/proc/$leader/status")" 1 "the leader's PID in the pod"
    assert_equal "$(machinectl show rkt-web --property=Service --value)" rkt
    assert_equal "$(machinectl show rkt-web --property=Unit --value)" rkt-web.scope
    assert_contains "$(machinectl status rkt-web)" web.service
    rkt stop web
    ended_in_order web
}

@test "systemctl -M lists, shows and stops an app" {
    start_pod web "$(sleeper web)"
    assert_contains "$(systemctl -M rkt-web list-units --no-legend)" web.service
    assert_contains "$(systemctl -M rkt-web status web)" 'active (running)'
    systemctl -M rkt-web --no-block stop web # the bus that would tell of the end goes with the pod
    ended_in_order web
    assert_equal "$ended" ''
}

@test "journalctl -M shows each app's lines under its own unit" {
    start_pod two "$(sleeper one)" "$(sleeper other)"
    assert_contains "$(journalctl -M rkt-two -u one -o cat)" 'one is up'
    refute_contains "$(journalctl -M rkt-two -u one -o cat)" 'other is up'
    assert_contains "$(journalctl -M rkt-two -u other -o cat)" 'other is up'
    assert_contains "$(journalctl -M rkt-two SYSLOG_IDENTIFIER=other -o cat)" 'other is up'
    rkt stop two
    ended_in_order two
    assert_contains "$(journalctl -m -u other -o cat)" 'other is up'
}

@test "machinectl poweroff ends the pod in order" {
    start_pod web "$(sleeper web 4)"
    machinectl poweroff rkt-web
    ended_in_order web
    assert_equal "$ended" 4 "status"
}

@test "machinectl terminate ends the pod in order" {
    start_pod web "$(sleeper web 4)"
    machinectl terminate rkt-web
    ended_in_order web
    assert_equal "$ended" 4 "status"
}

@test "stopping the scope ends the pod in order" {
    start_pod web "$(sleeper web)"
    systemctl stop rkt-web.scope
    ended_in_order web
}

@test "rkt stop ends several pods, and says which have ended already" {
    start_pod first "$(sleeper web)"
    rkt stop first
    ended_in_order first
    run rkt stop first
    assert_status 0
    assert_contains "$output" 'already stopped'
    run rkt stop nobody
    assert_status 254
}

@test "rkt stop --force kills at once, and the status is unknown, not 0" {
    start_pod web "$(sleeper web)"
    rkt stop --force web
    wait "$runner" || ended=$?
    assert_equal "$ended" 254 "status"
    refute_contains "$(cat "$out")" 'got TERM'
    assert_contains "$(rkt status web)" app-web=unknown
}

@test "rkt rm refuses a running pod and removes an exited one with all that was made for it" {
    start_pod web "$(sleeper web)"
    run rkt rm web
    assert_status 254
    assert_contains "$output" running
    rkt stop web
    ended_in_order web
    uuid=$(rkt list --full --no-legend | cut -f1)
    rkt rm web
    assert_equal "$(rkt list --no-legend)" ''
    assert_equal "$(find "$data/pods" "$data/pins" /var/log/journal -name "*${uuid:0:8}*")" ''
}

@test "prepare makes a pod that runs once" {
    uuid=$(rkt prepare "$(make_aci example.com/hello 'echo hello; exit 3')")
    assert_contains "$(rkt list --no-legend)" prepared
    run rkt run-prepared "$uuid"
    assert_status 3
    assert_equal "$output" hello
    run rkt run-prepared "$uuid"
    assert_status 254
    assert_contains "$output" 'it is exited'
}

@test "two runs of one prepared pod: one runs, the other is told at once" {
    uuid=$(rkt prepare "$(sleeper web)")
    out=$BATS_TEST_TMPDIR/out
    rkt run-prepared "$uuid" >"$out" &
    await 10 grep -q 'is up' "$out"
    run rkt run-prepared "$uuid"
    assert_status 254
    assert_contains "$output" 'it is running'
    rkt stop "$uuid"
    wait $! || true
}

@test "a beginning that fits two pods is refused" {
    aci=$(make_aci example.com/hello 'echo hello')
    for _ in {1..17}; do rkt prepare "$aci"; done >"$BATS_TEST_TMPDIR/uuids"
    digit=$(cut -c1 "$BATS_TEST_TMPDIR/uuids" | sort | uniq -d | head -n 1) # of 17 UUIDs two begin alike
    run rkt status "$digit"
    assert_status 254
    assert_contains "$output" 'ambiguous UUID'
}

@test "gc where there never was a pod" {
    run rkt gc
    assert_status 0
    assert_equal "$output" ''
}

@test "gc keeps what is young, and removes what is not" {
    rkt run "$(make_aci example.com/hello 'echo hello')"
    rkt gc
    assert_contains "$(rkt list --no-legend)" 'exited garbage'
    rkt gc
    assert_contains "$(rkt list --no-legend)" 'exited garbage'
    assert_contains "$(rkt gc --grace-period=0)" 'Garbage collecting pod'
    assert_equal "$(rkt list --no-legend)" ''
    assert_equal "$(ls "$data/pins")" ''
    rkt prepare "$(make_aci example.com/hello 'echo hello')"
    rkt gc
    assert_contains "$(rkt list --no-legend)" prepared
    rkt gc --expire-prepared=0
    assert_equal "$(rkt list --no-legend)" ''
}

@test "images of pods are kept by gc and rm, in every state of the pod" {
    id=$(rkt fetch --full "$(make_aci example.com/hello 'echo hello')")
    uuid=$(rkt prepare "$id")
    run rkt image rm "$id"
    assert_status 254
    rkt image gc --grace-period=0s
    assert_equal "$(rkt run-prepared "$uuid")" hello
    run rkt image rm "$id"
    assert_status 254
    rkt rm "$uuid"
    rkt image rm "$id"
}

@test "machinectl shell opens nothing: neither what surrounds the apps nor an app" {
    start_pod web "$(sleeper web)"
    for words in rkt-web 'rkt-web /bin/true' 'root@rkt-web /rkt/finish'; do
        # shellcheck disable=SC2086 # these are words
        run timeout 20 machinectl shell $words </dev/null
        assert_status 1
        assert_contains "$output" 'Failed to get shell PTY'
    done
    run timeout 20 machinectl login rkt-web </dev/null
    assert_status 1
    rkt stop web
    ended_in_order web
}

@test "rkt enter runs a command in the app" {
    start_pod two "$(sleeper one)" "$(sleeper other)"
    run rkt enter --app=one two /bin/sh -c 'cat /proc/1/comm; hostname; exit 9'
    assert_status 9
    assert_contains "$output" systemd
    assert_contains "$output" rkt-two
    run rkt enter two /bin/true
    assert_status 254
    assert_contains "$output" --app
    rkt stop two
    ended_in_order two
}
