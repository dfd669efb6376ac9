// SPDX-License-Identifier: Apache-2.0

#include "cmd-pod/verb.h"

#include <array>

namespace rkt {

VerbLine::VerbLine(const std::string& usage, const std::string& description)
    : CommandLine(usage, description) {
    globals_.declare(*this);
}

std::optional<Session> VerbLine::read(const Words& words) {
    parse(words);
    return session();
}

std::optional<Session> VerbLine::session() const {
    if (!help_asked())
        return Session{globals_.read()};
    fmt::print("{}", help());
    return std::nullopt;
}

std::span<const Verb> verbs() {
    static constexpr std::array table = {
        Verb{"app", "Start, stop, restart and look at one app of a pod", app},
        Verb{"attach", "Take part in the streams of an app", attach},
        Verb{"cat-manifest", "Print a pod's manifest", cat_manifest},
        Verb{"config", "Print what is configured", config},
        Verb{"debug", "Run tools of another image beside an app", debug},
        Verb{"enter", "Run a shell in an app of a running pod", enter},
        Verb{"exec", "Run a command in an app of a running pod", exec},
        Verb{"export", "Write the files of an app of an exited pod as an image", export_pod},
        Verb{"fetch", "Put images into the store", fetch},
        Verb{"gc", "Remove pods that have exited", gc},
        Verb{"help", "Say what rkt can do", help},
        Verb{"image", "Work with the images in the store", image},
        Verb{"list", "List pods", list},
        Verb{"logs", "Print what a pod's apps have written", logs},
        Verb{"metadata-service", "Answer apps that ask who they are", metadata_service},
        Verb{"prepare", "Prepare a pod to be run later", prepare},
        Verb{"rm", "Remove pods", rm},
        Verb{"run", "Run images in a pod", run},
        Verb{"run-prepared", "Run a prepared pod", run_prepared},
        Verb{"status", "Say how a pod is", status},
        Verb{"stop", "Stop running pods", stop},
        Verb{"trust", "Say whose signatures of images count", trust},
        Verb{"version", "Say which version this is", version},
    };
    return table;
}

} // namespace rkt
