// SPDX-License-Identifier: Apache-2.0

#include "os/process.h"

#include "base/error.h"

#include <doctest/doctest.h>

#include <csignal>

#include <fcntl.h>
#include <unistd.h>

using namespace rkt;

TEST_CASE("a command's output is what it wrote") {
    CHECK(output_of({.program = "echo", .arguments = {"a b", "c"}}) == "a b c\n");
}

TEST_CASE("a command that ends badly is an error that names it") {
    CHECK_THROWS_WITH_AS(output_of({.program = "false"}), "false ended with status 1", Error);
}

TEST_CASE("a program that is not there is named") {
    CHECK_THROWS_WITH_AS((void)Child::spawn({.program = "/gone"}),
                         "executing /gone: No such file or directory", SystemError);
}

TEST_CASE("a child sees its environment, its directory and its descriptors") {
    Fd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    Command command = {.program = "/bin/sh",
                       .arguments = {"-c", "echo $A; pwd; readlink /proc/self/fd/7"},
                       .environment = std::vector<std::string>{"A=1", "PATH=/usr/bin:/bin"},
                       .descriptors = {{null.get(), 7}},
                       .directory = "/"};
    CHECK(output_of(command) == "1\n/\n/dev/null\n");
}

TEST_CASE("what was left open by others is closed in a child that asks for that") {
    Fd open(::open("/dev/null", O_RDONLY)); // as libraries do it
    Command command = {.program = "/bin/sh",
                       .arguments = {"-c", "readlink /proc/self/fd/" + std::to_string(open.get()) +
                                               " /proc/self/fd/7 || true"},
                       .descriptors = {{open.get(), 7}}};
    CHECK(output_of(command) == "/dev/null\n/dev/null\n");
    command.closes_others = true;
    CHECK(output_of(command) == "/dev/null\n");
}

TEST_CASE("death by signal N is 128 + N") {
    Child child = Child::spawn({.program = "sleep", .arguments = {"100"}, .own_group = true});
    child.kill(SIGKILL);
    CHECK(child.wait() == 128 + SIGKILL);
}

TEST_CASE("a process that is gone has no pidfd") {
    Child child = Child::spawn({.program = "true"});
    child.wait();
    CHECK_FALSE(open_pidfd(child.pid()));
    CHECK(open_pidfd(::getpid()));
}
