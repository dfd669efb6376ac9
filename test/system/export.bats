#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# What an app of an exited pod has made of its image, as an image again.

bats_require_minimum_version 1.5.0
load lib

# Runs an image to its end. The pod's UUID is $pod, the directory of what its app APP wrote $upper.
run_to_end() { # APP IMAGE...
    local app=$1
    shift
    rkt run --uuid-file-save="$images/uuid" "$@" || true
    pod=$(cat "$images/uuid")
    upper=$data/pods/run/$pod/overlay/apps/$app/upper
}

@test "export: an image with what the app has written, changed, replaced and removed" {
    base=$(make_layout base)
    mkdir -p "$base/rootfs/gone" "$base/rootfs/dir"
    touch "$base/rootfs/gone/file" "$base/rootfs/removed" "$base/rootfs/dir/file" "$base/rootfs/unlisted"
    pack_aci "$base" "$images/base.aci"
    rkt fetch "$images/base.aci"
    layout=$BATS_TEST_TMPDIR/layout
    fill_rootfs "$layout"
    mapfile -t all < <(cd "$layout" && find . -mindepth 1 | sed 's/^\.//')
    list=$(printf ', "%s"' "${all[@]}" /etc/motd /gone/file /removed /dir/file)
    aci=$(make_aci example.com/web -m "\"pathWhitelist\": [${list#, }], \"dependencies\": [{\"imageName\": \"example.com/base\"}]" \
        'if [ -e /new ]; then cat /new /etc/motd; ls -d /gone /removed /dir /unlisted 2>&1; stat -c %F /dir; exit; fi' \
        'echo new >/new; echo more >>/etc/motd; rm /removed /gone/file /dir/file; rm -r /gone /dir; echo >/dir')
    run_to_end web "$aci"
    rkt export "$pod" "$images/out.aci"
    assert_equal "$(head -c 2 "$images/out.aci" | od -An -tx1)" " 1f 8b"
    id=$(rkt fetch --full "$images/out.aci")
    run --separate-stderr rkt image cat-manifest --pretty-print=false "$id"
    refute_contains "$output" dependencies
    refute_contains "$output" pathWhitelist
    assert_contains "$output" '"name":"example.com/web"'
    run --separate-stderr rkt run "$id"
    assert_equal "$output" "new
hello
more
ls: /gone: No such file or directory
ls: /removed: No such file or directory
ls: /unlisted: No such file or directory
/dir
regular file"
}

@test "export: the same bytes every time, and nothing of the pod is changed" {
    run_to_end web "$(make_aci example.com/web 'echo x >/file; rm /bin/wget')"
    before=$(find "$data/pods" "$data/layers" -printf '%p %m %s %T@ %C@\n' | sort)
    rkt export "$pod" "$images/1.aci"
    rkt export "${pod:0:8}" "$images/2.aci"
    cmp "$images/1.aci" "$images/2.aci"
    assert_equal "$(find "$data/pods" "$data/layers" -printf '%p %m %s %T@ %C@\n' | sort)" "$before"
    refute_contains "$(cat /proc/self/mounts)" "$pod"
    run --separate-stderr rkt list --no-legend
    assert_contains "$output" exited
    assert_equal "$(tar -tzf "$images/1.aci" | head -n 2)" $'manifest\nrootfs/'
    assert_equal "$(stat -c %a "$images/1.aci")" 644
}

