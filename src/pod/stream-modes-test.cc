// SPDX-License-Identifier: Apache-2.0

#include "pod/stream-modes.h"

#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

Annotations annotations(const char* in, const char* out, const char* err) {
    Annotations all;
    for (const auto& [name, value] : {std::pair(stdin_annotation, in), std::pair(stdout_annotation, out),
                                      std::pair(stderr_annotation, err)})
        if (value != nullptr)
            put_named(all, Annotation{.name = AcIdentifier::parse(name), .value = value});
    return all;
}

} // namespace

TEST_CASE("what is not said of a stream is as rkt has always had it, or the terminal that another one is") {
    struct Row {
        const char *in, *out, *err, *modes;
        bool carried;
    };
    for (const Row& row :
         {Row{nullptr, nullptr, nullptr, "null,log,log", false},
          Row{"null", "null", "log", "null,null,log", false},
          Row{"stream", nullptr, nullptr, "stream,log,log", true},
          Row{nullptr, nullptr, "stream", "null,log,stream", true},
          Row{"tty", nullptr, nullptr, "tty,tty,tty", true}, Row{nullptr, "tty", "log", "tty,tty,log", true},
          Row{"tty", "tty", "stream", "tty,tty,stream", true}}) {
        StreamModes modes = stream_modes_of(annotations(row.in, row.out, row.err));
        CHECK(modes.str() == row.modes);
        CHECK(modes.carried() == row.carried);
    }
}

TEST_CASE("unknown words and halves of a terminal are refused") {
    CHECK_THROWS_AS(stream_modes_of(annotations("log", nullptr, nullptr)), Error);
    CHECK_THROWS_AS(stream_modes_of(annotations("", nullptr, nullptr)), Error);
    CHECK_THROWS_AS(stream_modes_of(annotations(nullptr, "file", nullptr)), Error);
    CHECK_THROWS_AS(stream_modes_of(annotations(nullptr, nullptr, "interactive")), Error);
    CHECK_THROWS_AS(stream_modes_of(annotations("stream", "tty", nullptr)), Error);
    CHECK_THROWS_AS(stream_modes_of(annotations("tty", "log", nullptr)), Error);
    CHECK_THROWS_AS(stream_modes_of(annotations("null", nullptr, "tty")), Error);
}

TEST_CASE("what can be attached to follows from the modes, and is written as it is read") {
    CHECK(endpoints_of({}).none());
    CHECK(endpoints_of(stream_modes_of(annotations("stream", nullptr, "stream"))).str() == "stdin,stderr");
    CHECK(endpoints_of(stream_modes_of(annotations("tty", nullptr, nullptr))).str() == "tty");
    CHECK(Endpoints::parse("stderr,stdin").str() == "stdin,stderr");
    CHECK(Endpoints::parse("stdin,stdout").include(Endpoints::parse("stdout")));
    CHECK_FALSE(Endpoints::parse("stdin,stdout").include(Endpoints::parse("tty")));
    CHECK_THROWS_AS(Endpoints::parse("stdin,"), Error);
    CHECK_THROWS_AS(Endpoints::parse("all"), Error);
}
