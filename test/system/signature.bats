#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# Whose images are taken: signatures, and what is refused of them.

bats_require_minimum_version 1.5.0
load lib
load keys

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
    run --separate-stderr signed run --net=none "$aci" --signature="$images/elsewhere"
    assert_equal "$stderr" ""
    assert_status 0
    assert_equal "$output" hello
    run --separate-stderr signed prepare --quiet "$aci" --signature="$images/elsewhere"
    assert_status 0
    run signed run --signature="$images/elsewhere" "$aci"
    assert_status 254
    assert_contains "$output" "--signature belongs to an image"
}

# ---- gpg

# The one that verifies.
find_gpg() {
    for gpg in $(pgrep -x gpg); do
        if tr '\0' ' ' <"/proc/$gpg/cmdline" | grep -q -- ' --verify '; then return 0; fi
    done
    return 1
}

# Of its /proc/PID/status.
status_of_gpg() { # MEMBER
    sed -n "s/^$1:[[:space:]]*//p" "/proc/$gpg/status" | tr '\t' ' '
}

@test "fetch: gpg is a user without rights, without a network, and may write to its home alone" {
    aci=$(make_small_aci web)
    make_key alice
    sign alice "$aci"
    put_key alice etc root.d
    mkfifo "$images/pipe.aci"
    signed fetch "$images/pipe.aci" --signature="$aci.asc" >"$BATS_TEST_TMPDIR/out" 2>&1 &
    fetch=$!
    exec 9>"$images/pipe.aci" # which keeps it verifying
    await 20 find_gpg
    assert_equal "$(status_of_gpg Uid) $(status_of_gpg Gid)" "65533 65533 65533 65533 65533 65533 65533 65533"
    assert_equal "$(status_of_gpg Groups | tr -d ' ')" ""
    assert_equal "$(status_of_gpg CapEff) $(status_of_gpg CapPrm) $(status_of_gpg CapAmb)" \
        "0000000000000000 0000000000000000 0000000000000000"
    assert_equal "$(status_of_gpg NoNewPrivs)" 1
    assert_contains "$(cat "/proc/$gpg/limits")" "Max address space         1073741824"
    for namespace in mnt net ipc; do
        [ "$(readlink "/proc/$gpg/ns/$namespace")" != "$(readlink "/proc/self/ns/$namespace")" ]
    done
    assert_equal "$(awk '$6 !~ /^ro/ { print $5 }' "/proc/$gpg/mountinfo")" /run
    # What it could do if a signature took it over.
    as_gpg() { nsenter --target "$gpg" --mount --net -- setpriv --reuid=65533 --regid=65533 --clear-groups "$@"; }
    assert_equal "$(as_gpg sh -c 'echo x 2>/dev/null >/tmp/x || echo x 2>/dev/null >/var/tmp/x || echo none')" none
    assert_equal "$(as_gpg sh -c 'echo x >/run/x && cat /run/x')" x
    assert_equal "$(as_gpg cat /proc/net/dev | awk -F: 'NR > 2 { print $1 }' | tr -d ' ')" lo
    refute_contains "$(as_gpg ls -a /run)" systemd
    cat "$aci" >&9
    exec 9>&-
    wait "$fetch"
    assert_equal "$(ls "$data/tmp")" ""
}

@test "trust: keys are read by a gpg without rights, too, also where a container grants no namespaces" {
    make_key alice
    mkdir -p /srv/gpg
    # In the place of gpg, and none that does its work for root.
    printf '#!/bin/sh\n[ "$*" = --version ] || [ "$(id -u)" = 65533 ] || exit 2\nexec /usr/bin/gpg "$@"\n' >/srv/gpg/gpg
    chmod 755 /srv/gpg /srv/gpg/gpg
    PATH=/srv/gpg:$PATH run signed trust --skip-fingerprint-review --root "$images/alice.pub"
    assert_status 0
    PATH=/srv/gpg:$PATH run signed trust list
    assert_contains "$output" trusted
    run setpriv --bounding-set=-sys_admin "$RKT" --local-config="$BATS_TEST_TMPDIR/other" trust --skip-fingerprint-review --root "$images/alice.pub"
    assert_status 0
    PATH=/srv run signed trust --skip-fingerprint-review --root "$images/alice.pub"
    assert_status 254
    assert_contains "$output" "rkt-gpg does not run; install gpg, which signatures take"
    sed -i 's/65533/0/' /srv/gpg/gpg
    PATH=/srv/gpg:$PATH run signed trust --skip-fingerprint-review --root "$images/alice.pub"
    assert_status 254
}
