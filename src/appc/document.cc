// SPDX-License-Identifier: Apache-2.0

#include "appc/document.h"

#include "appc/limits.h"

#include <compare>

namespace rkt {

Json parse_document(std::string_view text, std::string_view name) {
    try {
        return Json::parse_object(text, {.size = limits::manifest_size, .depth = limits::manifest_depth});
    } catch (Error& e) {
        e.during("reading {}", name);
        throw;
    }
}

void read_kind(Reader& reader, std::string_view kind) {
    std::string found = reader.text("acKind");
    if (reader.has("acKind") && found != kind)
        reader.fault("acKind", fmt::format("\"{}\" where \"{}\" belongs", found, kind));
}

SemVer read_version(Reader& reader) {
    auto version = reader.word<SemVer>("acVersion");
    SemVer ours = spec_version();
    if (version.major != ours.major)
        reader.fault("acVersion",
                     fmt::format("{} is of another major version than {}, which we follow", version, ours));
    else if (std::is_gt(precedence(version, ours)))
        reader.warn("acVersion", fmt::format("{} is newer than {}, which we follow", version, ours));
    return version;
}

std::optional<ImageId> read_image_id(Reader& reader, std::string_view name) {
    const Json* member = reader.find(name);
    bool left_out = member != nullptr && *member == Json("sha512-...");
    if (!left_out || !reader.is_lenient())
        return reader.optional_word<ImageId>(name);
    reader.warn(name, "the image id was left out");
    reader.leave(name);
    return std::nullopt;
}

} // namespace rkt
