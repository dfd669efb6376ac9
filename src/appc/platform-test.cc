// SPDX-License-Identifier: Apache-2.0

#include "appc/platform.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("AC-TYPE-12: the table of os and arch") {
    for (Platform good : {Platform{"linux", "amd64"},
                          {"linux", "i386"},
                          {"linux", "aarch64"},
                          {"linux", "aarch64_be"},
                          {"linux", "armv6l"},
                          {"linux", "armv7l"},
                          {"linux", "armv7b"},
                          {"linux", "ppc64"},
                          {"linux", "ppc64le"},
                          {"linux", "s390x"},
                          {"linux", "riscv64"},
                          {"freebsd", "amd64"},
                          {"freebsd", "i386"},
                          {"freebsd", "arm"},
                          {"darwin", "x86_64"},
                          {"darwin", "i386"}}) {
        CAPTURE(good.os);
        CAPTURE(good.arch);
        CHECK(is_known_platform(good));
        CHECK(is_known_os(good.os));
    }
    for (Platform bad : {Platform{"linux", "arm64"},
                         {"linux", "x86_64"},
                         {"linux", "386"},
                         {"linux", ""},
                         {"darwin", "amd64"},
                         {"freebsd", "armv7l"},
                         {"windows", "amd64"},
                         {"", "amd64"}}) {
        CAPTURE(bad.os);
        CAPTURE(bad.arch);
        CHECK_FALSE(is_known_platform(bad));
    }
    CHECK_FALSE(is_known_os("windows"));
    CHECK_FALSE(is_known_os("Linux"));
}

TEST_CASE("the machine we run on is in the table") {
    CHECK(is_known_platform(host_platform()));
    CHECK(to_go(host_platform()));
}

TEST_CASE("AC-TYPE-12: what Go calls a platform, there and back") {
    struct {
        GoPlatform go;
        Platform ours;
    } rows[] = {
        {{"linux", "amd64"}, {"linux", "amd64"}},     {{"linux", "386"}, {"linux", "i386"}},
        {{"linux", "arm64"}, {"linux", "aarch64"}},   {{"linux", "arm", "6"}, {"linux", "armv6l"}},
        {{"linux", "arm", "7"}, {"linux", "armv7l"}}, {{"linux", "ppc64le"}, {"linux", "ppc64le"}},
        {{"freebsd", "386"}, {"freebsd", "i386"}},    {{"freebsd", "arm"}, {"freebsd", "arm"}},
        {{"darwin", "amd64"}, {"darwin", "x86_64"}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.go.arch);
        CHECK(from_go(row.go) == row.ours);
        CHECK(to_go(row.ours) == row.go);
    }
}

TEST_CASE("AC-TYPE-12: variants as registries write them") {
    CHECK(from_go({"linux", "arm"}) == Platform{"linux", "armv6l"});
    CHECK(from_go({"linux", "arm", "v7"}) == Platform{"linux", "armv7l"});
    CHECK(from_go({"linux", "arm64", "v8"}) == Platform{"linux", "aarch64"});
    CHECK(from_go({"freebsd", "arm", "7"}) == Platform{"freebsd", "arm"});
    CHECK_FALSE(from_go({"linux", "arm", "v5"}));
    CHECK_FALSE(from_go({"windows", "amd64"}));
    CHECK_FALSE(from_go({"linux", ""}));
    CHECK_FALSE(to_go({"linux", "aarch64_be"}));
    CHECK_FALSE(to_go({"linux", "armv7b"}));
}
