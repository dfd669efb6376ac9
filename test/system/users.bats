#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# Users of a pod's own: what its root is on the host, and what it therefore cannot do.

load lib

@test "a pod has users of its own by default: its root is nobody of the host's, and nothing was chowned" {
    aci=$(make_aci example.com/web 'cat /proc/self/uid_map; stat -c "%u %g" /etc/passwd; touch /made; stat -c %u /made; exit 3')
    run rkt run "$aci"
    assert_status 3
    assert_match "${lines[0]}" '^ *0 +[0-9]+ +65536$'
    assert_equal "${lines[1]} ${lines[2]}" '0 0 0'
    uuid=$(rkt list --no-legend --full | awk '{ print $1 }')
    range=$(cat "$data/pods/run/$uuid/private-users")
    assert_equal "$(stat -c %u "$data/pods/run/$uuid/overlay/apps/web/upper/made")" "${range%:*}"
    assert_equal "$(find "$data/layers" -not -user 0)" ''
    rkt rm "$uuid"
}

@test "--private-users=no runs a pod as the host's root, and yes insists" {
    aci=$(make_aci example.com/web 'cat /proc/self/uid_map')
    assert_match "$(rkt run --private-users=no "$aci")" '^ *0 +0 +4294967295$'
    assert_match "$(rkt run --private-users=yes "$aci")" '65536$'
    run rkt run --private-users=perhaps "$aci"
    assert_status 254
    assert_contains "$output" 'auto, yes and no are known'
}

@test "where owners cannot be mapped one line says so, and the policy decides" {
    # A layer on an overlay: overlayfs has no idmapped mounts.
    aci=$(make_aci example.com/web 'cat /proc/self/uid_map')
    rkt fetch "$aci" >/dev/null
    mkdir -p /srv/layers
    cp -a "$data/layers/." /srv/layers
    mount --bind /srv/layers "$data/layers"
    run rkt run example.com/web
    assert_status 0
    assert_contains "$output" 'the pod has no users of its own: this kernel cannot map the owners of files on the file system of'
    assert_contains "$output" 4294967295
    run rkt run --private-users=yes example.com/web
    assert_status 254
    assert_contains "$output" '--private-users=no runs the pod without'
    umount "$data/layers"
    assert_equal "$(rkt list --no-legend | wc -l)" 1
    assert_equal "$(find "$data/pods" -name private-users)" ''
}

@test "whoever cannot have users of its own for another reason is not run as the host's root" {
    aci=$(make_aci example.com/web 'cat /proc/self/uid_map')
    rkt fetch "$aci" >/dev/null
    mv /etc/subuid "$BATS_TEST_TMPDIR/subuid"
    mkdir /etc/subuid
    run rkt run example.com/web
    rmdir /etc/subuid
    mv "$BATS_TEST_TMPDIR/subuid" /etc/subuid
    assert_status 254
    assert_contains "$output" /etc/subuid
    assert_equal "$(rkt list --no-legend)" ''
    assert_equal "$(find "$data/pods" -name private-users)" ''
}

@test "what a crash left of a pod's records keeps no other pod from starting, nor gc from removing it" {
    rkt run --uuid-file-save="$BATS_TEST_TMPDIR/uuid" "$(make_aci example.com/web 'cat /proc/self/uid_map')" >/dev/null
    lost=$data/pods/run/$(cat "$BATS_TEST_TMPDIR/uuid")
    for text in '' '{"netns": "/run/net'; do
        rm -f "$lost/private-users" "$lost/network"
        printf '%s' "$text" >"$lost/private-users"
        printf '%s' "$text" >"$lost/network"
        run rkt run "$images/web.aci"
        assert_status 0
        assert_match "$output" '65536$'
        assert_contains "$output" "$lost/private-users"
        run rkt run --port=http:127.0.0.1:8090 "$(make_aci example.com/server -a '"ports": [{"name": "http", "protocol": "tcp", "port": 80}]' 'echo served')"
        assert_status 0
        assert_contains "$output" served
        assert_contains "$output" "$lost/network"
    done
    touch "/run/netns/rkt-${lost##*/}"
    run rkt gc --grace-period=0s
    assert_status 0
    assert_contains "$output" "$lost/network"
    assert_equal "$(ls /run/netns)" ''
    rkt gc --grace-period=0s
    assert_equal "$(rkt list --no-legend)" ''
}

@test "apps of any user, handlers, several apps and read-only roots work in it" {
    aci=$(make_aci example.com/web -u alice -g staff -a '"eventHandlers": [{"name": "pre-start", "exec": ["/bin/echo", "pre"]},
        {"name": "post-stop", "exec": ["/bin/echo", "post"]}]' 'id -u; echo out >/dev/stdout')
    run rkt run "$aci" "$aci" --name=second --readonly-rootfs=true
    assert_status 0
    for line in 'web: 1234' 'second: 1234' 'web: out' 'second: post'; do assert_contains "$output" "$line"; done
}

