#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# What an app finds in its pod, as the App Container spec says and as rkt's flags for apps change it.

load lib

# Of the app web, whose shell does LINES; $flags stand behind the image.
flags=()
run_web() { # LINE...
    run rkt run "$(make_aci example.com/web "$@")" "${flags[@]}"
}

# ---- Environment

@test "ACE-15 to ACE-18: an app's variables are those of the spec, of its account, and no others" {
    run_web env
    assert_status 0
    assert_equal "$(sort <<<"$output")" "$(sort <<'ENV'
AC_APP_NAME=web
AC_METADATA_URL=
HOME=/
LOGNAME=root
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
PWD=/
SHELL=/bin/sh
SHLVL=1
USER=root
container=rkt
ENV
)"
}

@test "environments: --inherit-env, image, --set-env-file, --set-env, --environment, each stronger than the one before" {
    aci=$(make_aci example.com/web -a '"environment": [{"name": "B", "value": "image"}, {"name": "C", "value": "image"}]' \
        'echo $A $B $C $D $E $PATH_OF')
    printf '# a comment\n\n; another\nC=file\nD=file\nE=file\n' >"$BATS_TEST_TMPDIR/env"
    export A=ours B=ours PATH_OF=ours
    output=$(rkt run --inherit-env --set-env-file="$BATS_TEST_TMPDIR/env" --set-env=D=pod --set-env=E=pod "$aci" --environment=E=app)
    assert_equal "$output" 'ours image file pod app ours'
    output=$(rkt run "$aci")
    assert_equal "$output" 'image image'
}

@test "environment files: a bad line is refused with its number, a name given twice too" {
    aci=$(make_aci example.com/web true)
    printf 'A=1\nnonsense\n' >"$BATS_TEST_TMPDIR/bad"
    run rkt run --set-env-file="$BATS_TEST_TMPDIR/bad" "$aci"
    assert_status 254
    assert_contains "$output" 'bad, line 2: "nonsense" is not NAME=VALUE'
    run rkt run --set-env=A=1 --set-env=A=2 "$aci"
    assert_status 254
    assert_contains "$output" '--set-env sets A twice'
    assert_equal "$(rkt list --no-legend)" ''
}

# ---- Who, where, what

@test "--user, --group, --supplementary-gids: names, numbers and owners of files" {
    aci=$(make_aci example.com/web 'id -u; id -g; id -G; echo $HOME $USER')
    assert_equal "$(rkt run "$aci" --user=alice --group=staff | tr '\n' ' ')" '1234 1235 1235 / alice '
    assert_equal "$(rkt run "$aci" --user=77 --group=78 --supplementary-gids=5,6 | tr '\n' ' ')" '77 78 78 5 6 / 77 '
    assert_equal "$(rkt run "$aci" --user=/etc/passwd | head -n 1)" 0
    run rkt run "$aci" --user=nobody-here
    assert_status 254
    assert_contains "$output" 'app web: finding the user nobody-here'
    assert_equal "$(rkt list --no-legend | wc -l)" 3
}

@test "ACE-20: the working directory is what is asked for, and must be there" {
    aci=$(make_aci example.com/web pwd)
    assert_equal "$(rkt run "$aci" --working-dir=/var/tmp)" /var/tmp
    run rkt run "$aci" --working-dir=/not/there
    assert_status 200
}

@test "ACI-11: a command is looked for along PATH, in the app's own root" {
    aci=$(make_aci example.com/web 'echo unused')
    assert_equal "$(rkt run "$aci" --exec=echo -- found)" found
    run rkt run "$aci" --exec=no-such-command
    assert_status 203
    assert_contains "$output" 'no-such-command: No such file or directory'
}

@test "ACE-2: apps of a pod share processes, network, IPC and host name, and no file system" {
    one=$(make_aci example.com/one 'mkdir /dev/shm/there; touch /mine; until [ -e /dev/shm/seen ]; do sleep 0.05; done')
    two=$(make_aci example.com/two 'until [ -e /dev/shm/there ]; do sleep 0.05; done; touch /dev/shm/seen' \
        'ps | grep -q "[u]ntil.*seen" && echo processes' '[ -e /mine ] || echo own files' 'hostname')
    run rkt run --hostname=shared "$one" "$two"
    assert_status 0
    assert_contains "$output" 'two: processes'
    assert_contains "$output" 'two: own files'
    assert_contains "$output" 'two: shared'
}

