#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# Whose signatures count: keys that are trusted, listed, and not trusted any more.

bats_require_minimum_version 1.5.0
load lib
load keys

keys() {
    (cd "$BATS_TEST_TMPDIR/etc/trustedkeys" 2>/dev/null && find . -type f | sort)
}

@test "trust: keys are written for a prefix or for all, readable for everybody whatever the umask" {
    key=$(make_key alice)
    umask 077
    run --separate-stderr signed trust --skip-fingerprint-review --prefix=example.com/app "$images/alice.pub"
    assert_status 0
    file=$BATS_TEST_TMPDIR/etc/trustedkeys/prefix.d/example.com/app/$key
    assert_equal "$output" "$file"
    assert_equal "$(stat -c %a "$file" "${file%/*}" "$BATS_TEST_TMPDIR/etc/trustedkeys" | tr '\n' ' ')" "644 755 755 "
    publisher --export alice >"$images/binary"
    run signed trust --skip-fingerprint-review --root "$images/binary"
    assert_status 0
    assert_equal "$(keys)" "./prefix.d/example.com/app/$key"$'\n'"./root.d/$key"
    assert_equal "$(head -n 1 "$file")" "-----BEGIN PGP PUBLIC KEY BLOCK-----"
    cmp "$file" "$BATS_TEST_TMPDIR/etc/trustedkeys/root.d/$key"
    # Again, when it has another end, and with what made it useless before.
    publisher --quick-set-expire "$key" 2y
    publisher --armor --export alice >"$images/alice.pub"
    signed --insecure-options=image trust --skip-fingerprint-review --prefix=example.com/app "$images/alice.pub"
    run cmp -s "$file" "$BATS_TEST_TMPDIR/etc/trustedkeys/root.d/$key"
    assert_status 1
}

@test "trust: an image of a key that was trusted for it is taken" {
    aci=$(make_small_aci web)
    make_key alice
    sign alice "$aci"
    signed trust --skip-fingerprint-review --prefix=example.com/we "$images/alice.pub"
    run signed fetch "$aci"
    assert_status 254
    signed trust --skip-fingerprint-review --prefix=example.com/web "$images/alice.pub"
    run signed fetch "$aci"
    assert_status 0
}

@test "trust: the fingerprint and whose it is are shown, and yes or no is asked for" {
    key=$(make_key $'Eve\e[2J <eve@example.com>' rsa2048)
    cp "$images"/Eve*.pub "$images/eve.pub" 2>/dev/null || publisher --armor --export "$key" >"$images/eve.pub"
    run at_terminal $'y\nno' "$RKT" --local-config="$BATS_TEST_TMPDIR/etc" trust --prefix=example.com "$images/eve.pub"
    assert_status 0
    assert_contains "$output" "key $(sed 's/..../& /g; s/ $//' <<<"$key")"
    assert_contains "$output" "rsa2048"
    assert_contains "$output" "<eve@example.com>"
    refute_contains "$output" $'\e'
    assert_equal "$(grep -o 'Trust this key for images of example.com (yes/no)?' <<<"$output" | wc -l)" 2
    assert_contains "$output" "rkt: key $key is not trusted"
    assert_equal "$(keys)" ""
    run at_terminal yes "$RKT" --local-config="$BATS_TEST_TMPDIR/etc" trust --root "$images/eve.pub"
    assert_status 0
    assert_equal "$(keys)" "./root.d/$key"
}

@test "trust: without a terminal nothing is asked and nothing trusted" {
    key=$(make_key alice)
    run signed trust --root "$images/alice.pub"
    assert_status 254
    assert_equal "$output" "rkt: reviewing the key $key of $images/alice.pub takes a terminal on stdin and stderr; \
who knows the key already gives --skip-fingerprint-review"
    assert_equal "$(keys)" ""
}

@test "trust: what it does not take is refused, and nothing is written" {
    make_key alice
    publisher --armor --export-secret-keys alice >"$images/secret"
    echo garbage >"$images/garbage"
    head -c 1048577 /dev/zero >"$images/large"
    while IFS='|' read -r message words; do
        # shellcheck disable=SC2086 # several words
        run signed trust --skip-fingerprint-review $words
        assert_status 254
        assert_contains "$output" "$message"
        assert_equal "$(keys)" ""
    done <<CASES
trust takes --prefix=NAME, or --root|$images/alice.pub
contradict each other|--prefix=example.com --root $images/alice.pub
not a URL|--prefix=https://example.com $images/alice.pub
Example|--prefix=Example.com $images/alice.pub
--root takes files|--root
reading keys of $images/garbage: there is no OpenPGP public key in it|--root $images/garbage
reading keys of $images/secret: there is a secret key in it|--root $images/secret
larger than 1048576 bytes|--root $images/large
No such file|--root $images/gone
--insecure-allow-http|--root http://127.0.0.1:1/key
127.0.0.1|--root https://127.0.0.1:1/key
CASES
}

@test "trust list: which keys, for what, from where, and what is wrong with them" {
    a=$(make_key "Alice <alice@example.com>" rsa2048 2y)
    publisher --armor --export alice >"$images/alice.pub"
    old=$(make_key old ed25519 1d --faked-system-time 20200101T000000)
    b=$(make_key bob)
    put_key alice usr prefix.d/example.com
    put_key old etc root.d
    put_key bob usr root.d
    : >"$BATS_TEST_TMPDIR/etc/trustedkeys/root.d/$b"
    broken=$(printf 'c%.0s' {1..40})
    echo garbage >"$BATS_TEST_TMPDIR/etc/trustedkeys/root.d/$broken"
    run --separate-stderr signed trust list --full --no-legend
    assert_status 0
    # shellcheck disable=SC2154
    assert_contains "$stderr" "root.d/$broken is not used as a key: there is no OpenPGP public key in it"
    assert_equal "$(tr -s '\t' '|' <<<"$output" | sort)" "$(
        sort <<LIST
$b|-|system|masked|never|bob
$b|-|local|mask|-|-
$broken|-|local|broken|-|-
$old|-|local|expired|2020-01-02|old
$a|example.com|system|trusted|$(date -u -d "@$(expiry_of alice)" +%F)|Alice <alice@example.com>
LIST
    )"
    run --separate-stderr signed trust list --prefix=example.com/app
    assert_equal "${#lines[@]}" 6
    assert_match "${lines[0]}" "^KEY	+PREFIX	+FROM	+STATE	+EXPIRES	+IDENTITY$"
    assert_contains "$output" "${a: -16}"
    run --separate-stderr signed trust list --prefix=example.org --no-legend
    refute_contains "$output" "${a: -16}"
    run --separate-stderr signed trust list --format=json
    assert_contains "$output" "\"expires\":$(expiry_of alice),\"file\":\"$BATS_TEST_TMPDIR/usr/trustedkeys/prefix.d/example.com/$a\",\
\"fingerprint\":\"$a\",\"origin\":\"system\",\"prefix\":\"example.com\",\"state\":\"trusted\",\"users\":[\"Alice <alice@example.com>\"]"
    run signed trust list --format=xml
    assert_status 254
}

expiry_of() { # USER
    publisher --with-colons --list-keys "$1" | awk -F: '$1 == "pub" { print $7 }'
}

@test "trust rm: a local key goes, one of the system is masked, and trusting it again undoes that" {
    a=$(make_key alice)
    b=$(make_key bob)
    put_key alice etc prefix.d/example.com
    put_key bob usr root.d
    run signed trust rm "${a^^}"
    assert_status 0
    assert_equal "$output" "key $a is no longer trusted for images of example.com"
    assert_equal "$(keys)" ""
    run signed trust rm --root "${b: -16}"
    assert_status 0
    mask=$BATS_TEST_TMPDIR/etc/trustedkeys/root.d/$b
    assert_equal "$output" "key $b is no longer trusted for every image"$'\n'"it belongs to the system, and is masked by $mask"
    assert_equal "$(stat -c %s "$mask")" 0
    run signed trust rm "$b"
    assert_status 254
    assert_equal "$output" "rkt: key $b is not trusted for any image"
    signed trust --skip-fingerprint-review --root "$images/bob.pub"
    run --separate-stderr signed trust list --no-legend
    refute_contains "$output" mask
}

@test "trust rm: what is not clear is refused" {
    a=$(make_key alice)
    put_key alice etc prefix.d/example.com
    put_key alice etc root.d
    run signed trust rm "$a"
    assert_status 254
    assert_equal "$output" "rkt: several keys could be meant: $a for every image, $a for images of example.com; name one with \
--prefix=NAME or --root"
    run signed trust rm --prefix=example.org "$a"
    assert_status 254
    for words in "" "$a $a" abc "${a}x"; do
        # shellcheck disable=SC2086 # several words
        run signed trust rm --root $words
        assert_status 254
    done
    run signed trust rm --prefix=example.com "$a"
    assert_status 0
    assert_equal "$(keys)" "./root.d/$a"
}

# ---- Keys of the web

# Serves $images on 127.0.0.1:80. What is not there by https is looked for here, if that is allowed.
serve_by_http() {
    busybox httpd -f -p 127.0.0.1:80 -h "$images" 3>&- &
    server=$!
    await 10 busybox wget -q -O /dev/null http://127.0.0.1/alice.pub
}

# Serves $images on 127.0.0.1:8443, with a certificate of which $CURL_CA_BUNDLE knows.
serve_by_https() {
    export CURL_CA_BUNDLE=$BATS_TEST_TMPDIR/certificate
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 \
        -keyout "$BATS_TEST_TMPDIR/key" -out "$CURL_CA_BUNDLE" 2>/dev/null
    (cd "$images" && exec openssl s_server -quiet -accept 127.0.0.1:8443 -WWW -cert "$CURL_CA_BUNDLE" \
        -key "$BATS_TEST_TMPDIR/key" </dev/null >/dev/null 2>&1 3>&-) &
    server=$!
    await 10 openssl s_client -connect 127.0.0.1:8443 </dev/null
}

@test "trust: DISC-14: keys are discovered for a prefix, and those of http are never taken unasked" {
    key=$(make_key alice)
    echo '<meta name="ac-discovery-pubkeys" content="127.0.0.1/app http://127.0.0.1/alice.pub">' >"$images/index.html"
    serve_by_http
    run signed trust --skip-fingerprint-review --prefix=127.0.0.1/app
    assert_status 254
    run signed --trust-keys-from-https trust --insecure-allow-http --prefix=127.0.0.1/app
    assert_status 254
    assert_contains "$output" "takes a terminal"
    assert_equal "$(keys)" ""
    run --separate-stderr signed trust --insecure-allow-http --skip-fingerprint-review --prefix=127.0.0.1/app
    assert_status 0
    assert_equal "$(keys)" "./prefix.d/127.0.0.1/app/$key"
    run signed trust --insecure-allow-http --skip-fingerprint-review --prefix=127.0.0.1/other
    assert_status 254
}

@test "trust: --trust-keys-from-https takes keys of https, if it is verified and nothing else is allowed" {
    key=$(make_key alice)
    serve_by_https
    url=https://127.0.0.1:8443/alice.pub
    run signed trust --root "$url"
    assert_status 254
    assert_contains "$output" "reviewing the key $key of $url takes a terminal"
    for doubt in --insecure-allow-http --insecure-options=tls; do
        run signed --trust-keys-from-https trust --root "$doubt" "$url"
        assert_status 254
        assert_contains "$output" "takes a terminal"
    done
    (
        unset CURL_CA_BUNDLE SSL_CERT_FILE
        run signed --trust-keys-from-https trust --root "$url"
        assert_status 254
        refute_contains "$output" "takes a terminal"
    )
    assert_equal "$(keys)" ""
    run --separate-stderr signed --trust-keys-from-https trust --root "$url"
    assert_status 0
    assert_equal "$(keys)" "./root.d/$key"
}
