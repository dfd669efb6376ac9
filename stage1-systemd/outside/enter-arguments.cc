// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/enter-arguments.h"

#include "base/error.h"
#include "base/text.h"
#include "wrap/command-line.h"

#include <climits>
#include <cstdint>

namespace rkt {

namespace {

std::optional<std::uint64_t> parse_up_to(std::string_view text, std::uint64_t largest) {
    auto number = parse_number(text);
    return number && *number <= largest ? number : std::nullopt;
}

std::pair<std::string, std::string> parse_variable(const std::string& word) {
    std::size_t sign = word.find('=');
    if (sign == std::string::npos || sign == 0)
        throw UsageError("--env={} is no NAME=VALUE", word);
    return {word.substr(0, sign), word.substr(sign + 1)};
}

winsize parse_size(const std::string& word) {
    std::size_t sign = word.find('x');
    auto rows = parse_up_to(word.substr(0, sign), USHRT_MAX);
    auto columns = parse_up_to(sign == std::string::npos ? "" : word.substr(sign + 1), USHRT_MAX);
    if (!rows || !columns)
        throw UsageError("--size={} is no ROWSxCOLUMNS", word);
    return {.ws_row = static_cast<unsigned short>(*rows),
            .ws_col = static_cast<unsigned short>(*columns),
            .ws_xpixel = 0,
            .ws_ypixel = 0};
}

int parse_descriptor(const std::string& word) {
    auto number = parse_up_to(word, INT_MAX);
    if (!number)
        throw UsageError("{} is no descriptor", word);
    return static_cast<int>(*number);
}

} // namespace

EnterArguments read_enter_arguments(const std::vector<std::string>& words) {
    EnterArguments arguments;
    std::string leader;
    CommandLine line("enter --pid=LEADER --appname=APP [FLAG...] -- [COMMAND...]",
                     "Runs a command inside an app.");
    line.option("--pid", leader, "of the pod's first process");
    line.option("--appname", arguments.app, "the app's name");
    line.flag("--privileged", arguments.privileged, "as root, only as confined as the pod");
    line.option("--user", arguments.user, "instead of the app's");
    line.option("--workdir", arguments.directory, "seen from the app's");
    line.each(
        "--env", [&](const std::string& word) { arguments.environment.push_back(parse_variable(word)); },
        "NAME=VALUE, beside the app's");
    line.each(
        "--terminal", [&](const std::string& word) { arguments.terminal = parse_descriptor(word); },
        "the command gets a terminal, and this socket its master");
    line.each(
        "--tools", [&](const std::string& word) { arguments.tools = parse_descriptor(word); },
        "the mount that is to be the command's root");
    line.each(
        "--size", [&](const std::string& word) { arguments.size = parse_size(word); }, "ROWSxCOLUMNS of it");
    line.words(
        "COMMAND", [&](const std::string& word) { arguments.command.push_back(word); }, "and its arguments");
    line.parse(words);
    auto number = parse_up_to(leader, INT_MAX);
    if (!number || *number == 0 || arguments.app.empty())
        throw UsageError("--pid and --appname are needed");
    arguments.leader = static_cast<pid_t>(*number);
    return arguments;
}

} // namespace rkt
