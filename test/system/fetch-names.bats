#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# Images by name: discovery over https, and what images depend on.

bats_require_minimum_version 1.5.0
load lib
load keys
load web

teardown() {
    stop_web
    [ ! -d "$BATS_TEST_TMPDIR/gpg" ] || gpgconf --homedir "$BATS_TEST_TMPDIR/gpg" --kill all
}

# An image of that name, served under it as NAME-VERSION.aci.
publish() { # NAME VERSION [MANIFEST-MEMBERS]
    local layout=$BATS_TEST_TMPDIR/publish
    rm -rf "$layout" && mkdir -p "$layout/rootfs" "$web/files/$(dirname "$1")"
    echo "$1 $2" >"$layout/rootfs/${1##*/}"
    echo "{\"acKind\": \"ImageManifest\", \"acVersion\": \"0.8.11\", \"name\": \"$1\",
        \"labels\": [{\"name\": \"version\", \"value\": \"$2\"}]${3:+, $3}}" >"$layout/manifest"
    pack_aci "$layout" "$web/files/$1-$2.aci"
    echo "sha512-$(digest cat "$web/files/$1-$2.aci")"
}

template='https://example.com/{name}-{version}.{ext}'

needs() { # NAME[:VERSION][,MEMBER]...
    local list='' word
    for word; do list+=", {\"imageName\": \"${word%%|*}\"${word#"${word%%|*}"}}"; done
    list=${list//|/, }
    printf '"dependencies": [%s]' "${list#, }"
}

@test "DISC-1, DISC-9: a name is discovered by its page, or by one above it" {
    start_web example.com
    id=$(publish example.com/a/web 1.2)
    put_page example.com/a/web '<p>nothing'
    put_page example.com/ "$(discovery_tag example.com "$template")"
    run --separate-stderr rkt fetch --full example.com/a/web:1.2
    assert_status 0
    assert_equal "$output" "$id"
    assert_equal "$(requests 'https example.com /a/web.ac-discovery=1')" 1
    assert_equal "$(requests 'https example.com /a.ac-discovery=1')" 1
    assert_equal "$(requests 'https example.com /.ac-discovery=1')" 1
    # No signature was asked for (DISC-16).
    assert_equal "$(requests '\.asc')" 0
    run --separate-stderr rkt fetch --full --pull-policy=new example.com/a/web
    assert_equal "$output" "$id"
    : >"$web/requests"
    rkt fetch example.com/a/web:1.2
    assert_equal "$(requests 'If-None-Match')" 1
}

@test "DISC-8: every endpoint is tried, https first, and what was tried is told" {
    start_web example.com
    id=$(publish example.com/web 1)
    put_page example.com/web \
        "$(discovery_tag example.com 'http://example.com/http/{name}.{ext}')" \
        "$(discovery_tag example.com 'https://example.com/gone/{name}.{ext}')" \
        "$(discovery_tag example.com 'https://example.org/{name}.{ext}')" \
        "$(discovery_tag example.com "$template")"
    run --separate-stderr rkt fetch --full example.com/web:1
    assert_status 0
    assert_equal "$output" "$id"
    assert_equal "$(requests '/http/')" 0
    run rkt fetch example.com/web:2
    assert_status 254
    assert_contains "$output" "https://example.com/gone/example.com/web.aci: example.com has no such thing (status 404)"
    assert_contains "$output" "the certificate of example.org is not trusted"
    assert_contains "$output" "https://example.com/example.com/web-2.aci: example.com has no such thing (status 404)"
}

@test "DISC-10: where TLS fails the search ends; DISC-13: http comes after https, if it is allowed" {
    start_web example.com
    publish example.org/web 1
    put_page example.org/web "$(discovery_tag example.org 'http://example.org/{name}-{version}.{ext}')"
    run rkt fetch example.org/web:1
    assert_status 254
    assert_contains "$output" "the certificate of example.org is not trusted"
    assert_equal "$(requests .)" 0
    run rkt --insecure-options=image,tls fetch example.org/web:1
    assert_status 254
    assert_contains "$output" "goes without TLS, which --insecure-options=http allows"
    run rkt --insecure-options=image,http fetch example.org/web:1
    assert_status 0
    assert_contains "$output" "trying http"
    assert_equal "$(requests 'http example.org /web.ac-discovery=1')" 1
}

@test "DISC-15: what comes has the name and the labels that were asked for" {
    start_web example.com
    publish example.com/other 1
    put_page example.com/web "$(discovery_tag example.com 'https://example.com/example.com/other-1.{ext}')"
    run rkt fetch example.com/web
    assert_status 254
    assert_contains "$output" "the image that came is example.com/other"
    put_page example.com/other "$(discovery_tag example.com 'https://example.com/example.com/other-1.{ext}')"
    run rkt fetch example.com/other:2
    assert_status 254
    assert_contains "$output" "the image that came has the label version=1, and 2 was wanted"
    run rkt fetch example.com/other,colour=red
    assert_status 254
    assert_contains "$output" "the image that came has no label colour, and red was wanted"
    assert_store_is_empty
    rkt fetch example.com/other
}

@test "pages have limits, and need not be right" {
    start_web example.com
    publish example.com/web 1
    { for ((n = 0; n < 10000; n++)); do echo '<meta name="ac-discovery" content="example.com https://example.com/{ext}">'; done; } >"$web/many"
    put_page example.com/web "$(cat "$web/many")"
    run rkt fetch example.com/web
    assert_status 254
    assert_contains "$output" "it has more than 1000 <meta> tags"
    put_page example.com/web "$(head -c 1100000 /dev/zero | tr '\0' x)"
    run rkt fetch example.com/web
    assert_status 254
    assert_contains "$output" "and 1048576 are the most that is taken"
    put_page example.com/web "<TABLE><td><META CONTENT='example.com $template' NAME=ac-discovery /><p></html>"
    rkt fetch example.com/web:1
}

@test "names that lead nowhere are told why" {
    start_web example.com
    for name in nowhere.invalid/web web; do
        run rkt fetch "$name"
        assert_status 254
        assert_contains "$output" "rkt: fetching $name: nothing is found about $name: "
        assert_contains "$output" "no address of ${name%%/*} is known"
    done
    run rkt fetch --pull-policy=never example.com/web
    assert_equal "$output" "rkt: fetching example.com/web: image example.com/web is not in the store"
}

@test "dependencies come along, a shared one once, and a circle ends" {
    start_web example.com
    put_page example.com/ "$(discovery_tag example.com 'https://example.com/{name}-1.{ext}')"
    publish example.com/base 1 >/dev/null
    publish example.com/left 1 "$(needs example.com/base)" >/dev/null
    publish example.com/right 1 "$(needs example.com/base example.com/right)" >/dev/null
    publish example.com/top 1 "$(needs example.com/left example.com/right)" >/dev/null
    rkt fetch example.com/top
    run --separate-stderr rkt image list --no-legend --fields=name
    assert_equal "$(sort <<<"$output" | tr '\n' ' ')" "example.com/base:1 example.com/left:1 example.com/right:1 example.com/top:1 "
    for name in base left right top; do assert_equal "$(requests "/example.com/$name-1.aci")" 1 "$name"; done
    # What a file depends on is looked for in the store first.
    : >"$web/requests"
    rkt fetch "$web/files/example.com/left-1.aci"
    assert_equal "$(requests .)" 0
    rkt image rm example.com/base >/dev/null
    rkt fetch "$web/files/example.com/left-1.aci"
    assert_equal "$(requests base-1.aci)" 1
    rkt image rm example.com/base >/dev/null
    rkt fetch --no-dependencies "$web/files/example.com/left-1.aci"
    assert_equal "$(requests base-1.aci)" 1
}

@test "ACI-31, ACI-33: the ID and the size that are said of a dependency are enforced" {
    start_web example.com
    put_page example.com/ "$(discovery_tag example.com 'https://example.com/{name}-1.{ext}')" \
        "$(discovery_tag example.com 'https://example.com/endless/{name}.{ext}')"
    id=$(publish example.com/base 1)
    size=$(stat -c %s "$web/files/example.com/base-1.aci")
    publish example.com/good 1 "$(needs "example.com/base|\"imageID\": \"$id\", \"size\": $size")" >/dev/null
    publish example.com/size 1 "$(needs "example.com/base|\"size\": $((size - 1))")" >/dev/null
    publish example.com/id 1 "$(needs "example.com/base|\"imageID\": \"sha512-$(printf '0%.0s' {1..128})\"")" >/dev/null
    run rkt fetch example.com/size
    assert_status 254
    assert_contains "$output" "fetching example.com/base, on which image example.com/size depends: "
    assert_contains "$output" "$size bytes"
    run rkt fetch example.com/id
    assert_status 254
    assert_contains "$output" "the image that came is ${id:0:39}, and sha512-00000000000000000000000000000000 was wanted"
    [ ! -e "$data/images/$id" ]
    rkt fetch example.com/good
    [ -e "$data/images/$id" ]
}

