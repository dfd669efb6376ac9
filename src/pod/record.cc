// SPDX-License-Identifier: Apache-2.0

#include "pod/record.h"

#include "base/error.h"
#include "os/open.h"

#include <cerrno>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rkt {

namespace {

// The answers that the pod, or who we are, can bring about.
bool is_absence(int code) noexcept {
    return code == ENOENT || code == ENOTDIR || code == ELOOP || code == EXDEV || code == EACCES;
}

// Empty if there is no such file.
Fd open_record(const PodLayout& layout, const std::filesystem::path& file, int flags) {
    std::filesystem::path overlay = layout.stage1_overlay();
    Fd fd(::open(overlay.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (fd)
        fd = open_resolved(fd.get(), file.lexically_relative(overlay).c_str(), flags,
                           RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
    if (!fd && !is_absence(errno))
        throw SystemError(errno, "opening {}", file);
    return fd;
}

} // namespace

std::optional<Record> Record::find(const PodLayout& layout, const std::filesystem::path& file) {
    Fd fd = open_record(layout, file, O_PATH);
    if (!fd)
        return std::nullopt;
    struct stat status = {};
    if (::fstat(fd.get(), &status) < 0)
        throw SystemError(errno, "looking at {}", file);
    if (!S_ISREG(status.st_mode))
        return std::nullopt;
    return Record(std::move(fd), moment_of(status.st_mtim));
}

// Somebody who holds a lease on it cannot make us wait.
std::optional<std::string> Record::text(std::size_t limit) const {
    std::string path = fmt::format("/proc/self/fd/{}", file_.get());
    Fd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!fd && (errno == EACCES || errno == EWOULDBLOCK))
        return std::nullopt;
    std::string text(limit + 1, '\0');
    ssize_t size = fd ? ::pread(fd.get(), text.data(), text.size(), 0) : -1;
    if (size < 0)
        throw SystemError(errno, "reading what a pod has recorded");
    if (static_cast<std::size_t>(size) > limit)
        return std::nullopt;
    text.resize(static_cast<std::size_t>(size));
    return text;
}

std::optional<Dir> find_record_dir(const PodLayout& layout, const std::filesystem::path& dir) {
    Fd fd = open_record(layout, dir, O_RDONLY | O_DIRECTORY);
    return fd ? std::optional(Dir(std::move(fd), dir)) : std::nullopt;
}

void remove_record(const PodLayout& layout, const std::filesystem::path& file) {
    if (std::optional<Dir> above = find_record_dir(layout, file.parent_path()))
        above->remove_tree(file.filename());
}

} // namespace rkt
