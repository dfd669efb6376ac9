// SPDX-License-Identifier: Apache-2.0
//
// The syntax of unit files (systemd.syntax(7), systemd.service(5)).
//
// Values come from manifests that strangers wrote. What is made here is read back by systemd as exactly what
// was put in, and never as another setting.

#pragma once

#include <span>
#include <string>
#include <string_view>

namespace rkt {

// A word of a list, in double quotes: any text but NUL.
std::string quote(std::string_view word);

// Words of a list, one after the other.
std::string quote_all(std::span<const std::string> words);

// A path that stands alone as a value, for settings that know no quotes. Throws Error for one that cannot be
// said so: control characters, blanks at its ends, a backslash at its end.
std::string bare_path(std::string_view path);

// Any text, for settings that know no quotes: it begins no specifier.
std::string without_specifiers(std::string_view text);

// "KEY=VALUE" and a newline. Throws Error if systemd would refuse the line for its length, and if it would
// read another one: control characters, a backslash at the end.
std::string setting(std::string_view key, std::string_view value);

} // namespace rkt
