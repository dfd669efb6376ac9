// SPDX-License-Identifier: Apache-2.0

#include "config/json-format.h"

#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("a format is text, or JSON on one line or on several") {
    Json json(Json::Object{{"a", Json(1)}});
    CHECK(parse_format(std::nullopt) == Format::Text);
    CHECK(format_json(json, parse_format("json")) == "{\"a\":1}\n");
    CHECK(format_json(json, parse_format("json-pretty")) == "{\n    \"a\": 1\n}\n");
    CHECK_THROWS_AS(parse_format("yaml"), UsageError);
    CHECK_THROWS_AS(parse_format(""), UsageError);
}
