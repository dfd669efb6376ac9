// SPDX-License-Identifier: Apache-2.0
//
// JSON as text.
//
// Written here because jsoncpp's styled writer puts brackets on lines of their own behind trailing
// blanks, and gives 0.1 back as 0.10000000000000001.

#include "wrap/json.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace rkt {

namespace {

constexpr std::size_t indent = 4;

// Of a character of at most three bytes in UTF-8.
unsigned code_point(std::string_view character) {
    auto byte = [&](std::size_t i) {
        return static_cast<unsigned>(static_cast<unsigned char>(character[i]));
    };
    if (character.size() == 1)
        return byte(0);
    if (character.size() == 2)
        return (byte(0) & 0x1f) << 6 | (byte(1) & 0x3f);
    return (byte(0) & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f);
}

std::string escaped(std::string_view character) {
    switch (character.front()) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        return fmt::format("\\u{:04x}", code_point(character));
    }
}

class Writer {
public:
    explicit Writer(bool pretty) : pretty_(pretty) {}

    // As deep as the value is.
    void write(const Json& value) { // NOLINT(misc-no-recursion)
        switch (value.kind()) {
        case Json::Kind::Null:
            text_ += "null";
            break;
        case Json::Kind::Bool:
            text_ += value.boolean() ? "true" : "false";
            break;
        case Json::Kind::Integer:
            write_integer(value);
            break;
        case Json::Kind::Real:
            write_real(value.real());
            break;
        case Json::Kind::String:
            write_string(value.string());
            break;
        case Json::Kind::List:
            write_list(value.list());
            break;
        case Json::Kind::Object:
            write_object(value.object());
            break;
        }
    }

    std::string take() { return std::move(text_); }

private:
    void write_integer(const Json& value) {
        if (value.is_negative())
            text_ += fmt::to_string(value.integer());
        else
            text_ += fmt::to_string(value.natural());
    }

    // The shortest text that reads as the same number, and not as an integer. JSON has no infinity.
    void write_real(double value) {
        std::string word = std::isfinite(value) ? fmt::format("{}", value) : "null";
        if (word.find_first_not_of("-0123456789") == std::string::npos)
            word += ".0";
        text_ += word;
    }

    // What a terminal would obey is escaped, too: a stranger may have written it.
    void write_string(std::string_view value) {
        text_ += '"';
        while (!value.empty()) {
            bool is_syntax = value.front() == '"' || value.front() == '\\';
            std::size_t size = is_syntax ? 1 : size_of_obeyed(value);
            if (size > 0)
                text_ += escaped(value.substr(0, size));
            else
                text_ += value.front();
            value.remove_prefix(std::max(size, std::size_t{1}));
        }
        text_ += '"';
    }

    void write_list(const Json::List& list) { // NOLINT(misc-no-recursion)
        open('[');
        for (const Json& element : list) {
            next(&element == &list.front());
            write(element);
        }
        close(']', list.empty());
    }

    void write_object(const Json::Object& object) { // NOLINT(misc-no-recursion)
        open('{');
        for (const auto& [name, value] : object) {
            next(&name == &object.begin()->first);
            write_string(name);
            text_ += pretty_ ? ": " : ":";
            write(value);
        }
        close('}', object.empty());
    }

    void open(char bracket) {
        text_ += bracket;
        ++depth_;
    }

    void close(char bracket, bool empty) {
        --depth_;
        if (!empty)
            break_line();
        text_ += bracket;
    }

    void next(bool first) {
        if (!first)
            text_ += ',';
        break_line();
    }

    void break_line() {
        if (pretty_)
            text_.append("\n").append(depth_ * indent, ' ');
    }

    bool pretty_;
    std::size_t depth_ = 0;
    std::string text_;
};

std::string write(const Json& value, bool pretty) {
    Writer writer(pretty);
    writer.write(value);
    return writer.take();
}

} // namespace

std::string Json::compact() const {
    return write(*this, false);
}

std::string Json::pretty() const {
    return write(*this, true);
}

} // namespace rkt
