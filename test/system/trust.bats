#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# Whose images are taken: signatures, and the keys that are trusted.

bats_require_minimum_version 1.5.0
load lib

teardown() {
    [ ! -d "$BATS_TEST_TMPDIR/gpg" ] || gpgconf --homedir "$BATS_TEST_TMPDIR/gpg" --kill all
}

# With signatures asked for, and keys of the case's own.
signed() {
    "$RKT" --dir="$data" --system-config="$BATS_TEST_TMPDIR/usr" --local-config="$BATS_TEST_TMPDIR/etc" "$@"
}

# The publisher's, who has keys without a passphrase.
publisher() {
    (umask 077 && mkdir -p "$BATS_TEST_TMPDIR/gpg")
    gpg --homedir "$BATS_TEST_TMPDIR/gpg" --quiet --batch --no-tty --yes --pinentry-mode loopback --passphrase '' "$@" \
        2>>"$BATS_TEST_TMPDIR/gpg.log" || { cat "$BATS_TEST_TMPDIR/gpg.log" >&2 && return 1; }
}

# make_key USER [ALGORITHM [EXPIRES [OPTION]...]]: says the fingerprint; the public key is in $images/USER.pub.
make_key() {
    publisher "${@:4}" --quick-gen-key "$1" "${2:-ed25519}" sign "${3:-never}"
    publisher --armor --export "$1" >"$images/$1.pub"
    fingerprint_of "$1"
}

fingerprint_of() { # USER
    publisher --with-colons --list-keys "$1" | awk -F: '$1 == "fpr" { print tolower($10); exit }'
}

sign() { # USER FILE [OPTION]...
    publisher "${@:3}" --local-user "$1" --armor --output "$2.asc" --detach-sign "$2"
}

# What `rkt trust` writes.
put_key() { # USER CONFIG PLACE
    mkdir -p "$BATS_TEST_TMPDIR/$2/trustedkeys/$3"
    cp "$images/$1.pub" "$BATS_TEST_TMPDIR/$2/trustedkeys/$3/$(fingerprint_of "$1")"
}

assert_refused() { # FILE REASON
    run --separate-stderr signed fetch "$1"
    assert_status 254
    # shellcheck disable=SC2154 # bats sets it
    assert_equal "$stderr" "rkt: fetching $1: $2"
    assert_equal "$output" ""
    [ ! -e "$data/images" ] || assert_store_is_empty
}

readonly without="to take the image without one: --insecure-options=image"

@test "fetch: IMG-16: a signature beside the image holds, whatever the compression, and who signed is noted" {
    aci=$(make_small_aci web)
    gzip -k "$aci"
    key=$(make_key alice)
    put_key alice etc prefix.d/example.com
    for file in "$aci" "$aci.gz"; do
        sign alice "$file"
        run --separate-stderr signed fetch --full "$file"
        assert_status 0
        assert_equal "$stderr" ""
        assert_contains "$(cat "$data/images/$output/source")" "\"key\": \"$key\""
        cmp "$file" "$data/layers/$output/archive"
        assert_equal "$(ls "$data/tmp")" ""
        signed image rm "$output"
    done
    publisher --local-user alice --output "$aci.asc" --detach-sign "$aci"
    run signed fetch "$aci"
    assert_status 0
}

@test "fetch: IMG-15: a signature that is missing, too large, garbage, or of another file is refused" {
    aci=$(make_small_aci web)
    key=$(make_key alice)
    put_key alice etc root.d
    assert_refused "$aci" "there is no signature $aci.asc; $without"
    echo garbage >"$aci.asc"
    assert_refused "$aci" "the signature $aci.asc: there is no OpenPGP signature in it; $without"
    head -c 1048577 /dev/zero >"$aci.asc"
    assert_refused "$aci" "reading $aci.asc: larger than 1048576 bytes; $without"
    other=$(make_small_aci other)
    sign alice "$other"
    cp "$other.asc" "$aci.asc"
    assert_refused "$aci" "the signature $aci.asc by key $key is not of this file; $without"
}

@test "fetch: IMG-17: a key that is unknown, for other images or masked is refused" {
    aci=$(make_small_aci web)
    key=$(make_key alice)
    sign alice "$aci"
    assert_refused "$aci" "the signature $aci.asc is by key $key, which is not known; with its public key in FILE: \
rkt trust --prefix=example.com/web FILE"
    put_key alice usr prefix.d/example.com/we
    file=$BATS_TEST_TMPDIR/usr/trustedkeys/prefix.d/example.com/we/$key
    assert_refused "$aci" "the signature $aci.asc is by key $key, which is trusted for images of example.com/we and not \
for example.com/web; to trust it: rkt trust --prefix=example.com/web $file"
    put_key alice usr root.d
    signed fetch "$aci"
    signed image rm example.com/web
    mkdir -p "$BATS_TEST_TMPDIR/etc/trustedkeys/root.d"
    : >"$BATS_TEST_TMPDIR/etc/trustedkeys/root.d/$key"
    run signed fetch "$aci"
    assert_status 254
    assert_contains "$output" "by key $key, which is masked for example.com/web; to trust it: rkt trust "
}

