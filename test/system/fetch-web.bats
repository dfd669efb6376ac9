#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# Images by URL: what servers do, what they do wrong, and what rkt remembers.

bats_require_minimum_version 1.5.0
load lib
load keys
load web

teardown() {
    stop_web
    [ ! -d "$BATS_TEST_TMPDIR/gpg" ] || gpgconf --homedir "$BATS_TEST_TMPDIR/gpg" --kill all
}

# An archive that compression does not shrink, so that there is something to break off.
make_large_aci() { # NAME [BYTES]
    local layout
    layout=$(make_layout "$1")
    head -c "${2:-300000}" /dev/urandom >"$layout/rootfs/random"
    pack_aci "$layout" "$images/$1.aci"
    echo "$images/$1.aci"
}

start_with() { # ACI
    start_web
    serve_aci "$1"
    id=sha512-$(digest cat "$1")
}

fetched() { # WORD [FLAG]...
    run --separate-stderr rkt fetch --full "${@:2}" "$1"
    assert_status 0
    assert_equal "$output" "$id" "$1"
}

remove() {
    rkt image rm "$id" >/dev/null
}

refused() { # WORD MESSAGE-PART [FLAG]...
    run rkt fetch --stall-timeout=1s "${@:3}" "$1"
    assert_status 254
    assert_contains "$output" "$2"
    assert_store_is_empty
    assert_equal "$(ls "$data/refs")" ""
}

@test "fetch: an image by URL is that of the file, whatever the URL ends in, and kept as it came" {
    aci=$(make_large_aci web)
    start_with "$aci"
    gzip -k "$aci" && serve_aci "$aci.gz" image
    fetched http://localhost/web.aci
    assert_match "$stderr" '^rkt: web.aci: 3[0-9.]+KiB, [0-9.]+[KM]?i?B/s$'
    cmp "$aci" "$data/layers/$id/archive"
    assert_equal "$(ls "$data/tmp")" ""
    remove
    assert_equal "$(ls "$data/refs")" ""
    fetched 'http://localhost/image?version=1'
    cmp "$aci.gz" "$data/layers/$id/archive"
    remove
    fetched http://localhost/web.aci --no-archive
    assert_equal "$(ls "$data/layers/$id")" rootfs
    assert_equal "$(ls "$data/tmp")" ""
}

@test "IMG-16: an image by URL needs its signature, which lies beside it and is got first, or later (202)" {
    aci=$(make_large_aci web)
    start_with "$aci"
    make_key alice >/dev/null
    put_key alice etc prefix.d/example.com
    with_signature() { # STATUS URL [FLAG]...
        run --separate-stderr signed fetch --full "$2" "${@:3}"
        assert_status "$1"
        [ "$1" -ne 0 ] || assert_equal "$output" "$id"
        [ "$1" -ne 0 ] || remove
        assert_store_is_empty
    }
    with_signature 254 http://localhost/web.aci
    assert_contains "$stderr" "getting http://localhost/web.aci.asc: localhost has no such thing (status 404)"
    assert_equal "$(requests 'web.aci$')" 0
    sign alice "$aci"
    cp "$aci.asc" "$web/files/web.aci.asc"
    with_signature 0 http://localhost/web.aci
    assert_equal "$(tail -n 2 "$web/requests" | cut -d' ' -f4 | tr '\n' ' ')" "/web.aci.asc /web.aci "
    with_signature 0 http://localhost/cut/200000/web.aci --signature="$aci.asc"
    with_signature 0 http://localhost/late/1/web.aci
    assert_equal "$(tail -n 3 "$web/requests" | cut -d' ' -f4 | tr '\n' ' ')" \
        "/late/1/web.aci.asc /late/1/web.aci /late/1/web.aci.asc "
    with_signature 254 http://localhost/late/2/web.aci
    assert_contains "$stderr" "the signature http://localhost/late/2/web.aci.asc is still to come, although the image is there"
    other=$(make_large_aci other)
    sign alice "$other"
    cp "$other.asc" "$web/files/web.aci.asc"
    with_signature 254 http://localhost/web.aci
    with_signature 254 http://localhost/late/1/web.aci
}

@test "fetch: an image that has come and is verified does not wait for one that is still to come" {
    held=$(make_large_aci held)
    start_with "$(make_small_aci web)"
    serve_aci "$held"
    make_key alice >/dev/null
    put_key alice etc prefix.d/example.com
    sign alice "$held"
    sign alice "$web/files/web.aci"
    signed fetch http://localhost/hold/150000/held.aci --signature="$held.asc" http://localhost/web.aci &
    fetch=$!
    await 20 test -e "$web/held"
    await 20 test -e "$data/images/$id/manifest"
    touch "$web/go"
    wait "$fetch"
}

