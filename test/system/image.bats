#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# Images for people: fetched from a file, listed, shown, removed, collected, by whoever may.

bats_require_minimum_version 1.5.0
load lib

@test "fetch: an image is its bytes, in whatever compression, and is kept as it came" {
    aci=$(make_small_aci web)
    id=sha512-$(digest cat "$aci")
    gzip -k "$aci" && bzip2 -k "$aci" && xz -k "$aci" && zstd -q "$aci"
    for file in "$aci" "$aci".{gz,bz2,xz,zst}; do
        run --separate-stderr rkt fetch --full "$file"
        assert_status 0
        assert_equal "$output" "$id" "$file"
        cmp "$file" "$data/layers/$id/archive"
        assert_equal "$(cat "$data/layers/$id/rootfs/etc/motd")" hello
        run rkt image rm "$id"
        assert_status 0
        assert_store_is_empty
    done
}

@test "fetch: several images at once, each with its short id, and one that is stored by its name" {
    one=$(make_small_aci one) two=$(make_small_aci two)
    run --separate-stderr rkt fetch "$one" "file://$two"
    assert_status 0
    assert_equal "$output" "sha512-$(digest cat "$one" | cut -c-32)
sha512-$(digest cat "$two" | cut -c-32)"
    run --separate-stderr rkt fetch --pull-policy=new example.com/two:1
    assert_equal "$output" "sha512-$(digest cat "$two" | cut -c-32)"
    run rkt fetch --pull-policy=never example.com/three
    assert_status 254
    assert_equal "$output" "rkt: fetching example.com/three: image example.com/three is not in the store"
}

@test "fetch: the archive is not kept when that is not wanted" {
    aci=$(make_small_aci web)
    rkt fetch --no-archive "$aci"
    assert_equal "$(ls "$data"/layers/*)" rootfs
}

@test "fetch: an image without a signature needs to be asked for" {
    aci=$(make_small_aci web)
    run "$RKT" --dir="$data" fetch "$aci"
    assert_status 254
    assert_contains "$output" "--insecure-options=image"
    run "$RKT" --dir="$data" --insecure-options=tls fetch "$aci"
    assert_status 254
    run "$RKT" --dir="$data" --insecure-options=all-fetch fetch "$aci"
    assert_status 0
}

@test "fetch: owners, modes, times, links, attributes and holes are as in the archive" {
    layout=$(make_layout web)
    (
        cd "$layout/rootfs"
        echo x >file && chown 1234:5678 file && chmod 6751 file && touch -d @1234567890.5 file
        ln file hard && ln -s /nowhere soft && chown -h 1:2 soft && mkfifo fifo
        mkdir dir && chmod 1731 dir && chown 7:8 dir && touch -d @987654321 dir
        truncate -s 1000000 hole && echo end >>hole
        echo x >größe
    )
    tar --create --xattrs --sparse --format=posix --file="$images/web.aci" --directory="$layout" manifest rootfs
    rkt fetch "$images/web.aci"
    run tar --compare --xattrs --file="$images/web.aci" --directory="$(echo "$data"/layers/*)" rootfs
    assert_status 0
    assert_equal "$output" ""
    [ "$(stat -c %b "$data"/layers/*/rootfs/hole)" -lt 100 ]
}

@test "image list: fields, order, forms" {
    run --separate-stderr rkt image list
    assert_equal "$output" $'ID\tNAME\tSIZE\tIMPORT TIME\tLAST USED'
    b=$(rkt fetch --full "$(make_small_aci b)") a=$(rkt fetch --full "$(make_small_aci a)")
    run --separate-stderr rkt image list --no-legend --fields=name
    assert_equal "$output" $'example.com/b:1\nexample.com/a:1'
    run --separate-stderr rkt image list --no-legend --fields=name --order=desc
    assert_equal "$output" $'example.com/a:1\nexample.com/b:1'
    run --separate-stderr rkt image list --no-legend --fields=name --sort=size,name
    assert_equal "$output" $'example.com/a:1\nexample.com/b:1'
    run --separate-stderr rkt image list --no-legend --fields=id --full
    assert_equal "$output" "$b"$'\n'"$a"
    run --separate-stderr rkt image list
    assert_match "${lines[1]}" "^${b:0:19}	+example.com/b:1	+[0-9.]+KiB	+[a-z0-9 ]+	+[a-z0-9 ]+$"
    run --separate-stderr rkt image list --format=json --fields=id,name
    assert_equal "$output" \
        "[{\"id\":\"$b\",\"name\":\"example.com/b:1\"},{\"id\":\"$a\",\"name\":\"example.com/a:1\"}]"
    for bad in --fields=colour --sort=id --order=up --format=xml; do
        run rkt image list "$bad"
        assert_status 254
    done
}

@test "image cat-manifest: by id, beginning of one, or name" {
    aci=$(make_small_aci web)
    id=$(rkt fetch --full "$aci")
    for word in "$id" "${id:0:12}" example.com/web example.com/web:1 example.com/web,version=1; do
        run --separate-stderr rkt image cat-manifest --pretty-print=false "$word"
        assert_status 0
        assert_equal "$output" '{"acKind":"ImageManifest","acVersion":"0.8.11","labels":[{"name":"version","value":"1"}],"name":"example.com/web"}'
    done
    run --separate-stderr rkt image cat-manifest "$id"
    assert_equal "${lines[1]}" '    "acKind": "ImageManifest",'
    for bad in example.com/other example.com/web:2 sha512-00; do
        run rkt image cat-manifest "$bad"
        assert_status 254
    done
}

