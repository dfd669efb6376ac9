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

@test "ports of apps in the host's network come and go with them" {
    sandbox box --net=host
    rkt app add box "$(make_aci example.com/web -a '"ports": [{"name": "http", "protocol": "tcp", "port": 80}]' true)"
    assert_equal "$(rkt status box | grep ^port-)" 'port-app-web-http=80/tcp'
    rkt app rm box --app=web
    refute_contains "$(rkt status box)" port-
    rkt stop box
}

@test "rkt app sandbox takes no image, and refuses a network there is not" {
    run rkt app sandbox web.aci
    assert_status 254
    run rkt app sandbox --net=bridge
    assert_status 254
    assert_contains "$output" 'there is no network bridge'
    assert_equal "$(rkt list --no-legend)" ""
}

states() { # POD
    rkt app list --no-legend "$1" | tr -s '\t ' ' '
}

# Where a pod's own root is seen.
root_of() { # POD
    echo "/proc/$(rkt status "$1" | sed -n 's/^pid=//p')/root"
}

# What is there of apps, in the pod and on disk, beside its journal.
traces() { # POD
    local uuid root
    uuid=$(cat "$data/pods/names/$1")
    root=$(root_of "$1")
    (cd "$root" && find etc/systemd/system opt rkt/status rkt/filters 2>/dev/null | sort)
    grep -c /opt/stage2 "${root%/root}/mountinfo" || true
    (cd "$data/pods/run/$uuid" && find appsinfo sharedVolumes overlay/apps -mindepth 1 2>/dev/null | sort; cat apps pod; cat isolators 2>/dev/null)
    cat "$data/pins/$uuid" 2>/dev/null || true
}

# An app that says that it runs, and stops when it is told to: with 143.
web=(example.com/web 'echo begun; exec sleep 1000')

@test "what the pod's root puts in the place of its systemctl may do no more than the pod" {
    local root
    sandbox box
    rkt app add box "$(make_aci "${web[@]}")" >/dev/null
    root=$(root_of box)
    cp /bin/busybox "$root/usr/bin/"
    printf '#!/usr/bin/busybox sh\nexec >/told; grep CapBnd /proc/self/status; for n in net ipc uts cgroup user; do readlink /proc/self/ns/$n; done\n' \
        >"$root/usr/bin/told" && chmod 755 "$root/usr/bin/told" && mv "$root/usr/bin/told" "$root/usr/bin/systemctl"
    rkt app start box --app=web
    assert_equal "$(cat "$root/told")" "$(cd "${root%/root}" && grep CapBnd status; for n in net ipc uts cgroup user; do readlink "ns/$n"; done)"
}

@test "what the pod's root puts in the place of its records keeps nobody waiting, and leads nowhere" {
    local root outside=$BATS_TEST_TMPDIR/outside place
    sandbox box
    rkt app add box "$(make_aci "${web[@]}")" >/dev/null
    rkt app start box --app=web
    root=$(root_of box)
    rm -f "$root/rkt/status/web"
    mkfifo "$root/rkt/status/web"
    timeout 10 "$RKT" --dir="$data" list >/dev/null
    assert_contains "$(timeout 10 "$RKT" --dir="$data" status box)" app-web
    mkdir "$outside"
    touch "$outside"/web{,-started}
    for place in status filters; do
        rm -rf "$root/rkt/$place"
        ln -s "$outside" "$root/rkt/$place"
    done
    timeout 20 "$RKT" --dir="$data" app rm box --app=web
    assert_equal "$(ls "$outside")" $'web\nweb-started'
    assert_equal "$(rkt app list --no-legend box)" ""
}

@test "an app is added to a pod, started, stopped, started again, removed, and added anew as created" {
    aci=$(make_aci "${web[@]}")
    sandbox box
    before=$(traces box)
    rkt app add box "$aci"
    assert_equal "$(states box)" 'web created'
    refute_contains "$(rkt app status box --app=web)" started_at
    rkt app start box --app=web
    await 10 sh -c "'$RKT' --dir='$data' logs box | grep -q begun"
    assert_equal "$(states box)" 'web running'
    assert_equal "$(rkt app exec --app=web box echo inside)" inside
    rkt app stop box --app=web
    assert_equal "$(states box)" 'web exited'
    assert_contains "$(rkt app status box --app=web)" exit_code=143
    rkt app start box --app=web
    assert_equal "$(states box)" 'web running'
    refute_contains "$(rkt app status box --app=web)" exit_code
    await 10 sh -c "[ \$('$RKT' --dir='$data' logs box | grep -c begun) = 2 ]"
    rkt app rm box --app=web
    assert_equal "$(states box)" ''
    assert_equal "$(traces box)" "$before" 'what is left'
    rkt app add box "$aci"
    assert_equal "$(states box)" 'web created'
    assert_contains "$(rkt status box)" state=running
}

