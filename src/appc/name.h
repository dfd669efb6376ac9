// SPDX-License-Identifier: Apache-2.0
//
// The two kinds of names in the spec.
//
// An AcIdentifier names images, labels, annotations and isolators; an AcName, which has no dots,
// slashes and underscores, names what lives inside a pod: apps, volumes, mount points, ports.

#pragma once

#include "appc/word.h"

#include <compare>
#include <string>
#include <string_view>

namespace rkt {

// Small letters and digits in parts that are joined by one of - . _ ~ / (AC-TYPE-1).
class AcIdentifier {
public:
    // Throws an Error that quotes the text.
    static AcIdentifier parse(std::string_view text);

    const std::string& str() const noexcept { return text_; }
    auto operator<=>(const AcIdentifier&) const = default;
    bool operator==(const AcIdentifier&) const = default;
    bool operator==(std::string_view text) const noexcept { return text_ == text; }

    // Whether it is the prefix or stands below it, by elements of the path: "example.com/et/x" is below
    // "example.com/et" and "example.com/etcd" is not (DISC-3). The prefix may end in a slash.
    bool is_below(std::string_view prefix) const noexcept;

private:
    explicit AcIdentifier(std::string_view text) : text_(text) {}

    std::string text_;
};

// Small letters and digits in parts that are joined by one hyphen (AC-TYPE-2).
class AcName {
public:
    // Throws an Error that quotes the text.
    static AcName parse(std::string_view text);

    // The name nearest to a text: "Example.com/Web_1" gives "example-com-web-1". Throws an Error when
    // nothing of it is left.
    static AcName nearest(std::string_view text);

    const std::string& str() const noexcept { return text_; }
    auto operator<=>(const AcName&) const = default;
    bool operator==(const AcName&) const = default;
    bool operator==(std::string_view text) const noexcept { return text_ == text; }

private:
    explicit AcName(std::string_view text) : text_(text) {}

    std::string text_;
};

} // namespace rkt
