# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# For cases about whose images are taken: a publisher with keys and signatures, and an rkt that asks for them.

teardown() {
    [ -z "${server:-}" ] || kill "$server"
    [ ! -d "$BATS_TEST_TMPDIR/gpg" ] || gpgconf --homedir "$BATS_TEST_TMPDIR/gpg" --kill all
}

# With signatures asked for, and keys of the case's own.
signed() {
    "$RKT" --dir="$data" --system-config="$BATS_TEST_TMPDIR/usr" --local-config="$BATS_TEST_TMPDIR/etc" "$@"
}

# What a person at a terminal sees who types ANSWER.
at_terminal() { # ANSWER COMMAND...
    local answer=$1
    shift
    # shellcheck disable=SC2016 # the inner shell's own
    printf '%s\n' "$answer" | script --quiet --return --echo never --command "$(printf '%q ' "$@")" /dev/null | tr -d '\r'
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
