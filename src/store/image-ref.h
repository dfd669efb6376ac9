// SPDX-License-Identifier: Apache-2.0
//
// What a person writes for an image, made once where arguments are read.
//
// The text alone decides which kind it is: what lies in the current directory has no say, so a
// stray file never turns a name into a path. What could be read in two ways is refused.

#pragma once

#include "appc/image-id.h"
#include "appc/name.h"
#include "base/url.h"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <variant>

namespace rkt {

// name[:version][,label=value]…; the version is kept as the label of that name.
struct ImageName {
    AcIdentifier name;
    std::map<std::string, std::string> labels = {};

    // Throws an Error that quotes the text.
    static ImageName parse(std::string_view text);
    std::string str() const;
};

struct ImageRef {
    std::variant<std::filesystem::path, ImageIdPrefix, ImageName, Url> image;

    // "sha512-…" is an id; what begins with "https://" or "http://" is a URL; what begins with "/",
    // "file://",
    // "./" or "../", holds "./" or ends in ".aci" is a path; the rest is a name. Throws an Error for anything
    // else, and for the kinds that cannot be fetched yet.
    static ImageRef parse(std::string_view word);

    const std::filesystem::path* path() const noexcept { return std::get_if<std::filesystem::path>(&image); }
    const ImageIdPrefix* id() const noexcept { return std::get_if<ImageIdPrefix>(&image); }
    const ImageName* name() const noexcept { return std::get_if<ImageName>(&image); }
    const Url* url() const noexcept { return std::get_if<Url>(&image); }

    // For messages, in a form that parses to the same.
    std::string str() const;
};

} // namespace rkt
