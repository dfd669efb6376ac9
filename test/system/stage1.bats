#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# stage1 alone: what an app gets, how its end is told, and in which order a pod ends.

load lib
load by-hand

# What a shell does until it is stopped; it would say of the sleep that it was terminated.
readonly wait_for_end='exec 2>/dev/null; sleep 1000 & wait'

# ---- Output and status

@test "stage1: the status of the only app is the pod's, and its lines are its own" {
    local script expected
    for expected in 0 5 137; do
        case $expected in
            137) script='kill -9 $$' ;;
            *) script="exit $expected" ;;
        esac
        new_pod
        add_app web 'echo out' 'echo err >&2' "$script"
        boot_pod
        assert_status "$expected"
        assert_equal "$(status_of web)" "$expected"
        assert_equal "$(lines_of web)" $'out\nerr'
        [ -e "$upper/rkt/status/web-started" ]
    done
}

@test "stage1: an app may open /dev/stdout, /dev/stderr and its descriptors, whoever it is" {
    local user
    for user in 0 alice; do
        new_pod
        add_app -u "$user" -g "$user" web 'echo 1; echo 2 >/dev/stdout; echo 3 >/dev/stderr; echo 4 >/proc/self/fd/1'
        sed -i 's/^staff/alice/' "$pod/overlay/apps/web/lower/etc/group"
        boot_pod
        assert_status 0
        assert_equal "$(lines_of web)" $'1\n2\n3\n4'
    done
}

@test "stage1: all that an app wrote is there, when it exits and when it kills itself" {
    local end round
    for end in 'exit 5' 'kill -9 $$'; do
        for round in 1 2 3 4 5; do
            new_pod
            add_app -u 1234 -g 1235 web 'seq 5000' "$end"
            boot_pod
            assert_equal "$(lines_of web | md5sum)" "$(seq 5000 | md5sum)" "lines of round $round of $end"
        done
    done
}

@test "stage1: a line that is not ended is kept, and so is what a child writes while it is stopped" {
    new_pod
    add_app web "sh -c 'trap \"sleep 0.2; echo child; exit\" TERM; touch /ready; $wait_for_end' &" \
        'until [ -e /ready ]; do sleep 0.02; done' 'echo main; printf end'
    boot_pod
    assert_status 0
    assert_equal "$(lines_of web)" $'main\nendchild'
}

@test "stage1: whoever listens is told of each end after its status was written" {
    new_pod
    add_app first 'exit 0'
    add_app second 'until [ -e /go ]; do sleep 0.02; done; exit 3'
    listening=yes
    start_pod
    release_app second grep -qx 'ended first 0' "$pod/heard"
    assert_status 3
    await 20 grep -qx 'ended second 3' "$pod/heard"
    kill "$(cat "$pod/listener")"
    assert_equal "$(grep ^ended "$pod/heard")" $'ended first 0\nended second 3'
    assert_equal "$(grep -c ^ending "$pod/heard")" 2
}

# ---- The end of a pod

@test "stage1: a pod ends with the last of its apps" {
    new_pod
    add_app a 'echo a'
    add_app b 'until [ -e /go ]; do sleep 0.02; done; echo b'
    start_pod
    release_app b test -s "$upper/rkt/status/a"
    assert_status 0
    assert_equal "$(status_of a) $(status_of b)" "0 0"
    assert_equal "$(lines_of a) $(lines_of b)" "a b"
}

@test "stage1: an app that fails ends the pod with its status, and its siblings in order" {
    local stop='"eventHandlers": [{"name": "post-stop", "exec": ["/bin/sh", "-c", "echo post-stop"]}]'
    new_pod
    add_app a 'until [ -e /go ]; do sleep 0.02; done; exit 3'
    add_app -a "$stop" b 'trap "sleep 0.2; echo bye; exit 4" TERM; touch /ready' "$wait_for_end"
    add_app -a "$stop" c 'touch /ready; exec sleep 1000'
    start_pod
    await_app b
    release_app a await_app c
    assert_status 3
    assert_equal "$(status_of a) $(status_of b) $(status_of c)" "3 4 143"
    assert_equal "$(lines_of b)" $'bye\npost-stop'
    assert_equal "$(lines_of c)" "post-stop"
}