@test "rkt run and prepare fetch names and URLs, and what is missing of a stored image" {
    start_web example.com
    put_page example.com/ "$(discovery_tag example.com "$template")"
    publish example.com/data 1 >/dev/null
    aci=$(make_aci example.com/app -m "$(needs 'example.com/data|"labels": [{"name": "version", "value": "1"}]')" 'cat /data')
    mkdir -p "$web/files/example.com"
    cp "$aci" "$web/files/example.com/app-1.aci"
    run --separate-stderr rkt run example.com/app:1
    assert_status 0
    assert_equal "$output" "example.com/data 1"
    : >"$web/requests"
    run --separate-stderr rkt run example.com/app:1
    assert_status 0
    assert_equal "$(requests .)" 0
    rkt image rm example.com/data >/dev/null || { rkt gc --grace-period=0 && rkt image rm example.com/data >/dev/null; }
    run --separate-stderr rkt run example.com/app:1
    assert_status 0
    assert_equal "$(requests 'data-1.aci')" 1
    run --separate-stderr rkt run --pull-policy=update https://example.com/example.com/app-1.aci
    assert_status 0
    pod=$(rkt prepare --store-only https://example.com/example.com/app-1.aci)
    rkt rm "$pod"
    run rkt run --store-only --no-store example.com/app:1
    assert_status 254
    run rkt run --pull-policy=sometimes example.com/app:1
    assert_status 254
    assert_contains "$output" "--pull-policy takes never, new, update, not sometimes"
}

@test "DISC-14: the keys of a name are looked for when none is trusted, and trusted only as they may be" {
    start_web example.com
    id=$(publish example.com/web 1)
    key=$(make_key alice)
    sign alice "$web/files/example.com/web-1.aci"
    cp "$images/alice.pub" "$web/files/alice.pub"
    put_page example.com/web "$(discovery_tag example.com "$template")" \
        '<meta name="ac-discovery-pubkeys" content="example.com https://example.com/alice.pub">'
    run signed fetch --full example.com/web:1
    assert_status 254
    assert_contains "$output" 'rkt trust --prefix=example.com/web'
    assert_equal "$(requests alice.pub)" 0
    run --separate-stderr signed --trust-keys-from-https fetch --full example.com/web:1
    assert_status 0
    assert_equal "$output" "$id"
    assert_equal "$(ls "$BATS_TEST_TMPDIR/etc/trustedkeys/prefix.d/example.com/web")" "$key"
    signed image rm "$id"
    signed --trust-keys-from-https fetch example.com/web:1
    assert_equal "$(requests alice.pub)" 1
}

@test "DISC-14, DISC-17: who we are is told where keys are looked for, to that host alone" {
    start_web example.com example.org
    id=$(publish example.com/web 1)
    key=$(make_key alice)
    sign alice "$web/files/example.com/web-1.aci"
    cp "$images/alice.pub" "$web/files/alice.pub"
    put_page example.com/web "$(discovery_tag example.com "$template")" \
        '<meta name="ac-discovery-pubkeys" content="example.com https://example.com/auth/alice.pub">'
    trust() { signed trust --skip-fingerprint-review "$@"; }
    run trust --prefix=example.com/web
    assert_status 254
    assert_contains "$output" "example.com answers with status 401; rkt-config(5) tells"
    mkdir -p "$BATS_TEST_TMPDIR/etc/auth.d"
    echo '{"rktKind": "auth", "rktVersion": "v1", "domains": ["example.com"], "type": "basic",
           "credentials": {"user": "me", "password": "secret"}}' >"$BATS_TEST_TMPDIR/etc/auth.d/a.json"
    chmod 600 "$BATS_TEST_TMPDIR/etc/auth.d/a.json"
    run trust --prefix=example.com/web
    assert_status 0
    trust --root https://example.com/auth/alice.pub
    rm -r "$BATS_TEST_TMPDIR/etc/trustedkeys"
    run --separate-stderr signed --trust-keys-from-https fetch --full example.com/web:1
    assert_status 0
    assert_equal "$output" "$id"
    for url in https://example.org/auth/alice.pub http://example.com/auth/alice.pub; do
        run trust --insecure-allow-http --root "$url"
        assert_status 254
        assert_contains "$output" "answers with status 401"
    done
    assert_equal "$(requests '(http|example.org) .*Authorization')" 0
    # Who names files asks nobody.
    echo garbage >"$BATS_TEST_TMPDIR/etc/auth.d/a.json"
    trust --root "$images/alice.pub"
    assert_equal "$(ls "$BATS_TEST_TMPDIR/etc/trustedkeys/root.d")" "$key"
}

