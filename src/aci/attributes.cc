// SPDX-License-Identifier: Apache-2.0

#include "aci/attributes.h"

#include <algorithm>
#include <array>

namespace rkt {

namespace {

constexpr std::array kept = {capability_attribute, access_list_attribute, default_list_attribute};
constexpr std::array<std::string_view, 2> obeyed = {"trusted.", "user.overlay."};

} // namespace

bool is_kept_attribute(std::string_view name) noexcept {
    return name.starts_with("user.") || std::ranges::find(kept, name) != kept.end();
}

bool is_obeyed_attribute(std::string_view name) noexcept {
    return std::ranges::any_of(obeyed, [&](std::string_view prefix) { return name.starts_with(prefix); });
}

} // namespace rkt
