#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# The pod's system call filter, which is compiled with stage1: it protects as nspawn's own would.

load lib
load by-hand

setup_file() {
    [ "$(uname -m)" = x86_64 ] || skip "stage1 has a filter of its own on x86-64 only"
}

# nspawn's own programs, as $recorded/recorded-N.
record_filter() {
    recorded=$BATS_TEST_TMPDIR/tree
    fill_rootfs "$recorded"
    mkdir -p "$recorded/usr/bin"
    touch "$recorded/etc/os-release"
    LD_PRELOAD=${RKT_BUILD:-$project/build}/test/filter/librecord-filter.so systemd-nspawn --quiet --settings=no \
        --keep-unit --register=no --private-network --directory="$recorded" /bin/true
}

compare() { # FILE... -- FILE...
    run "${RKT_BUILD:-$project/build}/test/filter/compare-filters" "$@"
}

filters_of() { # PID
    sed -n 's/^Seccomp_filters:[[:space:]]*//p' "/proc/$1/status"
}

@test "filter: what is allowed is what the installed nspawn allows, call by call" {
    record_filter
    compare "$stage1"/rkt/{calls,audit}.bpf -- "$recorded"/recorded-*
    echo "$output"
    assert_status 0
    assert_contains "$output" "x86-64: "
    # In what is refused the answers may differ for a few numbers that no program uses any more.
    local refused
    refused=$(sed -n 's/.* \([0-9]*\) refused in other words.*/\1/p' <<<"$output" | paste -sd+)
    [ $((refused)) -le 80 ] || fail "$output"
}

@test "filter: a difference is seen (so that the first case can fail)" {
    record_filter
    compare "$stage1/rkt/calls.bpf" -- "$recorded"/recorded-*
    assert_status 1
    compare "$stage1"/rkt/{calls,audit}.bpf -- "$recorded"/recorded-[12]
    assert_status 1
}

@test "filter: a pod runs under it, and under nspawn's own when its apps need other capabilities" {
    new_pod
    add_app web 'touch /ready; exec sleep 1000'
    start_pod
    await_app web
    assert_equal "$(filters_of "$(leader_pid)")" 2
    entry_point stop "$uuid"
    end_pod

    new_pod
    add_app -a '"isolators": [{"name": "os/linux/capabilities-retain-set", "value": {"set": ["CAP_SYS_TIME"]}}]' \
        web 'touch /ready; exec sleep 1000'
    start_pod
    await_app web
    [ "$(filters_of "$(leader_pid)")" -gt 2 ]
    refute_contains "$(tr '\0' '\n' <"/proc/$(nspawn_pid)/environ")" SYSTEMD_SECCOMP
    entry_point stop "$uuid"
    end_pod
}
