#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# Names in pods: resolv.conf and hosts of the apps (ACE-44, ACE-45), and pods that know each other.

. test/system/lib.bash

show='cat /etc/resolv.conf; echo --; cat /etc/hosts'

start_pod() { # NAME FLAG...
    local aci
    aci=$(make_aci "example.com/$1" "mkdir -p /www; echo $1 >/www/index.html" 'busybox httpd -h /www; echo up; until [ -e /dev/shm/go ]; do sleep 0.1; done')
    "$RKT" --dir="$data" --insecure-options=image run --name="$1" "${@:2}" "$aci" >"$BATS_TEST_TMPDIR/$1.out" 2>&1 3>&- &
    await 20 grep -q up "$BATS_TEST_TMPDIR/$1.out" || fail "$(cat "$BATS_TEST_TMPDIR/$1.out")"
}

end_pod() { # NAME
    rkt exec "$1" touch /dev/shm/go
    rkt status --wait "$1" >/dev/null
}

address() { # NAME ip4|ip6
    rkt status "$1" | sed -n "s/^networks=.*$2=\([0-9a-f.:]*\).*/\1/p"
}

hosts() { # NAME
    rkt exec "$1" cat /etc/hosts
}

knows() { # NAME OTHER
    hosts "$1" | grep -qx "$(address "$2" ip4) $2 rkt-$2"
}

@test "ACE-44: a pod without networks is at its loopback; with the host's network it has the host's resolver" {
    printf '# the host\nnameserver 127.0.0.53\nsortlist 192.0.2.0\n' >/etc/resolv.conf
    run rkt run --net=none --name=web "$(make_aci example.com/show "$show")"
    assert_equal "$output" $'cat: can\'t open \'/etc/resolv.conf\': No such file or directory\n--
127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n127.0.0.1 web rkt-web'
    run rkt run --net=host --hostname=shown "$(make_aci example.com/show "$show")"
    assert_equal "$output" "$(cat /etc/resolv.conf)"$'\n--
127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n127.0.0.1 shown'
}

@test "a pod in a network has its own addresses, and those of the host's servers that it can reach" {
    aci=$(make_aci example.com/show 'cat /etc/resolv.conf; grep rkt-web /etc/hosts')
    printf 'search host.example\nnameserver 127.0.0.53\nnameserver 192.0.2.53\n' >/etc/resolv.conf
    run rkt run --name=web "$aci"
    assert_match "$output" $'^search host.example\nnameserver 192.0.2.53\n172\.16\.28\.[0-9]+ web rkt-web\nfd3b:9c1e:72a4::[0-9a-f]+ web rkt-web$'
    rkt gc --grace-period=0s >/dev/null
    printf 'nameserver 127.0.0.53\n' >/etc/resolv.conf
    mkdir -p /run/systemd/resolve
    printf 'nameserver 192.0.2.54\n' >/run/systemd/resolve/resolv.conf
    run rkt run --name=web "$aci"
    assert_contains "$output" 'nameserver 192.0.2.54'
    refute_contains "$output" 127.0.0.53
    rm /run/systemd/resolve/resolv.conf
}

@test "what a network's plugins say of servers counts, unless the line says something" {
    mkdir -p /etc/rkt/net.d
    cat >/etc/rkt/net.d/10-told.conf <<'CONF'
{"cniVersion": "1.0.0", "name": "told", "type": "ptp", "ipam": {"type": "host-local", "subnet": "10.1.0.0/24"},
 "dns": {"nameservers": ["192.0.2.1"], "domain": "told.example", "search": ["a.told.example"], "options": ["ndots:3"]}}
CONF
    aci=$(make_aci example.com/show 'cat /etc/resolv.conf')
    run rkt run --net=told "$aci"
    assert_equal "$output" $'domain told.example\nsearch a.told.example\nnameserver 192.0.2.1\noptions ndots:3'
    run rkt run --net=told --dns-search=mine.example "$aci"
    assert_equal "$output" $'search mine.example\nnameserver 192.0.2.1\noptions ndots:3'
    run rkt run --net=told --dns=192.0.2.2,2001:db8::2 --dns=192.0.2.3 --dns-opt=rotate --dns-domain=mine "$aci"
    assert_equal "$output" $'domain mine\nnameserver 192.0.2.2\nnameserver 2001:db8::2\nnameserver 192.0.2.3\noptions rotate'
    rm -r /etc/rkt/net.d
}

