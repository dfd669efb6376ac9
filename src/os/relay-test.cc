// SPDX-License-Identifier: Apache-2.0

#include "os/relay.h"

#include "os/file.h"
#include "os/test-pipe.h"

#include <doctest/doctest.h>

#include <array>
#include <csignal>
#include <string>

#include <fcntl.h>
#include <unistd.h>

using namespace rkt;

namespace {

std::string much() {
    std::string text;
    for (int i = 0; i < 40000; ++i)
        text += static_cast<char>(i * 7);
    return text;
}

} // namespace

TEST_CASE("bytes arrive whole and in order, and the end behind them") {
    Pipe in;
    Pipe out;
    Loop loop;
    Flow flow(loop, {.from = std::move(in.reader), .to = std::move(out.writer), .at_end = "end"});
    std::string sent = much();
    write_fully(in.writer.get(), sent, "pipe");
    in.writer.reset();
    std::string seen;
    loop.watch(out.reader.get(), [&] {
        std::array<char, 1000> buffer = {};
        ssize_t size = ::read(out.reader.get(), buffer.data(), buffer.size());
        if (size <= 0)
            return loop.stop();
        seen.append(buffer.data(), static_cast<std::size_t>(size));
    });
    loop.run();
    CHECK(seen == sent + "end");
}

TEST_CASE("a reader that is gone ends the flow, and the writer hears of it") {
    ::signal(SIGPIPE, SIG_IGN);
    Pipe in;
    Pipe out;
    Loop loop;
    Flow flow(loop,
              {.from = std::move(in.reader), .to = std::move(out.writer), .unread = [&] { loop.stop(); }});
    out.reader.reset();
    write_fully(in.writer.get(), "x", "pipe");
    loop.run();
    CHECK(::write(in.writer.get(), "x", 1) < 0);
    CHECK(errno == EPIPE);
}

TEST_CASE("what is finished carries what was written, though the writer lives on") {
    Pipe in;
    Pipe out;
    Loop loop;
    Flow flow(loop, {.from = std::move(in.reader), .to = std::move(out.writer)});
    write_fully(in.writer.get(), "last words", "pipe");
    flow.finish();
    CHECK(read_rest(out.reader.get(), "pipe") == "last words");
    flow.finish();
}
