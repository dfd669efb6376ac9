// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/account.h"

#include "base/error.h"
#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <sys/stat.h>
#include <unistd.h>

using namespace rkt;

namespace {

// An image with a few accounts, some of them odd.
struct Image {
    TempDir dir;

    Image() {
        std::filesystem::create_directories(dir.path() / "etc");
        write_plainly(dir.path() / "etc/passwd", "root:x:0:0:root:/root:/bin/bash\n"
                                                 "alice:x:1234:1235::/home/alice:/bin/ash\n"
                                                 "4711:x:99:99::/:\n"
                                                 "broken:x:notanumber:1::/:\n"
                                                 "huge:x:4294967295:1::/:\n"
                                                 "short:x\n");
        write_plainly(dir.path() / "etc/group", "root:x:0:\nstaff:x:50:alice\n");
    }

    Dir root() const { return Dir::open(dir.path()); }
};

} // namespace

TEST_CASE("ACI-13: a name of the image's accounts, then a number") {
    Image image;
    struct Row {
        std::string user;
        std::string group;
        uid_t uid;
        gid_t gid;
    };
    const Row rows[] = {
        {"root", "root", 0, 0},
        {"alice", "staff", 1234, 50},
        {"0", "0", 0, 0},
        {"1000", "1001", 1000, 1001},
        {"4711", "4711", 99, 4711}, // a name in passwd wins over the number, in group there is none
        {"4294967294", "0", 4294967294, 0},
    };
    for (const Row& row : rows) {
        CAPTURE(row.user);
        Account account = resolve_account({image.root()}, row.user, row.group, {});
        CHECK(account.uid == row.uid);
        CHECK(account.gid == row.gid);
    }
}

TEST_CASE("ACI-13: a path stands for the owner of the file in the image") {
    Image image;
    write_plainly(image.dir.path() / "data", "");
    struct stat status = {};
    REQUIRE(::stat((image.dir.path() / "data").c_str(), &status) == 0);
    Account account = resolve_account({image.root()}, "/data", "/data", {});
    CHECK(account.uid == status.st_uid);
    CHECK(account.gid == status.st_gid);
    CHECK_THROWS_WITH_AS(resolve_account({image.root()}, "/gone", "0", {}),
                         "finding the user /gone: the image has no such file", Error);
}

TEST_CASE("ACI-15: a link in an image leads nowhere else") {
    Image image;
    write_plainly(image.dir.path() / "passwd", "mallory:x:666:666::/:\n");
    REQUIRE(::unlink((image.dir.path() / "etc/passwd").c_str()) == 0);
    REQUIRE(::symlink("/../../../passwd", (image.dir.path() / "etc/passwd").c_str()) == 0);
    CHECK(resolve_account({image.root()}, "mallory", "0", {}).uid == 666);
    CHECK_THROWS_AS(resolve_account({image.root()}, "/../../etc/hostname", "0", {}), Error);
}

TEST_CASE("ACI-14: who is not in the image is not found, though the host may know him") {
    Image image;
    CHECK_THROWS_WITH_AS(resolve_account({image.root()}, "daemon", "0", {}),
                         "finding the user daemon: it is not in the image's /etc/passwd", Error);
    CHECK_THROWS_WITH_AS(resolve_account({image.root()}, "0", "daemon", {}),
                         "finding the group daemon: it is not in the image's /etc/group", Error);
    for (const char* user : {"broken", "huge", "short", "", "4294967295", "-1"})
        CHECK_THROWS_AS(resolve_account({image.root()}, user, "0", {}), Error);
}

TEST_CASE("an image without accounts has root and numbers") {
    TempDir empty;
    Dir root = Dir::open(empty.path());
    CHECK(resolve_account({root}, "root", "root", {}).is_root());
    CHECK(resolve_account({root}, "7", "8", {9}).supplementary == std::vector<gid_t>{9});
    CHECK_THROWS_AS(resolve_account({root}, "alice", "0", {}), Error);
}

TEST_CASE("an account is described as the image does, or guessed") {
    Image image;
    Account alice = resolve_account({image.root()}, "1234", "0", {});
    CHECK(alice.name == "alice");
    CHECK(alice.home == "/home/alice");
    CHECK(alice.shell == "/bin/ash");
    Account nobody = resolve_account({image.root()}, "5", "0", {});
    CHECK(nobody.name.empty());
    CHECK(nobody.home == "/");
    TempDir empty;
    Account root = resolve_account({Dir::open(empty.path())}, "0", "0", {});
    CHECK(root.name == "root");
    CHECK(root.home == "/root");
}

TEST_CASE("the pod gets a line for every number it does not have, once") {
    const std::vector<Account> accounts = {
        {.uid = 0, .gid = 0}, {.uid = 1234, .gid = 1235, .supplementary = {0, 7}}, {.uid = 1234, .gid = 7}};
    CHECK(passwd_lines("root:x:0:0::/:/bin/sh\n", accounts) == "user1234:x:1234:65534::/:/bin/sh\n");
    CHECK(group_lines("root:x:0:\n", accounts) == "group7:x:7:\ngroup1235:x:1235:\n");
    CHECK(passwd_lines("root:x:0:0::/:\nother:x:1234:1::/:\n", accounts).empty());
}

TEST_CASE("a user alone has the group that the image gives it, else the one that is said") {
    Image image;
    CHECK(resolve_user({image.root()}, "alice", 7).uid == 1234);
    CHECK(resolve_user({image.root()}, "alice", 7).gid != 7);
    CHECK(resolve_user({image.root()}, "1000", 7).gid == 7);
    CHECK(resolve_user({image.root()}, "0", 7).gid == 0);
    CHECK_THROWS_AS(resolve_user({image.root()}, "eve", 7), Error);
}
