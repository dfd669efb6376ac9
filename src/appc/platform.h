// SPDX-License-Identifier: Apache-2.0
//
// Which machines an image is for: the pairs of os and arch that the labels of an image may have,
// and what Go, and with it OCI, calls them.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rkt {

struct Platform {
    std::string_view os;
    std::string_view arch;

    bool operator==(const Platform&) const = default;
};

// As Go says it: variant is the version of ARM, "v6" or "6", empty for all others.
struct GoPlatform {
    std::string_view os;
    std::string_view arch;
    std::string_view variant = {};

    bool operator==(const GoPlatform&) const = default;
};

// The machine that we run on.
Platform host_platform() noexcept;

// Whether the table of the spec, to which riscv64 and loong64 have been added, has it (AC-TYPE-12).
bool is_known_os(std::string_view os) noexcept;
bool is_known_platform(const Platform& platform) noexcept;

// Nothing when the other side has no word for it.
std::optional<Platform> from_go(const GoPlatform& platform) noexcept;
std::optional<GoPlatform> to_go(const Platform& platform) noexcept;

} // namespace rkt
