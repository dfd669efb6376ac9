// SPDX-License-Identifier: Apache-2.0

#include "os/fan.h"

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

// What is read at one end of a pipe while a loop runs.
struct Ear {
    Ear(Loop& loop, Fan& fan, std::size_t step) : step_(step) {
        fan.add_reader({.to = std::move(pipe_.writer)});
        loop.watch(pipe_.reader.get(), [this] {
            std::array<char, 4096> buffer = {};
            ssize_t size = ::read(pipe_.reader.get(), buffer.data(), step_);
            if (size > 0)
                heard.append(buffer.data(), static_cast<std::size_t>(size));
        });
    }
    std::string heard = {};

private:
    Pipe pipe_ = {};
    std::size_t step_;
};

std::string much() {
    std::string text;
    for (int i = 0; i < 40000; ++i)
        text += static_cast<char>(i * 7);
    return text;
}

} // namespace

TEST_CASE("every reader gets every byte, however slow another one is") {
    Pipe in;
    Loop loop;
    Fan fan(loop);
    Ear quick(loop, fan, 4096);
    Ear slow(loop, fan, 100);
    std::string sent = much();
    write_fully(in.writer.get(), sent, "pipe");
    fan.add_source(std::move(in.reader));
    while (quick.heard.size() < sent.size() || slow.heard.size() < sent.size()) {
        loop.alarm(std::chrono::milliseconds(0), [&] { loop.stop(); });
        loop.run();
    }
    CHECK(quick.heard == sent);
    CHECK(slow.heard == sent);
}

TEST_CASE("without a reader a writer does not wait, and who comes later hears what is written then") {
    Pipe in;
    Loop loop;
    Fan fan(loop);
    fan.add_source(std::move(in.reader));
    std::string part(4096, 'x');
    for (std::size_t written = 0; written < 1024 * 1024;) {
        ssize_t size = ::write(in.writer.get(), part.data(), part.size());
        if (size > 0)
            written += static_cast<std::size_t>(size);
        loop.alarm(std::chrono::milliseconds(0), [&] { loop.stop(); });
        loop.run();
    }
    loop.alarm(std::chrono::milliseconds(10), [&] { loop.stop(); });
    loop.run();
    Pipe out;
    fan.add_reader({.to = std::move(out.writer)});
    write_fully(in.writer.get(), "new", "pipe");
    fan.finish();
    CHECK(read_rest(out.reader.get(), "pipe") == "new");
}

TEST_CASE("a reader that is gone is told of, and keeps nobody waiting") {
    ::signal(SIGPIPE, SIG_IGN);
    Pipe in;
    Pipe gone;
    Pipe stays;
    Loop loop;
    Fan fan(loop);
    fan.add_source(std::move(in.reader));
    fan.add_reader({.to = std::move(gone.writer), .unread = [&] { loop.stop(); }});
    fan.add_reader({.to = std::move(stays.writer)});
    gone.reader.reset();
    write_fully(in.writer.get(), "a", "pipe");
    loop.run();
    write_fully(in.writer.get(), "b", "pipe");
    fan.finish();
    CHECK(read_rest(stays.reader.get(), "pipe") == "ab");
}

TEST_CASE("sources are carried one behind the other") {
    Pipe first;
    Pipe second;
    Pipe out;
    Loop loop;
    Fan fan(loop);
    fan.add_reader({.to = std::move(out.writer)});
    fan.add_source(std::move(first.reader));
    fan.add_source(std::move(second.reader));
    write_fully(second.writer.get(), "two", "pipe");
    write_fully(first.writer.get(), "one ", "pipe");
    first.writer.reset();
    second.writer.reset();
    fan.finish();
    CHECK(read_rest(out.reader.get(), "pipe") == "one two");
}

TEST_CASE("at the end a reader that does not read is not waited for") {
    Pipe in;
    Pipe out;
    Loop loop;
    Fan fan(loop);
    std::string part(4096, 'x');
    while (::write(out.writer.get(), part.data(), part.size()) > 0) {
    }
    fan.add_reader({.to = std::move(out.writer)});
    fan.add_source(std::move(in.reader));
    write_fully(in.writer.get(), "late", "pipe");
    fan.finish();
    CHECK(read_rest(out.reader.get(), "pipe").find("late") == std::string::npos);
}
