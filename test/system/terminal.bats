#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# What apps read from and write to: null, the log, pipes, terminals; and who takes part in it.

load lib

teardown() {
    if [ -n "${pod:-}" ]; then rkt stop --force "$pod" || true; fi
}

# at_terminal COMMAND: at a terminal of 33 rows and 99 columns, whose keys come from the FIFO $keys.
at_terminal() {
    [ -p "${keys:=$BATS_TEST_TMPDIR/keys}" ] || mkfifo "$keys"
    timeout 30 script -qec "stty rows 33 cols 99; before=\$(stty -g); $1; [ \"\$before\" = \"\$(stty -g)\" ] && echo as before" \
        /dev/null 0<>"$keys" 3>&- | tr -d '\r'
}

# The same behind us, with what is to be seen in the file $seen, and open keys at descriptor 8.
begin_at_terminal() { # COMMAND
    keys=$BATS_TEST_TMPDIR/keys
    seen=$BATS_TEST_TMPDIR/seen
    mkfifo "$keys"
    timeout 60 script -qec "stty rows 33 cols 99; tty; before=\$(stty -g); $1; echo status=\$?
        [ \"\$before\" = \"\$(stty -g)\" ] && echo as before" /dev/null 0<>"$keys" >"$seen" 3>&- &
    exec 8>"$keys"
}

rkt_line() { echo "'$RKT' --dir='$data' --insecure-options=image"; }

# start_pod NAME ARGUMENT...: as a service, of which the verb says when it is there.
start_pod() {
    pod=$1
    shift
    rkt run --detach --name="$pod" "$@"
}

# An app that says what it reads.
readonly reader='echo is up; while read -r line; do echo "got $line"; echo "err $line" >&2; done; echo end'

# ---- Null and log

@test "streams: what is null reads as empty and is not kept, what is logged is as ever" {
    run rkt run "$(make_aci example.com/web 'read x || echo empty; echo out; echo err >&2; echo own >/dev/stdout')" --stderr=null
    assert_status 0
    assert_equal "$output" $'empty\nout\nown'
    run rkt run example.com/web --stdout=null
    assert_equal "$output" 'err'
    run rkt run example.com/web --stdout=null --stderr=null --stdin=null
    assert_equal "$output" ''
    run rkt run example.com/web
    assert_equal "$output" $'empty\nout\nerr\nown'
}

@test "streams: a pod that uses none of it has no socket" {
    start_pod plain "$(make_aci example.com/web 'exec sleep 1000')" --stdout=null
    assert_equal "$(find "$data"/pods/run/*/ -type s ! -name notify)" ''
    run rkt attach plain
    assert_status 254
    assert_contains "$output" 'its output goes to the journal, or nowhere'
    assert_contains "$output" 'rkt logs'
    assert_equal "$(rkt attach --mode=list plain)" ''
}

# ---- Streams of rkt run

@test "stream: every byte goes through the app, the end of the input too, and errors stay apart" {
    head -c 20000000 /dev/urandom >"$BATS_TEST_TMPDIR/bytes"
    image=$(make_aci example.com/cat 'echo err >&2; exec cat')
    rkt fetch "$image"
    assert_equal "$(timeout 60 "$RKT" --dir="$data" run example.com/cat --stdin=stream --stdout=stream <"$BATS_TEST_TMPDIR/bytes" \
        2>"$BATS_TEST_TMPDIR/err" | sha512sum)" "$(sha512sum <"$BATS_TEST_TMPDIR/bytes")"
    assert_contains "$(cat "$BATS_TEST_TMPDIR/err")" err # by way of the log
    assert_equal "$(head -c 20000000 /dev/zero | timeout 60 "$RKT" --dir="$data" run example.com/cat --stdin=stream --stdout=stream 2>/dev/null | wc -c)" 20000000
    run sh -c "echo hello | $(rkt_line) run example.com/cat --stdin=stream --stdout=stream --stderr=stream 2>'$BATS_TEST_TMPDIR/err'"
    assert_equal "$output" hello
    assert_contains "$(cat "$BATS_TEST_TMPDIR/err")" err
}

@test "stream: input alone is streamed to an app whose lines are logged, and its status is ours" {
    image=$(make_aci example.com/web "$reader; exit 7")
    run sh -c "printf 'a\nb\n' | $(rkt_line) run '$image' --stdin=stream"
    assert_status 7
    assert_equal "$output" $'is up\ngot a\nerr a\ngot b\nerr b\nend'
}

@test "stream: the streams are the app's user's own, also when it opens them by name" {
    image=$(make_aci example.com/alice -u alice -g staff 'echo out >/dev/stdout; echo err >/dev/stderr; cat /dev/stdin; id -u')
    run sh -c "echo in | $(rkt_line) run '$image' --stdin=stream --stdout=stream --stderr=stream 2>/dev/null"
    assert_equal "$output" $'out\nin\n1234'
    run sh -c "echo in | $(rkt_line) run --private-users=no example.com/alice --stdin=stream --stdout=stream 2>/dev/null"
    assert_contains "$output" $'out\n'
    assert_contains "$output" $'in\n1234'
}

@test "stream: who reads no more ends the pod, as it ends a program" {
    image=$(make_aci example.com/yes 'while echo y; do :; done')
    assert_equal "$(timeout 30 "$RKT" --dir="$data" --insecure-options=image run "$image" --stdout=stream | head -n 1)" y
    await 20 sh -c "$(rkt_line) list --no-legend | grep -q exited"
}

@test "stream: handlers read nothing of the app's, and post-stop writes to the log" {
    handlers='"eventHandlers": [{"name": "pre-start", "exec": ["/bin/sh", "-c", "cat; echo before"]},
        {"name": "post-stop", "exec": ["/bin/sh", "-c", "cat; echo after"]}]'
    image=$(make_aci example.com/web -a "$handlers" 'exec cat')
    run sh -c "echo in | $(rkt_line) run --name=handled '$image' --stdin=stream --stdout=stream 2>/dev/null"
    assert_equal "$output" $'before\nin'
    assert_equal "$(rkt logs handled)" after
}

