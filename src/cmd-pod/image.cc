// SPDX-License-Identifier: Apache-2.0
//
// The verbs of rkt-image, which is the only reader of untrusted bytes: rkt becomes it.

#include "cmd-pod/verb.h"

#include "base/error.h"

#include <cerrno>

#include <unistd.h>

namespace rkt {

namespace {

[[noreturn]] int become_image_program(const char* verb, const Words& words) {
    std::filesystem::path program = image_program();
    Words all = {program, verb};
    all.insert(all.end(), words.begin(), words.end());
    std::vector<char*> arguments;
    for (std::string& word : all)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ::execv(program.c_str(), arguments.data());
    throw SystemError(errno, "executing {}", program);
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
