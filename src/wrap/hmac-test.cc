// SPDX-License-Identifier: Apache-2.0

#include "wrap/hmac.h"

#include "base/text.h"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <vector>

using namespace rkt;

namespace {

std::string signed_hex(std::string_view key, std::vector<std::string_view> parts) {
    std::string digest = hmac_sha512(key, parts);
    return hex({reinterpret_cast<const std::uint8_t*>(digest.data()), digest.size()});
}

} // namespace

TEST_CASE("MDS-20: signatures are those of RFC 4231, however the text is parted") {
    const std::string expected = "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                                 "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737";
    CHECK(signed_hex("Jefe", {"what do ya want for nothing?"}) == expected);
    CHECK(signed_hex("Jefe", {"what do ya want", "", " for nothing?"}) == expected);
    CHECK(signed_hex("jefe", {"what do ya want for nothing?"}) != expected);
}

TEST_CASE("MDS-22: secrets are equal when every byte is") {
    CHECK(equal_in_constant_time("", ""));
    CHECK(equal_in_constant_time("abc", "abc"));
    CHECK_FALSE(equal_in_constant_time("abc", "abd"));
    CHECK_FALSE(equal_in_constant_time("abc", "ab"));
    CHECK_FALSE(equal_in_constant_time("", "a"));
}