@test "two apps of one image have a root each, and one is removed without the other" {
    aci=$(make_aci "${web[@]}")
    sandbox box
    rkt app add box "$aci"
    rkt app add box "$aci" --name=other
    for app in web other; do
        rkt app start box --app="$app"
        await 10 sh -c "'$RKT' --dir='$data' logs box '$app' | grep -q begun"
    done
    rkt app exec --app=web box touch /mark-web
    rkt app exec --app=other box touch /mark-other
    assert_equal "$(rkt app exec --app=other box ls / | grep mark)" mark-other
    rkt app rm box --app=web
    assert_equal "$(states box)" 'other running'
    assert_equal "$(rkt app exec --app=other box ls / | grep mark)" mark-other
    rkt app add box "$aci"
    assert_equal "$(states box)" $'other running\nweb created'
    rkt app start box --app=web
    assert_equal "$(rkt app exec --app=web box ls / | grep mark || true)" ''
    run rkt image rm example.com/web
    assert_status 254
    rkt app rm box --app=web
    run rkt image rm example.com/web
    assert_status 254
    rkt app rm box --app=other
    rkt image rm example.com/web
}

# Everything of a service that says how it is confined: not who runs, when, and what it has used.
confinement() { # POD APP
    systemctl -M "rkt-$1" show "$2" | grep -vE '^(Id|Names|[A-Za-z]*Timestamp[A-Za-z]*|[A-Za-z]*PID[A-Za-z]*|ExecMain.*|InvocationID|ControlGroup.*|Memory(Current|Available|Peak|Swap.*Current)|CPUUsageNSec|Tasks(Current)|IO.*(Bytes|Operations)|IP.*|ExecStart.*=.*|.*After|Before|Wants|WantedBy|TriggeredBy|OnSuccess.*|OnFailure.*|UnitFileState|Effective.*|NFileDescriptorStore|.*Result|SubState|ActiveState|StateChange.*|Job|.*Usec)=' |
        while IFS="=" read -r key words; do
            echo "$key=$(tr ' ' '\n' <<<"$words" | sort | tr '\n' ' ')" # sets have no order
        done | sort
}

@test "an app that is added is as confined as one of rkt run" {
    aci=$(make_aci example.com/web -u 1234 -g 1235 -a '"isolators": [
        {"name": "os/linux/oom-score-adj", "value": 7},
        {"name": "os/linux/capabilities-retain-set", "value": {"set": ["CAP_NET_BIND_SERVICE"]}},
        {"name": "os/linux/seccomp-remove-set", "value": {"set": ["sync"]}}]' \
        'echo begun; exec sleep 1000')
    rkt run --name=plain "$aci" --memory=64M --readonly-rootfs=true >"$BATS_TEST_TMPDIR/out" 2>&1 &
    pod=$!
    await 10 grep -q begun "$BATS_TEST_TMPDIR/out"
    sandbox box
    rkt app add box "$aci" --memory=64M --readonly-rootfs=true
    rkt app start box --app=web
    await 10 sh -c "'$RKT' --dir='$data' logs box | grep -q begun"
    confinement plain web >"$BATS_TEST_TMPDIR/plain"
    confinement box web >"$BATS_TEST_TMPDIR/box"
    grep -q '^CapabilityBoundingSet=cap_net_bind_service $' "$BATS_TEST_TMPDIR/box"
    grep -q '^NoNewPrivileges=yes $' "$BATS_TEST_TMPDIR/box"
    run diff "$BATS_TEST_TMPDIR/plain" "$BATS_TEST_TMPDIR/box"
    assert_equal "$output" ''
    for key in Cap Seccomp NoNewPrivs Uid Gid Groups; do
        assert_equal "$(rkt exec box grep "^$key" /proc/self/status)" "$(rkt exec plain grep "^$key" /proc/self/status)"
    done
    assert_equal "$(rkt exec box cat /proc/self/uid_map | wc -l)" 1
    assert_equal "$(rkt status box | grep ^isolator)" "$(rkt status plain | grep ^isolator)"
    rkt stop plain
    tail --pid="$pod" -f /dev/null
}