@test "stage1: poweroff, halt and SIGTERM to nspawn stop every app in order" {
    local how
    for how in poweroff halt nspawn; do
        new_pod
        add_app a 'trap "sleep 0.2; echo bye; exit 0" TERM; touch /ready' "$wait_for_end"
        add_app b 'touch /ready; exec sleep 1000'
        start_pod
        await_app a
        await_app b
        case $how in
            poweroff) kill -SIGRTMIN+4 "$(leader_pid)" ;;
            halt) kill -SIGRTMIN+3 "$(leader_pid)" ;;
            nspawn) kill -TERM "$(nspawn_pid)" ;;
        esac
        end_pod
        assert_status 0
        assert_equal "$(status_of a) $(status_of b)" "0 143" "$how"
        assert_equal "$(lines_of a)" bye
    done
}

# ---- Event handlers

@test "stage1: handlers run before and after the app, as it and where it runs" {
    local handler='["/bin/sh", "-c", "echo $0 $(id -u) $PWD $A $(cat /run/mark); echo $0 >>/run/mark", "NAME"]'
    new_pod
    add_app -u alice -g staff -a '"workingDirectory": "/tmp", "environment": [{"name": "A", "value": "x"}],
        "eventHandlers": [{"name": "pre-start", "exec": '"${handler/NAME/pre}"'},
                          {"name": "post-stop", "exec": '"${handler/NAME/post}"'}]' \
        web 'echo main $(cat /run/mark); echo main >>/run/mark; exit 7'
    chmod 1777 "$pod/overlay/apps/web/lower/run"
    touch "$pod/overlay/apps/web/lower/run/mark"
    chmod 666 "$pod/overlay/apps/web/lower/run/mark"
    boot_pod
    assert_status 7
    assert_equal "$(lines_of web)" $'pre 1234 /tmp x\nmain pre\npost 1234 /tmp x pre main'
}

@test "stage1: an app whose pre-start fails is not started, and fails with it" {
    new_pod
    add_app -a '"eventHandlers": [{"name": "pre-start", "exec": ["sh", "-c", "echo pre; exit 9"]},
        {"name": "post-stop", "exec": ["sh", "-c", "echo post"]}]' web 'echo main'
    boot_pod
    assert_status 9
    assert_equal "$(status_of web)" 9
    assert_equal "$(lines_of web)" $'pre\npost'
}

# ---- What an app is given

@test "stage1: words and variables reach the app as they are" {
    new_pod
    local words='"a b", "$HOME ${HOME} $$", "100%n %% %", "\"quoted\" \u0027", "back\\slash\\n", "two\nlines", "", "grün"'
    add_app -x "[\"sh\", \"-c\", \"for w; do echo \\\"[\$w]\\\"; done\", \"sh\", $words]" words
    add_app -x '["env"]' -a '"environment": [{"name": "A", "value": "$HOME %n \"x\" \\"}, {"name": "B", "value": "two\nlines"},
        {"name": "db.user-name", "value": "odd $x"}, {"name": "PATH", "value": "/nowhere:/bin"}]' variables
    boot_pod
    assert_status 0
    assert_equal "$(lines_of words)" '[a b]
[$HOME ${HOME} $$]
[100%n %% %]
["quoted" '"'"']
[back\slash\n]
[two
lines]
[]
[grün]'
    local all word
    all=$(lines_of variables)
    for word in $'A=$HOME %n "x" \\' $'B=two\nlines' 'db.user-name=odd $x' PATH=/nowhere:/bin AC_APP_NAME=variables container=rkt; do
        assert_contains $'\n'"$all"$'\n' $'\n'"$word"$'\n'
    done
}

