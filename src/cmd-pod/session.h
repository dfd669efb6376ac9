// SPDX-License-Identifier: Apache-2.0
//
// What every verb has: the global flags, and the pods and images of the data directory they name.

#pragma once

#include "config/global-flags.h"
#include "pod/pods.h"
#include "store/store.h"

#include <filesystem>
#include <string>
#include <vector>

namespace rkt {

struct Session {
    Globals globals;

    const std::filesystem::path& dir() const noexcept { return globals.data_dir; }
    Pods pods() const { return Pods(globals.data_dir); }
    Store store() const { return Store::open(globals.data_dir); }
};

// A program of ours: beside this one, or where it is installed.
std::filesystem::path program_beside(const char* name);

// The one that knows images.
std::filesystem::path image_program();

// Executes a program in the place of this one. Throws SystemError.
[[noreturn]] void become_program(const std::filesystem::path& program, const std::vector<std::string>& words);

// Throws Error unless the caller is root.
void require_root(const char* verb);

} // namespace rkt
