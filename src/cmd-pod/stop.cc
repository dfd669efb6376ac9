// SPDX-License-Identifier: Apache-2.0
//
// rkt stop: ends pods in order.

#include "cmd-pod/pod-words.h"
#include "cmd-pod/verb.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "stage0/end.h"

namespace rkt {

namespace {

void stop_one(const Pods& pods, const std::string& word, bool force, std::chrono::seconds patience) {
    Pod pod = pods.resolve(word);
    if (pod.state == PodState::Running)
        stop_pod(pods, pod, force, patience);
    else if (pod.place == PodPlace::Run || pod.place == PodPlace::ExitedGarbage)
        note("the pod {} is already stopped", pod.uuid);
    else
        throw Error("stopping the pod {}: it is {}, not running", pod.uuid, str(pod.state));
    fmt::print("\"{}\"\n", pod.uuid);
}

std::chrono::seconds parse_patience(const std::string& text) {
    constexpr std::uint64_t longest = 24 * 3600;
    std::optional<std::uint64_t> seconds = parse_number(text);
    if (!seconds || *seconds > longest)
        throw UsageError("--timeout takes a number of seconds up to {}", longest);
    return std::chrono::seconds(*seconds);
}

} // namespace

int stop(const Words& words) {
    VerbLine line("rkt stop [--force] POD …", "Ends running pods in order and waits for their end.");
    PodWords pods(line);
    bool force = false;
    std::string patience = "90";
    line.flag("--force", force, "Kill at once");
    line.option("--timeout", patience, "Kill what has not ended after so many seconds (90)");
    std::optional<Session> session = line.read(words);
    if (!session)
        return 0;
    require_root("stop");
    int result = 0;
    for (const std::string& word : pods.words()) {
        try {
            stop_one(session->pods(), word, force, parse_patience(patience));
        } catch (const UsageError&) {
            throw;
        } catch (const Error& error) {
            note("{}", error.what());
            result = 254;
        }
    }
    return result;
}

} // namespace rkt
