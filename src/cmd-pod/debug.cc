// SPDX-License-Identifier: Apache-2.0
//
// rkt debug: the programs of another image beside an app of a running pod.

#include "cmd-pod/enter-line.h"
#include "cmd-pod/find-images.h"

#include "base/error.h"
#include "os/terminal.h"
#include "stage0/layers.h"
#include "store/hold.h"

#include <unistd.h>

namespace rkt {

namespace {

struct AskedTools {
    std::string image = {};
    bool terminal = false;
    Words words = {}; // POD APP COMMAND …
};

std::vector<std::string> environment_of(const ImageManifest& image) {
    std::vector<std::string> words;
    if (image.app)
        for (const EnvironmentVariable& variable : image.app->environment)
            words.push_back(fmt::format("{}={}", variable.name, variable.value));
    return words;
}

int debug_app(const Session& session, const AskedTools& asked) {
    Pod pod = session.pods().resolve(asked.words.at(0));
    EnterRequest request = {.app = choose_app(pod, asked.words.at(1)),
                            .command = {asked.words.begin() + 2, asked.words.end()},
                            .privileged = true,
                            .terminal =
                                asked.terminal || (is_terminal(STDIN_FILENO) && is_terminal(STDOUT_FILENO))};
    check_enterable(pod);
    FoundImages images = find_images(session, {{.image = ImageRef::parse(asked.image)}});
    std::optional<Store> store = hold_images(session, {&images});
    const ImageId& image = images.ids.front();
    ImageManifest manifest = store->manifest(image);
    Stack stack = stack_of(*store, image, manifest, image_program());
    ImageHold hold(*store, stack.uses);
    for (const std::filesystem::path& layer : stack.layers)
        request.tools.push_back(session.dir() / layer);
    request.environment = environment_of(manifest);
    store.reset();
    return enter_pod(pod, request);
}

} // namespace

int debug(const Words& words) {
    VerbLine line("rkt debug --image=IMAGE POD APP [-- COMMAND …]",
                  "Runs a shell, or a command, of another image beside an app of a running pod.");
    AskedTools asked;
    line.option("--image", asked.image, "The image whose programs are to be used");
    line.flag("--tty", asked.terminal, "Give the command a terminal, also if our input or output is none");
    line.words(
        "POD APP COMMAND", [&](const std::string& word) { asked.words.push_back(word); },
        "The pod, its app, and what to run (a shell of the image)");
    std::optional<Session> session = line.read(words);
    if (!session)
        return 0;
    if (asked.words.size() < 2)
        throw UsageError("a pod and an app of it have to be named");
    if (asked.image.empty())
        throw UsageError("no image is named: --image says whose programs are to be used");
    require_root("debug");
    return debug_app(*session, asked);
}

} // namespace rkt
