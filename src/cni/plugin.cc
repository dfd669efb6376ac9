// SPDX-License-Identifier: Apache-2.0

#include "cni/plugin.h"

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "os/process.h"

#include <array>
#include <cerrno>
#include <csignal>

#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

namespace rkt {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_answered = 1 << 20; // bytes

std::string joined(const std::vector<std::filesystem::path>& paths) {
    std::vector<std::string> words(paths.begin(), paths.end());
    return join(words, ":");
}

// Every plugin of a network is told all arguments, and each refuses what is for another unless it is told not
// to.
std::string arguments_of(const Attachment& attachment) {
    return attachment.arguments.empty() ? "" : "IgnoreUnknown=1;" + attachment.arguments;
}

std::vector<std::string> environment_of(std::string_view verb, const Attachment& attachment) {
    std::vector<std::string> words = {
        fmt::format("CNI_COMMAND={}", verb),
        fmt::format("CNI_CONTAINERID={}", attachment.container),
        fmt::format("CNI_NETNS={}", attachment.netns),
        fmt::format("CNI_IFNAME={}", attachment.interface),
        fmt::format("CNI_ARGS={}", arguments_of(attachment)),
        fmt::format("CNI_PATH={}", joined(attachment.path)),
    };
    for (char** word = environ; *word != nullptr; ++word)
        if (!std::string_view(*word).starts_with("CNI_") &&
            !std::string_view(*word).starts_with("NOTIFY_SOCKET="))
            words.emplace_back(*word);
    return words;
}

// A file of no name, so that neither side waits for the other.
Fd memory_file(std::string_view content) {
    Fd fd(::memfd_create("plugin", MFD_CLOEXEC));
    if (!fd)
        throw SystemError(errno, "making a file in memory");
    write_fully(fd.get(), content, "a file in memory");
    ::lseek(fd.get(), 0, SEEK_SET);
    return fd;
}

// Until the other end is closed. Throws Error when it takes too long or gets too much.
std::string read_answer(int fd, Clock::time_point end) {
    std::string answer;
    std::array<char, 4096> buffer = {};
    for (;;) {
        auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
        pollfd poll = {.fd = fd, .events = POLLIN, .revents = 0};
        int ready = left > 0 ? ::poll(&poll, 1, static_cast<int>(left)) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready == 0)
            throw Error("it does not answer in time, and was killed");
        ssize_t n = ::read(fd, buffer.data(), buffer.size());
        if (n < 0)
            throw SystemError(errno, "reading its answer");
        if (n == 0)
            return answer;
        answer.append(buffer.data(), static_cast<std::size_t>(n));
        if (answer.size() > most_answered)
            throw Error("its answer has more than {} bytes", most_answered);
    }
}

// CNI 1.0.0, section 5: {"code": 7, "msg": "…", "details": "…"}.
std::string reason_of(const std::string& answer, int status, const Fd& told) {
    try {
        Json json = Json::parse_object(answer);
        std::string reason = json.at("msg").string();
        const Json* details = json.find("details");
        return details != nullptr && !details->string().empty() ? reason + "; " + details->string() : reason;
    } catch (const Error&) {
        ::lseek(told.get(), 0, SEEK_SET);
        std::string text(trim(read_rest(told.get(), "what it said", most_answered)));
        return fmt::format("it ended with status {}{}{}", status, text.empty() ? "" : ": ", text);
    }
}

Json take_answer(const std::string& answer) {
    if (trim(answer).empty())
        return {};
    try {
        return Json::parse_object(answer);
    } catch (Error& error) {
        error.during("reading its answer");
        throw;
    }
}

Json converse(std::string_view verb, const Attachment& attachment, const std::filesystem::path& program,
              const Json& config) {
    Clock::time_point end = Clock::now() + attachment.patience;
    Fd question = memory_file(config.compact());
    Fd told = memory_file("");
    auto [answer_end, write_end] = make_pipe();
    Command command = {.program = program,
                       .environment = environment_of(verb, attachment),
                       .descriptors = {{question.get(), STDIN_FILENO},
                                       {write_end.get(), STDOUT_FILENO},
                                       {told.get(), STDERR_FILENO}},
                       .own_group = true};
    Child child = Child::spawn(command);
    write_end.reset();
    std::string answer;
    try {
        answer = read_answer(answer_end.get(), end);
    } catch (const Error&) {
        ::kill(-child.pid(), SIGKILL); // and what it has called
        child.wait();
        throw;
    }
    if (int status = child.wait(); status != 0)
        throw Error("{}", reason_of(answer, status, told));
    return take_answer(answer);
}

} // namespace

std::filesystem::path find_plugin(const std::string& type, const Attachment& attachment) {
    for (const std::filesystem::path& directory : attachment.path)
        if (std::filesystem::path program = directory / type; ::access(program.c_str(), X_OK) == 0)
            return program;
    throw Error(
        "there is no plugin {} in {}; Debian has the usual ones in the package containernetworking-plugins",
        type, joined(attachment.path));
}

Json call_plugin(std::string_view verb, const Attachment& attachment, const Json& config) {
    const std::string& type = config.at("type").string();
    std::filesystem::path program = find_plugin(type, attachment);
    try {
        return converse(verb, attachment, program, config);
    } catch (Error& error) {
        error.during("the plugin {}", program);
        throw;
    }
}

} // namespace rkt