@test "stage1: an app is who its image says: a name, a number, the owner of a file" {
    local user group expected
    while read -r user group expected; do
        new_pod
        add_app -u "$user" -g "$group" -a '"supplementaryGIDs": [50, 60]' web 'echo $(id -u):$(id -g):$(id -G)'
        chown 77:78 "$pod/overlay/apps/web/lower/tmp"
        boot_pod
        assert_status 0
        assert_equal "$(lines_of web)" "$expected" "$user $group"
    done <<'TABLE'
root root 0:0:0 50 60
alice staff 1234:1235:1235 50 60
4321 4322 4321:4322:4322 50 60
/tmp /tmp 77:78:78 50 60
65534 65534 65534:65534:65534 50 60
TABLE
}

@test "stage1: an app has the fourteen capabilities, and none of the pod's other powers" {
    new_pod
    add_app web 'grep -E "^(CapBnd|CapEff|NoNewPrivs|Seccomp):" /proc/self/status' \
        'mount -t tmpfs none /tmp && echo mounted' 'echo x >/proc/sys/kernel/domainname && echo written' \
        'echo 1 >/sys/fs/cgroup/cgroup.freeze && echo frozen' 'chroot / true && echo chroot' 'ls /proc/1/root'
    ln -s busybox "$pod/overlay/apps/web/lower/bin/chroot"
    boot_pod
    local lines
    lines=$(lines_of web)
    assert_contains "$lines" $'CapEff:\t00000000a80425fb'
    assert_contains "$lines" $'CapBnd:\t00000000a80425fb'
    assert_contains "$lines" $'NoNewPrivs:\t0'
    assert_contains "$lines" $'Seccomp:\t2'
    refute_contains "$lines" mounted
    refute_contains "$lines" written
    refute_contains "$lines" frozen
    assert_contains "$lines" chroot

    new_pod
    add_app -u 1234 -g 1235 web 'grep -E "^(CapEff|NoNewPrivs):" /proc/self/status'
    boot_pod
    assert_equal "$(lines_of web)" $'CapEff:\t0000000000000000\nNoNewPrivs:\t1'
}

@test "stage1: an app that may make devices gets at none of the host's" {
    new_pod
    add_app web 'for d in /tmp /dev /dev/shm; do mknod $d/disk b 7 0 && head -c 1 $d/disk; done; echo x >/dev/null && echo null'
    ln -s busybox "$pod/overlay/apps/web/lower/bin/mknod"
    boot_pod
    # Not EPERM, which would be a device policy of the machine that the tests run on.
    assert_equal "$(lines_of web)" "head: /tmp/disk: Permission denied
mknod: /dev/disk: Read-only file system
head: /dev/shm/disk: Permission denied
null"
}

@test "stage1: capabilities are retained as an app asks, beyond the pod's usual ones too" {
    new_pod
    add_app -a '"isolators": [{"name": "os/linux/capabilities-retain-set", "value": {"set": ["CAP_CHOWN"]}}]' one \
        'grep CapEff: /proc/self/status'
    add_app -a '"isolators": [{"name": "os/linux/capabilities-retain-set", "value": {"set": ["CAP_SYS_TIME"]}}]' two \
        'grep CapEff: /proc/self/status'
    boot_pod
    assert_equal "$(lines_of one)" $'CapEff:\t0000000000000001'
    assert_equal "$(lines_of two)" $'CapEff:\t0000000002000000'
}

@test "stage1: an app sees the pod's devices and processes, its image's /run, and the journal as /dev/log" {
    new_pod
    add_app web 'for d in null zero full random urandom tty console ptmx; do [ -c /dev/$d ] || [ -L /dev/$d ] || echo no $d; done' \
        'stat -fc %T /proc /sys /dev/shm; ls /run; [ -S /dev/log ] || echo no log; hostname'
    touch "$pod/overlay/apps/web/lower/run/of-the-image"
    boot_pod --hostname=weird
    local lines
    lines=$(lines_of web)
    refute_contains "$lines" "no "
    assert_contains "$lines" of-the-image
    assert_contains "$lines" weird
}

