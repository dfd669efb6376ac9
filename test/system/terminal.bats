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