@test "fetch: several images at once, in their order, and each once" {
    start_web
    for name in a b c d e f; do
        serve_aci "$(make_small_aci "$name")"
        ids+=("sha512-$(digest cat "$images/$name.aci" | cut -c-32)")
        urls+=("http://localhost/$name.aci")
    done
    run --separate-stderr rkt fetch "${urls[@]}"
    assert_status 0
    assert_equal "$output" "$(printf '%s\n' "${ids[@]}")"
    run rkt fetch "${urls[0]}" http://localhost/gone "${urls[1]}"
    assert_status 254
    assert_contains "$output" "${ids[0]}"
    refute_contains "$output" "${ids[1]}"
    assert_contains "$output" "rkt: fetching http://localhost/gone: getting http://localhost/gone: localhost has no such thing (status 404)"
}

@test "fetch: redirections are followed, but not without end, to files, or out of TLS" {
    start_with "$(make_small_aci web)"
    fetched http://localhost/to/http://localhost/web.aci
    fetched http://localhost/to//web.aci
    remove
    refused http://localhost/loop/1 "redirects more than 10 times"
    assert_equal "$(requests '/loop/')" 11
    refused http://localhost/to/file:///etc/passwd 'reading the URL "file:///etc/passwd": it is none of http or https'
    refused http://localhost/to/http://me:secret@localhost/web.aci 'users and passwords are read from auth.d'
    stop_web
    start_web example.com
    serve_aci "$images/web.aci"
    refused https://example.com/to/http://example.com/web.aci "redirects from https to http://example.com/web.aci, which is not safe"
    run rkt --insecure-options=image,http fetch https://example.com/to/http://example.com/web.aci
    assert_status 0
}

@test "fetch: what is cut off is continued, and in vain is refused" {
    aci=$(make_large_aci web)
    start_with "$aci"
    fetched http://localhost/cut/200000/web.aci
    cmp "$aci" "$data/layers/$id/archive"
    assert_equal "$(requests '/cut/')" 2
    assert_contains "$(tail -n1 "$web/requests")" "Range=bytes=200000-"
    remove
    fetched http://localhost/drip/100000/web.aci
    remove
    assert_equal "$(ls "$data/tmp")" ""
    refused http://localhost/cutplain/200000/web.aci "broke off"
    refused http://localhost/longer/100/web.aci "broke off"
    refused http://localhost/shorter/20000/web.aci "getting http://localhost/shorter/20000/web.aci"
    fetched http://localhost/chunked/web.aci
    remove
    # Next to nothing a time is not gone on with; what came stays for a later one.
    run rkt fetch http://localhost/drip/10/web.aci
    assert_status 254
    assert_equal "$(requests '/drip/10/')" 3
    assert_equal "$(find "$data/tmp" -mindepth 1 -maxdepth 1 | wc -l)" 1
}

@test "fetch: who continues something else is not believed" {
    aci=$(make_large_aci web)
    start_with "$aci"
    fetched http://localhost/never/web.aci
    cmp "$aci" "$data/layers/$id/archive"
    remove
    run rkt fetch http://localhost/liar/web.aci
    assert_status 0
    cmp "$aci" "$data/layers/$id/archive"
}

@test "fetch: what no server says the version of is not continued, but begun anew" {
    aci=$(make_large_aci web)
    start_with "$aci"
    serve_aci "$(make_large_aci other)" web.aci.other
    fetched http://localhost/blind/200000/web.aci
    cmp "$aci" "$data/layers/$id/archive"
    assert_equal "$(requests '/blind/')" 2
    assert_equal "$(requests '/blind/.*Range')" 0
    remove
    refused http://localhost/part/web.aci "localhost sends a part (status 206), and was asked for the whole"
}

@test "fetch: limits of time and size" {
    start_with "$(make_small_aci web)"
    refused http://localhost/slowhead "sent less than 1024 bytes a second for 1 seconds"
    refused http://localhost/endless "getting http://localhost/endless"
    # These have begun, and might be continued.
    for path in slow stall; do
        run rkt fetch --stall-timeout=1s "http://localhost/$path/web.aci"
        assert_status 254
        assert_contains "$output" "sent less than 1024 bytes a second for 1 seconds"
    done
    assert_equal "$(ls "$data/images" "$data/refs")" "$(printf '%s:\n\n%s:' "$data/images" "$data/refs")"
    for bad in 0 x -1s; do
        run rkt fetch --stall-timeout="$bad" http://localhost/web.aci
        assert_status 254
        assert_contains "$output" "--stall-timeout takes"
    done
}