@test "stage1: a root that is to be read only is, and its devices are not" {
    new_pod
    add_app -p '"readOnlyRootFS": true' web 'touch /tmp/x && echo written; echo fine >/dev/null && echo fine; touch /dev/shm/x && echo shared'
    boot_pod
    assert_status 0
    assert_equal "$(lines_of web | grep -v Read-only)" $'fine\nshared'
}

@test "stage1: an app without its program or its directory fails, and says so" {
    new_pod
    add_app -x '["nosuch"]' web
    boot_pod
    assert_status 203
    assert_equal "$(lines_of web)" "nosuch: No such file or directory"
    new_pod
    add_app -a '"workingDirectory": "/nosuch"' web 'echo main'
    boot_pod
    assert_status 200
    assert_equal "$(lines_of web)" ""
}

@test "stage1: a pod has its own network, or the host's" {
    new_pod
    add_app web 'ls /sys/class/net; readlink /proc/self/ns/net'
    ln -s busybox "$pod/overlay/apps/web/lower/bin/readlink"
    boot_pod
    assert_equal "$(lines_of web | head -n 1)" lo
    refute_contains "$(lines_of web)" "$(readlink /proc/self/ns/net)"
    new_pod
    add_app web 'readlink /proc/self/ns/net'
    ln -s busybox "$pod/overlay/apps/web/lower/bin/readlink"
    boot_pod --net=host
    assert_equal "$(lines_of web)" "$(readlink /proc/self/ns/net)"
}

@test "stage1: systemd has nothing to say about the units that are made" {
    new_pod
    add_app -u 1234 -g 1235 -p '"readOnlyRootFS": true' -a '"supplementaryGIDs": [50], "environment": [{"name": "A", "value": "%"}],
        "eventHandlers": [{"name": "post-stop", "exec": ["true"]}]' web 'true'
    add_app other 'true'
    boot_pod
    assert_status 0
    run in_pod_mounts sh -c '
        mkdir -p stage1/rootfs/dev/.rkt && cp stage1/rootfs/rkt/launch stage1/rootfs/dev/.rkt/
        systemd-analyze verify --man=no --root=stage1/rootfs web.service other.service default.target'
    assert_status 0
    assert_equal "$output" ""
}

# ---- The entry points

@test "stage1: run refuses what it cannot run, with 254 and a reason" {
    new_pod
    add_app -u eve web true
    boot_pod
    assert_status 254
    assert_equal "$output" "run: app web: finding the user eve: it is not in the image's /etc/passwd"
    new_pod
    add_app dbus true
    boot_pod
    assert_status 254
    assert_equal "$output" "run: app dbus: the pod has a service of this name already"
    new_pod
    add_app web true
    boot_pod --net=bridge
    assert_status 254
    assert_equal "$output" "run: --net=bridge: only none, host and joined are known"
}

@test "stage1: the pod's lock is held as long as nspawn lives" {
    new_pod
    add_app web 'touch /ready; exec sleep 1000'
    exec 5<"$pod"
    flock --nonblock 5
    export RKT_LOCK_FD=5
    start_pod
    exec 5>&-
    await_app web
    run flock --nonblock "$pod" true
    assert_status 1
    entry_point stop "$uuid"
    end_pod
    flock --nonblock "$pod" true
}

@test "stage1: stop asks in order, twice as well as once, and kills by force" {
    new_pod
    add_app web 'trap "sleep 0.3; echo bye; exit 0" TERM; touch /ready' "$wait_for_end"
    start_pod
    await_app web
    entry_point stop "$uuid"
    entry_point stop "$uuid"
    end_pod
    assert_status 0
    assert_equal "$(lines_of web)" bye
    run entry_point stop "$uuid"
    assert_status 254
    assert_equal "$output" "stop: stopping pod $uuid: it does not run"

    new_pod
    add_app web 'trap "" TERM; touch /ready' "$wait_for_end"
    start_pod
    await_app web
    local leader
    leader=$(leader_pid)
    entry_point stop --force "$uuid"
    end_pod
    assert_status 137
    await 10 test ! -e "/proc/$leader"
}