@test "an app that is root cannot read what only the host's root may, through any mount it has" {
    echo secret >/etc/only-root && chmod 600 /etc/only-root
    mkdir -p /var/lib/rkt/secret && echo secret >/var/lib/rkt/secret/file && chmod 600 /var/lib/rkt/secret/file
    aci=$(make_aci example.com/web 'for root in / /proc/1/root/ /proc/1/cwd/; do' \
        'for file in etc/only-root etc/shadow var/lib/rkt/secret/file; do' \
        'cat $root$file 2>/dev/null; done; done' \
        'for mount in $(cut -d" " -f2 /proc/mounts); do cat $mount/etc/only-root $mount/only-root $mount/shadow 2>/dev/null; done' 'echo done')
    run rkt run "$aci"
    assert_status 0
    assert_equal "$output" 'done'
    rm -r /var/lib/rkt/secret
}

@test "a volume of the host belongs to the pod's users as it does to the host's, or is refused" {
    mkdir -p /var/lib/rkt/shared && chown 1234 /var/lib/rkt/shared
    aci=$(make_aci example.com/web -u alice -g staff 'stat -c %u /data; echo x >/data/made && stat -c %u /data/made')
    run rkt run --volume=v,kind=host,source=/var/lib/rkt/shared --mount=volume=v,target=/data "$aci"
    assert_status 0
    assert_equal "$output" $'1234\n1234'
    assert_equal "$(stat -c %u /var/lib/rkt/shared/made)" 1234
    mkdir -p /srv/on-overlay
    run rkt run --volume=v,kind=host,source=/srv/on-overlay --mount=volume=v,target=/data "$aci"
    assert_status 254
    assert_contains "$output" "--private-users=no runs the pod without users of its own"
    run rkt run --private-users=no --volume=v,kind=host,source=/srv/on-overlay --mount=volume=v,target=/data "$aci"
    assert_contains "$output" 0
    rm -r /var/lib/rkt/shared
}

@test "an empty volume belongs to whom it was made for" {
    aci=$(make_aci example.com/web 'stat -c "%u %g %a" /data /a')
    run rkt run --volume=v,kind=empty,uid=7,gid=8,mode=0711 --mount=volume=v,target=/a/data --mount=volume=v,target=/data "$aci"
    assert_equal "$output" $'7 8 711\n0 0 755'
}

@test "rkt exec is as confined as the app there, and has its ids" {
    aci=$(make_aci example.com/web -u alice -g staff 'echo up; until [ -e /dev/shm/go ]; do sleep 0.05; done')
    rkt run --name=inside "$aci" >"$BATS_TEST_TMPDIR/out" 2>&1 &
    pod=$!
    await 10 grep -q up "$BATS_TEST_TMPDIR/out"
    assert_equal "$(rkt exec inside id -u)" 1234
    assert_equal "$(rkt exec inside id -g)" 1235
    assert_match "$(rkt exec inside cat /proc/self/uid_map)" 65536
    assert_equal "$(rkt exec --privileged inside id -u)" 0
    rkt exec inside touch /dev/shm/go
    tail --pid="$pod" -f /dev/null
}

@test "an app's own filter holds for a command that is brought to it" {
    aci=$(make_aci example.com/web 'echo up; until [ -e /dev/shm/go ]; do sleep 0.05; done')
    rkt run --name=filtered "$aci" --seccomp=mode=remove,errno=EXDEV,mkdir,mkdirat >"$BATS_TEST_TMPDIR/out" 2>&1 &
    pod=$!
    await 10 grep -q up "$BATS_TEST_TMPDIR/out"
    run rkt exec filtered mkdir /tmp/x
    assert_contains "$output" 'Invalid cross-device link'
    rkt exec filtered touch /dev/shm/go
    tail --pid="$pod" -f /dev/null
}

# Each as its watches; a copy in another process watches the same. PID may stand for several.
inotify_instances() { # PID...
    local pid number
    for pid; do
        find "/proc/$pid/fd" -lname anon_inode:inotify -printf '%f\n' | while read -r number; do
            grep ^inotify "/proc/$pid/fdinfo/$number" | sort | tr '\n' ' '
            echo
        done
    done | sort -u
}

has_instances() { # COUNT PID...
    assert_equal "$(inotify_instances "${@:2}" | wc -l)" "$1"
}

