// SPDX-License-Identifier: Apache-2.0

#include "os/cgroup.h"

#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>

#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace rkt {

namespace {

bool is_unified(const char* path) noexcept {
    struct statfs status = {};
    return ::statfs(path, &status) == 0 && status.f_type == CGROUP2_SUPER_MAGIC;
}

// Where the unified hierarchy is mounted: alone, or beside the old ones.
const char* mount_point() noexcept {
    for (const char* path : {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"})
        if (is_unified(path))
            return path;
    return nullptr;
}

void write_attribute(const std::filesystem::path& file, std::string_view value) {
    Fd fd(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
    if (!fd)
        throw SystemError(errno, "opening {}", file);
    if (::write(fd.get(), value.data(), value.size()) < 0)
        throw SystemError(errno, "writing {}", file);
}

// Of a process, as /proc names it. Nothing if there is none, or no unified hierarchy.
std::optional<std::string> path_of(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/cgroup");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("0::"))
            return line.substr(3);
    return std::nullopt;
}

bool says_populated(int events) {
    std::array<char, 256> text = {};
    ssize_t n = ::pread(events, text.data(), text.size(), 0);
    if (n < 0)
        return false; // the group was removed meanwhile: ENODEV
    return std::string_view(text.data(), static_cast<std::size_t>(n)).find("populated 1") !=
           std::string_view::npos;
}

} // namespace

std::filesystem::path Cgroup::directory() const {
    const char* mount = mount_point();
    if (mount == nullptr)
        throw Error("finding {}: no unified cgroup hierarchy is mounted", path_);
    return std::filesystem::path(mount).concat(path_);
}

std::optional<Cgroup> Cgroup::own() {
    return of(::getpid());
}

std::optional<Cgroup> Cgroup::of(pid_t pid) {
    std::optional<std::string> path = path_of(pid);
    if (mount_point() == nullptr || !path)
        return std::nullopt;
    return Cgroup(*path);
}

bool Cgroup::contains(pid_t pid) const {
    std::optional<std::string> path = path_of(pid);
    return path && (*path + "/").starts_with(path_ + "/");
}

Cgroup Cgroup::parent() const {
    return Cgroup(std::filesystem::path(path_).parent_path());
}

std::vector<pid_t> Cgroup::processes() const {
    std::vector<pid_t> numbers;
    std::ifstream file(directory() / "cgroup.procs");
    for (pid_t number = 0; file >> number;)
        numbers.push_back(number);
    std::ranges::sort(numbers);
    return numbers;
}

std::set<std::string> Cgroup::controllers() const {
    std::set<std::string> names;
    std::ifstream file(directory() / "cgroup.controllers");
    for (std::string name; file >> name;)
        names.insert(name);
    return names;
}

void Cgroup::make() const {
    if (::mkdir(directory().c_str(), 0755) < 0 && errno != EEXIST)
        throw SystemError(errno, "making the cgroup {}", path_);
}

bool Cgroup::remove() const noexcept {
    try {
        std::error_code ignored;
        for (const auto& entry : std::filesystem::directory_iterator(directory(), ignored))
            if (entry.is_directory(ignored))
                child(entry.path().filename()).remove();
        return ::rmdir(directory().c_str()) == 0 || errno == ENOENT;
    } catch (const std::exception&) {
        return false;
    }
}

void Cgroup::join() const {
    write_attribute(directory() / "cgroup.procs", "0");
}

void Cgroup::adopt(pid_t process) const {
    write_attribute(directory() / "cgroup.procs", std::to_string(process));
}

Fd Cgroup::open() const {
    Fd fd(::open(directory().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd)
        throw SystemError(errno, "opening the cgroup {}", path_);
    return fd;
}

Fd Cgroup::open_processes() const {
    Fd fd(::open((directory() / "cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC));
    if (!fd)
        throw SystemError(errno, "opening the processes of the cgroup {}", path_);
    return fd;
}

bool Cgroup::populated() const {
    if (mount_point() == nullptr)
        return false;
    Fd events(::open((directory() / "cgroup.events").c_str(), O_RDONLY | O_CLOEXEC));
    return events && says_populated(events.get());
}

void Cgroup::kill_all() const {
    Fd events(::open((directory() / "cgroup.events").c_str(), O_RDONLY | O_CLOEXEC));
    if (!events)
        return;
    try {
        write_attribute(directory() / "cgroup.kill", "1");
    } catch (const SystemError& error) {
        if (error.code() != ENOENT && error.code() != ENODEV) // removed meanwhile
            throw;
    }
    while (says_populated(events.get())) {
        // A change of the file is announced as POLLPRI; the time limit is for one that came before we polled.
        pollfd polled = {.fd = events.get(), .events = POLLPRI, .revents = 0};
        ::poll(&polled, 1, 100);
    }
}

bool Cgroup::delegated() const noexcept {
    try {
        std::filesystem::path group = directory();
        for (const char* name : {"user.delegate", "trusted.delegate"}) {
            char value = 0;
            if (::getxattr(group.c_str(), name, &value, sizeof value) == 1 && value == '1')
                return true;
        }
    } catch (const std::exception&) {
        return false;
    }
    return false;
}

} // namespace rkt
