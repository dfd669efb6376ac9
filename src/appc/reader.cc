// SPDX-License-Identifier: Apache-2.0

#include "appc/reader.h"

#include "appc/limits.h"
#include "appc/name.h"
#include "base/text.h"

#include <algorithm>

namespace rkt {

namespace {

bool same_but_for_case(std::string_view a, std::string_view b) {
    auto lower = [](char c) { return lower_case(c); };
    return std::ranges::equal(a, b, {}, lower, lower);
}

bool has_zero(std::string_view text) {
    return text.find('\0') != std::string_view::npos;
}

std::string nth(std::string_view name, std::size_t index) {
    return fmt::format("{}[{}]", name, index);
}

const Json* find_kind(Reader& reader, std::string_view name, Json::Kind kind) {
    const Json* member = reader.find(name);
    if (member == nullptr || member->is(kind))
        return member;
    reader.fault(name, fmt::format("{} where {} belongs", name_of(member->kind()), name_of(kind)));
    return nullptr;
}

// A string that can be handed to the kernel, where a zero byte would end it.
bool check_plain(Reader& reader, const Json& value, std::string_view name) {
    if (!value.is(Json::Kind::String))
        reader.fault(name, fmt::format("{} where a string belongs", name_of(value.kind())));
    else if (has_zero(value.string()))
        reader.fault(name, "a zero byte in a string");
    else
        return true;
    return false;
}

bool check_count(Reader& reader, std::string_view name, std::size_t count, std::size_t limit) {
    if (count > limit)
        reader.fault(name, fmt::format("has {} entries, and {} are allowed", count, limit));
    return count <= limit;
}

} // namespace

std::string Reader::text(std::string_view name) {
    require(name);
    return optional_text(name).value_or("");
}

std::string Reader::filled_text(std::string_view name) {
    require(name);
    auto text = optional_text(name);
    if (text && text->empty())
        fault(name, "is empty");
    return text.value_or("");
}

std::uint64_t Reader::number(std::string_view name, std::uint64_t min, std::uint64_t max) {
    require(name);
    return optional_number(name, min, max).value_or(min);
}

Json Reader::value(std::string_view name) {
    read_.emplace_back(name);
    auto member = object_.find(name);
    if (member != object_.end())
        return member->second;
    fault(name, "is missing");
    return {};
}

std::optional<Reader> Reader::enter(std::string_view name) {
    require(name);
    const Json* member = find(name);
    return member != nullptr ? enter(*member, name) : std::nullopt;
}

std::optional<std::string> Reader::optional_text(std::string_view name) {
    const std::string* text = find_text(name);
    return text != nullptr ? std::optional(*text) : std::nullopt;
}

std::optional<std::uint64_t> Reader::optional_number(std::string_view name, std::uint64_t min,
                                                     std::uint64_t max) {
    const Json* member = find_kind(*this, name, Json::Kind::Integer);
    if (member == nullptr)
        return std::nullopt;
    if (!member->is_negative() && member->natural() >= min && member->natural() <= max)
        return member->natural();
    fault(name, fmt::format("{} is not between {} and {}", member->compact(), min, max));
    return std::nullopt;
}

std::optional<bool> Reader::optional_flag(std::string_view name) {
    const Json* member = find_kind(*this, name, Json::Kind::Bool);
    return member != nullptr ? std::optional(member->boolean()) : std::nullopt;
}

std::vector<std::string> Reader::texts(std::string_view name, std::size_t limit) {
    std::vector<std::string> texts;
    std::size_t index = 0;
    for (const Json& element : elements(name, limit))
        if (check_plain(*this, element, nth(name, index++)))
            texts.push_back(element.string());
    return texts;
}

std::map<std::string, std::string> Reader::text_map(std::string_view name, std::size_t limit) {
    std::map<std::string, std::string> texts;
    const Json* member = find_kind(*this, name, Json::Kind::Object);
    if (member == nullptr || !check_count(*this, name, member->object().size(), limit))
        return texts;
    for (const auto& [key, value] : member->object())
        if (check_plain(*this, value, fmt::format("{}.{}", name, key)))
            texts.emplace(key, value.string());
    return texts;
}

std::vector<std::uint32_t> Reader::numbers(std::string_view name, std::size_t limit) {
    std::vector<std::uint32_t> numbers;
    std::size_t index = 0;
    for (const Json& element : elements(name, limit)) {
        bool fits =
            element.is(Json::Kind::Integer) && !element.is_negative() && element.natural() <= UINT32_MAX;
        if (fits)
            numbers.push_back(static_cast<std::uint32_t>(element.natural()));
        else
            fault(nth(name, index), "is no integer between 0 and 4294967295");
        ++index;
    }
    return numbers;
}

const Json* Reader::find(std::string_view name) {
    read_.emplace_back(name);
    auto member = object_.find(name);
    bool absent = member == object_.end() || member->second.is(Json::Kind::Null);
    return absent ? nullptr : &member->second;
}

void Reader::require(std::string_view name) {
    if (!has(name))
        fault(name, "is missing");
}

Json::Object Reader::rest() {
    Json::Object rest;
    for (const auto& [name, value] : object_) {
        if (std::ranges::find(read_, name) != read_.end())
            continue;
        auto meant = std::ranges::find_if(
            read_, [&name = name](const std::string& known) { return same_but_for_case(known, name); });
        if (meant != read_.end())
            warn(name, fmt::format("is ignored: the member is spelled \"{}\"", *meant));
        rest.emplace(name, value);
    }
    return rest;
}

std::string Reader::path_of(std::string_view name) const {
    return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
}

std::optional<Reader> Reader::enter(const Json& value, std::string_view name) {
    if (value.is(Json::Kind::Object))
        return Reader(value.object(), path_of(name), findings_, strictness_);
    fault(name, fmt::format("{} where an object belongs", name_of(value.kind())));
    return std::nullopt;
}

const std::string* Reader::find_text(std::string_view name) {
    const Json* member = find(name);
    return member != nullptr && check_plain(*this, *member, name) ? &member->string() : nullptr;
}

const Json::List& Reader::elements(std::string_view name, std::size_t limit) {
    static const Json::List none;
    const Json* member = find_kind(*this, name, Json::Kind::List);
    return member != nullptr && check_count(*this, name, member->list().size(), limit) ? member->list()
                                                                                       : none;
}

void Reader::refuse_twice(std::string_view name, std::vector<std::string> names) {
    std::ranges::sort(names);
    for (auto twice = std::ranges::adjacent_find(names); twice != names.end();) {
        // Several names that could not be read are not one name.
        if (*twice != stand_in<AcName> || !findings_.has_faults())
            fault(name, fmt::format("\"{}\" is there twice", *twice));
        auto other =
            std::find_if(twice, names.end(), [&](const std::string& next) { return next != *twice; });
        twice = std::adjacent_find(other, names.end());
    }
}

} // namespace rkt
