// SPDX-License-Identifier: Apache-2.0

#include "stage0/attach.h"

#include "base/error.h"
#include "stage0/streams.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("what is attached to is what was asked for, or all there is, and never what there is not") {
    Endpoints has = Endpoints::parse("stdin,stdout");
    CHECK(choose_endpoints("web", has, {}) == has);
    CHECK(choose_endpoints("web", has, Endpoints::parse("stdout")).str() == "stdout");
    CHECK_THROWS_WITH_AS(choose_endpoints("web", has, Endpoints::parse("stderr")),
                         "attaching to app web: it has no stderr to attach to, but stdin,stdout", Error);
    CHECK_THROWS_AS(choose_endpoints("web", has, Endpoints::parse("tty")), Error);
    CHECK_THROWS_AS(choose_endpoints("web", {}, {}), Error);
}

TEST_CASE("three keys in a row detach, however they arrive") {
    DetachKeys keys;
    CHECK_FALSE(keys.take("a\x1d\x1d"));
    CHECK_FALSE(keys.take("b\x1d"));
    CHECK_FALSE(keys.take(""));
    CHECK_FALSE(keys.take("\x1d"));
    CHECK(keys.take("\x1d"));
    CHECK(DetachKeys().take("x\x1d\x1d\x1dy"));
}

TEST_CASE("what one who attaches says is written as it is read") {
    AttachWords words = AttachWords::parse("web stdin,stderr");
    CHECK(words.app == "web");
    CHECK(words.str() == "web stdin,stderr");
    CHECK_THROWS_AS(AttachWords::parse("web"), Error);
    CHECK_THROWS_AS(AttachWords::parse("web all"), Error);
    CHECK_THROWS_AS(AttachWords::parse(""), Error);
}
