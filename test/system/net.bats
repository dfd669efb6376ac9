#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# Networks of pods: the default one, those that are configured, ports, and that all of it is given back.

. test/system/lib.bash

# An app that serves its name on port 80, and says when it does.
make_server() { # NAME
    make_aci "example.com/$1" -a '"ports": [{"name": "http", "protocol": "tcp", "port": 80},
        {"name": "many", "protocol": "tcp", "port": 80, "count": 2}, {"name": "dns", "protocol": "udp", "port": 53}]' \
        'mkdir -p /www; echo '"$1"' >/www/index.html; busybox httpd -p "[::]:80" -h /www' \
        'busybox httpd -p "[::]:81" -h /www; echo up; until [ -e /dev/shm/go ]; do sleep 0.1; done'
}

start_server() { # NAME FLAG...
    local aci
    aci=$(make_server "$1")
    "$RKT" --dir="$data" --insecure-options=image run --name="$1" "${@:2}" "$aci" >"$BATS_TEST_TMPDIR/$1.out" 2>&1 3>&- &
    await 20 grep -q up "$BATS_TEST_TMPDIR/$1.out"
    # The kernel looks for others that have the bridge's own addresses, when it is new.
    await 10 sh -c '[ -z "$(ip -6 -o addr show dev rkt0 tentative)" ]'
}

end_server() { # NAME
    rkt exec "$1" touch /dev/shm/go
    rkt status --wait "$1" >/dev/null
}

address() { # NAME ip4|ip6
    rkt status "$1" | sed -n "s/^networks=.*$2=\([0-9a-f.:]*\).*/\1/p"
}

fetched() { # URL COMMAND...
    timeout 5 "${@:2}" busybox wget -qO- "$1"
}

nothing_left() {
    assert_equal "$(ls /run/netns 2>/dev/null)" ''
    assert_equal "$(find /run/rkt/addresses /var/lib/cni -type f ! -name 'last_reserved*' ! -name lock 2>/dev/null)" ''
    assert_equal "$(ip -o link show type veth)" ''
    assert_equal "$({ iptables-save && ip6tables-save; } | grep -E 'CNI-(DN-)?[0-9a-f]{20}')" ''
    assert_equal "$(find "$data/pods" -name network)" ''
}

# A network beside the host: what comes from there comes from outside.
make_outside() {
    ip netns add outside
    ip link add out0 type veth peer name out1 netns outside
    ip addr add 192.0.2.1/24 dev out0
    ip -6 addr add 2001:db8::1/64 dev out0 nodad
    ip link set out0 up
    ip -n outside addr add 192.0.2.2/24 dev out1
    ip -n outside -6 addr add 2001:db8::2/64 dev out1 nodad
    ip -n outside link set out1 up
}

remove_outside() {
    ip link del out0
    ip netns del outside
}

@test "a pod has addresses of its own by default, which machinectl, list and status know" {
    start_server web
    ip4=$(address web ip4) ip6=$(address web ip6)
    assert_match "$ip4" '^172\.16\.28\.[0-9]+$'
    assert_match "$ip6" '^fd3b:9c1e:72a4::[0-9a-f]+$'
    assert_equal "$(fetched "http://$ip4/")" web
    assert_equal "$(fetched "http://[$ip6]/")" web
    assert_contains "$(machinectl list --no-legend -l)" "$ip4"
    assert_contains "$(rkt list --no-legend)" "default:ip4=$ip4,ip6=$ip6"
    assert_contains "$(rkt status --format=json web)" \
        "\"networks\":[{\"addresses\":[\"$ip4/24\",\"$ip6/64\"],\"ifName\":\"eth0\",\"ip\":\"$ip4\",\"netName\":\"default\"}]"
    assert_equal "$(rkt exec web cat /sys/class/net/eth0/operstate)" up
    end_server web
    nothing_left
    rkt gc --grace-period=0s >/dev/null
}

