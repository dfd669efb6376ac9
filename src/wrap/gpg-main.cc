// SPDX-License-Identifier: Apache-2.0
//
// rkt-gpg: what GPGME starts in the place of gpg(1). It confines itself to the home that it is to work in,
// and becomes gpg, which reads the signatures and keys of strangers.
//
// A program of its own, since GPGME lets nobody act between its fork and the execution, and a small one,
// since it is executed several times for one signature.

#include "base/error.h"
#include "base/log.h"
#include "os/confine.h"

#include <cerrno>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <unistd.h>

namespace rkt {

namespace {

constexpr int failure = 2; // as gpg has it
constexpr std::uint64_t most_memory = 1 << 30;

// The word behind --homedir; null if there is none.
char** find_home(std::span<char*> words) {
    for (std::size_t i = 1; i + 1 < words.size(); ++i)
        if (std::string_view(words[i]) == "--homedir")
            return &words[i + 1];
    return nullptr;
}

// Without a home there is nothing to read but our wish to know which gpg this is.
bool asks_for_version(std::span<char*> words) {
    return words.size() == 2 && std::string_view(words[1]) == "--version";
}

void become_gpg(std::span<char*> words) {
    char** home = find_home(words);
    if (home == nullptr && !asks_for_version(words))
        throw Error("there is no --homedir");
    std::string place;
    std::string name;
    if (home != nullptr) {
        name = fmt::format("gpg of {}", *home); // by which who waits for it finds it
        place = confine_reader(Dir::open(*home));
        words[0] = name.data();
        *home = place.data();
    }
    limit_memory(most_memory);
    ::execvp("gpg", words.data());
    throw SystemError(errno, "executing gpg");
}

} // namespace

} // namespace rkt

int main(int count, char** arguments) {
    try {
        rkt::become_gpg({arguments, static_cast<std::size_t>(count)});
    } catch (const std::exception& error) {
        rkt::note("{}", error.what());
    }
    return rkt::failure;
}
