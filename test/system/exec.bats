#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# Commands in the apps of running pods: rkt exec, rkt enter. What confines the app confines them.

load lib

teardown() {
    if [ -n "${pod:-}" ]; then rkt stop --force "$pod" || true; fi
}

# start_pod NAME ACI...: runs it behind us until each app has said that it is up.
start_pod() {
    pod=$1
    shift
    out=$BATS_TEST_TMPDIR/$pod.out
    "$RKT" --dir="$data" --insecure-options=image run --name="$pod" "$@" >"$out" 2>"$out.err" 3>&- &
    await 20 sh -c "[ \$(grep -c 'is up' $out) -ge $# ]" || fail "$(cat "$out" "$out.err")"
}

# What the kernel says of a process; the lines that differ from process to process are left out.
readonly tell='cat /proc/self/oom_score_adj /proc/self/cgroup /proc/self/limits; pwd; umask; env | grep -v ^SHLVL=
for n in mnt pid net ipc uts cgroup user; do stat -Lc %i /proc/self/ns/$n; done; stat -Lc %d:%i /
grep -E "^(Umask|Uid|Gid|Groups|Sig(Blk|Ign|Cgt)|Cap|NoNewPrivs|Seccomp|Speculation)" /proc/self/status; true' # or the shell would become grep, and ignore SIGQUIT

# An app that tells it of itself, in /tmp/facts, and stays.
teller() { # NAME [MAKE_ACI-OPTION]...
    make_aci "example.com/$1" "${@:2}" "{ $tell; } >/tmp/facts" 'echo is up' 'exec sleep 1000'
}

assert_same_facts() { # APP
    local own its
    own=$(rkt exec --app="$1" "$pod" sh -c "$tell")
    its=$(rkt exec --app="$1" "$pod" cat /tmp/facts)
    assert_equal "$own" "$its" "$1"
}

# ---- Confinement

@test "exec: a command has all that confines the app: users, capabilities, filters, namespaces, limits, cgroup, environment" {
    local ambient='"isolators": [{"name": "os/linux/capabilities-retain-set", "value": {"set": ["CAP_CHOWN", "CAP_NET_RAW"]}}]'
    local variables='"environment": [{"name": "A", "value": "x y"}, {"name": "db.name", "value": "z"}], "workingDirectory": "/var/tmp", "supplementaryGIDs": [50, 60]'
    start_pod facts "$(teller root)" "$(teller alice -u alice -g staff -a "$variables")" \
        "$(teller few -a "$ambient")" "$(teller fewer -a "$ambient" -u alice -g staff)"
    for app in root alice few fewer; do assert_same_facts "$app"; done
    # So that the comparison cannot be one of nothing.
    run rkt exec --app=alice facts cat /tmp/facts
    assert_contains "$output" $'Uid:\t1234\t1234\t1234\t1234'
    assert_contains "$output" $'NoNewPrivs:\t1'
    assert_contains "$output" 'A=x y'
    assert_contains "$output" /var/tmp
    assert_match "$output" $'Seccomp_filters:\t[3-9]'
    assert_contains "$output" alice.service
}

@test "exec: a lock that the pod's root holds on its journal keeps nobody waiting" {
    start_pod web "$(make_aci example.com/web 'echo is up; exec sleep 1000')"
    exec 9<"/proc/$(rkt status web | sed -n 's/^pid=//p')/root/var/log/journal"
    flock 9
    timeout 20 "$RKT" --dir="$data" exec web true
    timeout 20 "$RKT" --dir="$data" exec --privileged web true
    exec 9<&-
}

@test "exec: what the app's own filter forbids is forbidden to the command, and allowed with --privileged" {
    start_pod web "$(make_aci example.com/web 'echo is up; exec sleep 1000')"
    run rkt exec web mount -t tmpfs none /tmp
    assert_status 1
    assert_contains "$output" 'denied'
    rkt exec --privileged web mount -t tmpfs none /tmp
    rkt exec --privileged web sh -c 'grep -q " /tmp tmpfs" /proc/self/mounts'
    rkt exec web sh -c 'grep -q " /tmp tmpfs" /proc/self/mounts' # the same mount namespace
    run rkt exec --privileged web cat /proc/self/status
    assert_equal "$(grep -c '^Seccomp_filters:.*[12]$' <<<"$output")" 1
    assert_match "$output" $'CapEff:\t00000000[0-9a-f]*'
    leader=$(machinectl show rkt-web --property=Leader --value)
    assert_equal "$(grep -E '^(Seccomp_filters|CapBnd)' <<<"$output" | sort)" \
        "$(grep -E '^(Seccomp_filters|CapBnd)' "/proc/$leader/status" | sort)"
}