@test "--dns=host, --dns=none, --hosts-entry and --hosts-entry=host" {
    printf 'nameserver 127.0.0.53\n' >/etc/resolv.conf
    printf '192.0.2.7 of-the-host\n' >/etc/hosts
    aci=$(make_aci example.com/show "$show")
    run rkt run --net=none --dns=host --hosts-entry=host "$aci"
    assert_equal "$output" $'nameserver 127.0.0.53\n--\n192.0.2.7 of-the-host'
    mkdir -p "$images/over/etc"
    echo 'nameserver 192.0.2.99' >"$images/over/etc/resolv.conf"
    uuid=$(rkt prepare "$(make_aci example.com/show -r "$images/over" "$show")")
    run rkt run-prepared --net=none --dns=none --hosts-entry=192.0.2.8=a,2001:db8::8=b --hosts-entry=192.0.2.9=c "$uuid"
    assert_match "$output" $'^nameserver 192.0.2.99\n--\n'
    assert_match "$output" $'\n192.0.2.8 a\n2001:db8::8 b\n192.0.2.9 c$'
}

@test "a wrong flag is refused before anything is made" {
    aci=$(make_aci example.com/show true)
    for flag in --dns=nowhere --dns=192.0.2.1,host --hosts-entry=192.0.2.1 --hosts-entry=a=b --hosts-entry=192.0.2.1=a_b/c \
        '--dns-search=a b' '--dns-opt=a b' '--dns-domain=a b' '--hostname=a b'; do
        for words in "run $aci" 'app sandbox'; do
            # shellcheck disable=SC2086 # words
            run timeout 20 "$RKT" --dir="$data" --insecure-options=image ${words% *} "$flag" ${words##* }
            assert_status 254
            assert_contains "$output" "${flag%%=*}"
        done
    done
    for flag in --dns=192.0.2.1 --dns-search=a --dns-opt=a --dns-domain=a; do
        run rkt run --dns=none $flag "$aci"
        assert_status 254
        assert_contains "$output" '--dns=none stands alone'
    done
    run rkt run --hosts-entry=host --hosts-entry=192.0.2.1=a "$aci"
    assert_status 254
    assert_contains "$output" 'stands alone'
    assert_equal "$(rkt list --no-legend)" ''
    assert_equal "$(find "$data/pods" -mindepth 2 -maxdepth 2 -type d 2>/dev/null)" ''
}

@test "ACE-45: what the image has in hosts stands behind ours, and a volume over it is left alone" {
    mkdir -p "$images/over/etc" "$images/volume"
    echo '192.0.2.5 of-the-image' >"$images/over/etc/hosts"
    echo '192.0.2.6 of-the-volume' >"$images/volume/hosts"
    aci=$(make_aci example.com/show -r "$images/over" 'cat /etc/hosts')
    run rkt run --net=none --name=web "$aci"
    assert_match "$output" $'127.0.0.1 web rkt-web\n192.0.2.5 of-the-image$'
    run rkt run --net=none --volume=v,kind=host,source="$images/volume/hosts" "$aci" --mount=volume=v,target=/etc/hosts
    assert_equal "$output" '192.0.2.6 of-the-volume'
    run rkt run --net=none --dns=192.0.2.1 --volume=v,kind=host,source="$images/volume" "$aci" --mount=volume=v,target=/etc
    assert_equal "${lines[-1]}" '192.0.2.6 of-the-volume'
    assert_equal "$(ls "$images/volume")" hosts
}

@test "a link in the image leads nowhere: the file is mounted over the link itself, whoever the users are and whatever is read only" {
    echo untouched >/etc/of-the-host
    for target in /etc/of-the-host ../../../../etc/of-the-host ../run/systemd/resolve/stub-resolv.conf resolv.conf; do
        mkdir -p "$images/over/etc"
        ln -sfn "$target" "$images/over/etc/resolv.conf"
        ln -sfn "$target" "$images/over/etc/hosts"
        aci=$(make_aci example.com/show -r "$images/over" "$show" 'echo x >>/etc/hosts; ls /run/systemd')
        for flags in --private-users=no --private-users=yes; do
            for own in --readonly-rootfs=false --readonly-rootfs=true; do
                run rkt run --net=none --name=web --dns=192.0.2.1 $flags "$aci" $own
                assert_equal "${lines[*]:0:6}" 'nameserver 192.0.2.1 -- 127.0.0.1 localhost ::1 localhost ip6-localhost ip6-loopback 127.0.0.1 web rkt-web /bin/sh: can'"'"'t create /etc/hosts: Read-only file system'
                rkt gc --grace-period=0s >/dev/null
            done
        done
    done
    assert_equal "$(cat /etc/of-the-host)" untouched
}

@test "rkt export takes neither file along; an image without /etc has both" {
    layout=$(mktemp -d "$BATS_TEST_TMPDIR/layout.XXXXXX")
    mkdir -p "$layout/rootfs/bin" "$layout/rootfs/dev" "$layout/rootfs/proc" "$layout/rootfs/sys"
    cp /bin/busybox "$layout/rootfs/bin/busybox"
    echo '{"acKind": "ImageManifest", "acVersion": "0.8.11", "name": "example.com/bare",
        "app": {"exec": ["/bin/busybox", "cat", "/etc/resolv.conf"], "user": "0", "group": "0"}}' >"$layout/manifest"
    pack_aci "$layout" "$images/bare.aci"
    run rkt run --net=none --dns=192.0.2.1 --uuid-file-save="$images/uuid" "$images/bare.aci"
    assert_equal "$output" 'nameserver 192.0.2.1'
    rkt export "$(cat "$images/uuid")" "$images/out.aci"
    refute_contains "$(tar tf "$images/out.aci")" /etc
    run rkt run --net=none --dns=192.0.2.1 --uuid-file-save="$images/uuid" "$(make_aci example.com/show 'echo x >/etc/mine')"
    rkt export --overwrite "$(cat "$images/uuid")" "$images/out.aci"
    assert_equal "$(tar tf "$images/out.aci" | grep -E '/etc/(mine|hosts|resolv)')" rootfs/etc/mine
}

