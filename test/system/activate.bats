#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# Apps that are started by the first who connects to them (ACE-53, ACE-54).

. test/system/lib.bash

# An image whose app takes one connection at each socket it was handed, says what it was told, and ends.
make_activated() { # NAME APP-MEMBERS [STATUS]
    command -v g++ >/dev/null || skip 'there is no compiler'
    mkdir -p "$images/over/bin"
    cat >"$images/answer.cc" <<'CODE'
#include <cstdio>
#include <cstdlib>
#include <sys/socket.h>
#include <unistd.h>
int main(int, char* argv[]) {
    const char* pid = std::getenv("LISTEN_PID");
    const char* count = std::getenv("LISTEN_FDS");
    std::printf("%s sockets, %s\n", count ? count : "no", pid && std::atoi(pid) == getpid() ? "mine" : "not mine");
    std::fflush(stdout);
    int client = accept(3, nullptr, nullptr);
    if (client < 0 || write(client, "hello\n", 6) != 6)
        return 9;
    close(client);
    return std::atoi(argv[1]);
}
CODE
    g++ -static -o "$images/over/bin/answer" "$images/answer.cc"
    make_aci "example.com/$1" -r "$images/over" -a "$2" "exec answer ${3:-0}"
}

http='"ports": [{"name": "http", "protocol": "tcp", "port": 80, "socketActivated": true}]'

start_pod() { # NAME FLAG-OR-IMAGE...
    systemd-run --quiet --unit="box-$1" --property=Type=notify --property=NotifyAccess=main --property=KillMode=mixed \
        --property=RemainAfterExit=yes -- "$RKT" --dir="$data" --insecure-options=image run --name="$1" "${@:2}" ||
        fail "$(journalctl --output=cat --unit="box-$1")"
}

teardown() {
    local unit
    for unit in $(systemctl list-units --all --plain --no-legend 'box-*' | cut -d' ' -f1); do
        systemctl stop "$unit"
        systemctl reset-failed "$unit" 2>/dev/null || true
    done
}

address() { # NAME
    rkt status "$1" | sed -n 's/^networks=.*ip4=\([0-9.]*\).*/\1/p'
}

answer() { # ADDRESS PORT
    timeout 10 busybox nc "$1" "$2" </dev/null
}

has_ended_with() { # STATUS
    systemctl show --property=ExecMainCode,ExecMainStatus box-web | grep -qx 'ExecMainCode=1' &&
        systemctl show --property=ExecMainStatus box-web | grep -qx "ExecMainStatus=$1"
}

@test "ACE-53: an app is started by the first connection, and again by the next; the pod stays while its socket listens" {
    aci=$(make_activated web "$http")
    start_pod web "$aci"
    assert_equal "$(rkt logs web)" ''
    ip=$(address web)
    for count in 1 2; do
        assert_equal "$(answer "$ip" 80)" hello
        await 10 sh -c "[ \$('$RKT' --dir='$data' logs web web | grep -c '1 sockets, mine') = $count ]"
    done
    await 10 sh -c "'$RKT' --dir='$data' app status web --app=web | grep -q state=exited"
    rkt stop web
    assert_equal "$(rkt status web | sed -n 's/^app-web=//p')" 0
}

@test "ACE-53: a pod to which nobody has come ends in order" {
    start_pod web "$(make_activated web "$http")"
    rkt stop web
    await 10 has_ended_with 0
}

@test "ACE-53: the status of an app that fails is the pod's" {
    start_pod web "$(make_activated web "$http" 7)"
    assert_equal "$(answer "$(address web)" 80)" hello
    await 10 has_ended_with 7
}

@test "ACE-53: in the host's network the socket is the host's port, and ports lead to it from outside the pod's own" {
    aci=$(make_activated web "$http")
    start_pod web --net=host --port=http:127.0.0.1:8089 "$aci"
    assert_equal "$(answer 127.0.0.1 8089)" hello
    assert_equal "$(rkt status web | grep ^port-)" 'port-app-web-http=127.0.0.1:8089->80/tcp (socketActivated)'
    rkt stop web
    rkt rm web
    start_pod forwarded --port=http:8090 "$aci"
    assert_equal "$(answer 127.0.0.1 8090)" hello
    assert_equal "$(rkt status forwarded | grep ^port-)" 'port-app-web-http=*:8090->80/tcp (socketActivated)'
}

@test "ACE-54: apps have their own sockets alone, and one that waits for somebody holds the pod" {
    other=${http/80/81}
    start_pod both "$(make_activated web "$http")" \
        "$(make_activated two "${other/http/other}, \"eventHandlers\": [{\"name\": \"pre-start\", \"exec\": [\"/bin/true\"]}]")" \
        "$(make_aci example.com/brief 'env | grep LISTEN_ || echo none')"
    await 10 sh -c "'$RKT' --dir='$data' app status both --app=brief | grep -q state=exited"
    ip=$(address both)
    for port in 80 81; do assert_equal "$(answer "$ip" $port)" hello; done
    assert_equal "$(rkt logs both brief)" none
    await 10 sh -c "[ \$('$RKT' --dir='$data' logs both | grep -c '1 sockets, mine') = 2 ]"
    rkt stop both
}

@test "ACE-53: an app that is added later is started when it is told to, with its sockets, which go with it" {
    systemd-run --quiet --unit=box-box --property=Type=notify --property=NotifyAccess=main --property=KillMode=mixed \
        -- "$RKT" --dir="$data" app sandbox --name=box
    aci=$(make_activated web "$http")
    for _ in 1 2; do
        rkt app add box "$aci"
        assert_equal "$(answer "$(address box)" 80)" ''
        rkt app start box --app=web
        assert_equal "$(answer "$(address box)" 80)" hello
        rkt app rm box --app=web
    done
    assert_equal "$(answer "$(address box)" 80)" ''
    rkt stop box
}

@test "a protocol without sockets is refused" {
    run rkt run --net=none "$(make_aci example.com/odd -a "${http/tcp/sctp}" true)"
    assert_status 254
    assert_contains "$output" 'the port http is socketActivated, and its protocol, sctp, is neither tcp nor udp'
}
