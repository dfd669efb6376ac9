// SPDX-License-Identifier: Apache-2.0

#include "appc/findings.h"

#include "appc/limits.h"
#include "base/error.h"

#include <algorithm>

namespace rkt {

namespace {

constexpr std::size_t longest = 400;

// Texts of a stranger may be long, and may hold what a terminal would obey.
std::string presentable(std::string_view text) {
    std::string line(text.substr(0, longest));
    for (char& c : line)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = '?';
    if (text.size() > longest)
        line += "…";
    return line;
}

std::string describe(std::string_view path, std::string_view message) {
    if (path.empty())
        return presentable(message);
    return fmt::format("{}: {}", presentable(path), presentable(message));
}

} // namespace

void Findings::fault(std::string_view path, std::string_view message) {
    std::string fault = describe(path, message);
    if (std::ranges::find(faults_, fault) != faults_.end())
        return;
    if (faults_.size() < limits::findings)
        faults_.push_back(std::move(fault));
    else
        ++untold_faults_;
}

void Findings::warn(std::string_view path, std::string_view message) {
    if (warnings_.size() < limits::findings)
        warnings_.push_back(describe(path, message));
}

void Findings::refuse_faults(std::string_view document) const {
    if (faults_.empty())
        return;
    if (faults_.size() == 1)
        throw Error("reading {}: {}", document, faults_.front());
    std::string list;
    for (const std::string& fault : faults_)
        list += "\n  " + fault;
    if (untold_faults_ != 0)
        list += fmt::format("\n  and {} more", untold_faults_);
    throw Error("reading {}: {} faults:{}", document, faults_.size() + untold_faults_, list);
}

} // namespace rkt