@test "stream: an app that is started again has its streams again" {
    image=$(make_aci example.com/web 'echo up; read x; echo "got $x"; [ "$x" = c ]')
    pod=again
    mkfifo "$BATS_TEST_TMPDIR/in"
    "$RKT" --dir="$data" --insecure-options=image run --name=again "$image" --stdin=stream --stdout=stream --restart=on-failure \
        <>"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out" 3>&- &
    started() { [ "$(grep -c up "$BATS_TEST_TMPDIR/out")" -eq "$1" ]; }
    for time in 1 2 3; do
        await 20 started $time
        echo " $(tr 123 abc <<<"$time")" >"$BATS_TEST_TMPDIR/in"
    done
    wait $!
    assert_equal "$(cat "$BATS_TEST_TMPDIR/out")" $'up\ngot a\nup\ngot b\nup\ngot c'
}

@test "stream: of two apps the one that reads has our input, and lines of the log are told apart from bytes" {
    image=$(make_aci example.com/a 'exec cat')
    run sh -c "echo in | $(rkt_line) run '$image' --stdin=stream --stdout=stream '$(make_aci example.com/b 'echo logged')' 2>'$BATS_TEST_TMPDIR/err'"
    assert_status 0
    assert_equal "$output" in
    assert_contains "$(cat "$BATS_TEST_TMPDIR/err")" 'b: logged'
}

@test "stream: an app that is stopped and started by rkt app has its streams again" {
    start_pod two "$(make_aci example.com/a 'echo x >>/tmp/starts; exec cat')" --stdin=stream --stdout=stream \
        "$(make_aci example.com/b 'exec sleep 1000')"
    await 10 rkt exec --app=a two test -e /tmp/starts
    rkt app restart two --app=a
    await 10 sh -c "[ \"\$($(rkt_line) exec --app=a two wc -l /tmp/starts)\" = '2 /tmp/starts' ]"
    "$RKT" --dir="$data" attach --app=a --mode=stdout two >"$BATS_TEST_TMPDIR/out" 3>&- &
    await 10 sh -c "echo again | $(rkt_line) attach --app=a --mode=stdin two; grep -q again '$BATS_TEST_TMPDIR/out'"
}

