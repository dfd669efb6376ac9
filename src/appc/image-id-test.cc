// SPDX-License-Identifier: Apache-2.0

#include "appc/image-id.h"

#include "base/error.h"

#include <doctest/doctest.h>

#include <array>

using namespace rkt;

namespace {

std::string id_text(std::size_t digits, char digit = 'a') {
    return "sha512-" + std::string(digits, digit);
}

} // namespace

TEST_CASE("AC-TYPE-7: an image id is sha512- and 128 hexadecimal digits") {
    CHECK(ImageId::parse(id_text(128)).str() == id_text(128));
    CHECK(ImageId::parse(id_text(128, 'A')).str() == id_text(128, 'a'));
    for (const auto& bad :
         {std::string(), std::string("sha512-"), std::string("sha512-..."), std::string(128, 'a'),
          id_text(127), id_text(129), id_text(128, 'g'), id_text(128, '-'), "sha1-" + std::string(40, 'a'),
          "sha256-" + std::string(64, 'a'), "SHA512-" + std::string(128, 'a'), id_text(128) + "\n"}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(ImageId::parse(bad), Error);
    }
}

TEST_CASE("AC-TYPE-7: an id of a digest is its bytes in lower-case hexadecimal") {
    std::array<std::uint8_t, 64> digest = {};
    digest.front() = 0xAB;
    digest.back() = 1;
    ImageId id = ImageId::of(digest);
    CHECK(id.str() == "sha512-ab" + std::string(124, '0') + "01");
    CHECK(ImageId::parse(id.str()) == id);
    CHECK(id.digits() == id.str().substr(7));
}

TEST_CASE("AC-TYPE-8: people may type the beginning of an id") {
    ImageId id = ImageId::parse(id_text(128));
    CHECK(id.brief() == id_text(32));
    CHECK(ImageIdPrefix::parse(id.brief()).fits(id));
    CHECK(ImageIdPrefix::parse(id.str()).fits(id));
    CHECK(ImageIdPrefix::parse("sha512-AA").fits(id));
    CHECK_FALSE(ImageIdPrefix::parse("sha512-ab").fits(id));
    for (const auto& bad :
         {std::string("sha512-"), std::string("sha512-a"), std::string("aa"), id_text(129)}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(ImageIdPrefix::parse(bad), Error);
    }
}
