// SPDX-License-Identifier: Apache-2.0
//
// Reads the members of a JSON object one by one, and collects what is wrong with them.
//
// It lets the parse of a type read as the list of its fields. A member with a fault is reported and
// then read as some stand-in, so that reading goes on to the next fault; no stand-in leaves this
// room, since faults are thrown in the end. A member that is null counts as absent (AC-TYPE-19).

#pragma once

#include "appc/findings.h"
#include "appc/named.h"
#include "appc/word.h"
#include "base/error.h"
#include "wrap/json.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace rkt {

class Reader {
public:
    // The path is that of the object in the document; empty for the document itself.
    Reader(const Json::Object& object, std::string path, Findings& findings, Strictness strictness)
        : object_(object), path_(std::move(path)), findings_(findings), strictness_(strictness) {}

    // Members that have to be there.
    template <Word T>
    T word(std::string_view name) {
        require(name);
        return optional_word<T>(name).value_or(T::parse(stand_in<T>));
    }
    std::string text(std::string_view name);
    std::string filled_text(std::string_view name);
    std::uint64_t number(std::string_view name, std::uint64_t min, std::uint64_t max);
    Json value(std::string_view name);
    std::optional<Reader> enter(std::string_view name);

    // Members that may be absent: an empty optional, list or map, or the given default.
    template <Word T>
    std::optional<T> optional_word(std::string_view name) {
        const std::string* text = find_text(name);
        try {
            return text != nullptr ? std::optional(T::parse(*text)) : std::nullopt;
        } catch (const Error& e) {
            fault(name, e.what());
            return std::nullopt;
        }
    }
    std::optional<std::string> optional_text(std::string_view name);
    std::optional<std::uint64_t> optional_number(std::string_view name, std::uint64_t min, std::uint64_t max);
    std::optional<bool> optional_flag(std::string_view name);
    bool flag(std::string_view name) { return optional_flag(name).value_or(false); }
    std::vector<std::string> texts(std::string_view name, std::size_t limit);
    std::map<std::string, std::string> text_map(std::string_view name, std::size_t limit);
    std::vector<std::uint32_t> numbers(std::string_view name, std::size_t limit);

    // An object, or a list of objects, each read by the function.
    template <class Read>
    auto object(std::string_view name, Read read) -> std::optional<std::invoke_result_t<Read, Reader&>> {
        const Json* member = find(name);
        auto inner = member != nullptr ? enter(*member, name) : std::nullopt;
        return inner ? std::optional(read(*inner)) : std::nullopt;
    }
    template <class Read>
    auto list(std::string_view name, std::size_t limit, Read read) {
        std::vector<std::invoke_result_t<Read, Reader&>> values;
        std::size_t index = 0;
        for (const Json& element : elements(name, limit))
            if (auto inner = enter(element, fmt::format("{}[{}]", name, index++)))
                values.push_back(read(*inner));
        return values;
    }

    // The same for entries that have a name, which no two may share.
    template <class Read>
    auto named_list(std::string_view name, std::size_t limit, Read read) {
        auto values = list(name, limit, read);
        refuse_twice(name, names_of(values));
        return values;
    }

    // Nothing when it is absent. Counts as read.
    const Json* find(std::string_view name);
    bool has(std::string_view name) { return find(name) != nullptr; }
    void require(std::string_view name);

    // Faults of the member for every name that is among these more than once.
    void refuse_twice(std::string_view name, std::vector<std::string> names);

    // The members that nobody has read, or that were left. Warns of those that differ from one that was
    // read in nothing but capital letters.
    Json::Object rest();
    void leave(std::string_view name) { std::erase(read_, name); }

    void fault(std::string_view name, std::string_view message) { findings_.fault(path_of(name), message); }
    void warn(std::string_view name, std::string_view message) { findings_.warn(path_of(name), message); }
    bool is_lenient() const noexcept { return strictness_ == Strictness::Lenient; }

private:
    std::string path_of(std::string_view name) const;
    std::optional<Reader> enter(const Json& value, std::string_view name);
    const std::string* find_text(std::string_view name);
    const Json::List& elements(std::string_view name, std::size_t limit);

    const Json::Object& object_;
    std::string path_;
    Findings& findings_;
    Strictness strictness_;
    std::vector<std::string> read_;
};

} // namespace rkt
