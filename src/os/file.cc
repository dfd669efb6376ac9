// SPDX-License-Identifier: Apache-2.0

#include "os/file.h"

#include "base/error.h"

#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace rkt {

namespace {

// A file that has no name that counts yet: it goes away unless it gets one.
class Draft {
public:
    explicit Draft(const std::filesystem::path& file)
        : file_(file), path_(file.parent_path() / ("." + file.filename().native() + "-XXXXXX")),
          fd_(::mkostemp(path_.data(), O_CLOEXEC)) {
        if (!fd_)
            throw SystemError(errno, "writing {}", file);
    }
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;
    ~Draft() {
        if (!path_.empty())
            ::unlink(path_.c_str());
    }

    void fill(std::string_view content, mode_t mode) {
        write_fully(fd_.get(), content, file_);
        if (::fchmod(fd_.get(), mode) != 0)
            throw SystemError(errno, "writing {}", file_);
    }

    void sync() {
        if (::fsync(fd_.get()) != 0)
            throw SystemError(errno, "writing {}", file_);
    }

    void name() {
        if (::rename(path_.c_str(), file_.c_str()) != 0)
            throw SystemError(errno, "writing {}", file_);
        path_.clear();
    }

private:
    const std::filesystem::path& file_;
    std::string path_;
    Fd fd_;
};

// Reads once; 0 at the end.
std::size_t read_some(int fd, char* data, std::size_t size, const std::filesystem::path& name) {
    for (;;) {
        ssize_t count = ::read(fd, data, size);
        if (count >= 0)
            return static_cast<std::size_t>(count);
        if (errno != EINTR)
            throw SystemError(errno, "reading {}", name);
    }
}

} // namespace

std::optional<Fd> find_file(const std::filesystem::path& file) {
    Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY));
    if (fd)
        return fd;
    if (errno == ENOENT)
        return std::nullopt;
    throw SystemError(errno, "opening {}", file);
}

std::string read_file(const std::filesystem::path& file, std::size_t limit) {
    std::optional<std::string> content = read_file_if_any(file, limit);
    if (!content)
        throw SystemError(ENOENT, "opening {}", file);
    return std::move(*content);
}

std::optional<std::string> read_file_if_any(const std::filesystem::path& file, std::size_t limit) {
    std::optional<Fd> fd = find_file(file);
    if (!fd)
        return std::nullopt;
    return read_rest(fd->get(), file, limit);
}

std::string read_rest(int fd, const std::filesystem::path& name, std::size_t limit) {
    constexpr std::size_t step = 16 * 1024;
    std::string content;
    for (;;) {
        std::size_t before = content.size();
        content.resize(before + step);
        std::size_t count = read_some(fd, content.data() + before, step, name);
        content.resize(before + count);
        if (count == 0)
            return content;
        if (content.size() > limit)
            throw Error("reading {}: larger than {} bytes", name, limit);
    }
}

void write_fully(int fd, std::string_view content, const std::filesystem::path& name) {
    while (!content.empty()) {
        ssize_t count = ::write(fd, content.data(), content.size());
        if (count < 0 && errno != EINTR)
            throw SystemError(errno, "writing {}", name);
        if (count > 0)
            content.remove_prefix(static_cast<std::size_t>(count));
    }
}

void copy_file(int from, int to, const std::filesystem::path& name) {
    constexpr std::size_t at_once = std::size_t{1} << 30;
    for (;;) {
        ssize_t count = ::sendfile(to, from, nullptr, at_once);
        if (count == 0)
            return;
        if (count < 0 && errno != EINTR)
            throw SystemError(errno, "writing {}", name);
    }
}

void write_atomically(const std::filesystem::path& file, std::string_view content, mode_t mode) {
    Draft draft(file);
    draft.fill(content, mode);
    draft.sync();
    draft.name();
    sync_dir(file.parent_path());
}

void write_at_once(const std::filesystem::path& file, std::string_view content, mode_t mode) {
    Draft draft(file);
    draft.fill(content, mode);
    draft.name();
}

void write_plainly(const std::filesystem::path& file, std::string_view content, mode_t mode) {
    Fd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode));
    if (!fd)
        throw SystemError(errno, "opening {}", file);
    write_fully(fd.get(), content, file);
}

// It is cut last: whoever reads it meanwhile finds something, and no more than a line too many.
void rewrite(const std::filesystem::path& file, std::string_view content) {
    Fd fd(::open(file.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!fd && errno == ENOENT)
        return;
    if (!fd)
        throw SystemError(errno, "opening {}", file);
    write_fully(fd.get(), content, file);
    if (::ftruncate(fd.get(), static_cast<off_t>(content.size())) < 0)
        throw SystemError(errno, "cutting {}", file);
}

void sync_dir(const std::filesystem::path& dir) {
    // A bare file name has an empty parent, which is the current directory.
    const char* name = dir.empty() ? "." : dir.c_str();
    Fd fd(::open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd || ::fsync(fd.get()) != 0)
        throw SystemError(errno, "syncing {}", name);
}

std::uint64_t free_space(const std::filesystem::path& dir) {
    struct statvfs status = {};
    if (::statvfs(dir.c_str(), &status) != 0)
        throw SystemError(errno, "asking for the free space of {}", dir);
    return std::uint64_t{status.f_bavail} * status.f_frsize;
}

void sync_file_system(int fd, const std::filesystem::path& name) {
    if (::syncfs(fd) != 0)
        throw SystemError(errno, "syncing the file system of {}", name);
}

} // namespace rkt
