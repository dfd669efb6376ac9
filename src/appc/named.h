// SPDX-License-Identifier: Apache-2.0
//
// Lists of entries that are found by their names: labels, annotations, ports, volumes, apps, …

#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rkt {

// Nothing, as a null pointer, if there is no entry of that name.
template <class Entry>
const Entry* find_named(const std::vector<Entry>& list, std::string_view name) {
    auto found = std::ranges::find_if(list, [&](const Entry& entry) { return entry.name == name; });
    return found == list.end() ? nullptr : &*found;
}

template <class Entry>
Entry* find_named(std::vector<Entry>& list, std::string_view name) {
    return const_cast<Entry*>(find_named(std::as_const(list), name));
}

template <class Entry>
std::vector<std::string> names_of(const std::vector<Entry>& list) {
    std::vector<std::string> names;
    names.reserve(list.size());
    for (const Entry& entry : list)
        names.push_back(entry.name.str());
    return names;
}

// Puts the entry in the place of the one with its name, or at the end.
template <class Entry>
void put_named(std::vector<Entry>& list, Entry entry) {
    if (Entry* old = find_named(list, entry.name.str()))
        *old = std::move(entry);
    else
        list.push_back(std::move(entry));
}

} // namespace rkt
