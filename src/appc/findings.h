// SPDX-License-Identifier: Apache-2.0
//
// What is found while a document is read: faults, for which it is refused, and warnings.
//
// All of them are collected before anything is thrown, since who writes a manifest wants to hear of
// every fault at once (AC-TYPE-20).

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rkt {

// A document that was read, and what is doubtful about it: "app.ports[0].name: …", one a line.
template <class T>
struct Examined {
    T value;
    std::vector<std::string> warnings = {};
};

// How a document is read. Lenient is for one that is not about to run, such as a template of a pod or a
// manifest that is only being checked: image ids may be missing or left out with dots.
enum class Strictness { Strict, Lenient };

class Findings {
public:
    // The path is that of the member in the document; empty for the document itself.
    void fault(std::string_view path, std::string_view message);
    void warn(std::string_view path, std::string_view message);

    bool has_faults() const noexcept { return !faults_.empty(); }

    // Throws one Error that lists all faults, if there are any: "reading a pod manifest: apps: is
    // missing", or below each other when there are several.
    void refuse_faults(std::string_view document) const;

    std::vector<std::string> take_warnings() { return std::move(warnings_); }

private:
    std::vector<std::string> faults_;
    std::vector<std::string> warnings_;
    std::size_t untold_faults_ = 0;
};

} // namespace rkt
