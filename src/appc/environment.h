// SPDX-License-Identifier: Apache-2.0
//
// The environment of an app.

#pragma once

#include "appc/named.h"
#include "appc/word.h"
#include "wrap/json.h"

#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

class Reader;

// Letters, digits, underscores, dots and hyphens, with a letter or underscore in front (AC-TYPE-14).
class EnvironmentName {
public:
    // Throws an Error that quotes the text.
    static EnvironmentName parse(std::string_view text);

    const std::string& str() const noexcept { return text_; }
    auto operator<=>(const EnvironmentName&) const = default;
    bool operator==(const EnvironmentName&) const = default;
    bool operator==(std::string_view text) const noexcept { return text_ == text; }

private:
    explicit EnvironmentName(std::string_view text) : text_(text) {}

    std::string text_;
};

struct EnvironmentVariable {
    EnvironmentName name;
    std::string value;
    Json::Object unknown = {};

    Json json() const;
    bool operator==(const EnvironmentVariable&) const = default;
};

using Environment = std::vector<EnvironmentVariable>;

// Reads the member "environment": each name once (ACI-20).
Environment read_environment(Reader& reader);

} // namespace rkt