@test "fetch: a key that has expired or was revoked, and what is too weak, is refused" {
    aci=$(make_small_aci web)
    old=$(make_key old ed25519 1d --faked-system-time 20200101T000000)
    lost=$(make_key lost)
    short=$(make_key short rsa1024)
    long=$(make_key long rsa2048)
    sign lost "$aci"
    sed 's/^:-----BEGIN/-----BEGIN/' "$BATS_TEST_TMPDIR/gpg/openpgp-revocs.d/${lost^^}.rev" >"$images/revocation"
    publisher --import "$images/revocation"
    publisher --armor --export lost >"$images/lost.pub"
    for user in old lost short long; do put_key $user etc root.d; done
    assert_refused "$aci" "the signature $aci.asc is by key $lost, which was revoked; $without"
    sign old "$aci" --faked-system-time 20200101T120000
    assert_refused "$aci" "the signature $aci.asc is by key $old, which has expired; $without"
    sign short "$aci"
    assert_refused "$aci" "the signature $aci.asc proves nothing: key $short is too weak (rsa1024); $without"
    sign long "$aci" --digest-algo SHA1
    assert_refused "$aci" "the signature $aci.asc by key $long proves nothing: its hash SHA1 is too weak; $without"
    sign long "$aci"
    run signed fetch "$aci"
    assert_status 0
}

@test "fetch: one key file that is broken is named and stops nothing" {
    aci=$(make_small_aci web)
    key=$(make_key alice)
    sign alice "$aci"
    put_key alice etc root.d
    keys=$BATS_TEST_TMPDIR/etc/trustedkeys/root.d
    echo garbage >"$keys/$(printf 'a%.0s' {1..40})"
    cp "$keys/$key" "$keys/README"
    run --separate-stderr signed fetch "$aci"
    assert_status 0
    assert_contains "$stderr" "warning: $keys/README is not used as a key: its name is not the fingerprint of a key"
    assert_contains "$stderr" "is not used as a key: there is no OpenPGP public key in it"
}

@test "fetch: --signature names the file, a pipe is verified too, and without verification none is read: DISC-16" {
    aci=$(make_small_aci web)
    make_key alice
    sign alice "$aci"
    put_key alice etc root.d
    mv "$aci.asc" "$images/elsewhere"
    run signed fetch --signature="$images/elsewhere" "$aci"
    assert_status 254
    assert_contains "$output" "--signature belongs to an image"
    mkfifo "$images/pipe.aci"
    cat "$aci" >"$images/pipe.aci" &
    run signed fetch "$images/pipe.aci" --signature="$images/elsewhere"
    assert_status 0
    signed image rm example.com/web
    mkfifo "$aci.asc" # nobody writes into it
    run rkt fetch "$aci"
    assert_status 0
}

@test "fetch: gpg leaves nothing behind, and the user's own keyring has no say" {
    aci=$(make_small_aci web)
    make_key alice
    sign alice "$aci"
    export HOME=$BATS_TEST_TMPDIR/home
    (umask 077 && mkdir -p "$HOME/.gnupg")
    gpg --quiet --batch --import "$images/alice.pub"
    before=$(find "$HOME" -printf '%p %s %T@\n')
    run signed fetch "$aci"
    assert_status 254
    assert_contains "$output" "which is not known"
    put_key alice etc root.d
    run signed fetch "$aci"
    assert_status 0
    assert_equal "$(find "$HOME" -printf '%p %s %T@\n')" "$before"
    assert_equal "$(ls "$data/tmp")" ""
    refute_contains "$(ps -e -o args)" "gpg-agent --homedir $data"
}

@test "fetch: IMG-12: a damaged archive is called damaged, and is not stored" {
    aci=$(make_small_aci web)
    make_key alice
    put_key alice etc root.d
    gzip "$aci"
    truncate -s -9 "$aci.gz"
    sign alice "$aci.gz"
    run signed fetch "$aci.gz"
    assert_status 254
    refute_contains "$output" signature
    assert_store_is_empty
}

@test "run, prepare: an image's signature is asked for, and --signature belongs to the image before it" {
    aci=$(make_aci example.com/web -- 'echo hello')
    make_key alice
    put_key alice etc root.d
    run signed prepare "$aci"
    assert_status 254
    assert_contains "$output" "there is no signature $aci.asc"
    sign alice "$aci"
    mv "$aci.asc" "$images/elsewhere"
    run --separate-stderr signed run "$aci" --signature="$images/elsewhere"
    assert_status 0
    assert_equal "$output" hello
    run --separate-stderr signed prepare --quiet "$aci" --signature="$images/elsewhere"
    assert_status 0
    run signed run --signature="$images/elsewhere" "$aci"
    assert_status 254
    assert_contains "$output" "--signature belongs to an image"
}

# ---- rkt trust

# What a person at a terminal sees who types ANSWER.
at_terminal() { # ANSWER COMMAND...
    local answer=$1
    shift
    # shellcheck disable=SC2016 # the inner shell's own
    printf '%s\n' "$answer" | script --quiet --return --echo never --command "$(printf '%q ' "$@")" /dev/null | tr -d '\r'
}

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