@test "an app that is added later has the names of its pod" {
    systemd-run --quiet --unit=box --property=Type=notify --property=NotifyAccess=main --collect \
        -- "$RKT" --dir="$data" app sandbox --name=box --net=none --dns=192.0.2.1 --hosts-entry=192.0.2.8=db
    rkt app add box "$(make_aci example.com/show "$show")"
    rkt app start box --app=show
    await 20 sh -c "'$RKT' --dir='$data' logs box show | grep -q ' db'"
    assert_contains "$(rkt logs box show)" 'nameserver 192.0.2.1'
    rkt stop box
}

@test "pods of a network know each other by name, those that come later too, and forget those that end" {
    start_pod one
    start_pod two
    knows one two
    knows two one
    assert_contains "$(hosts one)" "$(address two ip6) two rkt-two"
    assert_equal "$(timeout 5 "$RKT" --dir="$data" exec one busybox wget -qO- http://two/)" two
    assert_equal "$(timeout 5 "$RKT" --dir="$data" exec two busybox wget -qO- http://rkt-one/)" one
    start_pod three --hostname=third.example
    assert_contains "$(hosts one)" "$(address three ip4) three third.example"
    knows three two
    start_pod apart --net=default-restricted
    refute_contains "$(hosts one)" apart
    refute_contains "$(hosts apart)" one
    end_pod two
    for name in one three; do
        refute_contains "$(hosts $name)" two
    done
    knows three one
    end_pod one
    end_pod three
    end_pod apart
}

@test "who may only look at pods can keep none of them waiting by a lock" {
    start_pod one
    chmod 755 "$data"
    as_user() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
    mapfile -t files < <(as_user find "$data/pods" \( -type d -o -type f \) -readable 2>/dev/null)
    assert_contains "${files[*]}" hosts
    hold=(sh -c 'echo held; exec sleep 1000')
    for file in "${files[@]}"; do hold=(flock --exclusive --no-fork "$file" "${hold[@]}"); done
    as_user "${hold[@]}" >"$BATS_TEST_TMPDIR/held" 3>&- &
    holder=$!
    await 10 grep -q held "$BATS_TEST_TMPDIR/held"
    beside=0 gc=0
    timeout --signal=KILL 20 "$RKT" --dir="$data" --insecure-options=image run "$(make_aci example.com/two 'exit 0')" || beside=$?
    timeout --signal=KILL 20 "$RKT" --dir="$data" gc --grace-period=0s || gc=$?
    kill "$holder"
    assert_equal "$beside $gc" '0 0'
    end_pod one
}

@test "the name of a pod that was killed is taken out by the next that comes, and by gc" {
    start_pod one
    for by in run gc; do
        start_pod lost
        knows one lost
        leader=$(rkt status lost | sed -n 's/^pid=//p')
        pkill -KILL -f -- "--name=lost"
        kill -9 "$leader"
        await 10 sh -c "[ \$(machinectl list --no-legend | wc -l) = 1 ]"
        knows one lost
        if [ $by = run ]; then
            start_pod next
            knows one next
            end_pod next
        else
            rkt gc >/dev/null
        fi
        refute_contains "$(hosts one)" lost
        rkt gc --grace-period=0s >/dev/null
    done
    end_pod one
}

@test "ten pods that come and go at once leave each other's names right" {
    start_pod one
    aci=$(make_aci example.com/brief 'echo up')
    pods=()
    for i in 1 2 3 4 5 6 7 8 9 10; do
        "$RKT" --dir="$data" --insecure-options=image run --name="brief$i" "$aci" >/dev/null 2>&1 3>&- &
        pods+=($!)
    done
    for pod in "${pods[@]}"; do tail --pid="$pod" -f /dev/null; done
    refute_contains "$(hosts one)" brief
    end_pod one
}
