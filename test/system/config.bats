#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# What files configure: where data lies, and who rkt is to servers. Which stage1 is used is in foreign.bats.

load lib

teardown() {
    rm -rf /etc/rkt/paths.d /etc/systemd/system/rkt-pod@.service
    systemctl daemon-reload
}

# configure DIR/NAME KIND MEMBERS, in a directory of its own.
configure() {
    mkdir -p "$BATS_TEST_TMPDIR/${1%/*}"
    echo "{\"rktKind\": \"$2\", \"rktVersion\": \"v1\", $3}" >"$BATS_TEST_TMPDIR/$1"
    chmod 600 "$BATS_TEST_TMPDIR/$1"
}

configured() { # VERB...
    "$RKT" --system-config="$BATS_TEST_TMPDIR/system" --local-config="$BATS_TEST_TMPDIR/local" "$@"
}

@test "rkt config prints what all files say together, and no secret" {
    configure system/auth.d/a.json auth '"domains": ["a.example", "b.example"], "type": "basic", "credentials": {"user": "old", "password": "key1"}'
    configure local/auth.d/a.json auth '"domains": ["b.example"], "type": "oauth", "credentials": {"token": "key2"}'
    configure local/auth.d/b.json dockerAuth '"registries": ["quay.io"], "credentials": {"user": "new", "password": "key3"}'
    configure user/paths.d/a.json paths '"data": "/srv/rkt"'
    run configured config --debug --user-config="$BATS_TEST_TMPDIR/user" --pretty-print=false
    assert_status 0
    refute_contains "$output" key
    assert_equal "$output" '{"stage0":[{"credentials":{"password":"<hidden>","user":"old"},"domains":["a.example"],"rktKind":"auth","rktVersion":"v1","type":"basic"},{"credentials":{"token":"<hidden>"},"domains":["b.example"],"rktKind":"auth","rktVersion":"v1","type":"oauth"},{"credentials":{"password":"<hidden>","user":"new"},"registries":["quay.io"],"rktKind":"dockerAuth","rktVersion":"v1"},{"data":"/srv/rkt","rktKind":"paths","rktVersion":"v1"}]}'
    run configured config
    assert_contains "$output" '    "stage0": ['
    refute_contains "$output" srv
}

@test "a file with secrets that everybody may read is told of once" {
    configure local/auth.d/a.json auth '"domains": ["a.example"], "type": "oauth", "credentials": {"token": "key"}, "extra": 1'
    chmod 644 "$BATS_TEST_TMPDIR/local/auth.d/a.json"
    run configured config
    assert_status 0
    assert_equal "$(grep -c 'holds secrets, and everybody may read it' <<<"$output")" 1
    assert_contains "$output" "local/auth.d/a.json: extra: is not known, and ignored"
    refute_contains "$output" key
}

@test "data lies where the configuration says, unless --dir says otherwise" {
    configure system/paths.d/a.json paths "\"data\": \"$data/configured\""
    image=$(make_small_aci web)
    configured --insecure-options=image fetch "$image" >/dev/null
    assert_equal "$(configured image list --no-legend --fields=name)" example.com/web:1
    [ -d "$data/configured/images" ]
    assert_equal "$(configured image list --no-legend --dir="$data")" ''
}

@test "a configured data directory is that of pods as services, too" {
    sed "s,@bindir@/rkt,$RKT," "$project/units/rkt-pod@.service" >/etc/systemd/system/rkt-pod@.service
    systemctl daemon-reload
    mkdir -p /etc/rkt/paths.d
    echo "{\"rktKind\": \"paths\", \"rktVersion\": \"v1\", \"data\": \"$data\"}" >/etc/rkt/paths.d/data.json
    image=$(make_aci example.com/web 'echo hello')
    uuid=$("$RKT" --insecure-options=image prepare "$image")
    systemctl start "rkt-pod@$uuid"
    "$RKT" status --wait=10s "$uuid" >/dev/null
    assert_contains "$(rkt logs "$uuid")" hello
    uuid=$("$RKT" --insecure-options=image run --detach --name=detached "$image")
    "$RKT" status --wait=10s detached >/dev/null
    assert_contains "$(rkt logs "$uuid")" hello
    assert_contains "$(journalctl -o cat -t systemd -u rkt-pod@detached)" 'Started'
}

@test "a bad file stops the verbs that read it, and names the line or the member" {
    mkdir -p "$BATS_TEST_TMPDIR/local/paths.d" "$BATS_TEST_TMPDIR/local/auth.d" "$BATS_TEST_TMPDIR/local/stage1.d"
    printf '{\n  "rktKind": "paths",\n  oops' >"$BATS_TEST_TMPDIR/local/paths.d/bad.json"
    run configured list
    assert_status 254
    assert_equal "$output" "rkt: reading $BATS_TEST_TMPDIR/local/paths.d/bad.json: line 3, column 3: a word that is not true, false or null"
    configured --dir="$data" list
    configured version
    rm "$BATS_TEST_TMPDIR/local/paths.d/bad.json"
    configure local/auth.d/bad.json auth '"domains": ["a.example"], "type": "aws", "credentials": {"accessKeyID": "a", "secretAccessKey": "key"}'
    configured list
    run configured config
    assert_status 254
    assert_contains "$output" "reading $BATS_TEST_TMPDIR/local/auth.d/bad.json: type: requests are not signed"
    refute_contains "$output" key
    rm "$BATS_TEST_TMPDIR/local/auth.d/bad.json"
    configure local/stage1.d/a.json stage1 '"location": "/a"'
    configure local/stage1.d/b.json stage1 '"location": "/b"'
    run configured run --dir="$data" --insecure-options=image "$(make_small_aci web)"
    assert_status 254
    assert_contains "$output" "reading $BATS_TEST_TMPDIR/local/stage1.d/b.json: location: the location is set already by $BATS_TEST_TMPDIR/local/stage1.d/a.json"
}
