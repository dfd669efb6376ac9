// SPDX-License-Identifier: Apache-2.0

#include "pod/stream-modes.h"

#include "base/error.h"
#include "base/text.h"

#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace rkt {

namespace {

constexpr std::array<std::string_view, 4> words = {"null", "log", "stream", "tty"};

std::optional<StreamMode> find_mode(std::string_view word) {
    for (std::size_t i = 0; i < words.size(); ++i)
        if (words.at(i) == word)
            return static_cast<StreamMode>(i);
    return std::nullopt;
}

using Parse = StreamMode (*)(std::string_view);

std::optional<StreamMode> mode_in(const Annotations& app, std::string_view name, Parse parse) {
    const std::string* word = find_annotation(app, name);
    return word != nullptr ? std::optional(parse(*word)) : std::nullopt;
}

bool is_carried(StreamMode mode) {
    return mode == StreamMode::Stream || mode == StreamMode::Tty;
}

} // namespace

std::string_view str(StreamMode mode) {
    return words.at(static_cast<std::size_t>(mode));
}

StreamMode parse_input_mode(std::string_view word) {
    std::optional<StreamMode> mode = find_mode(word);
    if (!mode || mode == StreamMode::Log)
        throw Error("\"{}\" is nothing that an app can read from: null, stream and tty are known", word);
    return *mode;
}

StreamMode parse_output_mode(std::string_view word) {
    std::optional<StreamMode> mode = find_mode(word);
    if (!mode)
        throw Error("\"{}\" is nothing that an app can write to: log, null, stream and tty are known", word);
    return *mode;
}

bool StreamModes::carried() const {
    return is_carried(in) || is_carried(out) || is_carried(err);
}

std::string StreamModes::str() const {
    return fmt::format("{},{},{}", rkt::str(in), rkt::str(out), rkt::str(err));
}

StreamModes stream_modes_of(const Annotations& app) {
    using enum StreamMode;
    std::optional<StreamMode> in = mode_in(app, stdin_annotation, parse_input_mode);
    std::optional<StreamMode> out = mode_in(app, stdout_annotation, parse_output_mode);
    std::optional<StreamMode> err = mode_in(app, stderr_annotation, parse_output_mode);
    bool terminal = in == Tty || out == Tty || err == Tty;
    StreamModes modes = {.in = in.value_or(terminal ? Tty : Null),
                         .out = out.value_or(terminal ? Tty : Log),
                         .err = err.value_or(terminal ? Tty : Log)};
    if (terminal && (modes.in != Tty || modes.out != Tty))
        throw Error("a terminal is for both ways: stdin is {} and stdout is {}, let both be tty, or neither",
                    rkt::str(modes.in), rkt::str(modes.out));
    return modes;
}

bool Endpoints::include(const Endpoints& other) const {
    return (terminal || !other.terminal) && (in || !other.in) && (out || !other.out) && (err || !other.err);
}

std::string Endpoints::str() const {
    std::vector<std::string> names;
    for (const auto& [has, name] : {std::pair(terminal, "tty"), std::pair(in, "stdin"),
                                    std::pair(out, "stdout"), std::pair(err, "stderr")})
        if (has)
            names.emplace_back(name);
    return join(names, ",");
}

Endpoints Endpoints::parse(std::string_view text) {
    Endpoints endpoints;
    for (std::string_view word : split(text, ',')) {
        if (word == "tty")
            endpoints.terminal = true;
        else if (word == "stdin")
            endpoints.in = true;
        else if (word == "stdout")
            endpoints.out = true;
        else if (word == "stderr")
            endpoints.err = true;
        else
            throw Error("\"{}\" is nothing to attach to: tty, stdin, stdout and stderr are known", word);
    }
    return endpoints;
}

Endpoints endpoints_of(const StreamModes& modes) {
    using enum StreamMode;
    return {.terminal = modes.is_terminal(),
            .in = modes.in == Stream,
            .out = modes.out == Stream,
            .err = modes.err == Stream};
}

} // namespace rkt