@test "exec: where the kernel does not show the filters the command is refused, and never less confined unasked" {
    start_pod web "$(make_aci example.com/web 'echo is up; exec sleep 1000')"
    # The kernel shows them to nobody who is under a filter.
    run systemd-run --quiet --pipe --wait --property=SystemCallFilter=~swapon "$RKT" --dir="$data" exec web echo ran
    assert_status 254
    refute_contains "$output" ran
    assert_contains "$output" 'cannot be copied here'
    assert_contains "$output" --privileged
    run systemd-run --quiet --pipe --wait --property=SystemCallFilter=~swapon "$RKT" --dir="$data" exec --privileged web \
        grep Seccomp_filters /proc/self/status
    assert_status 0
    assert_match "$output" '[2-9]$'
    assert_equal "$(rkt exec web cat "/proc/1/status" | grep TracerPid)" $'TracerPid:\t0'
}

@test "exec: --user, --env and --workdir say who the command is and where, and give it no powers of the app's user" {
    start_pod web "$(make_aci example.com/web -a '"environment": [{"name": "A", "value": "1"}]' 'echo is up; exec sleep 1000')"
    run rkt exec --user=alice --env='A=x y' --env=B= --workdir=/tmp web sh -c 'id -u; id -g; echo "$A,$B,$USER"; echo $PWD; grep CapEff: /proc/self/status'
    assert_status 0
    assert_equal "$output" $'1234\n1235\nx y,,alice\n/tmp\nCapEff:\t0000000000000000'
    assert_equal "$(rkt exec --user=4321 web sh -c 'id -u; id -g; echo $USER')" $'4321\n0\n4321'
    run rkt exec --user=eve web true
    assert_status 254
    assert_contains "$output" 'eve'
    run rkt exec --workdir=/nosuch web true
    assert_status 254
    assert_equal "$output" 'enter: changing to the working directory: No such file or directory'
    run rkt exec --env=nothing web true
    assert_status 254
    assert_contains "$output" 'NAME=VALUE'
}

@test "exec: a command gets none of the caller's session, descriptors and program" {
    start_pod web "$(make_aci example.com/web 'echo is up; exec sleep 1000')"
    run rkt exec web sh -c 'ls /proc/self/fd; echo x >/dev/tty' 9</
    assert_equal "${output/\/dev\/tty: */}" $'0\n1\n2\n3\nsh: can\'t create ' # 3 is the directory that ls reads
    # The program that takes it there is on a mount that cannot be written.
    rkt exec web sleep 1000 3>&- &
    await 10 pgrep -f 'rkt/enter --appname=web.*sleep 1000'
    entering=$(pgrep -o -f 'rkt/enter --appname=web.*sleep 1000') # the younger is to become the command
    [ -w "${RKT_BUILD:-$project/build}/stage1-systemd/rootfs/rkt/enter" ]
    await 10 test ! -w "/proc/$entering/exe" # from when it has executed itself there
    [ -x "/proc/$entering/exe" ]
}

# ---- Statuses

@test "exec: the status is the command's, 128 + N for a signal, and 254 with a reason when it could not be run" {
    start_pod web "$(make_aci example.com/web 'echo is up; exec sleep 1000')"
    for status in 0 7 254; do
        expected=$status
        run rkt exec web sh -c "exit $expected"
        assert_status "$expected"
        assert_equal "$output" ''
    done
    run rkt exec web sh -c 'kill -9 $$'
    assert_status 137
    run rkt exec web nosuch
    assert_status 254
    assert_equal "$output" 'enter: executing nosuch: No such file or directory'
    run rkt exec web /etc/passwd
    assert_status 254
    assert_equal "$output" 'enter: executing /etc/passwd: Permission denied'
    run rkt exec --app=other web true
    assert_status 254
    assert_contains "$output" 'it has no app other; it has web'
    run rkt exec web
    assert_status 254
    assert_contains "$output" 'no command is named'
    run rkt exec nobody true
    assert_status 254
    rkt stop web
    await 10 sh -c "'$RKT' --dir='$data' status web | grep -q state=exited"
    run rkt exec web true
    assert_status 254
    assert_contains "$output" 'it is exited, not running'
}

