// SPDX-License-Identifier: Apache-2.0

#include "os/umask.h"

#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

mode_t mode_of_new(const std::filesystem::path& file) {
    write_plainly(file, "", 0666);
    struct stat status = {};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    return status.st_mode & 07777;
}

} // namespace

TEST_CASE("a umask holds for as long as was said") {
    TempDir dir;
    Umask outer(077);
    {
        Umask inner(002);
        CHECK(mode_of_new(dir.path() / "inner") == 0664);
    }
    CHECK(mode_of_new(dir.path() / "outer") == 0600);
    CHECK(take_usual_umask() == 077);
    CHECK(mode_of_new(dir.path() / "usual") == 0644);
}
