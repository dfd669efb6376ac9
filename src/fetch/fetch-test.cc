// SPDX-License-Identifier: Apache-2.0

#include "fetch/fetch.h"

#include "base/error.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <unistd.h>

using namespace rkt;

namespace {

std::string fault(const TempDir& dir, const std::string& word, const FetchOptions& options) {
    try {
        std::vector<AskedImage> asked = {{.image = ImageRef::parse(word)}};
        std::vector<Fetched> fetched = fetch(dir.path() / "data", asked, options);
        if (fetched.front().fault)
            std::rethrow_exception(fetched.front().fault);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

} // namespace

TEST_CASE("who is not root is told so before anything is made") {
    if (::geteuid() == 0) {
        MESSAGE("skipped: this is root");
        return;
    }
    TempDir dir;
    CHECK(fault(dir, "./x.aci", {}) == "storing an image gives its files to their owners, which takes root");
    CHECK(std::filesystem::is_empty(dir.path()));
}

TEST_CASE("what cannot be fetched is named, with the reason") {
    if (::geteuid() != 0) {
        MESSAGE("skipped: fetching takes root");
        return;
    }
    TempDir dir;
    CHECK(fault(dir, "/gone.aci", {}) == "fetching /gone.aci: opening /gone.aci: No such file or directory");
    CHECK(fault(dir, "/dev/zero", {}) ==
          "fetching /dev/zero: opening /dev/zero: it is neither a file nor a pipe");
    CHECK(fault(dir, "example.com/web", {.policy = PullPolicy::Never}) ==
          "fetching example.com/web: image example.com/web is not in the store");
}
