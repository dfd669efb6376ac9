// SPDX-License-Identifier: Apache-2.0

#include "store/pin.h"

#include "appc/image-id.h"
#include "base/error.h"
#include "base/text.h"

namespace rkt {

namespace {

constexpr std::string_view image_word = "image ";
constexpr std::string_view layer_word = "layer ";

void parse_line(std::string_view line, Pin& pin) {
    std::string_view word = line.substr(0, image_word.size());
    std::string_view rest = line.substr(word.size());
    if (word == image_word)
        pin.images.insert(ImageId::parse(rest).str());
    else if (word == layer_word)
        pin.layers.insert(ImageId::parse(rest).str());
    else
        throw Error("\"{}\" pins neither an image nor a layer", line);
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

std::string Pin::str() const {
    std::string text;
    for (const std::string& image : images)
        text.append(image_word).append(image).append("\n");
    for (const std::string& layer : layers)
        text.append(layer_word).append(layer).append("\n");
    return text;
}

} // namespace rkt
