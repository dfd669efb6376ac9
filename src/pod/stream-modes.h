// SPDX-License-Identifier: Apache-2.0
//
// What the standard streams of an app are: annotations of the app, as rkt 1.x wrote them.

#pragma once

#include "appc/annotations.h"

#include <string>
#include <string_view>

namespace rkt {

inline constexpr std::string_view stdin_annotation = "coreos.com/rkt/stage2/stdin";
inline constexpr std::string_view stdout_annotation = "coreos.com/rkt/stage2/stdout";
inline constexpr std::string_view stderr_annotation = "coreos.com/rkt/stage2/stderr";

enum class StreamMode {
    Null,   // /dev/null
    Log,    // the pod's journal; for output alone
    Stream, // a pipe from or to rkt
    Tty,    // a terminal, whose other end rkt has
};

std::string_view str(StreamMode mode);

// Throws Error that lists what there is.
StreamMode parse_input_mode(std::string_view word);
StreamMode parse_output_mode(std::string_view word);

struct StreamModes {
    StreamMode in = StreamMode::Null;
    StreamMode out = StreamMode::Log;
    StreamMode err = StreamMode::Log;

    bool operator==(const StreamModes&) const = default;

    bool is_terminal() const { return in == StreamMode::Tty; }
    bool is_logged() const { return out == StreamMode::Log || err == StreamMode::Log; }

    // Whether rkt has a part in it.
    bool carried() const;
    std::string str() const; // "IN,OUT,ERR"
};

// As the annotations say. A terminal is for input and output both, and for errors unless they say otherwise.
// Throws Error for unknown words and for modes that exclude each other.
StreamModes stream_modes_of(const Annotations& app);

// What somebody can attach to.
struct Endpoints {
    bool terminal = false; // then neither of the next two
    bool in = false;
    bool out = false;
    bool err = false;

    bool operator==(const Endpoints&) const = default;

    bool none() const { return *this == Endpoints(); }
    bool include(const Endpoints& other) const;
    std::string str() const; // "tty", "stdin,stdout,stderr", …

    // Throws Error.
    static Endpoints parse(std::string_view text);
};

Endpoints endpoints_of(const StreamModes& modes);

} // namespace rkt
