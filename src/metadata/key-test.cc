// SPDX-License-Identifier: Apache-2.0

#include "metadata/key.h"

#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <sys/stat.h>

using namespace rkt;

namespace {

const Uuid one = Uuid::parse("6a6e2c5a-7c1e-4c37-9d3b-0f1f4f3e2d1c");
const Uuid other = Uuid::parse("00000000-7c1e-4c37-9d3b-0f1f4f3e2d1c");

} // namespace

TEST_CASE("MDS-20: a key is made once, for its owner alone, and another host has another") {
    TempDir dir;
    TempDir elsewhere;
    std::string signature = SigningKey::open(dir.path()).sign(one, "hello");
    CHECK(SigningKey::open(dir.path()).sign(one, "hello") == signature);
    CHECK(SigningKey::open(elsewhere.path()).sign(one, "hello") != signature);
    struct stat status = {};
    REQUIRE(::stat((dir.path() / "key").c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0400);
    CHECK(status.st_size == 64);
}

TEST_CASE("MDS-16, MDS-21: a signature is that of a pod and of a content") {
    TempDir dir;
    write_plainly(dir.path() / "key", std::string(64, 'k'));
    SigningKey key = SigningKey::open(dir.path());
    std::string signature = key.sign(one, "hello");
    CHECK(signature == // as another program computes it
          "pgxSJMgav2Jojrn7bhTo3OSlU4eey/sHah81aD9YwO99"
          "YY9mQ2PT1BmFnqHHk4MvLkXhcfF/L4IQWmCvaof2FQ==");
    CHECK(key.verify(one, "hello", signature));
    CHECK_FALSE(key.verify(other, "hello", signature));
    CHECK_FALSE(key.verify(one, "hello!", signature));
    CHECK_FALSE(key.verify(one, "hello", signature.substr(1)));
    CHECK_FALSE(key.verify(one, "hello", ""));
    std::string changed = signature;
    changed[0] = changed[0] == 'A' ? 'B' : 'A';
    CHECK_FALSE(key.verify(one, "hello", changed));
}

TEST_CASE("MDS-20: what is no key is not signed with") {
    TempDir dir;
    write_plainly(dir.path() / "key", "short");
    CHECK_THROWS_AS(SigningKey::open(dir.path()), std::exception);
}
