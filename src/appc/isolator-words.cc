// SPDX-License-Identifier: Apache-2.0

#include "appc/isolator-words.h"

#include "appc/findings.h"
#include "appc/isolator-value.h"
#include "appc/reader.h"
#include "base/text.h"

#include <charconv>

namespace rkt {

namespace {

// The value as it would be in a manifest, checked as there.
Isolator checked(std::string_view name, Json value, std::string_view word) {
    Json::Object object = {{"name", name}, {"value", value}};
    Findings findings;
    Reader reader(object, "", findings, Strictness::Strict);
    find_isolator_kind(name)->check(reader);
    findings.refuse_faults(fmt::format("\"{}\"", word));
    return {.name = AcIdentifier::parse(name), .value = std::move(value)};
}

std::vector<std::string> list_of(std::string_view words) {
    std::vector<std::string> list;
    for (std::string_view word : split(words, ','))
        list.emplace_back(trim(word));
    return list;
}

Json integer(std::string_view word) {
    std::int64_t number = 0;
    auto [stopped, fault] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (word.empty() || fault != std::errc() || stopped != word.data() + word.size())
        throw Error("\"{}\" is no whole number", word);
    return number;
}

Isolator limit_of(std::string_view name, std::string_view limit) {
    return checked(name, Json::Object{{"limit", limit}}, limit);
}

bool exclude_each_other(std::string_view one, std::string_view other) {
    for (std::string_view family : {"os/linux/seccomp-", "os/linux/capabilities-"})
        if (one.starts_with(family) && other.starts_with(family))
            return true;
    return one == other;
}

} // namespace

Isolator memory_isolator(std::string_view limit) {
    constexpr std::int64_t page = 4096;
    Isolator isolator = limit_of("resource/memory", limit);
    if (find_quantity(isolator, "limit")->whole() < page)
        throw Error("\"{}\" is less than 4096 bytes: m stands for thousandths, M and Mi for millions", limit);
    return isolator;
}

Isolator cpu_isolator(std::string_view limit) {
    return limit_of("resource/cpu", limit);
}

Isolator cpu_shares_isolator(std::string_view shares) {
    return checked("os/linux/cpu-shares", integer(shares), shares);
}

Isolator oom_score_isolator(std::string_view adjustment) {
    return checked("os/linux/oom-score-adj", integer(adjustment), adjustment);
}

Isolator retained_capabilities(std::string_view names) {
    return checked("os/linux/capabilities-retain-set", Json::Object{{"set", list_of(names)}}, names);
}

Isolator removed_capabilities(std::string_view names) {
    return checked("os/linux/capabilities-remove-set", Json::Object{{"set", list_of(names)}}, names);
}

Isolator seccomp_isolator(std::string_view words) {
    std::string mode;
    Json::Object value;
    std::vector<std::string> set;
    for (const std::string& word : list_of(words)) {
        if (word.starts_with("mode="))
            mode = word.substr(5);
        else if (word.starts_with("errno="))
            value["errno"] = word.substr(6);
        else if (word.find('=') != std::string::npos)
            throw Error("\"{}\": {} is neither mode= nor errno=, nor a system call", words, word);
        else
            set.push_back(word);
    }
    if (mode != "retain" && mode != "remove")
        throw Error("\"{}\": mode=retain or mode=remove is missing", words);
    value["set"] = set;
    return checked(fmt::format("os/linux/seccomp-{}-set", mode), std::move(value), words);
}

void replace_isolator(std::vector<Isolator>& isolators, Isolator isolator) {
    std::erase_if(isolators, [&](const Isolator& other) {
        return exclude_each_other(other.name.str(), isolator.name.str());
    });
    isolators.push_back(std::move(isolator));
}

} // namespace rkt
