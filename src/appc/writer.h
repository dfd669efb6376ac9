// SPDX-License-Identifier: Apache-2.0
//
// Builds the JSON of a value, member by member: the other side of Reader. What is absent or empty is
// left out, and the members that were not understood when it was read come first.

#pragma once

#include "appc/word.h"
#include "wrap/json.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

class Writer {
public:
    explicit Writer(const Json::Object& unknown) : json_(unknown) {}

    Writer& set(std::string_view name, Json value) {
        json_.set(name, std::move(value));
        return *this;
    }

    template <Word T>
    Writer& set(std::string_view name, const T& word) {
        return set(name, Json(word.str()));
    }

    template <Word T>
    Writer& set(std::string_view name, const std::optional<T>& word) {
        return word ? set(name, *word) : *this;
    }

    // Only what is not the default.
    template <class T>
    Writer& set_unless(const T& usual, std::string_view name, const T& value) {
        return value == usual ? *this : set(name, Json(value));
    }

    Writer& texts(std::string_view name, const std::vector<std::string>& texts) {
        return texts.empty() ? *this : set(name, Json(texts));
    }

    Writer& numbers(std::string_view name, const std::vector<std::uint32_t>& numbers) {
        return numbers.empty() ? *this : set(name, Json::List(numbers.begin(), numbers.end()));
    }

    Writer& text_map(std::string_view name, const std::map<std::string, std::string>& texts) {
        return texts.empty() ? *this : set(name, Json::Object(texts.begin(), texts.end()));
    }

    template <class T>
    Writer& list(std::string_view name, const std::vector<T>& values) {
        return values.empty() ? *this : whole_list(name, values);
    }

    // Also when it is empty.
    template <class T>
    Writer& whole_list(std::string_view name, const std::vector<T>& values) {
        Json::List list;
        for (const T& value : values)
            list.push_back(value.json());
        return set(name, std::move(list));
    }

    Json take() { return std::move(json_); }

private:
    Json json_;
};

} // namespace rkt
