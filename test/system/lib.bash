# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# What every file of system tests loads: the programs under test with a data directory of their own for
# each case, images made on the spot, waiting with a deadline, and assertions that say what they saw.

project=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
RKT=${RKT:-${RKT_BUILD:-$project/build}/rkt}

# Cases change systemd, mounts and machines, so they run nowhere but on a host made to be thrown away.
setup() {
    [ -e /.test-host ] || {
        echo "these tests run on a test host only: test/run system" >&2
        return 1
    }
    data=$(mktemp -d /var/lib/rkt/XXXXXX)
    images=$BATS_TEST_TMPDIR/images
    mkdir -p "$images"
}

# What a case that failed has left running would keep the next ones waiting.
teardown() {
    end_pods
}

end_pods() {
    "$RKT" --dir="$data" list --no-legend --full 2>/dev/null | awk '$5 == "running" || $4 == "running" { print $1 }' |
        xargs --no-run-if-empty "$RKT" --dir="$data" stop --force >/dev/null 2>&1 || true
}

rkt() {
    "$RKT" --dir="$data" --insecure-options=image "$@"
}

# ---- Images

# make_aci NAME [-v VERSION] [-u USER] [-g GROUP] [-a APP-MEMBERS] [-m MANIFEST-MEMBERS] [-r DIR] [--] [LINE]...
#
# Makes an image of busybox whose app runs LINES in a shell, and says where it is. NAME may be a whole
# image name; its last part names the file. APP-MEMBERS and MANIFEST-MEMBERS are JSON that is put in, as
# in -a '"environment": [{"name": "A", "value": "1"}]'. What DIR has is laid over the root file system.
# The same arguments give the same bytes.
make_aci() {
    local name=$1 version=1 user=0 group=0 app='' manifest='' overlay='' option OPTIND=1 layout
    shift
    while getopts v:u:g:a:m:r: option; do
        case $option in
            v) version=$OPTARG ;;
            u) user=$OPTARG ;;
            g) group=$OPTARG ;;
            a) app=", $OPTARG" ;;
            m) manifest=", $OPTARG" ;;
            r) overlay=$OPTARG ;;
            *) return 1 ;;
        esac
    done
    shift $((OPTIND - 1))
    layout=$(mktemp -d "$BATS_TEST_TMPDIR/layout.XXXXXX")
    fill_rootfs "$layout/rootfs"
    if [ -n "$overlay" ]; then cp -a "$overlay/." "$layout/rootfs/"; fi
    cat >"$layout/manifest" <<MANIFEST
{"acKind": "ImageManifest", "acVersion": "0.8.11", "name": "$name",
 "labels": [{"name": "version", "value": "$version"}, {"name": "os", "value": "linux"}, {"name": "arch", "value": "amd64"}],
 "app": {"exec": ["/bin/sh", "-c", $(json_string "$(printf '%s\n' "$@")")],
         "user": "$user", "group": "$group"$app}$manifest}
MANIFEST
    pack_aci "$layout" "$images/${name##*/}.aci"
    rm -r "$layout"
    echo "$images/${name##*/}.aci"
}

# Packs a directory that holds manifest and rootfs, with neither times nor owners of this moment.
pack_aci() { # LAYOUT FILE
    tar --create --file="$2" --directory="$1" --format=ustar --sort=name \
        --mtime=@1000000000 --owner=0 --group=0 --numeric-owner manifest rootfs
}

fill_rootfs() { # DIR
    local program
    mkdir -p "$1"/{bin,dev,etc,proc,run,sys,tmp,var/tmp}
    chmod 1777 "$1/tmp" "$1/var/tmp"
    cp /bin/busybox "$1/bin/busybox"
    for program in cat chmod dd echo env false grep head hostname id ip kill ln ls mkdir mount ps rm seq sh sleep \
        stat tail test touch tr true wc wget; do
        ln -s busybox "$1/bin/$program"
    done
    printf 'root:x:0:0:root:/:/bin/sh\nalice:x:1234:1235::/:/bin/sh\n' >"$1/etc/passwd"
    printf 'root:x:0:\nstaff:x:1235:\n' >"$1/etc/group"
}

json_string() { # TEXT
    local text=$1
    text=${text//\\/\\\\}
    text=${text//\"/\\\"}
    text=${text//$'\n'/\\n}
    text=${text//$'\t'/\\t}
    printf '"%s"' "$text"
}

# Makes the directory of an image that holds a file or two, and says where it is.
make_layout() { # NAME
    local layout=$BATS_TEST_TMPDIR/$1.layout
    mkdir -p "$layout/rootfs/etc"
    echo hello >"$layout/rootfs/etc/motd"
    echo "{\"acKind\": \"ImageManifest\", \"acVersion\": \"0.8.11\", \"name\": \"example.com/$1\",
        \"labels\": [{\"name\": \"version\", \"value\": \"1\"}]}" >"$layout/manifest"
    echo "$layout"
}

# The same as an archive.
make_small_aci() { # NAME
    local layout
    layout=$(make_layout "$1")
    pack_aci "$layout" "$images/$1.aci"
    echo "$images/$1.aci"
}

digest() { # COMMAND...: of what it writes
    "$@" | sha512sum | cut -d' ' -f1
}

# Nothing of a fetch that did not succeed.
assert_store_is_empty() {
    assert_equal "$(ls "$data/images" "$data/layers")" "$(printf '%s:\n\n%s:' "$data/images" "$data/layers")"
    assert_equal "$(ls "$data/tmp")" ""
}

# ---- Waiting: for a condition, never for a time

# Asks COMMAND again and again until it succeeds; a deadline that passes fails the case.
await() { # SECONDS COMMAND...
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        if [ $SECONDS -ge "$end" ]; then
            fail "this did not come true in time: $*"
            return 1
        fi
        sleep 0.02
    done
}

# ---- Assertions

fail() {
    printf '%s\n' "$@" >&2
    return 1
}

assert_equal() { # ACTUAL EXPECTED [WHAT]
    [ "$1" = "$2" ] || fail "${3:-value}" "  expected: $2" "  actual:   $1"
}

assert_contains() { # TEXT PART
    [[ $1 == *"$2"* ]] || fail "expected to find: $2" "in: $1"
}

refute_contains() { # TEXT PART
    [[ $1 != *"$2"* ]] || fail "expected not to find: $2" "in: $1"
}

assert_match() { # TEXT REGULAR-EXPRESSION
    [[ $1 =~ $2 ]] || fail "expected to match: $2" "in: $1"
}

# Of the last `run`, whose output tells why it was another.
assert_status() { # STATUS
    # shellcheck disable=SC2154 # bats sets both
    [ "$status" -eq "$1" ] || fail "expected status $1, got $status, with this output:" "$output"
}
