// SPDX-License-Identifier: Apache-2.0

#include "wrap/json-text.h"

#include "base/text.h"
#include "base/utf8.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

namespace rkt {

namespace {

bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

class Scanner {
public:
    Scanner(std::string_view text, std::size_t depth) : text_(text), depth_limit_(depth) {}

    void scan() {
        while (at_ < text_.size())
            scan_word();
    }

private:
    [[noreturn]] void fault(std::string_view message) const {
        std::string_view before = text_.substr(0, at_);
        auto line = std::ranges::count(before, '\n') + 1;
        std::string_view here = before.substr(before.rfind('\n') + 1);
        auto column = std::ranges::count_if(here, [](char c) { return !continues_utf8(c); }) + 1;
        throw Error("line {}, column {}: {}", line, column, message);
    }

    char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }

    bool skip(char expected) noexcept {
        bool there = at_ < text_.size() && text_[at_] == expected;
        at_ += there ? 1 : 0;
        return there;
    }

    void scan_word() {
        char c = peek();
        if (c == '"')
            scan_string();
        else if (c == '-' || is_digit(c))
            scan_number();
        else if (is_letter(c))
            scan_literal();
        else
            scan_mark(c);
    }

    void scan_mark(char c) {
        if (c == '{' || c == '[') {
            if (++depth_ > depth_limit_)
                fault("too many objects and lists inside each other");
        } else if (c == '}' || c == ']') {
            depth_ -= depth_ > 0 ? 1 : 0;
        } else if (std::string_view(",: \t\r\n").find(c) == std::string_view::npos) {
            fault("a character that has no place here");
        }
        ++at_;
    }

    void scan_literal() {
        auto rest = text_.substr(at_);
        auto end = std::ranges::find_if_not(rest, is_letter);
        auto word = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
        if (word != "true" && word != "false" && word != "null")
            fault("a word that is not true, false or null");
        at_ += word.size();
    }

    void scan_digits() {
        if (!is_digit(peek()))
            fault("a number lacks a digit");
        while (is_digit(peek()))
            ++at_;
    }

    void scan_number() {
        std::size_t start = at_;
        skip('-');
        if (skip('0')) {
            if (is_digit(peek()))
                fault("a number begins with 0");
        } else {
            scan_digits();
        }
        bool integer = true;
        if (skip('.')) {
            integer = false;
            scan_digits();
        }
        if (skip('e') || skip('E')) {
            integer = false;
            if (!skip('+'))
                skip('-');
            scan_digits();
        }
        check_range(text_.substr(start, at_ - start), integer);
    }

    template <class Number>
    static bool fits(std::string_view word) noexcept {
        Number value = {};
        return std::from_chars(word.data(), word.data() + word.size(), value).ec == std::errc();
    }

    void check_range(std::string_view word, bool integer) const {
        bool held = integer ? fits<std::int64_t>(word) || (word.front() != '-' && fits<std::uint64_t>(word))
                            : fits<double>(word);
        if (!held)
            fault("a number does not fit into 64 bits");
    }

    void scan_string() {
        ++at_;
        while (!skip('"')) {
            if (at_ == text_.size())
                fault("a string does not end");
            if (skip('\\'))
                scan_escape();
            else
                scan_character();
        }
    }

    void scan_character() {
        if (static_cast<unsigned char>(peek()) < 0x20)
            fault("a control character in a string");
        std::size_t length = utf8_length(text_.substr(at_));
        if (length == 0)
            fault("a string is not UTF-8");
        at_ += length;
    }

    void scan_escape() {
        if (skip('u'))
            scan_unicode();
        else if (peek() != '\0' && std::string_view("\"\\/bfnrt").find(peek()) != std::string_view::npos)
            ++at_;
        else
            fault("an unknown escape in a string");
    }

    // The four digits after \u.
    unsigned scan_unit() {
        unsigned unit = 0;
        auto word = text_.substr(at_, 4);
        auto [end, code] = std::from_chars(word.data(), word.data() + word.size(), unit, 16);
        if (word.size() != 4 || end != word.data() + 4 || word.front() == '-')
            fault("an escape without four hexadecimal digits");
        at_ += 4;
        return unit;
    }

    void scan_unicode() {
        unsigned unit = scan_unit();
        if (unit < 0xd800 || unit > 0xdfff)
            return;
        bool paired = unit < 0xdc00 && skip('\\') && skip('u');
        unsigned low = paired ? scan_unit() : 0;
        if (low < 0xdc00 || low > 0xdfff)
            fault("half of a surrogate pair");
    }

    std::string_view text_;
    std::size_t depth_limit_;
    std::size_t depth_ = 0;
    std::size_t at_ = 0;
};

} // namespace

void check_json_words(std::string_view text, std::size_t depth) {
    Scanner(text, depth).scan();
}

} // namespace rkt