@test "ports lead into the pod from loopback, the host, outside, the pod itself and a sibling, over IPv6 too" {
    make_outside
    start_server web --port=http:8080
    start_server other
    for url in http://127.0.0.1:8080/ http://192.0.2.1:8080/ 'http://[2001:db8::1]:8080/'; do
        assert_equal "$(fetched "$url")" web
    done
    for url in http://192.0.2.1:8080/ 'http://[2001:db8::1]:8080/'; do
        assert_equal "$(fetched "$url" ip netns exec outside)" web
    done
    assert_equal "$(fetched http://192.0.2.1:8080/ "$RKT" --dir="$data" exec web)" web
    assert_equal "$(fetched http://192.0.2.1:8080/ "$RKT" --dir="$data" exec other)" web
    assert_equal "$(fetched "http://$(address web ip4)/" "$RKT" --dir="$data" exec other)" web
    end_server web
    end_server other
    remove_outside
    nothing_left
}

@test "a pod reaches what is outside, as the host" {
    make_outside
    ip netns exec outside busybox nc -l -p 7 -e /bin/sh -c 'echo "$NCADDR" >&2; echo there' 2>"$BATS_TEST_TMPDIR/peer" &
    outside=$!
    await 5 ip netns exec outside sh -c 'busybox netstat -ltn | grep -q ":7 "'
    run rkt run "$(make_aci example.com/client 'busybox nc 192.0.2.2 7 </dev/null')"
    assert_equal "$output" there
    tail --pid="$outside" -f /dev/null
    remove_outside
    nothing_left
}

@test "a port of one address is not one of another; a port that counts two is two" {
    start_server web --port=many:127.0.0.1:8090
    start_server other --port=http:127.0.0.2:8090
    assert_equal "$(fetched http://127.0.0.1:8090/)" web
    assert_equal "$(fetched http://127.0.0.1:8091/)" web
    assert_equal "$(fetched http://127.0.0.2:8090/)" other
    end_server web
    end_server other
    nothing_left
}

@test "what leads to what is shown by status and list, while the pod runs, to everybody" {
    start_server web --port=http:8080 --port=many:127.0.0.1:8090
    assert_equal "$(rkt status web | grep ^port-)" $'port-app-web-http=*:8080->80/tcp\nport-app-web-many=127.0.0.1:8090-8091->80-81/tcp'
    assert_equal "$(rkt list --no-legend --fields=name,ports)" $'web\t*:8080->80/tcp, 127.0.0.1:8090-8091->80-81/tcp'
    assert_match "$(rkt list --no-legend --full)" $'web\t\\*:8080->80/tcp, 127\\.0\\.0\\.1:8090-8091->80-81/tcp$'
    refute_contains "$(rkt list)" 8080
    chmod 755 "$data"
    assert_equal "$(setpriv --reuid=1234 --clear-groups "$RKT" --dir="$data" list --no-legend --fields=ports)" \
        '*:8080->80/tcp, 127.0.0.1:8090-8091->80-81/tcp'
    expected='"ports":[{"app":"web","count":1,"host_ip":"","host_port":8080,"name":"http","pod_port":80,"protocol":"tcp","socket_activated":false},'
    expected+='{"app":"web","count":2,"host_ip":"127.0.0.1","host_port":8090,"name":"many","pod_port":80,"protocol":"tcp","socket_activated":false}]'
    assert_contains "$(rkt status --format=json web)" "$expected"
    assert_contains "$(rkt list --format=json)" "$expected"
    end_server web
    refute_contains "$(rkt status web)" port-
    assert_contains "$(rkt status --format=json web)" '"ports":[]'
    run rkt list --fields=name --format=json
    assert_status 254
    assert_contains "$output" '--fields is for the table'
    nothing_left
}