# ---- Terminals of rkt run

@test "interactive: the app has a terminal as large as ours, ours is as it was, and the status is the app's" {
    image=$(make_aci example.com/web 'tty; stty size 2>/dev/null || busybox stty size; echo own >/dev/tty; echo $TERM; echo err >&2; exit 7')
    rkt fetch "$image"
    for users in yes no; do
        run at_terminal "$(rkt_line) run --private-users=$users --interactive example.com/web; echo status=\$?"
        assert_match "$output" $'/dev/pts/[0-9]+\n33 99\nown\nxterm\nerr\nstatus=7\nas before'
    done
    run at_terminal "$(rkt_line) run --interactive example.com/web --exec=/nosuch; echo status=\$?"
    assert_contains "$output" '/nosuch: No such file or directory'
    assert_contains "$output" $'status=203\nas before'
    run at_terminal "$(rkt_line) run --interactive example.com/web --user=alice --group=staff; echo status=\$?"
    assert_contains "$output" $'own\nxterm\nerr\nstatus=7\nas before'
}

@test "interactive: keys reach the app alone, and a window that changes is told to it" {
    image=$(make_aci example.com/web 'trap "echo got INT" INT; trap "exit 9" QUIT; trap "busybox stty size" WINCH
        echo ready; while :; do sleep 0.02; done')
    begin_at_terminal "$(rkt_line) run --interactive '$image'"
    await 20 grep -q ready "$seen"
    printf '\003' >&8
    await 10 grep -q 'got INT' "$seen"
    stty -F "$(grep -o '^/dev/pts/[0-9]*' "$seen")" rows 44
    await 10 grep -q '44 99' "$seen"
    printf '\034' >&8 # Ctrl-\
    await 10 grep -q 'as before' "$seen"
    assert_contains "$(cat "$seen")" status=9
    exec 8>&-
}

@test "interactive: our terminal is as it was when rkt is told to end, and when the pod is killed" {
    image=$(make_aci example.com/web 'echo ready; exec sleep 1000')
    rkt fetch "$image"
    for how in term quit terminate; do
        rm -f "$BATS_TEST_TMPDIR/keys"
        begin_at_terminal "sh -c 'echo \$\$ >\"\$0\"; exec $(rkt_line | tr -d \') run --name=tty$how --interactive example.com/web' $BATS_TEST_TMPDIR/pid"
        await 20 grep -q ready "$seen"
        if [ "$how" = terminate ]; then machinectl terminate rkt-ttyterminate; else kill "-${how^^}" "$(cat "$BATS_TEST_TMPDIR/pid")"; fi
        await 20 grep -q 'as before' "$seen"
        exec 8>&-
    done
}

@test "interactive: without a terminal the streams are ours" {
    image=$(make_aci example.com/web 'test -t 0 || echo none; exec cat')
    run sh -c "echo in | $(rkt_line) run --interactive '$image' 2>/dev/null"
    assert_status 0
    assert_equal "$output" $'none\nin'
    uuid=$(rkt prepare example.com/web)
    run sh -c "echo in | $(rkt_line) run-prepared --interactive '$uuid' 2>/dev/null"
    assert_equal "$output" $'none\nin'
    uuid=$(rkt prepare example.com/web --stdin=stream)
    run sh -c "echo in | $(rkt_line) run-prepared '$uuid' 2>/dev/null"
    assert_equal "$output" $'none\nin'
    assert_contains "$(rkt cat-manifest "$uuid")" 'coreos.com/rkt/stage2/stdin'
    run rkt run-prepared --interactive "$(rkt prepare example.com/web example.com/web --name=b)"
    assert_status 254
    assert_contains "$output" '--interactive is for a pod of one app'
    assert_contains "$(rkt list --no-legend)" prepared # and can be run still
    assert_equal "$(find "$data/pods/run" -name attach)" ''
}

# ---- What cannot be

@test "streams: what cannot be is refused before anything is made, and says what can" {
    image=$(make_aci example.com/web 'true')
    rkt fetch "$image"
    refused() { # PART ARGUMENT...
        run rkt run "${@:2}"
        assert_status 254
        assert_contains "$output" "$1"
        assert_equal "$(rkt list --no-legend)" ''
    }
    refused 'null, stream and tty are known' example.com/web --stdin=log
    refused 'log, null, stream and tty are known' example.com/web --stdout=file
    refused 'log, null, stream and tty are known' example.com/web --stderr=interactive
    refused 'a terminal is for both ways' example.com/web --stdout=tty --stdin=stream
    refused 'a terminal is for both ways' example.com/web --stdin=tty --stdout=log
    refused 'belongs to an image' --stdin=stream example.com/web
    refused '--interactive is for a pod of one app' --interactive example.com/web example.com/web --name=b
    refused '--interactive says' --interactive example.com/web --stdin=stream
    refused '--interactive' --detach --interactive example.com/web
    refused '"all" is nothing that an app can read from' example.com/web --annotation=coreos.com/rkt/stage2/stdin=all
}

# ---- rkt attach

@test "attach: somebody who attaches to a service's app reads and writes, leaves, and the app goes on" {
    start_pod web "$(make_aci example.com/web "$reader")" --stdin=stream --stdout=stream --stderr=stream
    assert_equal "$(rkt attach --mode=list web)" $'stdin\nstdout\nstderr'
    out=$BATS_TEST_TMPDIR/out
    "$RKT" --dir="$data" attach --mode=stdout web >"$out.1" 3>&- &
    first=$!
    "$RKT" --dir="$data" attach --mode=stdout,stderr web >"$out.2" 2>"$out.2.err" 3>&- &
    for client in 1 2; do # what it writes to one who is not there yet is gone
        await 20 sh -c "echo ping | timeout 5 $(rkt_line) attach --mode=stdin web; grep -q 'got ping' $out.$client"
    done
    assert_contains "$(cat "$out.2.err")" 'err ping'
    echo whole | rkt attach --mode=stdin web
    for client in 1 2; do await 10 grep -q 'got whole' "$out.$client"; done
    kill "$first"
    wait "$first"
    echo more | rkt attach --mode=stdin web
    await 10 grep -q 'got more' "$out.2"
    assert_equal "$(grep -c more "$out.1")" 0
    pid=$!
    rkt stop web
    wait "$pid" # the end of the app is the end of who has attached
    assert_equal "$(find "$data"/pods -name attach)" ''
}

@test "attach: an app that nobody reads never waits, and keys at a terminal reach it" {
    start_pod web "$(make_aci example.com/web 'i=0; while [ $i -lt 200000 ]; do echo "line $i"; i=$((i+1)); done; touch /tmp/written; exec cat')" \
        --stdin=stream --stdout=stream
    await 30 rkt exec web test -e /tmp/written
    rkt stop web
    start_pod shell "$(make_aci example.com/sh 'tty; while read -r x; do echo "got $x"; busybox stty size; done')" --stdin=tty
    assert_equal "$(rkt attach --mode=list shell)" tty
    begin_at_terminal "$(rkt_line) attach shell"
    await 20 sh -c "echo hello >'$keys'; grep -q 'got hello' '$seen'"
    await 10 grep -q '33 99' "$seen"
    printf '\035\035\035' >&8 # ^] three times
    await 10 grep -q 'as before' "$seen"
    assert_contains "$(cat "$seen")" status=0
    exec 8>&-
    rkt exec shell true
}

@test "attach: several may look at one terminal, and one may look at what is run in the foreground" {
    image=$(make_aci example.com/sh 'echo ready; while read -r x; do echo "got $x"; done')
    pod=fore
    begin_at_terminal "$(rkt_line) run --name=fore --interactive '$image'"
    await 20 grep -q ready "$seen"
    out=$BATS_TEST_TMPDIR/out
    "$RKT" --dir="$data" attach fore </dev/null >"$out" 3>&- &
    await 10 sh -c "echo hello >'$keys'; grep -q 'got hello' '$out'"
    grep -q 'got hello' "$seen"
    printf '\004' >&8
    await 10 grep -q 'as before' "$seen"
    exec 8>&-
}

@test "attach: what cannot be attached to is refused, and says what there is" {
    start_pod two "$(make_aci example.com/web 'exec cat')" --stdout=stream "$(make_aci example.com/db 'exec sleep 1000')"
    refused() { # PART ARGUMENT...
        run rkt attach "${@:2}"
        assert_status 254
        assert_contains "$output" "$1"
    }
    refused 'say which app with --app; it has web, db' two
    refused 'it has no app x' --app=x two
    refused 'its output goes to the journal, or nowhere' --app=db two
    refused 'it has no stdin to attach to, but stdout' --app=web --mode=stdin two
    refused 'it has no tty to attach to, but stdout' --app=web --mode=tty two
    refused 'is nothing to attach to' --app=web --mode=all two
    rkt stop two
    await 10 sh -c "$(rkt_line) status two | grep -q state=exited"
    refused 'it is exited, not running' --app=web two
    uuid=$(rkt prepare example.com/web --stdin=stream)
    refused 'it is prepared, not running' "$uuid"
    refused '' nobody
}

@test "attach: the socket is root's alone, the app has no way to that of its starter, and a stranger gets nothing by it" {
    image=$(make_aci example.com/web -u alice -g staff 'echo "$(ls /proc/self/fd | wc -l) open"; exec cat')
    for users in yes no; do
        pod=web$users
        mkfifo "$BATS_TEST_TMPDIR/$users"
        "$RKT" --dir="$data" --insecure-options=image run --name="$pod" --private-users=$users "$image" --stdin=stream --stdout=stream \
            <>"$BATS_TEST_TMPDIR/$users" >"$BATS_TEST_TMPDIR/out.$users" 3>&- &
        await 20 grep -q '^4 open' "$BATS_TEST_TMPDIR/out.$users" # the fourth is the directory that ls reads
        assert_equal "$(stat -c '%U %a %F' "$data"/pods/run/*/attach)" 'root 600 socket'
        run rkt exec "$pod" sh -c 'busybox find / -xdev -type s; ls /rkt /dev/.rkt'
        assert_contains "$output" 'No such file'
        refute_contains "$output" streams
        # systemd connects to what it cannot open. Without users of its own the pod's root is this one.
        starter=/proc/$(machinectl show "rkt-$pod" --property=Leader --value)/root/rkt/streams/web
        [ -S "$starter" ]
        timeout 20 systemd-run --quiet --wait --property=StandardInput="file:$starter" \
            --property=StandardOutput="file:$BATS_TEST_TMPDIR/stranger.$users" cat
        assert_equal "$(cat "$BATS_TEST_TMPDIR/stranger.$users")" "$([ $users = yes ] || echo 0x0)"
        echo still >"$BATS_TEST_TMPDIR/$users"
        await 10 grep -q still "$BATS_TEST_TMPDIR/out.$users"
        rkt stop "$pod"
    done
}

@test "attach: where rkt was killed it says so" {
    image=$(make_aci example.com/web 'echo ready; while :; do sleep 1; done')
    pod=orphan
    "$RKT" --dir="$data" --insecure-options=image run --name=orphan "$image" --stderr=stream >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
    await 20 grep -q ready "$BATS_TEST_TMPDIR/out"
    kill -KILL $!
    await 10 sh -c "! kill -0 $! 2>/dev/null"
    run rkt attach orphan
    assert_status 254
    assert_match "$output" 'its rkt was killed|not running'
}