@test "ACE-40 to ACE-43: the devices and file systems of the spec are there" {
    run_web 'for name in null zero full random urandom tty; do test -c /dev/$name || echo no $name; done' \
        'test -e /dev/console || echo no console' 'test -e /dev/ptmx || echo no ptmx' \
        'for mount in "/proc proc" "/sys sysfs\|tmpfs" "/dev/pts devpts" "/dev/shm tmpfs"; do' \
        'set -- $mount; grep -q "^[^ ]* $1 \($2\) " /proc/mounts || echo no $mount; done' \
        'head -c 3 /dev/zero | wc -c' 'echo x >/dev/null && echo written' 'echo x >/dev/full || echo full' \
        'head -c 1 /dev/urandom | wc -c' 'echo shm >/dev/shm/x && cat /dev/shm/x'
    assert_status 0
    assert_equal "$(grep -v 'write error' <<<"$output")" $'3\nwritten\nfull\n1\nshm'
}

@test "paths of the host are hidden or read only, until --insecure-options=paths" {
    aci=$(make_aci example.com/web 'ls /sys/fs /sys/firmware 2>/dev/null | grep -v : | wc -w' \
        'for file in /proc/sysrq-trigger /proc/sys/kernel/core_pattern /proc/sys/vm/panic_on_oom /sys/kernel/uevent_helper; do' \
        'sh -c "echo x >$file" 2>/dev/null && echo written $file; done' \
        'test -s /proc/kcore && head -c 1 /proc/kcore | wc -c' true)
    assert_equal "$(rkt run "$aci")" 0
    assert_equal "$(rkt run --net=host "$aci")" 0
    run rkt --insecure-options=image,paths run "$aci"
    assert_status 0
    [ "${lines[0]}" -gt 0 ] || fail "nothing of /sys/fs is seen: $output"
}

@test "ACE-12: a read-only root cannot be written, its volumes can" {
    aci=$(make_aci example.com/web 'echo x >/file || echo root refused' 'echo x >/data/file && echo volume written' \
        'echo x >/fixed/file || echo volume refused' 'echo x >/dev/shm/x && echo shm written')
    run rkt run --volume=data,kind=empty --volume=fixed,kind=empty,readOnly=true --mount=volume=data,target=/data \
        --mount=volume=fixed,target=/fixed "$aci" --readonly-rootfs=true
    assert_status 0
    assert_equal "$(grep -v "can't create" <<<"$output")" $'root refused\nvolume written\nvolume refused\nshm written'
}

# ---- Handlers

