// SPDX-License-Identifier: Apache-2.0

#include "aci/id-shift.h"

#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;
using namespace std::string_literals;

TEST_CASE("a range of users is two numbers") {
    IdShift shift = IdShift::parse("524288:65536");
    CHECK(shift.first == 524288);
    CHECK(shift.count == 65536);
    for (const char* bad : {"", "1", ":", "1:", ":1", "a:1", "1:b", "1:4294967296", "-1:1", "1:2:3"})
        CHECK_THROWS_AS(IdShift::parse(bad), Error);
}

TEST_CASE("owners inside the range are moved back, others stay") {
    IdShift shift = {.first = 524288, .count = 65536};
    CHECK(shift.undo(524288) == 0);
    CHECK(shift.undo(524288 + 1234) == 1234);
    CHECK(shift.undo(524288 + 65535) == 65535);
    CHECK(shift.undo(524288 + 65536) == 524288 + 65536);
    CHECK(shift.undo(0) == 0);
    CHECK(shift.undo(1234) == 1234);
}

TEST_CASE("access control lists and capabilities are of the image's users, too") {
    IdShift shift = {.first = 0x80000, .count = 0x10000};
    TarEntry entry = {.path = "a", .uid = 0x80001, .gid = 0x80002};
    entry.attributes = {
        {"system.posix_acl_access", "\2\0\0\0"
                                    "\1\0\7\0\xff\xff\xff\xff"
                                    "\2\0\7\0\5\0\x08\0"s},
        {"security.capability", "\1\0\0\3"s + std::string(16, '\1') + "\0\0\x08\0"s},
    };
    shift.undo(entry);
    CHECK(entry.uid == 1);
    CHECK(entry.gid == 2);
    CHECK(entry.attributes[0].second == "\2\0\0\0"
                                        "\1\0\7\0\xff\xff\xff\xff"
                                        "\2\0\7\0\5\0\0\0"s);
    CHECK(entry.attributes[1].second == "\1\0\0\2"s + std::string(16, '\1'));
    // Those of another root, and those of the host's, stay as they are.
    for (const std::string& other :
         {"\1\0\0\3"s + std::string(16, '\1') + "\0\0\x07\0"s, "\1\0\0\2"s + std::string(16, '\1')}) {
        entry.attributes = {{"security.capability", other}};
        shift.undo(entry);
        CHECK(entry.attributes[0].second == other);
    }
}
