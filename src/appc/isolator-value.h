// SPDX-License-Identifier: Apache-2.0
//
// The shapes that the values of the known isolators have.

#pragma once

#include <span>
#include <string_view>

namespace rkt {

class Reader;

// Who may have it.
enum class IsolatorOwner { App, Pod, Either };

// The names of all capabilities (capabilities(7)).
std::span<const std::string_view> capability_names();

// What becomes of a second one of the same name.
enum class Repetition { Refused, LastCounts };

// What a known isolator is like.
struct IsolatorKind {
    std::string_view name;
    IsolatorOwner owner;
    Repetition repetition;
    void (*check)(Reader& isolator); // reports the faults of the member "value"
};

// Nothing, as a null pointer, for an unknown one.
const IsolatorKind* find_isolator_kind(std::string_view name);

} // namespace rkt