@test "IMG-8: what is exported has its owners, modes, times, links and attributes, and no device or socket" {
    run_to_end web "$(make_aci example.com/web 'mkdir /made')"
    (
        cd "$upper/made"
        echo x >file && chown 1234:5678 file && chmod 6751 file && touch -d @1234567890.5 file
        setfattr -n user.colour -v red file
        cp /bin/true cap && setcap cap_net_bind_service+ep cap
        ln file hard && ln -s /nowhere soft && chown -h 1:2 soft && mkfifo fifo
        mkdir dir && chmod 1731 dir && chown 7:8 dir && touch -d @987654321 dir
        truncate -s 100M hole && echo end >>hole
        echo x >größe && echo x >$'\xff'
        mknod null c 1 3
    )
    run --separate-stderr rkt export "$pod" "$images/out.aci"
    assert_status 0
    assert_equal "$stderr" "rkt: warning: /made/null was left out: images have neither devices nor sockets"
    id=$(rkt fetch --full "$images/out.aci")
    out=$data/layers/$id/rootfs/made
    [ ! -e "$out/null" ]
    rm "$upper/made/null"
    assert_equal "$(getfattr -n user.colour --only-values "$out/file")" red
    assert_contains "$(getcap "$out/cap")" cap_net_bind_service
    [ "$out/file" -ef "$out/hard" ]
    [ "$(stat -c %b "$out/hole")" -lt 100 ]
    assert_equal "$(cd "$out" && find . -printf '%p %y %m %U:%G %l %s %T@\n' | grep -v '^\. \| \./dir ' | grep -v ' d ' | sort)" \
        "$(cd "$upper/made" && find . -printf '%p %y %m %U:%G %l %s %T@\n' | grep -v '^\. \| \./dir ' | grep -v ' d ' | sort)"
    assert_equal "$(stat -c '%a %u:%g %Y' "$out/dir")" "1731 7:8 987654321"
}

@test "export: what a pod with users of its own has written belongs to the image's users" {
    run_to_end web --private-users=yes "$(make_aci example.com/web -u alice -g staff 'echo x >/tmp/mine; mkdir /var/tmp/dir')"
    [ -e "$data/pods/run/$pod/private-users" ]
    [ "$(stat -c %u "$upper/tmp/mine")" -gt 60000 ]
    rkt export "$pod" "$images/out.aci"
    id=$(rkt fetch --full "$images/out.aci")
    cd "$data/layers/$id/rootfs"
    assert_equal "$(stat -c '%n %u:%g %a' . tmp tmp/mine var/tmp/dir bin/busybox)" \
        $'. 0:0 755\ntmp 0:0 1777\ntmp/mine 1234:1235 644\nvar/tmp/dir 1234:1235 755\nbin/busybox 0:0 755'
    run --separate-stderr rkt run --private-users=yes "$id" --exec=/bin/cat -- /tmp/mine
    assert_equal "$output" x
}

@test "export: the owners of a pod with a user namespace are moved back, in lists of who may as well" {
    run_to_end web --private-users=no "$(make_aci example.com/web 'mkdir /made')"
    (
        cd "$upper/made"
        touch file other && chown 524288:525522 file && chown 1234:5 other
        # user::rw- user:524290:r-- group::r-- mask::r-- other::r--
        setfattr -n system.posix_acl_access file \
            -v 0x0200000001000600ffffffff020004000200080004000400ffffffff10000400ffffffff20000400ffffffff
    )
    chown 524288:524288 "$upper" "$upper/made"
    echo 524288:65536 >"$data/pods/run/$pod/private-users"
    rkt export "$pod" "$images/out.aci"
    id=$(rkt fetch --full "$images/out.aci")
    cd "$data/layers/$id/rootfs"
    assert_equal "$(stat -c '%n %u:%g' . made made/file made/other bin/busybox)" \
        $'. 0:0\nmade 0:0\nmade/file 0:1234\nmade/other 1234:5\nbin/busybox 0:0'
    assert_contains "$(getfattr -n system.posix_acl_access -e hex made/file)" \
        0x0200000001000600ffffffff020004000200000004000400ffffffff10000400ffffffff20000400ffffffff
    echo nonsense >"$data/pods/run/$pod/private-users"
    run rkt export "$pod" "$images/other.aci"
    assert_status 254
    assert_contains "$output" '"nonsense" is not a range of users'
    [ ! -e "$images/other.aci" ]
}

