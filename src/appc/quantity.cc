// SPDX-License-Identifier: Apache-2.0

#include "appc/quantity.h"

#include "appc/limits.h"
#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <iterator>
#include <optional>

namespace rkt {

namespace {

constexpr int billion_exponent = 9;
constexpr int billion = 1000000000;

using Family = Quantity::Family;

// What a suffix says: so many powers of ten, and so many doublings.
struct Scale {
    Family family = Family::Decimal;
    int exponent = 0;
    int doublings = 0;
};

struct Suffix {
    std::string_view text;
    Scale scale;
};

constexpr Suffix suffixes[] = {
    {"n", {Family::Decimal, -9}},    {"u", {Family::Decimal, -6}},    {"m", {Family::Decimal, -3}},
    {"", {Family::Decimal, 0}},      {"k", {Family::Decimal, 3}},     {"K", {Family::Decimal, 3}},
    {"M", {Family::Decimal, 6}},     {"G", {Family::Decimal, 9}},     {"T", {Family::Decimal, 12}},
    {"P", {Family::Decimal, 15}},    {"E", {Family::Decimal, 18}},    {"Ki", {Family::Binary, 0, 10}},
    {"Mi", {Family::Binary, 0, 20}}, {"Gi", {Family::Binary, 0, 30}}, {"Ti", {Family::Binary, 0, 40}},
    {"Pi", {Family::Binary, 0, 50}}, {"Ei", {Family::Binary, 0, 60}},
};

// How often the divisor goes into the count, rounded away from zero, and at most what 64 bits hold.
template <class Count>
std::int64_t rounded(Count count, int divisor) noexcept {
    Count value = count / divisor;
    if (count % divisor != 0)
        value += count < 0 ? -1 : 1;
    return static_cast<std::int64_t>(std::clamp<Count>(value, INT64_MIN, INT64_MAX));
}

// A number of any size as its decimal digits.
class Digits {
public:
    explicit Digits(std::string text) : text_(std::move(text)) { drop_leading_zeros(); }

    void twice() {
        int carry = 0;
        for (auto digit = text_.rbegin(); digit != text_.rend(); ++digit) {
            int value = (*digit - '0') * 2 + carry;
            *digit = static_cast<char>('0' + value % 10);
            carry = value / 10;
        }
        if (carry != 0)
            text_.insert(0, 1, '1');
    }

    // Times ten to the power of exponent, rounded up; nothing if it is more than the limit.
    template <class Count>
    std::optional<Count> scaled(int exponent, Count limit) const {
        std::string kept = text_;
        bool lost = false;
        for (; exponent < 0 && !kept.empty(); ++exponent) {
            lost = lost || kept.back() != '0';
            kept.pop_back();
        }
        Count value = 0;
        for (char digit : kept)
            if (value = value * 10 + (digit - '0'); value > limit)
                return std::nullopt;
        for (; exponent > 0 && value > 0; --exponent)
            if (value *= 10; value > limit)
                return std::nullopt;
        value += lost ? 1 : 0;
        return value > limit ? std::nullopt : std::optional(value);
    }

private:
    void drop_leading_zeros() { text_.erase(0, std::min(text_.find_first_not_of('0'), text_.size())); }

    std::string text_;
};

// What stands before the suffix: digits, with at most one point among or beside them.
struct Number {
    std::string digits;
    int fraction = 0; // how many of them are behind the point
};

std::optional<Number> parse_decimal(std::string_view text) {
    auto point = text.find('.');
    std::string_view front = text.substr(0, point);
    std::string_view back = point == std::string_view::npos ? "" : text.substr(point + 1);
    std::string digits = std::string(front).append(back);
    if (digits.empty() || !std::ranges::all_of(digits, is_digit))
        return std::nullopt;
    return Number{digits, static_cast<int>(back.size())};
}

std::optional<Scale> parse_exponent(std::string_view text) {
    if (!text.starts_with('e') && !text.starts_with('E'))
        return std::nullopt;
    text.remove_prefix(1);
    bool negative = text.starts_with('-');
    if (negative || text.starts_with('+'))
        text.remove_prefix(1);
    auto value = parse_number(text);
    if (!value)
        return std::nullopt;
    // Beyond this nothing differs any more from zero, or from the largest.
    int exponent = static_cast<int>(std::min<std::uint64_t>(*value, 1000));
    return Scale{Family::Exponent, negative ? -exponent : exponent};
}

std::optional<Scale> parse_suffix(std::string_view text) {
    const auto* suffix = std::ranges::find(suffixes, text, &Suffix::text);
    return suffix == std::end(suffixes) ? parse_exponent(text) : suffix->scale;
}

std::string suffix_of(const Scale& scale) {
    if (scale.family == Family::Exponent && scale.exponent != 0)
        return fmt::format("e{}", scale.exponent);
    for (const auto& [text, known] : suffixes)
        if (known.exponent == scale.exponent && known.doublings == scale.doublings)
            return std::string(text);
    return {};
}

} // namespace

Quantity Quantity::parse(std::string_view text) {
    if (text.size() > limits::quantity_length)
        throw Error("a quantity has {} characters, and {} are allowed", text.size(), limits::quantity_length);
    std::string_view rest = text;
    bool negative = rest.starts_with('-');
    if (negative || rest.starts_with('+'))
        rest.remove_prefix(1);
    auto end = std::min(rest.find_first_not_of("0123456789."), rest.size());
    auto number = parse_decimal(rest.substr(0, end));
    auto scale = parse_suffix(rest.substr(end));
    if (!number || !scale)
        throw Error("\"{}\" is no quantity such as 2, 0.5, 500m, 64Mi or 1e3", text);

    Digits digits(number->digits);
    for (int i = 0; i < scale->doublings; ++i)
        digits.twice();
    constexpr Count largest = static_cast<Count>(INT64_MAX) * billion;
    int exponent = billion_exponent - number->fraction + scale->exponent;
    Count billionths = digits.scaled(exponent, largest).value_or(largest);
    return {negative ? -billionths : billionths, scale->family};
}

std::string Quantity::str() const {
    Scale scale{.family = family_};
    Count count = billionths_;
    auto divide = [&](int base, int times) {
        bool even = count != 0 && count % base == 0 && times > 0;
        count /= even ? base : 1;
        return even;
    };
    // Below 1024, and with a fraction, no binary suffix would do.
    bool binary = family_ == Family::Binary && count % billion == 0;
    if (binary) {
        count /= billion;
        while (divide(1024, 60 - scale.doublings))
            scale.doublings += 10;
    } else {
        scale.exponent = count == 0 ? 0 : -billion_exponent;
        while (divide(1000, 18 - scale.exponent))
            scale.exponent += 3;
    }
    return fmt::format("{}{}", count, suffix_of(scale));
}

std::int64_t Quantity::whole() const noexcept {
    return rounded(billionths_, billion);
}

std::int64_t Quantity::thousandths() const noexcept {
    return rounded(billionths_, billion / 1000);
}

} // namespace rkt
