// SPDX-License-Identifier: Apache-2.0

#include "wrap/json.h"

#include "base/error.h"
#include "base/text.h"
#include "wrap/json-text.h"

#include <json/json.h>

#include <memory>

namespace rkt {

namespace {

Json from_library(const ::Json::Value& value);

Json::List list_from_library(const ::Json::Value& value) {
    Json::List list;
    list.reserve(value.size());
    for (const ::Json::Value& element : value)
        list.push_back(from_library(element));
    return list;
}

Json::Object object_from_library(const ::Json::Value& value) {
    Json::Object object;
    for (auto member = value.begin(); member != value.end(); ++member)
        object.emplace(member.name(), from_library(*member));
    return object;
}

// As deep as the text was, which has been limited.
Json from_library(const ::Json::Value& value) { // NOLINT(misc-no-recursion)
    switch (value.type()) {
    case ::Json::nullValue:
        return {};
    case ::Json::booleanValue:
        return value.asBool();
    case ::Json::intValue:
        return std::int64_t{value.asInt64()};
    case ::Json::uintValue:
        return std::uint64_t{value.asUInt64()};
    case ::Json::realValue:
        return value.asDouble();
    case ::Json::stringValue:
        return value.asString();
    case ::Json::arrayValue:
        return list_from_library(value);
    case ::Json::objectValue:
        return object_from_library(value);
    }
    return {};
}

// jsoncpp lists faults as "* Line 1, Column 2\n  What is wrong.\nSee …"; the first is the one that counts.
std::string first_fault(const std::string& faults) {
    std::vector<std::string_view> lines = split(faults, '\n');
    std::string_view place = lines.front();
    place.remove_prefix(std::min<std::size_t>(2, place.size()));
    std::string_view what = trim(lines.size() > 1 ? lines[1] : "");
    if (what.ends_with('.'))
        what.remove_suffix(1);
    std::string fault = fmt::format("{}: {}", place, what);
    for (char& c : fault)
        if (c == 'L' || c == 'C')
            c = static_cast<char>(c - 'A' + 'a');
    return fault;
}

std::unique_ptr<::Json::CharReader> strict_reader() {
    ::Json::CharReaderBuilder builder;
    ::Json::CharReaderBuilder::strictMode(&builder.settings_);
    builder["strictRoot"] = false;
    builder["skipBom"] = false;
    return std::unique_ptr<::Json::CharReader>(builder.newCharReader());
}

template <class T>
const T& expect(const T* held, const Json& value, Json::Kind wanted) {
    if (held == nullptr)
        throw Error("{} where {} belongs", name_of(value.kind()), name_of(wanted));
    return *held;
}

} // namespace

Json Json::parse(std::string_view text, const JsonLimits& limits) {
    if (text.size() > limits.size)
        throw Error("the document has {} bytes, and {} are allowed", text.size(), limits.size);
    check_json_words(text, limits.depth);
    ::Json::Value root;
    std::string faults;
    if (!strict_reader()->parse(text.data(), text.data() + text.size(), &root, &faults))
        throw Error("{}", first_fault(faults));
    return from_library(root);
}

Json Json::parse_object(std::string_view text, const JsonLimits& limits) {
    Json document = parse(text, limits);
    if (!document.is(Kind::Object))
        throw Error("the document is {}, and must be an object", name_of(document.kind()));
    return document;
}

Json::Json(const std::vector<std::string>& values) : value_(List(values.begin(), values.end())) {}

Json::Kind Json::kind() const noexcept {
    constexpr Kind kinds[] = {Kind::Null, Kind::Bool,   Kind::Integer, Kind::Integer,
                              Kind::Real, Kind::String, Kind::List,    Kind::Object};
    return kinds[value_.index()];
}

bool Json::boolean() const {
    return expect(std::get_if<bool>(&value_), *this, Kind::Bool);
}

std::int64_t Json::integer() const {
    if (const auto* negative = std::get_if<std::int64_t>(&value_))
        return *negative;
    std::uint64_t value = expect(std::get_if<std::uint64_t>(&value_), *this, Kind::Integer);
    if (value > INT64_MAX)
        throw Error("{} is too large", value);
    return static_cast<std::int64_t>(value);
}

std::uint64_t Json::natural() const {
    if (const auto* negative = std::get_if<std::int64_t>(&value_))
        throw Error("{} is negative", *negative);
    return expect(std::get_if<std::uint64_t>(&value_), *this, Kind::Integer);
}

double Json::real() const {
    return expect(std::get_if<double>(&value_), *this, Kind::Real);
}

const std::string& Json::string() const {
    return expect(std::get_if<std::string>(&value_), *this, Kind::String);
}

const Json::List& Json::list() const {
    return expect(std::get_if<List>(&value_), *this, Kind::List);
}

const Json::Object& Json::object() const {
    return expect(std::get_if<Object>(&value_), *this, Kind::Object);
}

std::vector<std::string> Json::strings() const {
    std::vector<std::string> texts;
    for (const Json& element : list())
        texts.push_back(element.string());
    return texts;
}

const Json* Json::find(std::string_view name) const noexcept {
    const auto* members = std::get_if<Object>(&value_);
    if (members == nullptr)
        return nullptr;
    auto found = members->find(name);
    return found == members->end() ? nullptr : &found->second;
}

const Json& Json::at(std::string_view name) const {
    expect(std::get_if<Object>(&value_), *this, Kind::Object);
    const Json* member = find(name);
    if (member == nullptr)
        throw Error("the member \"{}\" is missing", name);
    return *member;
}

Json& Json::set(std::string_view name, Json value) {
    if (is(Kind::Null))
        value_ = Object();
    std::get<Object>(value_).insert_or_assign(std::string(name), std::move(value));
    return *this;
}

Json& Json::append(Json value) {
    if (is(Kind::Null))
        value_ = List();
    std::get<List>(value_).push_back(std::move(value));
    return *this;
}

void Json::set_integer(std::int64_t value) {
    if (value < 0)
        value_ = value;
    else
        value_ = static_cast<std::uint64_t>(value);
}

bool operator==(const Json& a, const Json& b) {
    return a.value_ == b.value_;
}

std::string_view name_of(Json::Kind kind) noexcept {
    constexpr std::string_view names[] = {"null",     "true or false", "an integer", "a fraction",
                                          "a string", "a list",        "an object"};
    return names[static_cast<std::size_t>(kind)];
}

} // namespace rkt
