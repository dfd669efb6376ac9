// SPDX-License-Identifier: Apache-2.0

#include "cmd-pod/enter-line.h"

#include "base/error.h"
#include "base/text.h"
#include "os/terminal.h"

#include <algorithm>

#include <unistd.h>

namespace rkt {

EnterLine::EnterLine(const std::string& usage, const std::string& description) : line_(usage, description) {
    line_.option("--app", app_, "The app, if the pod has several");
    line_.flag("--privileged", request_.privileged,
               "As root with all that the pod may do, not as confined as the app");
    line_.flag("--tty", request_.terminal,
               "Give the command a terminal, also if our input or output is none");
    line_.stop_at_first_word(); // the command has flags of its own
}

void EnterLine::declare_command_flags() {
    line_.option("--user", request_.user, "Run as this user of the image, a name or a number");
    line_.option("--workdir", request_.directory, "Run in this directory");
    line_.each(
        "--env",
        [this](const std::string& word) {
            if (word.find('=') == std::string::npos || word.starts_with('='))
                throw UsageError("--env takes NAME=VALUE, not {}", word);
            request_.environment.push_back(word);
        },
        "NAME=VALUE, in addition to the app's environment");
}

std::optional<Session> EnterLine::read(const Words& words) {
    Words rest = line_.parse(words);
    std::optional<Session> session = line_.session();
    if (!session)
        return std::nullopt;
    if (rest.empty())
        throw UsageError("no pod is named");
    pod_ = rest.front();
    bool separated = rest.size() > 1 && rest[1] == "--";
    request_.command.assign(rest.begin() + (separated ? 2 : 1), rest.end());
    return session;
}

int EnterLine::run(const Session& session, const char* verb) {
    require_root(verb);
    Pod pod = session.pods().resolve(pod_);
    request_.app = choose_app(pod, app_);
    request_.terminal = request_.terminal || (is_terminal(STDIN_FILENO) && is_terminal(STDOUT_FILENO));
    return enter_pod(pod, request_);
}

std::string choose_app(const Pod& pod, const std::optional<std::string>& asked) {
    std::vector<std::string> names;
    for (const PodApp& app : pod.apps())
        names.push_back(app.name);
    if (asked && std::ranges::find(names, *asked) == names.end())
        throw Error("choosing an app of the pod {}: it has no app {}; it has {}", pod.uuid, *asked,
                    join(names, ", "));
    if (!asked && names.size() != 1)
        throw Error("choosing an app of the pod {}: say which app with --app; it has {}", pod.uuid,
                    join(names, ", "));
    return asked.value_or(names.front());
}

} // namespace rkt
