// SPDX-License-Identifier: Apache-2.0

#include "aci/contents.h"

#include "base/utf8.h"
#include "wrap/json.h"

namespace rkt {

namespace {

// A manifest of 4 MiB, each byte of which is written as "\u0000" at worst.
constexpr JsonLimits limits = {.size = 32 << 20};

} // namespace

AciContents AciContents::parse(std::string_view text) {
    Json json = Json::parse_object(text, limits);
    return {.id = ImageId::parse(json.at("id").string()),
            .manifest = json.at("manifest").string(),
            .bytes = json.at("bytes").natural(),
            .source_bytes = json.at("source-bytes").natural(),
            .warnings = json.at("warnings").strings()};
}

std::string AciContents::json() const {
    std::vector<std::string> readable;
    readable.reserve(warnings.size());
    for (const std::string& warning : warnings)
        readable.push_back(as_utf8(warning));
    Json json(Json::Object{});
    json.set("id", id.str());
    json.set("manifest", manifest);
    json.set("bytes", bytes);
    json.set("source-bytes", source_bytes);
    json.set("warnings", readable);
    return json.compact();
}

} // namespace rkt
