// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/own-program.h"

#include "base/error.h"
#include "os/fd.h"
#include "stage1-systemd/outside/process-facts.h"

#include <cerrno>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace rkt {

namespace {

constexpr const char* own_file = "/proc/self/exe";

bool is_writable_mount() {
    struct statvfs status = {};
    if (::statvfs(own_file, &status) < 0)
        throw SystemError(errno, "looking at {}", own_file);
    return (status.f_flag & ST_RDONLY) == 0;
}

std::vector<std::string> own_words() {
    return parse_strings(read_of(::getpid(), "cmdline"));
}

Fd clone_read_only() {
    Fd mount(::open_tree(AT_FDCWD, own_file, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC));
    mount_attr attributes = {};
    attributes.attr_set = MOUNT_ATTR_RDONLY;
    if (!mount || ::mount_setattr(mount.get(), "", AT_EMPTY_PATH, &attributes, sizeof attributes) < 0)
        throw SystemError(errno, "keeping this program from being written by the pod");
    return mount;
}

} // namespace

void run_unwritable() {
    if (!is_writable_mount())
        return;
    std::vector<std::string> words = own_words();
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    Fd mount = clone_read_only();
    ::execveat(mount.get(), "", arguments.data(), environ, AT_EMPTY_PATH);
    throw SystemError(errno, "executing this program again");
}

std::filesystem::path own_directory() {
    return std::filesystem::path(own_words().at(0)).parent_path();
}

} // namespace rkt
