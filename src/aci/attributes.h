// SPDX-License-Identifier: Apache-2.0
//
// Which extended attributes belong to an image.

#pragma once

#include <string_view>

namespace rkt {

inline constexpr std::string_view capability_attribute = "security.capability";
inline constexpr std::string_view access_list_attribute = "system.posix_acl_access";
inline constexpr std::string_view default_list_attribute = "system.posix_acl_default";

// Others mean something to the host they come from alone.
bool is_kept_attribute(std::string_view name) noexcept;

// Those by which overlayfs and the kernel keep their own books: no image may have them.
bool is_obeyed_attribute(std::string_view name) noexcept;

} // namespace rkt