@test "exec: words behind the pod belong to the command, flags of rkt's own too" {
    start_pod web "$(make_aci example.com/web 'echo is up; exec sleep 1000')"
    assert_equal "$(rkt exec web echo --user=alice -- --help -x 'a b' '')" '--user=alice -- --help -x a b '
    assert_equal "$(rkt exec web -- echo --tty)" '--tty'
    assert_equal "$(rkt enter web echo --app=x)" '--app=x'
}

@test "exec: a signal goes to the command, and an app that ends takes its commands along" {
    start_pod web "$(make_aci example.com/web 'echo is up; exec sleep 1000')"
    rkt exec web sh -c 'trap "echo got INT; exit 3" INT; echo ready; while :; do sleep 0.02; done' >"$BATS_TEST_TMPDIR/out" 3>&- &
    command=$!
    await 10 grep -q ready "$BATS_TEST_TMPDIR/out"
    program=$(pgrep -P $command -x "$(basename "$RKT")" || pgrep -P $$ -f "exec web") # bats runs functions in a shell of its own
    kill -INT "${program%%$'\n'*}"
    status=0
    wait $command || status=$?
    assert_status 3
    assert_contains "$(cat "$BATS_TEST_TMPDIR/out")" 'got INT'
    "$RKT" --dir="$data" exec web sleep 1001 3>&- & # the app itself sleeps for 1000
    command=$!
    await 10 sh -c "'$RKT' --dir='$data' exec web ps -o args | grep -qx 'sleep 1001'"
    rkt stop web
    status=0
    wait $command || status=$?
    [ "$status" -eq 143 ] || [ "$status" -eq 137 ] || fail "status $status"
}

@test "exec: commands that are brought at once do not keep each other out" {
    start_pod web "$(make_aci example.com/web 'echo is up; exec sleep 1000')"
    commands=()
    for i in {1..20}; do
        "$RKT" --dir="$data" exec web sh -c "exit $i" >"$BATS_TEST_TMPDIR/out.$i" 2>&1 3>&- &
        commands+=($!)
    done
    for i in {1..20}; do
        status=0
        wait "${commands[i - 1]}" || status=$?
        [ "$status" = "$i" ] || fail "$i ended with $status: $(cat "$BATS_TEST_TMPDIR/out.$i")"
    done
    rkt stop web
}

# ---- Streams

@test "exec: without a terminal bytes are carried as they are, and the end of the input too" {
    start_pod web "$(make_aci example.com/web 'echo is up; exec sleep 1000')"
    head -c 3000000 /dev/urandom >"$BATS_TEST_TMPDIR/bytes"
    assert_equal "$(rkt exec web cat <"$BATS_TEST_TMPDIR/bytes" | md5sum)" "$(md5sum <"$BATS_TEST_TMPDIR/bytes")"
    assert_equal "$(head -c 3000000 /dev/zero | rkt exec web wc -c)" 3000000
    assert_equal "$(rkt exec web sh -c 'echo out; echo err >&2' 2>/dev/null)" out
    assert_equal "$(rkt exec web sh -c 'echo out; echo err >&2' 2>&1 >/dev/null)" err
    assert_equal "$(rkt exec web cat </dev/null)" ''
    # Who does not read to the end ends the command, and a child that stays behind is not waited for.
    assert_equal "$(rkt exec web sh -c 'while echo y; do :; done' | head -n 1)" y
    assert_equal "$(timeout 10 "$RKT" --dir="$data" exec web sh -c 'sleep 1000 & echo done')" 'done'
}

