// SPDX-License-Identifier: Apache-2.0

#include "wrap/hash.h"

#include "base/text.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("IMG-11: digests are those of FIPS 180-4") {
    CHECK(hash_hex(HashKind::Sha256, "abc") ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hash_hex(HashKind::Sha512, "abc") ==
          "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
          "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    CHECK(hash_hex(HashKind::Sha256, "") ==
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("a digest does not depend on how the bytes came, and a finished hash begins anew") {
    std::string text = "abc";
    Hash hash(HashKind::Sha256);
    for (char c : text)
        hash.update(std::as_bytes(std::span(&c, 1)));
    CHECK(hex(hash.finish()) == hash_hex(HashKind::Sha256, text));
    CHECK(hex(hash.finish()) == hash_hex(HashKind::Sha256, ""));
}