@test "an app brings its volumes, and takes away those that nobody else mounts" {
    mkdir "$BATS_TEST_TMPDIR/shared" && echo hello >"$BATS_TEST_TMPDIR/shared/file"
    aci=$(make_aci example.com/web -a '"mountPoints": [{"name": "own", "path": "/own"}]' \
        'id -u >/own/user; echo more >/data/more; echo no >/fixed/file || echo refused; cat /fixed/file; exec sleep 1000')
    sandbox box
    before=$(traces box)
    rkt app add box "$aci" --volume=data,kind=host,source="$BATS_TEST_TMPDIR/shared" --mount=volume=data,target=/data \
        --volume=fixed,kind=host,source="$BATS_TEST_TMPDIR/shared",readOnly=true --mount=volume=fixed,target=/fixed
    rkt app start box --app=web
    await 10 sh -c "'$RKT' --dir='$data' logs box | grep -q hello"
    assert_contains "$(rkt logs box)" refused
    assert_equal "$(stat -c %u:%s "$BATS_TEST_TMPDIR/shared/more")" 0:5
    assert_equal "$(cat "$data/pods/run/$(cat "$data/pods/names/box")"/sharedVolumes/web-own/user)" 0
    run rkt app add box "$aci" --name=second --volume=data,kind=empty --mount=volume=data,target=/data
    assert_status 254
    assert_contains "$output" 'another volume data'
    rkt app add box "$aci" --name=second --mount=volume=data,target=/data
    rkt app rm box --app=web
    rkt app start box --app=second
    await 10 sh -c "'$RKT' --dir='$data' logs box second | grep -q refused"
    assert_equal "$(rkt app exec --app=second box cat /data/file)" hello
    rkt app rm box --app=second
    assert_equal "$(traces box)" "$before" 'what is left'
    assert_equal "$(cat "$BATS_TEST_TMPDIR/shared/file")" hello
}

@test "apps are added with and without users of the pod's own" {
    aci=$(make_aci example.com/web 'echo "begun $(id -u) $(stat -c %u /bin/busybox)"; touch /mine; exec sleep 1000')
    for users in yes no; do
        sandbox "$users" --private-users="$users"
        rkt app add "$users" "$aci"
        rkt app start "$users" --app=web
        await 10 sh -c "'$RKT' --dir='$data' logs '$users' | grep -q 'begun 0 0'"
        dir=$data/pods/run/$(cat "$data/pods/names/$users")
        await 10 test -e "$dir/overlay/apps/web/upper/mine"
        owner=$(stat -c %u "$dir/overlay/apps/web/upper/mine")
        assert_equal "$owner" "$(if [ "$users" = yes ]; then cut -d: -f1 "$dir/private-users"; else echo 0; fi)"
        rkt app rm "$users" --app=web
        assert_equal "$(states "$users")" ''
    done
}

@test "an app that has ended is started again, and its pod goes on" {
    sandbox box
    rkt app add box "$(make_aci example.com/job 'echo run; exit 3')"
    rkt app start box --app=job
    await 10 sh -c "'$RKT' --dir='$data' app status box --app=job | grep -q exit_code=3"
    assert_equal "$(states box)" 'job exited'
    for verb in start restart; do
        before=$(rkt app status box --app=job | grep started_at)
        rkt app "$verb" box --app=job
        await 10 sh -c "'$RKT' --dir='$data' app status box --app=job | grep -q exit_code=3"
        [ "$(rkt app status box --app=job | grep started_at)" != "$before" ] || fail "$verb did not start it"
    done
    assert_equal "$(rkt logs box | grep -c run)" 3
    assert_contains "$(rkt status box)" state=running
    rkt stop box
    assert_contains "$(rkt app status box --app=job)" exit_code=3
    assert_contains "$(rkt app status box --app=job)" state=exited
}