@test "exec: with a terminal the command has one of the pod's, as large as ours, and ours is as it was" {
    start_pod web "$(make_aci example.com/web 'echo is up; exec sleep 1000')" "$(make_aci example.com/alice -u alice -g staff 'echo is up; exec sleep 1000')"
    mkfifo "$BATS_TEST_TMPDIR/keys"
    at_terminal() { # COMMAND: at a terminal of 33 rows
        timeout 20 script -qec "stty rows 33 cols 99; before=\$(stty -g); $1; [ \"\$before\" = \"\$(stty -g)\" ] && echo as before" \
            /dev/null 0<>"$BATS_TEST_TMPDIR/keys" | tr -d '\r'
    }
    local exec="'$RKT' --dir='$data' exec --app=web web"
    run at_terminal "$exec sh -c 'tty; stty size; echo own >/dev/tty; echo \$TERM'"
    assert_match "$output" $'/dev/pts/[0-9]+\n33 99\nown\nxterm\nas before'
    run at_terminal "${exec/--app=web/--app=alice} sh -c 'echo opened >\$(tty); exit 7'; echo status=\$?"
    assert_contains "$output" $'opened\nstatus=7\nas before'
    run at_terminal "$exec nosuch; echo status=\$?"
    assert_contains "$output" $'enter: executing nosuch: No such file or directory\nstatus=254\nas before'
    run at_terminal "$exec sh -c 'kill -9 \$\$'; echo status=\$?"
    assert_contains "$output" $'status=137\nas before'
    run at_terminal "$exec sh -c tty | cat"
    assert_contains "$output" 'not a tty'
    run rkt exec --app=web --tty web sh -c 'tty; cat' <<<hello
    assert_contains "$output" /dev/pts/
    assert_equal "$(grep -c hello <<<"$output")" 2 # typed, and from cat
}

@test "exec: keys reach the command alone, and a window that changes is told to it" {
    start_pod web "$(make_aci example.com/web 'echo is up; exec sleep 1000')"
    local keys=$BATS_TEST_TMPDIR/keys seen=$BATS_TEST_TMPDIR/seen
    mkfifo "$keys"
    timeout 30 script -qec "stty rows 33 cols 99; tty; '$RKT' --dir='$data' exec web sh -c 'trap \"echo got INT\" INT; trap \"exit 9\" QUIT; trap \"stty size\" WINCH
        echo ready; while :; do sleep 0.02; done'; echo status=\$?" /dev/null 0<>"$keys" >"$seen" 3>&- &
    exec 8>"$keys"
    await 10 grep -q ready "$seen"
    printf '\003' >&8
    await 10 grep -q 'got INT' "$seen"
    stty -F "$(grep -o '^/dev/pts/[0-9]*' "$seen")" rows 44
    await 10 grep -q '44 99' "$seen"
    printf '\034' >&8 # Ctrl-\
    await 10 grep -q 'status=9' "$seen"
    exec 8>&-
}

