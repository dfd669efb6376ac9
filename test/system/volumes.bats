#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# Volumes: what apps see of the host and of each other, and what they cannot reach that way.

load lib

# A directory of the host on a real file system, gone with the case.
setup_file() {
    export host=/var/lib/rkt/host
    mkdir -p "$host"
}

teardown_file() {
    rm -rf "$host"
}

@test "ACE-22, POD-11: an empty volume is shared by the apps of a pod, with its mode and owner, and goes with the pod" {
    one=$(make_aci example.com/one 'echo from-one >/data/file; stat -c "%a %u %g" /data')
    two=$(make_aci example.com/two 'until [ -s /shared/file ]; do sleep 0.05; done; cat /shared/file')
    run rkt run --volume=v,kind=empty,mode=2770,uid=5,gid=6 "$one" --mount=volume=v,target=/data "$two" --mount=volume=v,target=/shared
    assert_status 0
    assert_contains "$output" 'one: 2770 5 6'
    assert_contains "$output" 'two: from-one'
    uuid=$(rkt list --no-legend --full | awk 'NR == 1 { print $1 }')
    [ -e "$data/pods/run/$uuid/sharedVolumes/v/file" ]
    rkt rm "$uuid"
    [ ! -e "$data/pods/run/$uuid" ]
}

@test "a directory of the host is seen, and written unless it is read only" {
    mkdir -p "$host/dir" && echo of-host >"$host/dir/file"
    aci=$(make_aci example.com/web 'cat /data/file; echo new >/data/new')
    run rkt run --volume=v,kind=host,source="$host/dir" --mount=volume=v,target=/data "$aci"
    assert_status 0
    assert_equal "$output" of-host
    assert_equal "$(cat "$host/dir/new")" new
    run rkt run --volume=v,kind=host,source="$host/dir",readOnly=true --mount=volume=v,target=/data "$aci"
    assert_status 1
    assert_contains "$output" 'Read-only file system'
}

@test "ACE-33: a file of the host can be a volume" {
    echo file-of-host >"$host/one"
    run rkt run --volume=v,kind=host,source="$host/one" --mount=volume=v,target=/etc/there/file \
        "$(make_aci example.com/web 'cat /etc/there/file')"
    assert_status 0
    assert_equal "$output" file-of-host
}

@test "ACE-34: a mount point that is read only makes its volume so" {
    mkdir -p "$host/dir"
    aci=$(make_aci example.com/web -a '"mountPoints": [{"name": "v", "path": "/data", "readOnly": true}]' \
        'echo x >/data/x || echo refused')
    run rkt run --volume=v,kind=host,source="$host/dir" "$aci"
    assert_status 0
    assert_contains "$output" refused
}

@test "ACE-36: what is mounted below is seen, read only too, unless recursive=false" {
    mkdir -p "$host/tree/sub"
    mount -t tmpfs tmpfs "$host/tree/sub" && echo inner >"$host/tree/sub/file"
    aci=$(make_aci example.com/web 'cat /data/sub/file 2>/dev/null || echo nothing' 'echo x 2>/dev/null >/data/sub/x || echo refused')
    volume=v,kind=host,source=$host/tree
    assert_equal "$(rkt run --volume="$volume",readOnly=true --mount=volume=v,target=/data "$aci" 2>&1 | grep -v "can't create")" $'inner\nrefused'
    assert_equal "$(rkt run --volume="$volume",recursive=false --mount=volume=v,target=/data "$aci" 2>&1)" nothing
    umount "$host/tree/sub"
}

@test "devices and setuid programs in a volume are only files" {
    mkdir -p "$host/bad" && cp /bin/busybox "$host/bad/busybox" && chmod 4755 "$host/bad/busybox"
    mknod "$host/bad/zero" c 1 5
    aci=$(make_aci example.com/web -u alice -g staff 'head -c 1 /data/zero 2>&1 || echo refused' '/data/busybox id -u')
    run rkt run --volume=v,kind=host,source="$host/bad" --mount=volume=v,target=/data "$aci"
    assert_contains "$output" refused
    assert_equal "${lines[-1]}" 1234
}