@test "fetch: statuses, and what may pass is tried again" {
    start_with "$(make_small_aci web)"
    refused http://localhost/gone.aci "has no such thing (status 404)"
    refused http://localhost/status/403 "answers with status 403; rkt-config(5) tells where to say who you are"
    refused http://localhost/status/418 "answers with status 418"
    refused http://localhost/later/100/web.aci "answers with status 429"
    assert_equal "$(requests '/later/100/')" 1
    fetched http://localhost/then/503/2/web.aci
    assert_equal "$(requests '/then/503/')" 3
    remove
    fetched http://localhost/later/1/web.aci
    remove
    refused http://localhost/then/500/9/web.aci "answers with status 500"
    assert_equal "$(requests '/then/500/')" 4
    refused http://localhost:1/web.aci "connecting to localhost:1: Connection refused"
    refused http://nowhere.invalid/web.aci "no address of nowhere.invalid is known"
}

@test "fetch: what is no image is refused, and not kept to be continued" {
    start_web
    echo '<html>hello</html>' >"$web/files/page.aci"
    refused http://localhost/page.aci "getting http://localhost/page.aci"
}

@test "fetch: pull policies, ETags and max-age" {
    start_with "$(make_small_aci web)"
    url=http://localhost/web.aci
    run rkt fetch --pull-policy=never "$url"
    assert_status 254
    assert_contains "$output" "it is not to be looked for elsewhere"
    fetched "$url"
    fetched "$url" --pull-policy=never
    fetched "$url" --store-only
    fetched "$url" --pull-policy=new
    assert_equal "$(requests /web.aci)" 1
    # Not fresh: asked, and unchanged.
    fetched "$url"
    assert_equal "$(requests '/web.aci .*If-None-Match="[0-9a-f]+" If-Modified-Since=')" 1
    # The server allows an hour from now on; the 304 says so.
    echo 'max-age=3600' >"$web/files/web.aci.cache-control"
    fetched "$url"
    assert_equal "$(requests /web.aci)" 3
    fetched "$url"
    fetched "$url"
    assert_equal "$(requests /web.aci)" 3
    # An hour later.
    sed -i -E 's/("checked": )[0-9]+/\11000000000/' "$data"/refs/*
    echo no-store >"$web/files/web.aci.cache-control"
    fetched "$url"
    assert_equal "$(requests /web.aci)" 4
    for bad in sometimes Never; do
        run rkt fetch --pull-policy="$bad" "$url"
        assert_status 254
        assert_contains "$output" "--pull-policy"
    done
}

@test "fetch: what an ETag cannot be noted of is known by its date" {
    start_with "$(make_small_aci web)"
    url=http://localhost/odd/web.aci
    fetched "$url"
    fetched "$url" --pull-policy=never
    fetched "$url"
    assert_equal "$(requests '/odd/web.aci If-Modified-Since=')" 1
    assert_equal "$(requests .)" 2
}

@test "fetch: --exit-changed tells whether anything is another than before" {
    one=$(make_small_aci one)
    start_with "$one"
    changes() { # STATUS [WORD]...
        run rkt fetch --exit-changed "${@:2}"
        assert_status "$1"
    }
    changes 0 http://localhost/one.aci
    changes 3 http://localhost/one.aci
    serve_aci "$(make_large_aci two)" one.aci
    changes 0 http://localhost/one.aci
    changes 3 http://localhost/one.aci
    changes 3 "$one" http://localhost/one.aci
    changes 0 "$(make_small_aci three)" http://localhost/one.aci
    changes 3 "$id"
    changes 254 http://localhost/gone
}

@test "fetch: what broke off is continued by the next, but not another version of it" {
    aci=$(make_large_aci web)
    start_with "$aci"
    rm -f "$web/go"
    begin_and_kill 200000
    assert_equal "$(stat -c %s "$data"/tmp/download-*/archive)" 200000
    rkt image gc --grace-period=0
    touch "$web/go"
    fetched http://localhost/hold/200000/web.aci
    assert_contains "$(tail -n1 "$web/requests")" "Range=bytes=200000-"
    cmp "$aci" "$data/layers/$id/archive"
    remove
    rm "$web/go"
    begin_and_kill 200000
    rm "$aci"
    aci=$(make_large_aci web)
    serve_aci "$aci"
    id=sha512-$(digest cat "$aci")
    touch "$web/go"
    fetched http://localhost/hold/200000/web.aci
    assert_contains "$(tail -n1 "$web/requests")" "Range=bytes=200000-"
    cmp "$aci" "$data/layers/$id/archive"
    assert_equal "$(find "$data/tmp" -name 'download-*')" ""
}

# Kills a fetch of /hold/N/web.aci when exactly N bytes have come. What unpacked goes with it.
begin_and_kill() { # N
    rm -f "$web/held"
    "$RKT" --dir="$data" --insecure-options=image fetch "http://localhost/hold/$1/web.aci" >/dev/null 2>&1 3>&- &
    local pid=$!
    await 10 test -e "$web/held"
    if [ "$1" -gt 0 ]; then
        await 10 sh -c "[ \"\$(stat -c %s $data/tmp/download-*/archive)\" = $1 ]"
    fi
    kill -9 "$pid"
    wait "$pid" 2>/dev/null || true
}

