// SPDX-License-Identifier: Apache-2.0

#include "os/watches.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "os/process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace rkt {

namespace {

Fd copy_descriptor(const Fd& process, int number) noexcept {
    return Fd(static_cast<int>(::syscall(SYS_pidfd_getfd, process.get(), number, 0)));
}

bool is_inotify(int descriptor) {
    std::error_code gone;
    return std::filesystem::read_symlink(fmt::format("/proc/self/fd/{}", descriptor), gone) ==
           "anon_inode:inotify";
}

struct Watch {
    int number = 0;
    std::uint64_t inode = 0;
    std::uint64_t device = 0; // as the kernel numbers it inside: the minor has 20 bits
};

// What stands behind `name` in a line of words, in hexadecimal.
std::uint64_t hexadecimal(std::string_view line, std::string_view name) {
    std::uint64_t value = 0;
    if (auto at = line.find(name); at != std::string_view::npos)
        std::from_chars(line.data() + at + name.size(), line.data() + line.size(), value, 16);
    return value;
}

// The lines of /proc/PID/fdinfo are "inotify wd:HEX ino:HEX sdev:HEX …" (proc(5)).
std::vector<Watch> watches_of(int inotify) {
    std::vector<Watch> watches;
    std::string info = read_file(fmt::format("/proc/self/fdinfo/{}", inotify));
    for (std::string_view line : split(info, '\n'))
        if (line.starts_with("inotify wd:"))
            watches.push_back({.number = static_cast<int>(hexadecimal(line, "wd:")),
                               .inode = hexadecimal(line, " ino:"),
                               .device = hexadecimal(line, " sdev:")});
    return watches;
}

void remove_watches_of(int inotify) {
    for (const Watch& watch : watches_of(inotify))
        ::inotify_rm_watch(inotify, watch.number);
}

bool is_watching(int inotify, const struct stat& directory) {
    std::uint64_t device = (std::uint64_t(major(directory.st_dev)) << 20) | minor(directory.st_dev);
    return std::ranges::any_of(watches_of(inotify), [&](const Watch& watch) {
        return watch.inode == directory.st_ino && watch.device == device;
    });
}

std::vector<int> descriptors_of(pid_t pid) {
    std::vector<int> numbers;
    for (const auto& entry : std::filesystem::directory_iterator(fmt::format("/proc/{}/fd", pid)))
        if (auto number = parse_number(entry.path().filename().native()))
            numbers.push_back(static_cast<int>(*number));
    return numbers;
}

// Empty if the directory is gone.
Fd watch_for_files(const std::filesystem::path& dir) {
    Fd inotify(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    constexpr std::uint32_t wanted = IN_CREATE | IN_MOVED_TO | IN_MOVE_SELF | IN_DELETE_SELF;
    if (inotify && ::inotify_add_watch(inotify.get(), dir.c_str(), wanted) >= 0)
        return inotify;
    if (errno == ENOENT)
        return {};
    throw SystemError(errno, "watching {}", dir);
}

// Takes what has been told. False if the watched directory is not where it was any more.
bool still_stands(const Fd& inotify) {
    alignas(inotify_event) std::array<char, 4096> events = {};
    std::uint32_t told = 0;
    for (ssize_t size; (size = ::read(inotify.get(), events.data(), events.size())) > 0;)
        for (ssize_t at = 0; at < size;) {
            const auto* event = reinterpret_cast<const inotify_event*>(events.data() + at);
            told |= event->mask;
            at += static_cast<ssize_t>(sizeof *event + event->len);
        }
    return (told & (IN_MOVE_SELF | IN_DELETE_SELF | IN_IGNORED)) == 0;
}

} // namespace

bool can_watch(int instances) noexcept {
    std::vector<Fd> made;
    for (int i = 0; i < instances; ++i)
        if (!made.emplace_back(::inotify_init1(IN_CLOEXEC)))
            return false;
    return true;
}

bool wait_for_file(const std::filesystem::path& file, const Fd& process, std::chrono::milliseconds patience) {
    Fd inotify = watch_for_files(file.parent_path());
    if (!inotify)
        return false;
    auto end = std::chrono::steady_clock::now() + patience;
    while (!std::filesystem::exists(file)) {
        auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        std::array<pollfd, 2> polled = {pollfd{.fd = inotify.get(), .events = POLLIN, .revents = 0},
                                        pollfd{.fd = process.get(), .events = POLLIN, .revents = 0}};
        int limit = patience.count() < 0 ? -1 : static_cast<int>(std::max<std::int64_t>(0, left.count()));
        if (::poll(polled.data(), polled.size(), limit) == 0 || (polled[1].revents & POLLIN) != 0)
            return std::filesystem::exists(file);
        if (!still_stands(inotify))
            return std::filesystem::exists(file);
    }
    return true;
}

std::vector<Fd> hold_watches(pid_t pid) noexcept {
    std::vector<Fd> held;
    try {
        Fd process = open_pidfd(pid);
        for (int number : descriptors_of(pid))
            if (Fd copy = copy_descriptor(process, number); copy && is_inotify(copy.get()))
                held.push_back(std::move(copy));
    } catch (const std::exception& error) {
        trace("holding the watches of process {}: {}", pid, error.what());
    }
    return held;
}

void remove_watches(std::span<const Fd> inotifies) noexcept {
    try {
        for (const Fd& inotify : inotifies)
            remove_watches_of(inotify.get());
    } catch (const std::exception& error) {
        trace("removing watches: {}", error.what());
    }
}

void release_watches(std::vector<Fd>& inotifies, const std::filesystem::path& directory) noexcept {
    struct stat status = {};
    if (::stat(directory.c_str(), &status) < 0)
        return;
    try {
        auto released = std::partition(inotifies.begin(), inotifies.end(), [&](const Fd& inotify) {
            return !is_watching(inotify.get(), status);
        });
        remove_watches({released, inotifies.end()});
        inotifies.erase(released, inotifies.end());
    } catch (const std::exception& error) {
        trace("releasing watches: {}", error.what());
    }
}

} // namespace rkt
