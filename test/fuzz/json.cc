// SPDX-License-Identifier: Apache-2.0
//
// JSON: what is written is read as the same.

#include "target.h"

#include "wrap/json.h"

void rkt::fuzz::read(std::string_view bytes) {
    Json json = Json::parse(bytes);
    require(Json::parse(json.compact()) == json, "the compact form says the same");
    require(Json::parse(json.pretty()) == json, "the pretty form says the same");
}
