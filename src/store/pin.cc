// SPDX-License-Identifier: Apache-2.0

#include "store/pin.h"

#include "appc/image-id.h"
#include "base/error.h"
#include "base/text.h"

#include <array>

namespace rkt {

namespace {

struct Kind {
    std::string_view word;
    std::set<std::string> Pin::*digests;
};

constexpr std::array kinds = {Kind{"image ", &Pin::images}, Kind{"layer ", &Pin::layers},
                              Kind{"tree ", &Pin::trees}};

void parse_line(std::string_view line, Pin& pin) {
    for (const Kind& kind : kinds) {
        if (!line.starts_with(kind.word))
            continue;
        (pin.*kind.digests).insert(ImageId::parse(line.substr(kind.word.size())).str());
        return;
    }
    throw Error("\"{}\" pins neither an image nor a layer nor a tree", line);
}

} // namespace

Pin Pin::parse(std::string_view text) {
    if (!text.ends_with('\n'))
        throw Error("it is cut off");
    text.remove_suffix(1);
    Pin pin;
    for (std::string_view line : split(text, '\n'))
        parse_line(line, pin);
    return pin;
}

void Pin::add(const Pin& other) {
    for (const Kind& kind : kinds)
        (this->*kind.digests).insert((other.*kind.digests).begin(), (other.*kind.digests).end());
}

std::string Pin::str() const {
    std::string text;
    for (const Kind& kind : kinds)
        for (const std::string& digest : this->*kind.digests)
            text.append(kind.word).append(digest).append("\n");
    return text;
}

} // namespace rkt
