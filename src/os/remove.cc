// SPDX-License-Identifier: Apache-2.0

#include "os/remove.h"

#include "base/error.h"
#include "os/fd.h"
#include "os/open.h"

#include <cerrno>

#include <fcntl.h>
#include <linux/openat2.h>
#include <unistd.h>

namespace rkt {

namespace {

// Deeper directories are first moved up to the top, so that depth costs neither stack nor descriptors.
constexpr int deepest = 32;

// How often a directory is read again that was not empty when it should have been: another
// process may have been killed while it wrote there and is just finishing its last call.
constexpr int patience = 100;

class Removal {
public:
    explicit Removal(const std::filesystem::path& path) : path_(path) {}

    void remove(int parent, const char* name, int depth);

private:
    DirStream open(int parent, const char* name) const;
    void empty(DIR* dir, int depth);
    void remove_dir(int parent, const char* name, int depth);
    bool move_up(int parent, const char* name);

    const std::filesystem::path& path_;
    int top_ = -1; // the directory that is being removed
    unsigned moved_ = 0;
};

DirStream Removal::open(int parent, const char* name) const {
    Fd fd = open_resolved(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW,
                          RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
    if (!fd && errno == ENOENT)
        return nullptr;
    if (!fd && errno == EXDEV)
        throw SystemError(EBUSY, "removing {}: {} is a mount point", path_, name);
    DirStream stream = open_stream(std::move(fd));
    if (!stream)
        throw SystemError(errno, "removing {}: opening {}", path_, name);
    return stream;
}

// Removes everything in it.
void Removal::empty(DIR* dir, int depth) {
    int fd = ::dirfd(dir);
    ::rewinddir(dir);
    errno = 0;
    while (const dirent* entry = ::readdir(dir)) {
        if (!is_dot(entry->d_name))
            remove(fd, entry->d_name, depth + 1);
        errno = 0;
    }
    if (errno != 0)
        throw SystemError(errno, "removing {}", path_);
}

bool Removal::move_up(int parent, const char* name) {
    std::string new_name = fmt::format(".rkt-removed-{}", moved_++);
    return ::renameat2(parent, name, top_, new_name.c_str(), RENAME_NOREPLACE) == 0;
}

void Removal::remove_dir(int parent, const char* name, int depth) {
    if (depth > deepest && move_up(parent, name))
        return;
    DirStream dir = open(parent, name);
    if (!dir)
        return;
    if (depth == 0)
        top_ = ::dirfd(dir.get());
    for (int round = 0; round < patience; ++round) {
        empty(dir.get(), depth);
        if (::unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
            return;
        if (errno != ENOTEMPTY)
            break;
    }
    throw SystemError(errno, "removing {}: {}", path_, name);
}

void Removal::remove(int parent, const char* name, int depth) {
    if (::unlinkat(parent, name, 0) == 0 || errno == ENOENT)
        return;
    if (errno != EISDIR)
        throw SystemError(errno, "removing {}: {}", path_, name);
    remove_dir(parent, name, depth);
}

} // namespace

void remove_tree(int parent, const std::string& name, const std::filesystem::path& parent_path) {
    std::filesystem::path path = parent_path / name;
    Removal(path).remove(parent, name.c_str(), 0);
}

} // namespace rkt