# example.com/top by alice, which depends on two images of example.org by bob.
publish_signed() {
    start_web example.com example.org
    alice=$(make_key alice)
    bob=$(make_key bob)
    publish example.org/left 1 >/dev/null
    publish example.org/right 1 >/dev/null
    top=$(publish example.com/top 1 "$(needs example.org/left example.org/right)")
    sign alice "$web/files/example.com/top-1.aci"
    sign bob "$web/files/example.org/left-1.aci"
    sign bob "$web/files/example.org/right-1.aci"
    cp "$images"/{alice,bob}.pub "$web/files/"
    put_page example.com/ "$(discovery_tag example.com 'https://example.com/{name}-1.{ext}')" \
        '<meta name="ac-discovery-pubkeys" content="example.com https://example.com/alice.pub">'
    put_page example.org/ "$(discovery_tag example.org 'https://example.org/{name}-1.{ext}')" \
        '<meta name="ac-discovery-pubkeys" content="example.org https://example.org/bob.pub">'
}

trusted() { # the keys, with what they are trusted for
    (cd "$BATS_TEST_TMPDIR/etc/trustedkeys/prefix.d" && find . -type f | sort)
}

@test "DISC-14: the keys of what an image depends on are looked for as its own are, once a name" {
    publish_signed
    run signed fetch example.com/top
    assert_status 254
    assert_equal "$(requests '(alice|bob).pub')" 0
    run --separate-stderr signed --trust-keys-from-https fetch --full example.com/top example.org/left example.com/top:1
    assert_status 0
    assert_equal "$output" "$top"$'\n'"sha512-$(digest cat "$web/files/example.org/left-1.aci")"$'\n'"$top"
    assert_equal "$(trusted)" "./example.com/top/$alice"$'\n'"./example.org/left/$bob"$'\n'"./example.org/right/$bob"
    assert_equal "$(requests alice.pub)" 1
    assert_equal "$(requests bob.pub)" 2
}

