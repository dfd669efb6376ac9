#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# Images from strangers: everything that must not get in.

bats_require_minimum_version 1.5.0
load lib

readonly no_tar='it is neither a tar archive nor one compressed by gzip, bzip2, xz or zstd'

assert_refused() { # FILE REASON [FLAG...]
    run --separate-stderr rkt fetch "$1" "${@:3}"
    assert_status 254
    assert_equal "$output" ""
    # shellcheck disable=SC2154 # bats sets it
    assert_equal "$stderr" "rkt: fetching $1: $2"
    assert_store_is_empty
}

@test "bad input: what is no archive" {
    echo hello >"$images/text.aci"
    assert_refused "$images/text.aci" "$no_tar"
    : >"$images/empty.aci"
    assert_refused "$images/empty.aci" "it is empty"
    gzip -k "$images/text.aci"
    assert_refused "$images/text.aci.gz" "$no_tar"
    run rkt fetch "$images/gone.aci"
    assert_status 254
    assert_contains "$output" "No such file or directory"
    run rkt fetch "$images"/./
    assert_contains "$output" "it is neither a file nor a pipe"
}

@test "bad input: archives that are cut off, damaged, or followed by something" {
    aci=$(make_small_aci web)
    gzip -k "$aci" && bzip2 -k "$aci" && xz -k "$aci" && zstd -q "$aci"
    for file in "$aci".{gz,bz2,xz,zst}; do
        head -c -4 "$file" >"$images/cut.aci"
        { cat "$file" && echo junk; } >"$images/junk.aci"
        for bad in cut junk; do
            run rkt fetch "$images/$bad.aci"
            assert_status 254
            assert_match "$output" "^rkt: fetching $images/$bad.aci: reading (gzip|compressed data): "
            assert_store_is_empty
        done
    done
    head -c 1536 "$aci" >"$images/cut.aci"
    assert_refused "$images/cut.aci" "the archive is cut off: it has no end marker"
    { cat "$aci" && echo junk; } >"$images/junk.aci"
    assert_refused "$images/junk.aci" "something follows the end of the archive"
}

@test "bad input: a manifest that is missing, twice, too large, or of another kind" {
    layout=$(make_layout web)
    aci=$images/bad.aci
    tar -cf "$aci" -C "$layout" rootfs
    assert_refused "$aci" "the archive has no manifest: it is not an ACI"
    tar -cf "$aci" -C "$layout" manifest rootfs
    tar -rf "$aci" -C "$layout" manifest
    assert_refused "$aci" 'reading the entry "manifest": it occurs twice'
    cp "$layout/manifest" "$BATS_TEST_TMPDIR/manifest"
    head -c 5000000 /dev/zero >>"$layout/manifest"
    tar -cf "$aci" -C "$layout" manifest rootfs
    assert_refused "$aci" 'reading the entry "manifest": it has more than 4194304 bytes'
    for bad in s/ImageManifest/PodManifest/ s/ImageManifest// 's/"name": "example.com/"name": "Example.com/' 's/}$//'; do
        sed "$bad" "$BATS_TEST_TMPDIR/manifest" >"$layout/manifest"
        tar -cf "$aci" -C "$layout" manifest rootfs
        run rkt fetch "$aci"
        assert_status 254
        assert_store_is_empty
    done
}

@test "bad input: paths that lead out, by name, by link, by hard link" {
    layout=$(make_layout web)
    aci=$images/bad.aci
    ln -s "$BATS_TEST_TMPDIR" "$layout/rootfs/out"
    mkdir -p "$layout/other/out"
    echo evil >"$layout/other/out/evil" && ln "$layout/other/out/evil" "$layout/other/out/hard"

    pack() { tar -cPf "$aci" -C "$layout" manifest rootfs && tar -rPf "$aci" -C "$layout" "$@" other/out/evil; }
    pack --transform='s,^other/out,rootfs/../../..,'
    assert_refused "$aci" 'reading the entry "rootfs/../../../evil": its name climbs out by ".."'
    pack --transform="s,^other/out,$BATS_TEST_TMPDIR,"
    assert_refused "$aci" "reading the entry \"$BATS_TEST_TMPDIR/evil\": its name is absolute"
    pack --transform='s,^other,rootfs,'
    assert_refused "$aci" 'reading the entry "rootfs/out/evil": it would be written through the link rootfs/out'
    pack --transform='s,^other/out,elsewhere,'
    assert_refused "$aci" 'reading the entry "elsewhere/evil": it is neither manifest nor in rootfs'
    pack --transform='flags=r;s,^other/out,rootfs/etc,' --transform='flags=h;s,^.*$,/etc/shadow,' other/out/hard
    assert_refused "$aci" 'reading the entry "rootfs/etc/evil": it is a hard link to /etc/shadow: its name is absolute'
    [ ! -e "$BATS_TEST_TMPDIR/evil" ]
}

