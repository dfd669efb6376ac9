// SPDX-License-Identifier: Apache-2.0
//
// A JSON value, and the strict reading and writing of it.
//
// Manifests come from strangers, so reading takes RFC 8259 and nothing beside it: no comments,
// no member twice, valid UTF-8, nothing after the value, and limits on size and depth.
// Integers stay exact, and an integer is never taken for a real number or the other way round.

#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace rkt {

struct JsonLimits {
    std::size_t size = 4 << 20; // bytes of text
    std::size_t depth = 64;     // of objects and lists inside each other
};

class Json {
public:
    using List = std::vector<Json>;
    using Object = std::map<std::string, Json, std::less<>>;

    enum class Kind { Null, Bool, Integer, Real, String, List, Object };

    // Both throw an Error that begins with "line 3, column 7: ", counted from 1 in characters, when
    // the text is not JSON; and one without a place when it is too long, or is JSON but no object.
    static Json parse(std::string_view text, const JsonLimits& limits = {});
    static Json parse_object(std::string_view text, const JsonLimits& limits = {});

    // Values are made from what they hold; Json() is null, and an empty object is Json::Object{}.
    Json() = default;
    Json(std::same_as<bool> auto value) : value_(value) {}
    Json(std::signed_integral auto value) { set_integer(value); }
    Json(std::unsigned_integral auto value) requires(!std::same_as<decltype(value), bool>)
        : value_(std::uint64_t{value}) {}
    Json(double value) : value_(value) {}
    Json(const char* value) : value_(std::string(value)) {}
    Json(std::string_view value) : value_(std::string(value)) {}
    Json(std::string value) : value_(std::move(value)) {}
    Json(const std::vector<std::string>& values);
    Json(List values) : value_(std::move(values)) {}
    Json(Object members) : value_(std::move(members)) {}

    Kind kind() const noexcept;
    bool is(Kind kind) const noexcept { return this->kind() == kind; }
    bool is_negative() const noexcept { return std::holds_alternative<std::int64_t>(value_); }

    // What the value holds. Throw an Error that says what was found when it is of another kind, or
    // an integer that does not fit.
    bool boolean() const;
    std::int64_t integer() const;
    std::uint64_t natural() const;
    double real() const;
    const std::string& string() const;
    const List& list() const;
    const Object& object() const;
    std::vector<std::string> strings() const;

    // A member of an object: find gives a null pointer when it is not there or this is no object,
    // at throws an Error that names it.
    const Json* find(std::string_view name) const noexcept;
    const Json& at(std::string_view name) const;

    // For building: put a member into an object, an element at the end of a list; null becomes one.
    Json& set(std::string_view name, Json value);
    Json& append(Json value);

    // On one line without blanks, and over several lines indented by four; neither ends in a newline.
    // Members come in the order of their names.
    std::string compact() const;
    std::string pretty() const;

    friend bool operator==(const Json& a, const Json& b);

private:
    void set_integer(std::int64_t value);

    // An integer is held as std::int64_t only when it is negative.
    std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, std::string, List, Object> value_;
};

// "a list", "an object", … for messages.
std::string_view name_of(Json::Kind kind) noexcept;

} // namespace rkt
