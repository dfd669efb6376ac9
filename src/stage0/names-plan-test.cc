// SPDX-License-Identifier: Apache-2.0

#include "stage0/names-plan.h"

#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("--dns takes addresses, one or many, again and again") {
    NamesPlan plan;
    plan.take_dns("192.0.2.1,2001:db8::1");
    plan.take_dns("192.0.2.2");
    plan.take_search("a.example");
    plan.take_search("b.example");
    plan.take_option("ndots:2");
    plan.take_domain("example");
    plan.check();
    CHECK(resolv_conf_text(resolver_of(plan.asked, {.nameservers = {"192.0.2.9"}})) ==
          "domain example\nsearch a.example b.example\nnameserver 192.0.2.1\nnameserver 2001:db8::1\n"
          "nameserver 192.0.2.2\noptions ndots:2\n");
}

TEST_CASE("what is no server, no name and no entry is refused") {
    NamesPlan plan;
    for (const char* word :
         {"", "192.0.2.1,", "192.0.2", "example.com", "host,192.0.2.1", "192.0.2.1 192.0.2.2"})
        CHECK_THROWS_AS(plan.take_dns(word), UsageError);
    for (const char* word : {"", "192.0.2.1", "192.0.2.1=", "x=y", "192.0.2.1=a b", "192.0.2.1=a,", "=a",
                             "192.0.2.1=-a", "192.0.2.1=a\n192.0.2.2 b"})
        CHECK_THROWS_AS(plan.take_entries(word), UsageError);
    for (const char* word : {"", "a b", "a\nnameserver 192.0.2.1"}) {
        CHECK_THROWS_AS(plan.take_search(word), UsageError);
        CHECK_THROWS_AS(plan.take_option(word), UsageError);
        CHECK_THROWS_AS(plan.take_domain(word), UsageError);
    }
}

TEST_CASE("host and none stand alone") {
    for (const char* alone : {"host", "none"}) {
        NamesPlan plan;
        plan.take_dns(alone);
        CHECK_NOTHROW(plan.check());
        CHECK_THROWS_AS(plan.take_dns(alone), UsageError);
        plan.take_search("a.example");
        CHECK_THROWS_AS(plan.check(), UsageError);
    }
    NamesPlan plan;
    plan.take_entries("host");
    CHECK_NOTHROW(plan.check());
    plan.take_entries("192.0.2.1=a");
    CHECK_THROWS_AS(plan.check(), UsageError);
}

TEST_CASE("servers of the host's loopback and of its links are none of a pod's") {
    NetworkDns dns =
        parse_resolv_conf("# a comment\nnameserver 127.0.0.53\nnameserver\t192.0.2.1\nnameserver ::1\n"
                          "nameserver fe80::1%eth0\nnameserver fe80::1\nnameserver 2001:db8::1\n"
                          "search a.example  b.example\noptions edns0 trust-ad\n;x\nsortlist 192.0.2.0\n");
    CHECK(reachable_from_pods(dns) == NetworkDns{.nameservers = {"192.0.2.1", "2001:db8::1"},
                                                 .search = {"a.example", "b.example"},
                                                 .options = {"edns0", "trust-ad"}});
}

TEST_CASE("what is not asked for comes from below") {
    NetworkDns base = {
        .nameservers = {"192.0.2.9"}, .domain = "base", .search = {"base"}, .options = {"rotate"}};
    CHECK(resolver_of({}, base) == base);
    CHECK(resolver_of({.search = {"mine"}}, base) ==
          NetworkDns{.nameservers = {"192.0.2.9"}, .search = {"mine"}, .options = {"rotate"}});
    CHECK(resolver_of({.options = {"debug"}}, base).options == std::vector<std::string>{"debug"});
    CHECK(resolver_of({.nameservers = {"192.0.2.1"}}, base) == NetworkDns{.nameservers = {"192.0.2.1"}});
}

TEST_CASE("ACE-44: hosts has localhost, the pod itself, and what was asked for") {
    CHECK(hosts_text({}, "web rkt-web", {}) ==
          "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n127.0.0.1 web rkt-web\n");
    CHECK(hosts_text({"172.16.28.2", "fd00::2"}, "rkt-web", {{"192.0.2.1", "db"}}) ==
          "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n172.16.28.2 rkt-web\nfd00::2 "
          "rkt-web\n"
          "192.0.2.1 db\n");
}