@test "in the host's network the ports are those that apps take themselves; without a network there are none" {
    aci=$(make_aci example.com/idle -a '"ports": [{"name": "http", "protocol": "tcp", "port": 80},
        {"name": "odd", "protocol": "t c\u001bp", "port": 81}]' 'until [ -e /dev/shm/go ]; do sleep 0.1; done')
    for network in host none default; do
        "$RKT" --dir="$data" --insecure-options=image run --name="$network" --net="$network" "$aci" 3>&- &
        await 20 "$RKT" --dir="$data" status --wait-ready "$network"
    done
    assert_equal "$(rkt list --no-legend --fields=name,ports | sort)" $'default\nhost\t80/tcp\nnone'
    assert_contains "$(rkt status --format=json host)" \
        '"ports":[{"app":"idle","count":1,"host_port":80,"name":"http","pod_port":80,"protocol":"tcp","socket_activated":false}]'
    for network in host none default; do end_server "$network"; done
    nothing_left
}

@test "a port that is taken is refused, and the one who has it is named" {
    start_server web --port=http:8080
    run rkt run --port=http:8080 "$(make_server again)"
    assert_status 254
    assert_contains "$output" "the host's port 8080/tcp leads to the pod web already"
    busybox nc -ll -p 8081 -e true 3>&- &
    listener=$!
    await 5 sh -c 'busybox netstat -ltn | grep -q :8081'
    run rkt run --port=http:8081 "$(make_server again)"
    assert_status 254
    assert_contains "$output" "taking the host's port 8081/tcp"
    kill "$listener"
    assert_equal "$(rkt list --no-legend | wc -l)" 1
    for network in none host; do
        run rkt run --net=$network --port=http:8080 "$(make_server again)"
        assert_status 254
        assert_contains "$output" "the pod has no network of its own with --net=$network"
    done
    end_server web
    nothing_left
}

@test "configured networks are made in the order of the line, and get their arguments" {
    mkdir -p /etc/rkt/net.d
    cat >/etc/rkt/net.d/10-one.conf <<'CONF'
{"cniVersion": "1.0.0", "name": "one", "type": "ptp", "ipam": {"type": "host-local", "subnet": "10.1.0.0/24"}}
CONF
    cat >/etc/rkt/net.d/20-two.conflist <<'CONF'
{"cniVersion": "1.0.0", "name": "two", "plugins": [
  {"type": "bridge", "bridge": "two0", "ipam": {"type": "host-local", "subnet": "10.2.0.0/24"}}, {"type": "tuning", "mtu": 1300}]}
CONF
    aci=$(make_aci example.com/net 'ip -o -4 addr show | sed "s/ *inet \([^ ]*\) .*/ \1/"; cat /sys/class/net/eth0/mtu')
    run rkt run --net=two:IP=10.2.0.77,one "$aci"
    assert_equal "$output" $'1: lo 127.0.0.1/8\n2: eth0 10.2.0.77/24\n3: eth1 10.1.0.2/24\n1300'
    uuid=$(rkt prepare "$aci")
    run rkt run-prepared --net=one "$uuid"
    assert_contains "$output" 'eth0 10.1.0.'
    ip link del two0
    nothing_left
}

# nspawn takes the capability from a pod with users of its own whose network it has not made. Nobody needs it.
@test "every user may take a low port of the pod's network, where nobody has the capability for it" {
    aci=$(make_aci example.com/low -u 1234 -g 1235 'grep CapBnd /proc/self/status; busybox timeout 1 busybox nc -l -p 1; echo "ended with $?"')
    run rkt run "$aci"
    assert_contains "$output" a80421fb
    assert_contains "$output" 'ended with 143'
    run rkt run --private-users=no "$aci"
    assert_contains "$output" a80425fb
    assert_contains "$output" 'ended with 143'
}

@test "one broken file breaks the networks it names, not every pod" {
    mkdir -p /etc/rkt/net.d
    echo '{"name": "bad", "type": ""}' >/etc/rkt/net.d/30-bad.conf
    aci=$(make_aci example.com/net 'echo ran')
    assert_equal "$(rkt run "$aci")" ran
    run rkt run --net=bad "$aci"
    assert_status 254
    assert_contains "$output" 'looking for the network bad: /etc/rkt/net.d/30-bad.conf'
    rm /etc/rkt/net.d/30-bad.conf
}

