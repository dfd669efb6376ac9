// SPDX-License-Identifier: Apache-2.0
//
// rkt-image: fetches images and keeps them. rkt becomes this program for its verbs of images, so that
// nothing which reads a stranger's bytes stands beside what runs pods.

#include "cmd-image/verb.h"

#include "base/error.h"
#include "base/log.h"
#include "fetch/unpack.h"

#include <array>

namespace rkt {

namespace {

constexpr int failure = 254;

constexpr std::array verbs = {
    Verb{"fetch", "Put images into the store", fetch_images},
    Verb{"image", "Work with the images in the store", image},
    Verb{"trust", "Say whose signatures of images count", trust},
};

int act(const Words& words) {
    if (!words.empty() && words.front() == unpack_verb)
        return serve_unpack({words.begin() + 1, words.end()});
    if (!words.empty() && words.front() == pack_verb)
        return pack({words.begin() + 1, words.end()});
    if (!words.empty() && words.front() == stack_verb)
        return stack({words.begin() + 1, words.end()});
    return act_on_verb("rkt", verbs, words);
}

} // namespace

} // namespace rkt

int main(int count, char** arguments) {
    try {
        return rkt::act({arguments + 1, arguments + count});
    } catch (const rkt::UsageError& error) {
        rkt::note("{}; see rkt --help", error.what());
    } catch (const std::exception& error) {
        rkt::note("{}", error.what());
    }
    return rkt::failure;
}