# In the user namespace alone, where root has no power over the host.
run_with_inotify_limit() { # COUNT COMMAND...
    local made=$BATS_TEST_TMPDIR/made mapped=$BATS_TEST_TMPDIR/mapped process
    mkfifo "$made" "$mapped"
    # shellcheck disable=SC2016
    unshare --user sh -c 'echo >"$1"; read -r _ <"$2"; shift 2; exec "$@"' sh "$made" "$mapped" \
        sh -c 'echo "$1" >/proc/sys/user/max_inotify_instances; shift; exec "$@"' sh "$@" &
    process=$!
    read -r _ <"$made"
    echo 0 0 65536 >"/proc/$process/uid_map"
    echo 0 0 65536 >"/proc/$process/gid_map"
    echo >"$mapped"
    wait "$process"
}

@test "a pod takes two of root's inotify instances, three without users of its own, and lets go of what it takes to begin" {
    aci=$(make_aci example.com/web 'echo up; until [ -e /dev/shm/go ]; do sleep 0.05; done')
    while read -r count flags; do
        # shellcheck disable=SC2086
        rkt run --name=web --net=none $flags "$aci" >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
        pod=$!
        await 10 grep -q up "$BATS_TEST_TMPDIR/out"
        rkt status --wait-ready web >/dev/null
        mapfile -t processes < <(find /sys/fs/cgroup/machine.slice/rkt-web.scope -name cgroup.procs -exec cat {} +)
        [ "${#processes[@]}" -ge 5 ] || fail "the pod's processes: ${processes[*]}"
        await 5 has_instances "$count" "${processes[@]}"
        rkt exec web touch /dev/shm/go
        wait "$pod"
    done <<<$'2 \n3 --private-users=no'
}

@test "a pod for which root has no inotify instances left is refused with what to do, and leaves nothing" {
    rkt fetch "$(make_aci example.com/web 'echo up')" >/dev/null
    run run_with_inotify_limit 3 "$RKT" --dir="$data" run --private-users=no example.com/web
    assert_status 254
    assert_contains "$output" 'too few inotify instances'
    assert_contains "$output" 'sysctl fs.inotify.max_user_instances=8192'
    assert_equal "${#lines[@]}" 1
    assert_equal "$(rkt list --no-legend)" ''
    assert_equal "$(find "$data/pods" -mindepth 2)" ''
    assert_equal "$(ls /run/netns 2>/dev/null)" ''
    assert_equal "$(machinectl list --no-legend)" ''
    await 10 sh -c "[ \$(find /sys/fs/cgroup -name 'rkt-*' | wc -l) = 0 ]" # systemd removes them when they are empty
}

# As many as the kernel's limit of inotify instances allows, which is the machine's to set.
@test "pods at once, fifty where the kernel has the means: no range given twice, nothing leaked, rkt list is right" {
    rkt fetch "$(make_aci example.com/web 'until [ -e /dev/shm/go ]; do sleep 0.1; done')" >/dev/null
    count=$((($(cat /proc/sys/fs/inotify/max_user_instances) - 24) / 2))
    [ "$count" -le 50 ] || count=50
    pods=()
    for ((i = 0; i < count; i++)); do
        rkt run example.com/web >"$BATS_TEST_TMPDIR/out.$i" 2>&1 &
        pods+=($!)
    done
    await 60 sh -c "[ \$(machinectl list --no-legend | wc -l) = $count ]"
    assert_equal "$(rkt list --no-legend | grep -c running)" "$count"
    assert_equal "$(cat "$data"/pods/run/*/private-users | sort -u | wc -l)" "$count"
    rkt list --no-legend --full | awk '{ print $1 }' | xargs "$RKT" --dir="$data" stop --force >/dev/null
    for pod in "${pods[@]}"; do tail --pid="$pod" -f /dev/null; done
    assert_equal "$(rkt list --no-legend | grep -c exited)" "$count"
    assert_equal "$(machinectl list --no-legend)" ''
    assert_equal "$(grep -c "$data/pods" /proc/self/mounts)" 0
    await 10 sh -c "[ \$(find /sys/fs/cgroup -name 'rkt-*' | wc -l) = 0 ]" # systemd removes them when they are empty
    rkt gc --grace-period=0s >/dev/null
    assert_equal "$(find "$data/pods" -name private-users)" ''
}

@test "two hundred pods one after another leave nothing" {
    rkt fetch "$(make_aci example.com/web 'exit 0')" >/dev/null
    before=$(wc -l </proc/self/mounts)
    for _ in {1..200}; do rkt run example.com/web; done
    assert_equal "$(rkt list --no-legend | grep -c exited)" 200
    assert_equal "$(cat "$data"/pods/run/*/private-users | sort -u | wc -l)" 200
    assert_equal "$(wc -l </proc/self/mounts)" "$before"
    await 10 sh -c "[ \$(find /sys/fs/cgroup -name 'rkt-*' | wc -l) = 0 ]" # systemd removes them when they are empty
    rkt gc --grace-period=0s >/dev/null
    assert_equal "$(rkt list --no-legend)" ''
}