@test "export: of several apps one is named" {
    one=$(make_aci example.com/one 'echo 1 >/made') two=$(make_aci example.com/two 'echo 2 >/made')
    run_to_end one "$one" "$two"
    run rkt export "$pod" "$images/out.aci"
    assert_status 254
    assert_contains "$output" "say which app with --app; it has one, two"
    run rkt export --app=three "$pod" "$images/out.aci"
    assert_status 254
    assert_contains "$output" "it has no app three; it has one, two"
    [ ! -e "$images/out.aci" ]
    rkt export --app=two "$pod" "$images/out.aci"
    assert_equal "$(tar -xzOf "$images/out.aci" rootfs/made)" 2
    rkt export --app=one --overwrite "$pod" "$images/out.aci"
    assert_equal "$(tar -xzOf "$images/out.aci" rootfs/made)" 1
}

@test "export: a pod that has not exited is refused" {
    aci=$(make_aci example.com/web 'exec sleep 1000')
    prepared=$(rkt prepare "$aci")
    run rkt export "$prepared" "$images/out.aci"
    assert_status 254
    assert_contains "$output" "it is prepared, and only what has exited can be exported"
    running=$(rkt run --detach "$aci")
    await 10 rkt enter "$running" /bin/true
    run rkt export "$running" "$images/out.aci"
    assert_status 254
    assert_contains "$output" "it is running, and only what has exited can be exported"
    [ ! -e "$images/out.aci" ]
    rkt stop "$running"
    rkt gc --mark-only
    rkt export "$running" "$images/out.aci"
    tar -tzf "$images/out.aci" >"$images/list"
    assert_contains "$(cat "$images/list")" rootfs/bin/busybox
}

@test "export: a file that is there stays, names end in .aci, and nothing half is left" {
    run_to_end web "$(make_aci example.com/web true)"
    echo old >"$images/out.aci"
    run rkt export "$pod" "$images/out.aci"
    assert_status 254
    assert_contains "$output" "writing $images/out.aci: it is there already; --overwrite replaces it"
    assert_equal "$(cat "$images/out.aci")" old
    for name in out out.tar.gz out.aci.asc; do # IMG-1
        run rkt export --overwrite "$pod" "$images/$name"
        assert_status 254
        assert_contains "$output" "the name of an archive ends in .aci"
    done
    for words in "$pod" "$pod $images/a.aci $images/b.aci" "$pod $images/gone/a.aci" "gone $images/a.aci" ""; do
        # shellcheck disable=SC2086 # words
        run rkt export $words
        assert_status 254
    done
    # shellcheck disable=SC2016 # the script's own arguments
    run unshare --mount bash -euc 'mkdir "$1/small"; mount -t tmpfs -o size=100k small "$1/small"
        "$2" --dir="$3" export "$4" "$1/small/out.aci" || ls -A "$1/small"' full "$images" "$RKT" "$data" "$pod"
    assert_match "$output" '^rkt: writing .*: No space left on device$'
    assert_equal "$(find "$images" -name '.*')" ""
    rkt rm "$pod"
}

@test "a rendered app is exported like any other" {
    rkt fetch "$(make_small_aci base)"
    layout=$BATS_TEST_TMPDIR/layout
    fill_rootfs "$layout"
    list=$(cd "$layout" && find . -mindepth 1 | sed 's/^\.\(.*\)$/, "\1"/' | tr -d '\n')
    aci=$(make_aci example.com/web -m "\"pathWhitelist\": [\"/etc/motd\"$list], \"dependencies\": [{\"imageName\": \"example.com/base\"}]" \
        'cat /etc/motd; echo again >/etc/motd')
    for expected in hello again; do
        run --separate-stderr rkt run --uuid-file-save="$images/uuid" "$aci"
        assert_equal "$output" "$expected"
        rkt export --overwrite "$(cat "$images/uuid")" "$images/out.aci"
        aci=$images/out.aci
    done
}
