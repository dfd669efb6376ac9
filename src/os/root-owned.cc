// SPDX-License-Identifier: Apache-2.0

#include "os/root-owned.h"

#include <array>
#include <climits>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rkt {

namespace {

constexpr int most_links = 8;

// An access control list that lets somebody else write shows in the bits of the group.
bool is_roots_alone(int fd, mode_t kind) {
    struct stat status = {};
    return ::fstat(fd, &status) == 0 && (status.st_mode & S_IFMT) == kind && status.st_uid == 0 &&
           (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

// Step by step from the root; empty if one of them will not do.
Fd open_dir(const std::filesystem::path& dir) {
    Fd fd(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    for (const std::filesystem::path& name : dir.relative_path()) {
        if (!is_roots_alone(fd.get(), S_IFDIR) || name == "..")
            return {};
        if (!name.empty())
            fd = Fd(::openat(fd.get(), name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    }
    return is_roots_alone(fd.get(), S_IFDIR) ? std::move(fd) : Fd();
}

bool is_name(const std::string& name) {
    return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos;
}

// The name that a link leads to; nothing for what is no link.
std::optional<std::string> find_target(const Fd& dir, const std::string& name) {
    std::array<char, PATH_MAX> target = {};
    ssize_t size = ::readlinkat(dir.get(), name.c_str(), target.data(), target.size());
    return size < 0 ? std::nullopt
                    : std::optional<std::string>({target.data(), static_cast<std::size_t>(size)});
}

} // namespace

std::optional<Fd> find_root_owned(const std::filesystem::path& dir, const std::string& name) {
    Fd place = open_dir(dir);
    std::string last = name;
    for (int links = 0; place && is_name(last) && links <= most_links; ++links) {
        if (std::optional<std::string> target = find_target(place, last)) {
            last = std::move(*target);
            continue;
        }
        Fd file(
            ::openat(place.get(), last.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
        return file && is_roots_alone(file.get(), S_IFREG) ? std::optional(std::move(file)) : std::nullopt;
    }
    return std::nullopt;
}

} // namespace rkt
