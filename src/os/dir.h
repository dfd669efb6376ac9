// SPDX-License-Identifier: Apache-2.0
//
// A directory that is open: what is done in it stays in it, whatever happens to its name.
//
// Paths that a stranger wrote (those of an archive, those inside an image) are only ever
// resolved here, by openat2(2), so that no link and no ".." leads outside.

#pragma once

#include "os/fd.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>

namespace rkt {

class Dir {
public:
    // Follows links: for paths of the user's and of ours.
    static Dir open(const std::filesystem::path& path);

    // Nothing if there is no such directory.
    static std::optional<Dir> find(const std::filesystem::path& path);

    // A directory handed to this process; `path` is for the messages.
    Dir(Fd fd, std::filesystem::path path) noexcept : fd_(std::move(fd)), path_(std::move(path)) {}

    int fd() const noexcept { return fd_.get(); }
    // To lock it, for one. Throws SystemError.
    Fd duplicate() const;

    const std::filesystem::path& path() const noexcept { return path_; }

    // Opens what a program would find whose root this directory is: links are followed, and lead
    // nowhere but inside (RESOLVE_IN_ROOT). Nothing if there is no such file.
    std::optional<Fd> open_beneath(const std::filesystem::path& path, int flags = O_RDONLY) const;

    // Opens a directory by a relative path on which there is no link and no mount point.
    Dir open_plain(const std::filesystem::path& path) const;
    std::optional<Dir> find_plain(const std::filesystem::path& path) const;

    // The following take one name, not a path, and never follow a link.
    void make_dir(const std::string& name, mode_t mode) const;
    Fd make_file(const std::string& name, mode_t mode) const;
    void rename(const std::string& name, const Dir& target, const std::string& new_name) const;

    // False if the target has such a name already.
    [[nodiscard]] bool rename_if_free(const std::string& name, const Dir& target,
                                      const std::string& new_name) const;

    // Each gets the other's name, in one step.
    void exchange(const std::string& name, const std::string& other) const;

    // Nothing if there is no such name. A link is reported, not followed.
    std::optional<struct stat> status(const std::string& name) const;

    // The names in it, without "." and "..", in no order.
    std::vector<std::string> names() const;

    // Removes a file, or a directory with everything in it, or nothing if there is no such name.
    // Follows no link and enters no mount: a mount point in it is an error.
    void remove_tree(const std::string& name) const;

    void sync() const;

private:
    Fd fd_;
    std::filesystem::path path_;
};

} // namespace rkt
