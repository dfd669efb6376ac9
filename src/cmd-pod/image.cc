// SPDX-License-Identifier: Apache-2.0
//
// The verbs of rkt-image, which is the only reader of untrusted bytes: rkt becomes it.

#include "cmd-pod/verb.h"

namespace rkt {

namespace {

[[noreturn]] int become_image_program(const char* verb, const Words& words) {
    Words all = {verb};
    all.insert(all.end(), words.begin(), words.end());
    become_program(image_program(), all);
}

} // namespace

int fetch(const Words& words) {
    become_image_program("fetch", words);
}

int image(const Words& words) {
    become_image_program("image", words);
}

int trust(const Words& words) {
    become_image_program("trust", words);
}

} // namespace rkt
