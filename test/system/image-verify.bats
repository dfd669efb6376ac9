#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# What is stored of an image is as it was fetched, or rkt says what is not; and what was used lately is kept.

bats_require_minimum_version 1.5.0
load lib

# An image with something of every kind.
make_rich_aci() { # NAME
    local layout
    layout=$(make_layout "$1")
    (
        cd "$layout/rootfs" || exit
        ln etc/motd hard && ln -s /nowhere soft && mkfifo fifo && mkdir -m 1731 dir
        echo "$1" >file && chown 1234:5678 file && chmod 4751 file && setfattr -n user.color -v red file
        truncate -s 1000000 hole
    )
    tar --create --xattrs --sparse --format=posix --gzip --file="$images/$1.aci" --directory="$layout" manifest rootfs
    echo "$images/$1.aci"
}

@test "image verify: each image on a line, and whole images are whole" {
    web=$(rkt fetch --full "$(make_rich_aci web)") db=$(rkt fetch --full "$(make_small_aci db)")
    run --separate-stderr rkt image verify example.com/web "$db"
    assert_status 0
    assert_equal "$output" "${web:0:39}"$'\twhole\n'"${db:0:39}"$'\twhole'
    run --separate-stderr rkt image verify --format=json "$web"
    assert_status 0
    assert_equal "$output" "[{\"condition\":\"whole\",\"id\":\"$web\"}]"
    assert_equal "$(ls "$data/tmp")" ''
}

@test "image verify: whatever is damaged is named, with what to do" {
    aci=$(make_rich_aci web)
    id=$(rkt fetch --full "$aci") db=$(rkt fetch --full "$(make_small_aci db)")
    layer=$data/layers/$id
    damaged() { # REASON COMMAND...
        "${@:2}"
        run --separate-stderr rkt image verify "$id" "$db"
        assert_status 254
        assert_equal "$output" "${id:0:39}"$'\tdamaged\t'"$1"$'\n'"${db:0:39}"$'\twhole'
        assert_equal "$stderr" "rkt: 1 of 2 images damaged: rkt image rm removes such an image, and rkt fetch gets it again"
        rkt image rm "$id" >/dev/null
        rkt fetch "$aci" >/dev/null
        rkt image verify "$id" >/dev/null
    }
    flip() { # a letter, and nothing else
        touch -r "$1" "$BATS_TEST_TMPDIR/time"
        sed -i '1s/./X/' "$1"
        touch -r "$BATS_TEST_TMPDIR/time" "$1"
    }
    damaged 'etc/motd: it is of another kind' flip "$layer/rootfs/etc/motd" # sed breaks the hard link
    damaged 'fifo: it is missing' rm "$layer/rootfs/fifo"
    damaged 'file: its mode is another' chmod 751 "$layer/rootfs/file"
    damaged 'more: it does not belong there' cp --preserve=all "$layer/rootfs/file" "$layer/rootfs/more"
    damaged 'its manifest is not that of its archive' sed -i s/example/Example/ "$data/images/$id/manifest"
    damaged 'its files are missing' rm -r "$layer/rootfs"
    damaged "its archive is that of sha512-$(digest cat "$images/db.aci")" cp "$images/db.aci" "$layer/archive"
    truncate -s -20 "$layer/archive"
    run rkt image verify --format=json "$id"
    assert_status 254
    assert_contains "$output" '"condition":"damaged"'
    assert_equal "$(ls "$data/tmp")" ''
}

@test "image verify: content alone is enough to be damaged" {
    id=$(rkt fetch --full "$(make_small_aci web)")
    motd=$data/layers/$id/rootfs/etc/motd
    touch -r "$motd" "$BATS_TEST_TMPDIR/time"
    printf jello >"$BATS_TEST_TMPDIR/new" && dd if="$BATS_TEST_TMPDIR/new" of="$motd" conv=notrunc status=none
    touch -r "$BATS_TEST_TMPDIR/time" "$motd"
    run rkt image verify "$id"
    assert_status 254
    assert_contains "$output" 'etc/motd: its content is another'
}

