// SPDX-License-Identifier: Apache-2.0

#include "aci/compare.h"

#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <functional>

#include <sys/stat.h>
#include <sys/xattr.h>

using namespace rkt;
namespace fs = std::filesystem;

namespace {

// With times that do not depend on when it was made.
void make_tree(const fs::path& root) {
    fs::create_directories(root / "etc");
    write_plainly(root / "etc/motd", std::string(300000, 'a'));
    write_plainly(root / "etc/other", "b");
    fs::create_hard_link(root / "etc/motd", root / "etc/same");
    fs::create_symlink("motd", root / "etc/link");
}

void settle_times(const fs::path& root) {
    constexpr timespec then = {.tv_sec = 1000000000, .tv_nsec = 5};
    const timespec both[] = {then, then};
    for (const auto& entry : fs::recursive_directory_iterator(root))
        ::utimensat(AT_FDCWD, entry.path().c_str(), both, AT_SYMLINK_NOFOLLOW);
    ::utimensat(AT_FDCWD, root.c_str(), both, 0);
}

// What is found after the change, the times of which are not to be seen.
std::string difference_after(const std::function<void(const fs::path& root)>& change) {
    TempDir dir;
    for (const char* name : {"found", "expected"})
        make_tree(dir.path() / name);
    change(dir.path() / "found");
    for (const char* name : {"found", "expected"})
        settle_times(dir.path() / name);
    return find_difference(Dir::open(dir.path() / "found"), Dir::open(dir.path() / "expected"))
        .value_or("none");
}

} // namespace

TEST_CASE("two trees that are the same have no difference") {
    CHECK(difference_after([](const fs::path&) {}) == "none");
}

TEST_CASE("whatever an image says about a file is compared") {
    CHECK(difference_after([](const fs::path& root) {
              std::string text(300000, 'a');
              text.back() = 'b';
              write_plainly(root / "etc/motd", text);
          }) == "etc/motd: its content is another");
    CHECK(difference_after([](const fs::path& root) { write_plainly(root / "etc/other", ""); }) ==
          "etc/other: its size is another");
    CHECK(difference_after([](const fs::path& root) {
              fs::permissions(root / "etc/other", fs::perms(0600));
          }) == "etc/other: its mode is another");
    CHECK(difference_after([](const fs::path& root) { fs::permissions(root, fs::perms(0700)); }) ==
          "the root: its mode is another");
    CHECK(difference_after([](const fs::path& root) {
              fs::remove(root / "etc/link");
              fs::create_symlink("other", root / "etc/link");
          }) == "etc/link: it leads to something else");
    CHECK(difference_after([](const fs::path& root) {
              fs::remove(root / "etc/same");
              write_plainly(root / "etc/same", std::string(300000, 'a'));
          }) == "etc/same: it is of another kind");
    CHECK(difference_after([](const fs::path& root) {
              ::setxattr((root / "etc/other").c_str(), "user.color", "red", 3, 0);
          }) == "etc/other: its attributes are others");
    CHECK(difference_after([](const fs::path& root) { fs::remove(root / "etc/other"); }) ==
          "etc/other: it is missing");
    CHECK(difference_after([](const fs::path& root) { write_plainly(root / "more", ""); }) ==
          "more: it does not belong there");
}

TEST_CASE("a time that is another is a difference") {
    TempDir dir;
    for (const char* name : {"found", "expected"}) {
        make_tree(dir.path() / name);
        settle_times(dir.path() / name);
    }
    const timespec later[] = {{.tv_sec = 1000000000, .tv_nsec = 6}, {.tv_sec = 1000000000, .tv_nsec = 6}};
    ::utimensat(AT_FDCWD, (dir.path() / "found/etc/other").c_str(), later, 0);
    CHECK(find_difference(Dir::open(dir.path() / "found"), Dir::open(dir.path() / "expected")) ==
          "etc/other: its time is another");
}