@test "bad input: names that occur twice or are too long, devices, attributes that overlayfs obeys" {
    layout=$(make_layout web)
    aci=$images/bad.aci
    pack() { tar -cf "$aci" --xattrs --xattrs-include='*' --format=posix -C "$layout" manifest rootfs; }
    pack && tar -rf "$aci" --format=posix -C "$layout" ./rootfs/etc/motd
    assert_refused "$aci" 'reading the entry "./rootfs/etc/motd": it occurs twice'
    tar -cf "$aci" --format=posix -C "$layout" manifest rootfs --transform="s,motd,$(printf 'x%.0s' {1..256}),"
    assert_refused "$aci" "reading the entry \"rootfs/etc/$(printf 'x%.0s' {1..256})\": its name has a part of more than 255 bytes"
    tar -cf "$aci" --format=posix -C "$layout" manifest rootfs --transform="s,motd,$(printf 'x/%.0s' {1..2100}),"
    run rkt fetch "$aci"
    assert_contains "$output" "its name has more than 4095 bytes"
    mknod "$layout/rootfs/null" c 1 3
    pack
    assert_refused "$aci" 'reading the entry "rootfs/null": it is a device, 1:3'
    rm "$layout/rootfs/null" && mknod "$layout/rootfs/whiteout" c 0 0
    pack
    assert_refused "$aci" 'reading the entry "rootfs/whiteout": it is a device 0:0, by which overlayfs hides files'
    rm "$layout/rootfs/whiteout" && setfattr -n trusted.overlay.opaque -v y "$layout/rootfs/etc"
    pack
    assert_refused "$aci" 'reading the entry "rootfs/etc/": it has the attribute trusted.overlay.opaque, which no image may set'
}

@test "bad input: names that are no text are told with their bytes, and a manifest that is none is refused" {
    layout=$(make_layout web)
    aci=$images/bad.aci
    mknod "$layout/rootfs/caf"$'\xe9' c 1 3
    tar -cf "$aci" --format=ustar -C "$layout" manifest rootfs
    assert_refused "$aci" 'reading the entry "rootfs/caf\xe9": it is a device, 1:3'
    rm "$layout/rootfs/caf"$'\xe9'
    setfattr -n trusted.caf$'\xe9' -v 1 "$layout/rootfs/etc"
    tar -cf "$aci" --xattrs --xattrs-include='*' --format=posix -C "$layout" manifest rootfs
    assert_refused "$aci" 'reading the entry "rootfs/etc/": it has the attribute trusted.caf\xe9, which no image may set'
    setfattr -x trusted.caf$'\xe9' "$layout/rootfs/etc"
    sed -i 's/}$/, "annotations": [{"name": "a", "value": "caf\xe9"}]}/' "$layout/manifest"
    tar -cf "$aci" -C "$layout" manifest rootfs
    assert_refused "$aci" 'reading an image manifest: it is not UTF-8'
}

@test "an attribute that is left out may have any name, and its image is taken" {
    layout=$(make_layout web)
    # What has the name of the host's own attributes is left out.
    setfattr -n security.caf$'\xe9' -v 1 "$layout/rootfs/etc/motd"
    tar -cf "$images/web.aci" --xattrs --xattrs-include='*' --format=posix -C "$layout" manifest rootfs
    run --separate-stderr rkt fetch "$images/web.aci"
    assert_status 0
    assert_equal "$stderr" "rkt: warning: $images/web.aci: the attribute security.caf\\xe9 was left out"
}

@test "bad input: a bomb is stopped by the limits on bytes and entries" {
    layout=$(make_layout web)
    head -c 20M /dev/zero >"$layout/rootfs/zeros"
    tar -czf "$images/bomb.aci" -C "$layout" manifest rootfs
    assert_refused "$images/bomb.aci" "the archive unpacks to more than 10485760 bytes" --max-unpacked-bytes=10Mi
    assert_refused "$images/bomb.aci" "the archive has more than 3 entries" --max-entries=3
    truncate -s 1000T "$layout/rootfs/zeros"
    tar -czSf "$images/bomb.aci" -C "$layout" manifest rootfs
    run rkt fetch "$images/bomb.aci"
    assert_status 254
    assert_contains "$output" "the archive unpacks to more than"
    assert_store_is_empty
}

@test "bad input: directories that nothing but what lies in them tells of count as entries" {
    layout=$(make_layout deep)
    deep=rootfs$(printf '/a%.0s' {1..1000})
    mkdir -p "$layout/$deep"
    touch "$layout/$deep/file"
    tar -czf "$images/deep.aci" -C "$layout" manifest "$deep/file"
    assert_refused "$images/deep.aci" "the archive has more than 1001 entries" --max-entries=1001
    rkt fetch --max-entries=1002 "$images/deep.aci"
}

@test "bad input: what asks for more memory than any image needs is refused" {
    ! grep -q __asan_init "$(dirname "$RKT")/rkt-image" || skip "sanitizers reserve more memory"
    xz "$(make_small_aci web)"
    python3 - "$images/web.aci.xz" <<'EOF'
import struct, sys, zlib
with open(sys.argv[1], "r+b") as file:
    content = bytearray(file.read())
    header = 12  # of the first block, behind that of the stream
    end = header + content[header] * 4
    content[content.index(b"\x21\x01", header, end) + 2] = 40  # a dictionary of 4 GiB
    content[end : end + 4] = struct.pack("<I", zlib.crc32(content[header:end]))
    file.seek(0)
    file.write(content)
EOF
    xz -t "$images/web.aci.xz"
    assert_refused "$images/web.aci.xz" "reading compressed data: Lzma library error: Cannot allocate memory"
}