@test "at a terminal one key after the other is asked for, and none for what comes without" {
    publish_signed
    run at_terminal $'yes\nyes\nno' "$RKT" --dir="$data" --local-config="$BATS_TEST_TMPDIR/etc" fetch example.com/top
    # What is shown of a key is followed by the question, whatever the bars are doing.
    questions=$(echo "$output" | sed 's/\x1b\[[0-9]*[AJ]//g' | grep -oE '^key [0-9a-f]|example.(com|org)/[a-z]+ .yes/no.[?]')
    assert_equal "$(grep -c '^key' <<<"$questions")" 3
    assert_equal "$(awk '(NR % 2) != ($1 == "key")' <<<"$questions")" ""
    assert_contains "$output" "is by key $bob, which is "
    assert_equal "$(trusted | wc -l)" 2
    refused=$(tail -n 1 <<<"$questions" | cut -d' ' -f1)
    run at_terminal yes "$RKT" --dir="$data" --local-config="$BATS_TEST_TMPDIR/etc" fetch --full example.com/top
    assert_contains "$output" "$top"
    assert_equal "$(grep -c '(yes/no)' <<<"$output")" 1
    assert_contains "$output" "Trust this key for images of $refused (yes/no)?"
    : >"$web/requests"
    run at_terminal no "$RKT" --dir="$data" --local-config="$BATS_TEST_TMPDIR/etc" fetch --pull-policy=new example.com/top
    assert_equal "$(requests .)" 0
}