@test "stage1: enter runs a command in the app, as the app, and gives its status" {
    new_pod
    add_app -u alice -g staff -a '"supplementaryGIDs": [50], "environment": [{"name": "A", "value": "x y"}]' \
        web 'touch /tmp/ready; exec sleep 1000'
    add_app cpu 'touch /ready; exec sleep 1000'
    start_pod
    await_app cpu
    await 20 test -e "$pod/overlay/apps/web/upper/tmp/ready"
    local leader
    leader=$(leader_pid)
    run entry_point enter --pid="$leader" --appname=web -- sh -c 'id -u; id -g; id -G; echo "$A"; cat /proc/1/comm; exit 6'
    assert_status 6
    assert_equal "$output" $'1234\n1235\n1235 50\nx y\nsystemd'
    run entry_point enter --pid="$leader" --appname=cpu -- grep -E '^(CapEff|Seccomp):' /proc/self/status
    assert_equal "$output" $'CapEff:\t00000000a80425fb\nSeccomp:\t2'
    run entry_point enter --pid="$leader" --appname=web -- sh -c 'kill -9 $$'
    assert_status 137
    run entry_point enter --pid="$leader" --appname=gone -- true
    assert_status 254
    assert_equal "$output" "enter: app gone does not run"
    run entry_point enter --pid="$leader" --appname=web -- nosuch
    assert_status 254
    assert_equal "$output" "enter: executing nosuch: No such file or directory"
    entry_point stop "$uuid"
    end_pod
}

@test "stage1: enter copies what a unit says of an app, more than rkt itself does" {
    local facts='cat /proc/self/limits /proc/self/oom_score_adj; grep -E "^(Cap|Seccomp|NoNewPrivs|Umask)" /proc/self/status; mkdir /tmp/x 2>&1; true'
    new_pod
    add_app -u alice -g staff web "{ $facts; } >/tmp/facts" 'touch /tmp/ready; exec sleep 1000'
    mkdir -p "$upper/etc/systemd/system/web.service.d"
    printf '%s\n' '[Service]' AmbientCapabilities=CAP_NET_RAW LimitNOFILE=100:200 LimitCORE=0 OOMScoreAdjust=500 UMask=0027 \
        SystemCallFilter=~mkdir >"$upper/etc/systemd/system/web.service.d/more.conf"
    start_pod
    await 20 test -e "$pod/overlay/apps/web/upper/tmp/ready"
    run entry_point enter --pid="$(leader_pid)" --appname=web -- sh -c "$facts"
    assert_status 0
    assert_equal "$output" "$(cat "$pod/overlay/apps/web/upper/tmp/facts")"
    assert_contains "$output" $'CapAmb:\t0000000000002000'
    assert_contains "$output" $'CapEff:\t0000000000002000'
    assert_contains "$output" 'Operation not permitted'
    run entry_point enter --privileged --pid="$(leader_pid)" --appname=web -- mkdir /tmp/x
    assert_status 0
    entry_point stop "$uuid"
    end_pod
}

@test "stage1: gc gives back what a killed nspawn left, and nothing of a younger pod's" {
    new_pod web
    add_app web true
    mkdir -p /run/systemd/nspawn/{propagate,unix-export}/rkt-web
    mount -t tmpfs none /run/systemd/nspawn/unix-export/rkt-web
    mkdir -p /run/systemd/machines
    touch /run/systemd/machines/rkt-web
    entry_point gc "$uuid"
    [ -d /run/systemd/nspawn/propagate/rkt-web ]
    rm /run/systemd/machines/rkt-web
    entry_point gc "$uuid"
    [ ! -e /run/systemd/nspawn/propagate/rkt-web ] && [ ! -e /run/systemd/nspawn/unix-export/rkt-web ]
    entry_point gc "$uuid"
}