@test "image rm: what is not there is said, what a pod uses stays, what cannot be read blocks" {
    id=$(rkt fetch --full "$(make_small_aci web)")
    run --separate-stderr rkt image rm example.com/other
    assert_status 0
    assert_equal "$stderr" "rkt: image example.com/other is not in the store"

    pin=$data/pins/00000000-0000-4000-8000-000000000001
    printf 'image %s\nlayer %s\n' "$id" "$id" >"$pin"
    run rkt image rm "$id"
    assert_status 254
    assert_equal "$output" "rkt: image ${id:0:39} is used by the pod 00000000-0000-4000-8000-000000000001"
    other=$(rkt fetch --full "$(make_small_aci other)")
    run rkt image rm "$other" "$id"
    assert_status 254
    [ -e "$data/images/$other/manifest" ]
    rkt image rm "$other" "$other"
    [ ! -e "$data/layers/$other" ]
    printf 'image %s' "$id" >"$pin"
    run rkt image rm "$id"
    assert_status 254
    assert_contains "$output" "without which nothing can be removed"
    run rkt image gc
    assert_status 254
    rm "$pin"
    run rkt image rm "$id"
    assert_status 0
    assert_equal "$output" "successfully removed aci for image: \"$id\""
    assert_store_is_empty
}

@test "image gc: images that were not used for a while go, unless a pod uses them" {
    old=$(rkt fetch --full "$(make_small_aci old)") new=$(rkt fetch --full "$(make_small_aci new)")
    pinned=$(rkt fetch --full "$(make_small_aci pinned)")
    printf 'image %s\nlayer %s\n' "$pinned" "$pinned" >"$data/pins/00000000-0000-4000-8000-000000000001"
    for id in "$old" "$pinned"; do
        sed -i -E 's/"imported": [0-9]+/"imported": 1/' "$data/images/$id/source"
        touch -d '2 hours ago' "$data/images/$id/source"
    done
    run rkt image gc
    assert_equal "$output" ""
    mkdir "$data/layers/sha512-abandoned" "$data/tmp/import-abandoned"
    run rkt image gc --grace-period=1h
    assert_status 0
    assert_equal "$output" "successfully removed aci for image: \"$old\""
    assert_equal "$(find "$data/layers" "$data/tmp" -mindepth 1 -maxdepth 1 | sort)" \
        "$(printf "$data/layers/%s\n" "$pinned" "$new" | sort)"
    run rkt image gc --grace-period=soon
    assert_status 254
}

@test "an ordinary user lists, and neither changes, nor reads manifests, nor runs an image's programs" {
    layout=$(make_layout web)
    cp /bin/true "$layout/rootfs/suid" && chmod 4755 "$layout/rootfs/suid"
    tar -cf "$images/web.aci" -C "$layout" manifest rootfs
    id=$(rkt fetch --full "$images/web.aci")
    chmod 755 "$data"
    as_user() { setpriv --reuid=65534 --regid=65534 --clear-groups "$RKT" --dir="$data" "$@"; }
    run --separate-stderr as_user image list --no-legend --fields=name
    assert_status 0
    assert_equal "$output" example.com/web:1
    run as_user image cat-manifest "$id"
    assert_status 254
    for command in "fetch $images/web.aci" "image rm $id" "image gc"; do
        # shellcheck disable=SC2086 # words
        run as_user --insecure-options=image $command
        assert_status 254
        assert_contains "$output" root
    done
    # By a shell, since setpriv itself still has root's powers when it executes something.
    run setpriv --reuid=65534 --regid=65534 --clear-groups sh -c "$data/layers/$id/rootfs/suid"
    assert_status 126
}

@test "group rkt lists, when there is one" {
    groupadd rkt
    rm -r "$data" && mkdir "$data" && chmod 755 "$data"
    id=$(rkt fetch --full "$(make_small_aci web)")
    as() { setpriv --reuid=65534 --regid="$1" --clear-groups "$RKT" --dir="$data" "${@:2}"; }
    run --separate-stderr as "$(getent group rkt | cut -d: -f3)" image list --no-legend --fields=name
    assert_equal "$output" example.com/web:1
    run --separate-stderr as "$(getent group rkt | cut -d: -f3)" image cat-manifest "$id"
    assert_status 0
    run as 65534 image list
    assert_status 254
    groupdel rkt
}

@test "a word that is no verb, no flag or no image is refused" {
    for words in "image walk" "image" "fetch" "fetch --colour x.aci" "fetch Web" "fetch docker://redis" \
        "image rm" "image cat-manifest a b" "fetch --pull-policy=maybe x" "fetch --max-entries=-1 x"; do
        # shellcheck disable=SC2086 # words
        run rkt $words
        [ "$status" -eq 254 ] || [ "$words $status" = "image 2" ] || fail "$words ended with $status"
    done
}