kill_at() { # FIRST LAST: of twenty points
    local aci size n point
    aci=$(make_large_aci web 190000)
    start_with "$aci"
    size=$(stat -c %s "$aci")
    for ((n = $1; n <= $2; n++)); do
        point=$((n * (size - 1) / 20))
        rm -f "$web/go"
        begin_and_kill "$point"
        [ ! -e "$data/images/$id" ] || fail "an image at $point of $size"
        touch "$web/go"
        fetched "http://localhost/hold/$point/web.aci"
        cmp "$aci" "$data/layers/$id/archive"
        assert_equal "$(cat "$data/layers/$id/rootfs/etc/motd")" hello
        remove
        assert_equal "$(ls "$data/tmp")" ""
    done
}

@test "kill -9 of a download, at the first of twenty points: the next one gets the whole image" { kill_at 1 7; }
@test "kill -9 of a download, at those in the middle" { kill_at 8 14; }
@test "kill -9 of a download, at the last" { kill_at 15 20; }

@test "fetch: two at once of one URL download it once" {
    aci=$(make_large_aci web)
    start_with "$aci"
    for n in 1 2; do
        "$RKT" --dir="$data" --insecure-options=image fetch --full http://localhost/hold/1000/web.aci >"$BATS_TEST_TMPDIR/out.$n" 2>"$BATS_TEST_TMPDIR/err.$n" 3>&- &
        pids+=($!)
        await 10 test -e "$web/held"
    done
    await 10 grep -q "waiting for somebody else" "$BATS_TEST_TMPDIR/err.2"
    touch "$web/go"
    for pid in "${pids[@]}"; do wait "$pid"; done
    assert_equal "$(cat "$BATS_TEST_TMPDIR"/out.*)" "$id"$'\n'"$id"
    assert_equal "$(requests web.aci)" 1
}

@test "fetch: an image that is removed while its server says that it has not changed comes anew" {
    start_with "$(make_small_aci web)"
    fetched http://localhost/whether/web.aci
    "$RKT" --dir="$data" --insecure-options=image fetch --full http://localhost/whether/web.aci >"$BATS_TEST_TMPDIR/out" 3>&- &
    await 10 test -e "$web/held"
    remove
    touch "$web/go"
    wait "$!"
    assert_equal "$(cat "$BATS_TEST_TMPDIR/out")" "$id"
    assert_equal "$(requests whether/web.aci)" 3
}

@test "fetch: TLS is verified, for the right name, unless it is not wanted" {
    start_web example.com
    serve_aci "$(make_small_aci web)"
    id=sha512-$(digest cat "$images/web.aci")
    fetched https://example.com/web.aci
    remove
    refused https://example.org/web.aci "the certificate of example.org is not trusted"
    SSL_CERT_FILE='' refused https://example.com/web.aci "the certificate of example.com is not trusted"
    SSL_CERT_FILE='' CURL_CA_BUNDLE=$web/ca.crt fetched https://example.com/web.aci
    remove
    run rkt --insecure-options=image,tls fetch https://example.org/web.aci
    assert_status 0
}

@test "DISC-17: credentials go to their host alone, by TLS alone, and not where it redirects" {
    start_web example.com example.org
    serve_aci "$(make_small_aci web)"
    id=sha512-$(digest cat "$images/web.aci")
    config=$BATS_TEST_TMPDIR/config
    mkdir -p "$config/auth.d"
    echo '{"rktKind": "auth", "rktVersion": "v1", "domains": ["example.com"], "type": "basic",
           "credentials": {"user": "me", "password": "secret"}}' >"$config/auth.d/a.json"
    chmod 600 "$config/auth.d/a.json"
    refused https://example.com/auth/web.aci "answers with status 401; rkt-config(5) tells"
    fetched https://example.com/auth/web.aci --user-config="$config"
    remove
    fetched https://example.com/to/https://example.com/auth/web.aci --user-config="$config"
    remove
    refused https://example.com/to/https://example.org/auth/web.aci "status 401" --user-config="$config"
    refused http://example.com/auth/web.aci "status 401" --user-config="$config"
    assert_equal "$(requests 'https example.org .*Authorization')" 0
    assert_equal "$(requests 'GET http .*Authorization')" 0
}

@test "fetch: a proxy from the environment is asked" {
    start_with "$(make_small_aci web)"
    HTTP_PROXY=http://127.0.0.1:80 fetched http://elsewhere.invalid/web.aci
    remove
    HTTP_PROXY=http://127.0.0.1:80 NO_PROXY=elsewhere.invalid refused http://elsewhere.invalid/web.aci \
        "no address of elsewhere.invalid is known"
}
