#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# The metadata service, asked from inside of apps: what it tells whom, and that nothing harms it.

load lib

# Installs the service's units and user, with the build's program, as a host has them.
setup_file() {
    local project build unit
    project=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    build=${RKT_BUILD:-$project/build}
    for unit in rkt-metadata.service rkt-metadata.socket; do
        sed "s,@libexecdir@,$build," "$project/units/$unit" >"/etc/systemd/system/$unit"
    done
    # The build may lie where the unit's own file systems are.
    mkdir -p /etc/systemd/system/rkt-metadata.service.d /usr/lib/sysusers.d
    printf '[Service]\nPrivateTmp=no\n' >/etc/systemd/system/rkt-metadata.service.d/test.conf
    cp "$project/units/rkt-metadata.conf" /usr/lib/sysusers.d/
    systemctl daemon-reload
    systemctl start rkt-metadata.socket
}

teardown() {
    local uuid
    for uuid in $("$RKT" --dir="$data" list --no-legend --full 2>/dev/null | awk '/running/ { print $1 }'); do
        "$RKT" --dir="$data" stop --force "$uuid" >/dev/null 2>&1 || true
    done
}

# A pod whose app waits until /dev/shm/go is there.
start_pod() { # NAME FLAG...
    local aci
    aci=$(make_aci "example.com/$1" -m '"annotations": [{"name": "one", "value": "image"}, {"name": "authors", "value": "a"}]' \
        'echo up; until [ -e /dev/shm/go ]; do sleep 0.1; done')
    "$RKT" --dir="$data" --insecure-options=image run --name="$1" "${@:2}" "$aci" --annotation=one=pod --annotation=two=pod \
        >"$BATS_TEST_TMPDIR/$1.out" 2>&1 3>&- &
    await 30 grep -q up "$BATS_TEST_TMPDIR/$1.out"
}

end_pod() { # NAME
    rkt exec "$1" touch /dev/shm/go
    rkt status --wait "$1" >/dev/null
}

uuid_of() { # NAME
    rkt list --full --no-legend | awk -v "name=$1" '$2 == name { print $1 }'
}

url() { # NAME
    rkt exec "$1" sh -c 'echo "$AC_METADATA_URL"'
}