@test "what cannot be attached is refused with the reason, and leaves nothing" {
    mkdir -p /etc/rkt/net.d
    aci=$(make_aci example.com/net 'true')
    run rkt run --net=nowhere "$aci"
    assert_status 254
    assert_contains "$output" 'there is no network nowhere; there are default, default-restricted'
    run rkt run --net=default,default "$aci"
    assert_status 254
    assert_contains "$output" 'named twice'
    for plugin in missing garbage failing; do
        printf '{"cniVersion": "1.0.0", "name": "%s", "plugins": [{"type": "ptp", "ipam": {"type": "host-local",
            "subnet": "10.3.0.0/24"}}, {"type": "%s"}]}' $plugin $plugin >"/etc/rkt/net.d/$plugin.conflist"
    done
    printf '#!/bin/sh\n[ $CNI_COMMAND = DEL ] || echo garbage\n' >/etc/rkt/net.d/garbage
    printf '#!/bin/sh\n[ $CNI_COMMAND = DEL ] || { echo '\''{"code": 100, "msg": "no more room"}'\''; exit 1; }\n' >/etc/rkt/net.d/failing
    chmod +x /etc/rkt/net.d/{garbage,failing}
    run rkt run --net=garbage "$aci"
    assert_status 254
    assert_contains "$output" 'attaching the pod to the network garbage: the plugin /etc/rkt/net.d/garbage: reading its answer'
    run rkt run --net=default,failing "$aci"
    assert_status 254
    assert_contains "$output" 'attaching the pod to the network failing: the plugin /etc/rkt/net.d/failing: no more room'
    nothing_left
    run rkt run --net=missing "$aci"
    assert_status 254
    assert_contains "$output" 'there is no plugin missing in /etc/rkt/net.d:'
    assert_contains "$output" containernetworking-plugins
    rm -r /etc/rkt/net.d
    assert_equal "$(rkt list --no-legend)" ''
}

@test "whoever is killed, gc gives back addresses, namespaces, interfaces and rules, once" {
    start_server web --port=http:8080
    leader=$(rkt status web | sed -n 's/^pid=//p')
    pkill -KILL -f -- "--name=web"
    kill -9 "$leader"
    await 10 sh -c "[ -z \"\$(machinectl list --no-legend)\" ]"
    assert_equal "$(find /run/netns -name 'rkt-*' | wc -l)" 1
    rkt gc >/dev/null
    nothing_left
    rkt gc --grace-period=0s >/dev/null
    assert_equal "$(rkt list --no-legend)" ''
    start_server web --port=http:8080
    assert_equal "$(fetched http://127.0.0.1:8080/)" web
    end_server web
    nothing_left
}

@test "pods at once, fifty where the kernel has the means, are all reachable; killed, they leave nothing, and as many start again" {
    rkt fetch "$(make_server web)" >/dev/null
    count=$((($(cat /proc/sys/fs/inotify/max_user_instances) - 24) / 2))
    [ "$count" -le 50 ] || count=50
    for _ in 1 2; do
        pods=()
        for ((i = 0; i < count; i++)); do
            "$RKT" --dir="$data" run example.com/web >"$BATS_TEST_TMPDIR/out.$i" 2>&1 3>&- &
            pods+=($!)
        done
        await 90 sh -c "[ \$(grep -l up $BATS_TEST_TMPDIR/out.* | wc -l) = $count ]"
        rkt list --no-legend | grep -o 'ip4=[0-9.]*' | sort -u >"$BATS_TEST_TMPDIR/addresses"
        assert_equal "$(wc -l <"$BATS_TEST_TMPDIR/addresses")" "$count"
        while IFS='=' read -r _ ip4; do assert_equal "$(fetched "http://$ip4/")" web; done <"$BATS_TEST_TMPDIR/addresses"
        leaders=$(cat "$data"/pods/run/*/pid)
        kill -9 "${pods[@]}"
        # shellcheck disable=SC2086
        kill -9 $leaders
        for pod in "${pods[@]}"; do tail --pid="$pod" -f /dev/null; done
        rkt gc --grace-period=0s >/dev/null
        nothing_left
        rm "$BATS_TEST_TMPDIR"/out.*
    done
}