@test "ACE-4 to ACE-7: handlers run as the app, where it runs, with its variables, before and after it" {
    who='"/bin/sh", "-c", "echo $0 $(id -u) $PWD $A $AC_APP_NAME", '
    aci=$(make_aci example.com/web -u alice -g staff -a '"workingDirectory": "/var", "environment": [{"name": "A", "value": "b"}],
        "eventHandlers": [{"name": "pre-start", "exec": ['"$who"'"pre"]}, {"name": "post-stop", "exec": ['"$who"'"post"]}]' \
        'echo main; exit 3')
    run rkt run "$aci"
    assert_status 3
    assert_equal "$output" $'pre 1234 /var b web\nmain\npost 1234 /var b web'
}

@test "ACE-7: when pre-start fails the app is not started, post-stop runs, and the status is that of the failure" {
    aci=$(make_aci example.com/web -a '"eventHandlers": [{"name": "pre-start", "exec": ["/bin/sh", "-c", "echo pre; exit 9"]},
        {"name": "post-stop", "exec": ["/bin/echo", "post"]}]' 'echo main')
    run rkt run "$aci"
    assert_status 9
    assert_equal "$output" $'pre\npost'
}

# Prints the members of an app whose pre-start and post-stop are these lines of a shell.
handlers() { # PRE-START [POST-STOP]
    local all
    all="{\"name\": \"pre-start\", \"exec\": [\"/bin/sh\", \"-c\", $(json_string "$1")]}"
    if [ $# = 2 ]; then
        all+=", {\"name\": \"post-stop\", \"exec\": [\"/bin/sh\", \"-c\", $(json_string "$2")]}"
    fi
    echo "\"eventHandlers\": [$all]"
}

# Starts a pod of these words called gated, whose apps share $gates as /gates; its output is in $out.
start_gated() { # WORD...
    gates=$BATS_TEST_TMPDIR/gates out=$BATS_TEST_TMPDIR/out
    mkdir -m 777 "$gates"
    "$RKT" --dir="$data" --insecure-options=image run --name=gated --volume=gates,kind=host,source="$gates" \
        --mount=volume=gates,target=/gates "$@" >"$out" 2>&1 3>&- &
    pod=$!
}

started_at() { # APP
    rkt status gated | grep "^app-$1-started="
}

until_file='until [ -e /gates/now ]; do sleep 0.05; done'

@test "ACE-4: no app begins before the pre-start handlers of all apps of the pod have ended" {
    first=$(make_aci example.com/first -u alice -a "$(handlers "$until_file; touch /gates/prepared")" \
        'echo begun; trap "exit 0" TERM; until [ -e /gates/end ]; do sleep 0.05; done')
    check='if [ -e /gates/prepared ]; then echo in order; else echo too early; fi; trap "exit 0" TERM
        until [ -e /gates/end ]; do sleep 0.05; done'
    second=$(make_aci example.com/second "$check")
    third=$(make_aci example.com/third -u 77 -g 78 -a "$(handlers 'echo prepared')" "$check")
    start_gated "$first" "$second" "$third"
    await 20 grep -q 'third: prepared' "$out"
    await 20 started_at first
    await 20 started_at second
    touch "$gates/now"
    await 20 grep -q 'first: begun' "$out"
    await 20 grep -q 'third: in order' "$out"
    await 20 grep -q 'second: in order' "$out"
    # An app that is started again while another prepares anew waits for nobody.
    rm "$gates/now"
    before=$(started_at first)
    rkt app restart gated --app=first
    began_again() { [ "$(started_at first)" != "$before" ]; }
    await 20 began_again
    rkt app restart gated --app=second
    both_times() { [ "$(grep -c 'second: in order' "$out")" = 2 ]; }
    await 20 both_times
    assert_equal "$(grep -c 'first: begun' "$out")" 1
    touch "$gates/now" "$gates/end"
    wait "$pod" || fail "it ended with status $?: $(cat "$out")"
    refute_contains "$(cat "$out")" 'too early'
}

@test "ACE-4, ACE-7: nobody waits for an app whose pre-start has failed, and its post-stop runs" {
    failing=$(make_aci example.com/failing -a "$(handlers 'exit 9' 'echo post')" 'echo main')
    other=$(make_aci example.com/other 'echo main')
    run rkt run --exit-policy=until-all "$failing" "$other"
    assert_status 9
    assert_contains "$output" 'failing: post'
    assert_contains "$output" 'other: main'
    refute_contains "$output" 'failing: main'
}

@test "ACE-4: nobody waits for an app that was killed while it prepared, or that nobody knows the end of" {
    killed=$(make_aci example.com/killed -a "$(handlers 'echo prepares; sleep 1000')" 'echo main')
    unknown=$(make_aci example.com/unknown -a "$(handlers 'echo prepares; sleep 1000')" 'echo main')
    other=$(make_aci example.com/other 'echo main')
    start_gated --exit-policy=until-all "$killed" "$unknown" "$other"
    await 20 grep -q 'killed: prepares' "$out"
    await 20 grep -q 'unknown: prepares' "$out"
    systemctl -M rkt-gated kill --signal=KILL killed.service
    has_ended() { rkt status gated | grep -q app-killed=137; }
    await 20 has_ended
    refute_contains "$(cat "$out")" 'other: main'
    # As when systemd has no process left to begin it with.
    leader=$(rkt status gated | sed -n 's/^pid=//p')
    MONITOR_UNIT=unknown.service nsenter --target="$leader" --user --mount --pid --root /rkt/finish || true
    await 20 grep -q 'other: main' "$out"
    refute_contains "$(rkt status gated)" app-unknown=
    rkt stop gated
    tail --pid="$pod" -f /dev/null
}

@test "ACE-8: an app that waits for another's pre-start ends at SIGTERM, and its post-stop runs" {
    first=$(make_aci example.com/first -a "$(handlers "$until_file" 'echo post')" 'echo main')
    second=$(make_aci example.com/second -a "$(handlers 'echo prepared' 'echo post')" 'echo main')
    start_gated --exit-policy=until-all "$first" "$second"
    await 20 grep -q 'second: prepared' "$out"
    rkt app stop gated --app=second
    await 20 grep -q 'second: post' "$out"
    assert_contains "$(rkt status gated)" app-second=143
    touch "$gates/now"
    status=0
    wait "$pod" || status=$?
    assert_equal "$status" 143
    assert_contains "$(cat "$out")" 'first: main'
    refute_contains "$(cat "$out")" 'second: main'
}

@test "ACE-8: a pod is stopped in order while its apps prepare and wait" {
    first=$(make_aci example.com/first -a "$(handlers "$until_file" 'echo post')" 'echo main')
    second=$(make_aci example.com/second -a "$(handlers 'echo prepared' 'echo post')" 'echo main')
    start_gated "$first" "$second"
    await 20 grep -q 'second: prepared' "$out"
    rkt stop gated
    tail --pid="$pod" -f /dev/null
    assert_equal "$(sort <"$out")" $'first: post\nsecond: post\nsecond: prepared'
}

# ---- Pod manifests

@test "POD-1 to POD-17: a pod manifest is run as it says" {
    id=$(rkt fetch --full "$(make_aci example.com/web 'echo image')")
    cat >"$BATS_TEST_TMPDIR/pod" <<POD
{"acKind": "PodManifest", "acVersion": "0.8.11",
 "apps": [{"name": "first", "image": {"id": "$id"}, "readOnlyRootFS": true,
           "app": {"exec": ["/bin/sh", "-c", "touch /x 2>/dev/null || echo read only; ls /data"], "user": "0", "group": "0"},
           "mounts": [{"volume": "data", "path": "/data"}]},
          {"name": "second", "image": {"id": "$id"}}],
 "volumes": [{"name": "data", "kind": "host", "source": "$BATS_TEST_TMPDIR/shared"}]}
POD
    mkdir "$BATS_TEST_TMPDIR/shared" && touch "$BATS_TEST_TMPDIR/shared/from-host"
    run rkt run --pod-manifest="$BATS_TEST_TMPDIR/pod"
    assert_status 0
    for line in 'first: read only' 'first: from-host' 'second: image'; do assert_contains "$output" "$line"; done
}

@test "pod manifests: what cannot be is refused, and nothing is left" {
    aci=$(make_aci example.com/web true)
    id=$(rkt fetch --full "$aci")
    manifest() { # APPS MEMBERS
        echo "{\"acKind\": \"PodManifest\", \"acVersion\": \"0.8.11\", \"apps\": [$1]$2}" >"$BATS_TEST_TMPDIR/pod"
        run rkt run --pod-manifest="$BATS_TEST_TMPDIR/pod"
        assert_status 254
    }
    manifest "{\"name\": \"a\", \"image\": {\"id\": \"$id\"}}, {\"name\": \"a\", \"image\": {\"id\": \"$id\"}}" ''
    assert_contains "$output" 'reading the pod manifest'
    manifest "{\"name\": \"a\", \"image\": {\"id\": \"sha512-$(printf '0%.0s' {1..128})\"}}" ''
    assert_contains "$output" 'it is not in the store; fetch it first'
    manifest "{\"name\": \"a\", \"image\": {\"id\": \"$id\"}, \"mounts\": [{\"volume\": \"v\", \"path\": \"/v\"}]}" ''
    assert_contains "$output" 'v'
    manifest "$(for i in {1..1000}; do printf '{"name": "a%d", "image": {"id": "%s"}}, ' "$i" "$id"; done | sed 's/, $//')" ''
    assert_contains "$output" '256'
    run rkt run --pod-manifest="$BATS_TEST_TMPDIR/pod" "$aci"
    assert_status 254
    assert_contains "$output" '--pod-manifest says all of the pod'
    run rkt run --pod-manifest=/not/there
    assert_status 254
    assert_equal "$(rkt list --no-legend)" ''
}

@test "flags: --user-label and --user-annotation stand in the manifest, --port is kept with it" {
    aci=$(make_aci example.com/web -a '"ports": [{"name": "http", "protocol": "tcp", "port": 80}]' true)
    uuid=$(rkt prepare --port=http:127.0.0.1:8080 "$aci" --user-label=tier=front --user-annotation=by=us)
    manifest=$(rkt cat-manifest "$uuid")
    assert_match "$manifest" '"tier": *"front"'
    assert_match "$manifest" '"by": *"us"'
    assert_match "$manifest" '"hostPort": *8080'
    run rkt prepare --port=https:8443 "$aci"
    assert_status 254
    assert_contains "$output" 'no app has a port called https'
}

# ---- Confinement

@test "an app that is root cannot mount, load modules, set the clock, or see other pods' processes" {
    run_web 'mount -t tmpfs none /tmp 2>&1 && echo mounted' 'date -s 2030-01-01 2>&1' \
        'echo 1 >/proc/sys/kernel/hostname 2>/dev/null && echo renamed' \
        'ls -d /proc/[0-9]* | wc -l' true
    assert_status 0
    refute_contains "$output" mounted
    assert_contains "$output" "can't set date: Operation not permitted"
    refute_contains "$output" renamed
    [ "${lines[-1]}" -lt 15 ] || fail "too many processes are seen: $output"
}