@test "ACE-23 to ACE-26: what is missing is made, what is hidden is said, a file gives way" {
    root=$BATS_TEST_TMPDIR/root
    mkdir -p "$root/full" && touch "$root/full/hidden" && echo file >"$root/file"
    aci=$(make_aci example.com/web -r "$root" 'stat -c "%a %u %g" /a /a/b /a/b/c' 'ls /full | wc -l' 'ls -d /file/')
    run rkt run --volume=v,kind=empty --mount=volume=v,target=/a/b/c/d --mount=volume=v,target=/full --mount=volume=v,target=/file "$aci"
    assert_status 0
    assert_contains "$output" 'app web: volume v hides what the image has at /full' || assert_contains "$output" 'volume v hides what the image has at /full'
    assert_contains "$output" '/file is a file in the image, and gives way to a volume'
    assert_equal "$(grep -c '^755 0 0$' <<<"$output")" 3
    assert_contains "$output" /file/
}

@test "ACE-35: a link in the image leads a mount nowhere but into the image" {
    root=$BATS_TEST_TMPDIR/root
    mkdir -p "$root" && ln -s "../../../../../../../../$host/outside" "$root/link" && mkdir -p "$host/outside"
    aci=$(make_aci example.com/web -r "$root" "ls -d $host/outside/here")
    run rkt run --volume=v,kind=empty --mount=volume=v,target=/link/here "$aci"
    assert_equal "$(ls "$host/outside")" ''
    assert_status 0
    assert_contains "$output" "$host/outside/here"
}

@test "POD-17: a mount point without a volume gets an empty one, and that is said" {
    aci=$(make_aci example.com/web -a '"mountPoints": [{"name": "data", "path": "/var/data"}]' 'touch /var/data/x && echo written')
    run rkt run "$aci"
    assert_status 0
    assert_contains "$output" 'nothing is said of the mount point data: an empty volume, web-data, is mounted at /var/data'
    assert_contains "$output" written
}

@test "an empty volume of a docker image begins with what the image has there" {
    root=$BATS_TEST_TMPDIR/root
    mkdir -p "$root/data/sub" && echo of-image >"$root/data/sub/file" && chmod 700 "$root/data/sub"
    aci=$(make_aci example.com/web -r "$root" -a '"mountPoints": [{"name": "data", "path": "/data"}]' \
        -m '"annotations": [{"name": "appc.io/docker/repository", "value": "library/web"}]' \
        'cat /data/sub/file; stat -c %a /data/sub')
    run rkt run "$aci"
    assert_status 0
    assert_equal "$(tail -n 2 <<<"$output")" $'of-image\n700'
}

# ---- Bad input: nothing runs, nothing is left

refused() { # PART-OF-MESSAGE FLAG...
    run rkt run "${@:2}" "$(make_aci example.com/web true)"
    assert_status 254
    assert_contains "$output" "$1"
    assert_equal "$(rkt list --no-legend)" ''
    assert_equal "$(find "$data/pods" -mindepth 2 -not -path '*/names/*' | head -n 3)" ''
}

@test "ACE-29 to ACE-31: a source that is missing, a link, behind a link, a socket or a device is refused" {
    mkdir -p "$host/real/inner" && ln -sfn real "$host/link"
    mount=--mount=volume=v,target=/data
    refused 'does not exist; make it first' --volume=v,kind=host,source="$host/missing" $mount
    refused 'is or passes through a symbolic link' --volume=v,kind=host,source="$host/link" $mount
    refused 'is or passes through a symbolic link' --volume=v,kind=host,source="$host/link/inner" $mount
    refused 'is neither a directory nor a regular file' --volume=v,kind=host,source=/run/systemd/private $mount
    refused 'is neither a directory nor a regular file' --volume=v,kind=host,source=/dev/null $mount
    [ ! -e "$host/missing" ]
}

@test "ACE-27, POD-7, POD-9, POD-10: volumes and mounts that cannot be are refused" {
    refused 'lie in each other' --volume=v,kind=empty --mount=volume=v,target=/a --mount=volume=v,target=/a/b
    refused '' --mount=volume=v,target=/a
    refused '' --volume=v,kind=empty --volume=v,kind=empty --mount=volume=v,target=/a
    refused 'is not absolute' --volume=v,kind=host,source=relative
    refused 'has a ".."' --volume=v,kind=host,source=/a/../b
    refused 'only for a volume of the kind empty' --volume=v,kind=host,source=/a,mode=0700
    refused 'only for a volume of the kind host' --volume=v,kind=empty,source=/a
    refused 'neither empty nor host' --volume=v,kind=disk
    refused 'no octal mode' --volume=v,kind=empty,mode=999
}