@test "exec: the terminal is as it was when rkt is told to end" {
    start_pod web "$(make_aci example.com/web 'echo is up; exec sleep 1000')"
    local keys=$BATS_TEST_TMPDIR/keys seen=$BATS_TEST_TMPDIR/seen
    mkfifo "$keys"
    timeout 30 script -qec "before=\$(stty -g); sh -c 'echo \$\$ >$seen.pid; exec \"$RKT\" --dir=\"$data\" exec web sleep 1001'; echo status=\$?
        [ \"\$before\" = \"\$(stty -g)\" ] && echo as before" /dev/null 0<>"$keys" >"$seen" 3>&- &
    await 10 rkt exec web sh -c 'ps -o args | grep -qx "sleep 1001"' # the app itself sleeps for 1000
    kill -TERM "$(cat "$seen.pid")"
    await 10 grep -q 'as before' "$seen"
    assert_contains "$(cat "$seen")" status=143
}

# ---- rkt enter

@test "enter: a shell of the image, the better one first; without any it says what to do" {
    local tree=$BATS_TEST_TMPDIR/tree
    mkdir -p "$tree/bin"
    printf '#!/bin/sh\necho "this is bash"\n' >"$tree/bin/bash"
    chmod 755 "$tree/bin/bash"
    start_pod web "$(make_aci example.com/sh 'echo is up; exec sleep 1000')" \
        "$(make_aci example.com/bash -r "$tree" 'echo is up; exec sleep 1000')" \
        "$(make_aci example.com/bare 'echo is up; rm /bin/sh; exec sleep 1000')"
    assert_equal "$(rkt enter --app=bash web </dev/null)" 'this is bash'
    assert_equal "$(rkt enter --app=sh web <<<'id -u; grep Seccomp_filters /proc/self/status')" \
        "$(rkt exec --app=sh web sh -c 'id -u; grep Seccomp_filters /proc/self/status')"
    run rkt enter --app=bare web
    assert_status 254
    assert_contains "$output" 'rkt exec'
    assert_contains "$output" 'rkt debug'
}

# ---- rkt debug

tools() {
    local tree=$BATS_TEST_TMPDIR/tools
    mkdir -p "$tree/etc"
    echo tools >"$tree/etc/whose"
    make_aci example.com/tools -r "$tree" -a '"environment": [{"name": "TOOL", "value": "x y"}]' 'true'
}

@test "debug: tools have their own root, the app's at /app, its processes and network, and nothing of the host" {
    start_pod web "$(make_aci example.com/web -u alice -g staff 'echo web >/tmp/whose; echo is up; exec sleep 1000')"
    mounts=$(wc -l </proc/self/mountinfo)
    run rkt debug --image="$(tools)" web web -- sh -c 'cat /etc/whose /app/tmp/whose; id -u; echo "$TOOL"; cat /proc/1/comm; hostname; ls /
        ps | grep "[s]leep 1000"; echo seen >/app/tmp/seen; echo mine >/etc/mine; mount -t tmpfs none /app/var && echo mounted; exit 5'
    assert_status 5
    assert_match "$output" $'^tools\nweb\n0\nx y\nsystemd\nrkt-web\n'
    assert_contains "$output" 'sleep 1000'
    assert_contains "$output" mounted
    run rkt exec web sh -c 'cat /tmp/seen; cat /etc/whose; grep " /var " /proc/self/mounts'
    assert_equal "$output" $'seen\ncat: can\'t open \'/etc/whose\': No such file or directory'
    assert_equal "$(wc -l </proc/self/mountinfo)" "$mounts"
    # Its mounts are its image, the app's and the pod's: no file of the host is among them.
    run rkt debug --image=example.com/tools web web -- sh -c 'cut -d" " -f5 /proc/self/mountinfo | grep -vE "^/(app|dev|proc|sys)(/|$)"'
    assert_equal "$output" /
    leader=$(machinectl show rkt-web --property=Leader --value)
    run rkt debug --image=example.com/tools web web -- grep -E '^(Seccomp_filters|CapBnd)' /proc/self/status
    assert_equal "$(sort <<<"$output")" "$(grep -E '^(Seccomp_filters|CapBnd)' "/proc/$leader/status" | sort)"
}

@test "debug: a shell of the image unless a command is given, and what cannot be is refused" {
    start_pod web "$(make_aci example.com/web 'echo is up; rm /bin/sh; exec sleep 1000')"
    assert_equal "$(rkt debug --image="$(tools)" web web <<<'cat /etc/whose')" tools
    run rkt debug --image=example.com/tools web other
    assert_status 254
    assert_contains "$output" 'it has no app other'
    run rkt debug --image=example.com/nowhere web web -- true
    assert_status 254
    run rkt debug web web -- true
    assert_status 254
    assert_contains "$output" '--image'
    run rkt debug --image=example.com/tools web
    assert_status 254
    run rkt debug --image=example.com/tools web web -- nosuch
    assert_status 254
    assert_equal "$output" 'enter: executing nosuch: No such file or directory'
}

@test "debug: the image is kept while it is used, and no longer, even by a killed rkt" {
    start_pod web "$(make_aci example.com/web 'echo is up; exec sleep 1000')"
    id=$(rkt fetch --full "$(tools)")
    pins=$(ls "$data/pins")
    "$RKT" --dir="$data" debug --image="$id" web web -- sh -c 'touch /app/tmp/ready; exec sleep 1000' 3>&- &
    debugger=$!
    await 10 rkt exec web test -e /tmp/ready
    run rkt image rm "$id"
    assert_status 254
    rkt gc
    assert_equal "$(find "$data/pins" -type f | wc -l)" 2
    kill "$debugger"
    wait "$debugger" || true
    assert_equal "$(ls "$data/pins")" "$pins"
    "$RKT" --dir="$data" debug --image="$id" web web -- sh -c 'touch /app/tmp/again; exec sleep 1000' 3>&- &
    debugger=$!
    await 10 rkt exec web test -e /tmp/again
    kill -KILL "$debugger"
    await 10 sh -c "! '$RKT' --dir='$data' exec web ps | grep -q '[s]leep 1000.*again'"
    await 10 sh -c "! pgrep -f '[r]kt/enter --appname=web'"
    rkt gc
    assert_equal "$(ls "$data/pins")" "$pins"
    rkt image rm "$id"
}
