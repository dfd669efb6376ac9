// SPDX-License-Identifier: Apache-2.0

#include "appc/environment.h"

#include "appc/limits.h"
#include "appc/reader.h"
#include "appc/writer.h"
#include "base/text.h"

#include <algorithm>

namespace rkt {

namespace {

bool begins_name(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool continues_name(char c) noexcept {
    return begins_name(c) || is_digit(c) || c == '.' || c == '-';
}

EnvironmentVariable read_variable(Reader& reader) {
    return {.name = reader.word<EnvironmentName>("name"),
            .value = reader.text("value"),
            .unknown = reader.rest()};
}

} // namespace

EnvironmentName EnvironmentName::parse(std::string_view text) {
    if (text.size() > limits::identifier_length)
        throw Error("the name of a variable has {} characters, and {} are allowed", text.size(),
                    limits::identifier_length);
    if (text.empty() || !begins_name(text.front()) || !std::ranges::all_of(text, continues_name))
        throw Error(
            "\"{}\" is no name of a variable: letters, digits, _, . and -, beginning with a letter or _",
            text);
    return EnvironmentName(text);
}

Json EnvironmentVariable::json() const {
    return Writer(unknown).set("name", name).set("value", value).take();
}

Environment read_environment(Reader& reader) {
    return reader.named_list("environment", limits::environment, read_variable);
}

} // namespace rkt