@test "an app is removed from a pod that has exited, and its sibling can still be exported" {
    aci=$(make_aci "${web[@]}")
    sandbox box
    for app in one two; do
        rkt app add box "$aci" --name="$app"
        rkt app start box --app="$app"
    done
    rkt stop box
    rkt app rm box --app=one
    assert_equal "$(states box)" 'two exited'
    dir=$data/pods/run/$(cat "$data/pods/names/box")
    assert_equal "$(ls "$dir/overlay/apps")$(ls "$dir/appsinfo")" twotwo
    assert_equal "$(find "$dir/overlay/stage1/upper/rkt/status" -name 'one*')" ''
    rkt export --app=two box "$BATS_TEST_TMPDIR/two.aci"
    run rkt app add box "$aci"
    assert_status 254
    assert_contains "$output" 'not running'
    rkt rm box
    assert_equal "$(ls -A "$data/pins")" ''
}

@test "words behind -- take the place of the image's arguments" {
    aci=$(make_aci example.com/web 'echo never')
    sandbox box
    rkt app add box "$aci" -- -c 'echo instead'
    rkt app start box --app=web
    await 10 sh -c "'$RKT' --dir='$data' logs box | grep -q '^instead'"
}

@test "what cannot be added is refused with a reason, and nothing is left of it" {
    aci=$(make_aci "${web[@]}")
    rkt run --name=fixed "$aci" >"$BATS_TEST_TMPDIR/out" 2>&1 &
    pod=$!
    await 10 grep -q begun "$BATS_TEST_TMPDIR/out"
    run rkt app add fixed "$aci" --name=more
    assert_status 254
    assert_contains "$output" 'only a pod of rkt app sandbox can be changed'
    run rkt app rm fixed --app=web
    assert_status 254
    assert_contains "$output" 'only a pod of rkt app sandbox can be changed'
    rkt stop fixed
    tail --pid="$pod" -f /dev/null
    sandbox box
    rkt app add box "$aci"
    before=$(traces box)
    refused() { # REASON ARGUMENT...
        local reason=$1
        shift
        run rkt app add box "$@"
        assert_status 254
        assert_contains "$output" "$reason"
        assert_equal "$(traces box)" "$before" "what is left after $*"
    }
    refused 'it has an app web already' "$aci"
    refused 'it is not in the store' "sha512-$(printf '0%.0s' {1..128})"
    refused 'fetching' /no/such.aci
    refused 'one image is added' "$aci" "$aci"
    refused 'there is no image'
    refused 'the pod has a service of this name' "$aci" --name=dbus
    refused 'does not exist' "$aci" --name=a --volume=v,kind=host,source=/not/there --mount=volume=v,target=/v
    refused 'volume' "$aci" --name=a --mount=volume=none,target=/v
    refused 'nobody-knows' "$aci" --name=a --user=nobody-knows
    refused 'that their pod starts with' "$aci" --name=a --stdin=stream
    refused 'cannot be given it' "$aci" --name=a --caps-retain=CAP_SYS_MODULE
    run rkt app rm box --app=none
    assert_status 254
    assert_contains "$output" 'none of this name'
    run rkt app add nothing "$aci"
    assert_status 254
    assert_equal "$(traces box)" "$before" 'what is left'
}

@test "apps are added to one pod at the same time" {
    aci=$(make_aci "${web[@]}")
    sandbox box
    rkt fetch "$aci"
    jobs=()
    for app in a b c d; do
        rkt app add box example.com/web --name="$app" &
        jobs+=("$!")
    done
    for job in "${jobs[@]}"; do wait "$job"; done
    assert_equal "$(states box | sort)" $'a created\nb created\nc created\nd created'
    for app in a b c d; do rkt app start box --app="$app"; done
    assert_equal "$(states box | sort)" $'a running\nb running\nc running\nd running'
}

@test "what a killed rkt app add left goes when the pod is changed next" {
    aci=$(make_aci "${web[@]}")
    sandbox box
    before=$(traces box)
    rkt app add box "$aci"
    echo -n >"$data/pods/run/$(cat "$data/pods/names/box")/apps" # as it was before the last step
    assert_equal "$(states box)" ''
    rkt app add box "$aci"
    assert_equal "$(states box)" 'web created'
    rkt app start box --app=web
    rkt app rm box --app=web
    assert_equal "$(traces box)" "$before" 'what is left'
}