# From inside of the pod's app.
ask() { # NAME PATH [POST-DATA]
    local line='wget -qO- "$AC_METADATA_URL/acMetadata/v1/$1"'
    if [ $# -gt 2 ]; then line='wget -qO- --post-data="$2" "$AC_METADATA_URL/acMetadata/v1/$1"'; fi
    rkt exec "$1" sh -c "$line" sh "${@:2}"
}

# Through the host's loopback, which leads to the same service: the status of an answer.
status_of() { # CURL-ARGUMENT...
    curl -s --max-time 10 -o "$BATS_TEST_TMPDIR/body" -w '%{http_code}' "$@"
}

coded() { # BASE64, for a form
    sed 's/+/%2B/g; s,/,%2F,g; s/=/%3D/g' <<<"$1"
}

published() {
    find /run/rkt/metadata -mindepth 1
}

@test "ACE-17, MDS-10 to MDS-15, MDS-24: an app asks what it is, on a network of its own, on none, and on the host's" {
    for network in none default host; do
        start_pod web --net=$network
        assert_match "$(url web)" '^http://127\.0\.0\.1:18112/[0-9a-f]{64}$'
        uuid=$(uuid_of web)
        assert_equal "$(ask web pod/uuid)" "$uuid"
        assert_equal "$(ask web pod/annotations)" '[]'
        assert_contains "$(ask web pod/manifest)" '"acKind":"PodManifest"'
        assert_contains "$(ask web pod/manifest)" '"annotations":[]'
        assert_equal "$(ask web apps/web/annotations)" \
            '[{"name":"one","value":"pod"},{"name":"authors","value":"a"},{"name":"two","value":"pod"}]'
        assert_equal "$(ask web apps/web/annotations/authors)" a
        assert_equal "$(ask web apps/web/image/manifest)" "$(tar -xOf "$images/web.aci" manifest)"
        assert_equal "$(ask web apps/web/image/id)" "$(rkt image list --full --no-legend --fields=id | head -n 1)"
        assert_equal "$(rkt exec web ls /rkt 2>/dev/null)" ''
        end_pod web
        assert_equal "$(published)" ''
        rkt rm web
    done
}

@test "MDS-3, MDS-4, MDS-6: types and bodies are exact, with and without Metadata-Flavor" {
    start_pod web --net=host
    base=$(url web)/acMetadata/v1
    for flavor in 'X: y' 'Metadata-Flavor: AppContainer'; do
        for row in 'pod/uuid text/plain; charset=us-ascii' 'apps/web/image/id text/plain; charset=us-ascii' \
            'pod/manifest application/json' 'pod/annotations application/json' 'apps/web/annotations application/json' \
            'apps/web/image/manifest application/json' 'apps/web/annotations/one text/plain'; do
            assert_equal "$(curl -s -H "$flavor" -o "$BATS_TEST_TMPDIR/body" -w '%{http_code} %{content_type}' "$base/${row%% *}")" "200 ${row#* }"
        done
    done
    assert_equal "$(curl -s "$base/pod/uuid" | wc -c)" 36
    assert_equal "$(curl -s --data content=a "$base/pod/hmac/sign" | wc -c)" 88
    assert_equal "$(curl -s --data content=a -o /dev/null -w '%{content_type}' "$base/pod/hmac/sign")" 'text/plain; charset=us-ascii'
    end_pod web
}

@test "MDS-16, MDS-17, MDS-20, MDS-21: one pod signs, another verifies, and the service was killed in between" {
    start_pod one --net=none
    start_pod two
    content='content=a%00b%26&'
    signature=$(coded "$(ask one pod/hmac/sign "$content")")
    uuid=$(ask one pod/uuid)
    systemctl kill --signal=KILL rkt-metadata.service
    await 10 sh -c '! systemctl is-active --quiet rkt-metadata.service'
    run ask two pod/hmac/verify "${content}uuid=$uuid&signature=$signature"
    assert_status 0
    assert_equal "$output" ''
    for wrong in "content=other&uuid=$uuid&signature=$signature" "${content}uuid=$(ask two pod/uuid)&signature=$signature"; do
        run ask two pod/hmac/verify "$wrong"
        assert_contains "$output" 'HTTP/1.1 403'
    done
    run ask two pod/hmac/verify "$content"
    assert_contains "$output" 'HTTP/1.1 400'
    assert_equal "$(stat -c '%U %a %s' /var/lib/rkt-metadata/key)" 'rkt-metadata 400 64'
    systemctl restart rkt-metadata.socket
    assert_equal "$(ask one pod/uuid)" "$uuid"
    end_pod one
    end_pod two
}

@test "MDS-2, MDS-25: a token opens its own pod's metadata and is in no file that others read" {
    start_pod one --net=host
    start_pod two --net=host
    one=$(url one) two=$(url two)
    assert_equal "$(curl -s "$one/acMetadata/v1/pod/uuid")" "$(uuid_of one)"
    assert_equal "$(status_of "$one/acMetadata/v1/apps/two/image/id")" 404
    mixed=${one:0:${#one}-32}${two: -32}
    for wrong in "$mixed" "${one%?}" "http://127.0.0.1:18112/$(ask one pod/uuid)" http://127.0.0.1:18112 "${one/%?/x}"; do
        assert_equal "$(status_of "$wrong/acMetadata/v1/pod/uuid")" 401
    done
    assert_equal "$(stat -c '%U %G %a' /run/rkt/metadata)" 'root rkt-metadata 2750'
    assert_equal "$(find /run/rkt/metadata -perm /007)" ''
    assert_equal "$(find /run/rkt/metadata ! -group rkt-metadata)" ''
    assert_equal "$(find "$data" -name metadata-token -perm /077)" ''
    end_pod one
    assert_equal "$(status_of "$one/acMetadata/v1/pod/uuid")" 401
    assert_equal "$(status_of "$two/acMetadata/v1/pod/uuid")" 200
    end_pod two
}

@test "MDS-23: what is not there, wrong methods and bodies that are too long are refused" {
    start_pod web --net=host
    base=$(url web)/acMetadata/v1
    assert_equal "$(status_of "$base/pod/none")" 404
    assert_equal "$(status_of "$base/apps/none/image/id")" 404
    assert_equal "$(status_of "$base/pod/annotations/none")" 404
    assert_equal "$(status_of --path-as-is "$base/apps/../../secret")" 404
    assert_equal "$(status_of -X PUT "$base/pod/uuid")" 405
    assert_equal "$(status_of "$base/pod/hmac/sign")" 405
    assert_contains "$(curl -si "$base/pod/hmac/sign")" 'Allow: POST'
    assert_equal "$(status_of --data x=y "$base/pod/hmac/sign")" 400
    head -c 131073 /dev/zero >"$BATS_TEST_TMPDIR/long"
    assert_equal "$(status_of --data-binary @"$BATS_TEST_TMPDIR/long" "$base/pod/hmac/sign")" 413
    assert_equal "$(status_of -H 'Transfer-Encoding: chunked' --data-binary @"$BATS_TEST_TMPDIR/long" "$base/pod/hmac/sign")" 413
    { printf content= && head -c 131064 /dev/zero | tr '\0' a; } >"$BATS_TEST_TMPDIR/fits"
    assert_equal "$(status_of --data-binary @"$BATS_TEST_TMPDIR/fits" "$base/pod/hmac/sign")" 200
    assert_match "$(status_of -H "X: $(head -c 20000 /dev/zero | tr '\0' x)" "$base/pod/uuid")" '^4[0-9]{2}$'
    end_pod web
}

@test "MDS-25: a thousand idle connections and slow clients of one pod are nothing to another" {
    start_pod idle --net=none
    start_pod web --net=none
    rkt exec idle sh -c 'for i in $(seq 1000); do busybox nc 127.0.0.1 18112 </dev/zero >/dev/null 2>&1 & done; sleep 100' \
        >/dev/null 2>&1 3>&- &
    rkt exec idle sh -c '(printf "GET / HTTP/1.1\r\n"; while sleep 1; do printf "X: y\r\n"; done) | busybox nc 127.0.0.1 18112; : >/dev/shm/cut' \
        >/dev/null 2>&1 3>&- &
    for _ in {1..20}; do
        assert_equal "$(ask web pod/uuid)" "$(uuid_of web)"
    done
    await 30 rkt exec idle test -e /dev/shm/cut
    end_pod idle
    end_pod web
}

@test "what a killed rkt has published is withdrawn by rkt gc" {
    start_pod web --net=none
    rkt_pid=$!
    token=$(url web)
    kill -KILL "$rkt_pid"
    tail --pid="$rkt_pid" -f /dev/null
    [ -n "$(published)" ]
    rkt stop --force web || true
    rkt gc --mark-only
    assert_equal "$(published)" ''
    assert_equal "$(status_of "$token/acMetadata/v1/pod/uuid")" 401
}

@test "ACE-17: apps that are added later are told of, and those that are removed are not any more" {
    "$RKT" --dir="$data" app sandbox --name=box --net=none >/dev/null 2>&1 3>&- &
    await 30 rkt status --wait-ready=20s box
    rkt app add box "$(make_aci example.com/late 'echo up; until [ -e /dev/shm/go ]; do sleep 0.1; done')" --name=late >/dev/null
    rkt app start box --app=late
    await 20 sh -c "'$RKT' --dir='$data' logs box | grep -q up"
    line='wget -qO- "$AC_METADATA_URL/acMetadata/v1/apps/late/image/id"'
    assert_match "$(rkt exec --app=late box sh -c "$line")" '^sha512-[0-9a-f]{128}$'
    rkt app rm box --app=late
    assert_equal "$(find /run/rkt/metadata -name late)" ''
    rkt stop box
}

@test "--mds-register: false leaves the URL empty, and true without a service is refused" {
    run rkt run --mds-register=false "$(make_aci example.com/web 'echo "<$AC_METADATA_URL>"')"
    assert_equal "$output" '<>'
    run rkt run --mds-register=maybe "$(make_aci example.com/web true)"
    assert_status 254
    systemctl stop rkt-metadata.socket
    rmdir /run/rkt/metadata
    run rkt run --mds-register "$(make_aci example.com/web true)"
    assert_status 254
    assert_contains "$output" 'systemctl enable --now rkt-metadata.socket'
    run rkt run "$(make_aci example.com/web 'echo "<$AC_METADATA_URL>"')"
    assert_equal "$output" '<>'
    systemctl start rkt-metadata.socket
}

@test "rkt metadata-service serves in the foreground, as its user, and not beside another" {
    run rkt metadata-service
    assert_status 254
    assert_contains "$output" 'systemctl stop rkt-metadata.socket'
    systemctl stop rkt-metadata.socket rkt-metadata.service
    "$RKT" metadata-service --listen-port=18113 >"$BATS_TEST_TMPDIR/service" 2>&1 3>&- &
    service=$!
    await 10 grep -q 18113 "$BATS_TEST_TMPDIR/service"
    assert_equal "$(stat -c %U "/proc/$service")" rkt-metadata
    assert_match "$(grep CapEff "/proc/$service/status")" '0000000000000000$'
    start_pod web --net=none
    assert_equal "$(ask web pod/annotations)" '[]'
    assert_equal "$(status_of "http://127.0.0.1:18113/x")" 401
    end_pod web
    kill "$service"
    tail --pid="$service" -f /dev/null
    run rkt metadata-service --listen-port=0
    assert_status 254
    systemctl start rkt-metadata.socket
}