@test "image verify: where the host fails nothing is said of the image" {
    id=$(rkt fetch --full "$(make_rich_aci web)")
    fails() { # PATTERN COMMAND...
        run --separate-stderr "${@:2}" "$RKT" --dir="$data" image verify "$id"
        assert_status 254
        assert_equal "$output" ''
        assert_match "$stderr" "^rkt: verifying image ${id:0:39}: $1$"
        assert_equal "$(ls "$data/tmp")" ''
    }
    fails 'the process that unpacks ended with status 153' prlimit --fsize=100000 --core=0
    fails 'confining the process: making a mount of the directory: Operation not permitted' \
        setpriv --bounding-set=-sys_admin
    mount -t tmpfs -o nr_inodes=8 none "$data/tmp"
    fails '.*: No space left on device'
    umount "$data/tmp"
    rkt image verify "$id" >/dev/null
}

@test "image verify: what has gone from the store is damage" {
    for file in layers source manifest; do
        id=$(rkt fetch --full "$(make_small_aci web)")
        rm "$data/images/$id/$file"
        run --separate-stderr rkt image verify "$id"
        assert_status 254
        assert_contains "$output" $'\tdamaged\t'
        assert_contains "$output" "No such file or directory"
        rkt image rm "$id"
    done
}

@test "image verify: without its archive nothing is known of an image, and that is said" {
    id=$(rkt fetch --full --no-archive "$(make_small_aci web)")
    run --separate-stderr rkt image verify "$id"
    assert_status 0
    assert_equal "$output" "${id:0:39}"$'\tunknown\tits archive was not kept, so there is nothing to compare its files with'
}

@test "image verify: what is asked for wrongly is refused before anything is read" {
    id=$(rkt fetch --full "$(make_small_aci web)")
    run rkt image verify
    assert_status 254
    run rkt image verify "$id" example.com/none
    assert_status 254
    assert_equal "$output" "rkt: image example.com/none is not in the store"
    run rkt image verify --format=xml "$id"
    assert_status 254
    run setpriv --reuid=65534 --regid=65534 --clear-groups "$RKT" --dir="$data" image verify "$id"
    assert_status 254
    assert_contains "$output" 'run it as root'
}

@test "image verify: it is not a use of the image, and fetch, export, render and extract are" {
    aci=$(make_small_aci web)
    id=$(rkt fetch --full "$aci")
    grow_old() {
        sed -i -E 's/"imported": [0-9]+/"imported": 1/' "$data/images/$id/source"
        touch -d '2 days ago' "$data/images/$id/source"
    }
    for command in "fetch $aci" "fetch $id" "image export $id $images/out.aci" "image render $id $images/rendered" \
        "image extract $id $images/extracted"; do
        grow_old
        # shellcheck disable=SC2086 # words
        rkt $command >/dev/null
        assert_equal "$(rkt image gc)" '' "$command"
    done
    grow_old
    rkt image verify "$id" >/dev/null
    assert_equal "$(rkt image gc)" "successfully removed aci for image: \"$id\""
}

@test "image gc: what pods use that do not run is kept, and so is the configured stage1" {
    image=$(make_aci example.com/web 'exit 0')
    uuid=$(rkt prepare "$image")
    other=$(rkt fetch --full "$(make_small_aci other)")
    mkdir -p "$BATS_TEST_TMPDIR/config/stage1.d"
    echo '{"rktKind": "stage1", "rktVersion": "v1", "name": "example.com/other", "version": "1"}' >"$BATS_TEST_TMPDIR/config/stage1.d/a.json"
    assert_equal "$(rkt image gc --grace-period=0 --user-config="$BATS_TEST_TMPDIR/config")" ''
    assert_equal "$(rkt image gc --grace-period=0)" "successfully removed aci for image: \"$other\""
    rkt run-prepared "$uuid"
    assert_equal "$(rkt image gc --grace-period=0)" ''
    rkt rm "$uuid" >/dev/null
    assert_contains "$(rkt image gc --grace-period=0)" 'successfully removed'
}
