// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/process-facts.h"

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "os/process.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <climits>

#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace rkt {

namespace {

std::filesystem::path path_of(pid_t pid, const std::string& file) {
    return std::filesystem::path("/proc") / std::to_string(pid) / file;
}

std::optional<pid_t> parse_pid(std::string_view text) {
    auto number = parse_number(trim(text));
    if (!number || *number == 0 || *number > INT_MAX)
        return std::nullopt;
    return static_cast<pid_t>(*number);
}

// The numbers between blanks.
std::vector<std::uint64_t> numbers_in(std::string_view text) {
    std::vector<std::uint64_t> numbers;
    std::string spaced(text);
    std::ranges::replace(spaced, '\t', ' ');
    for (std::string_view word : split(spaced, ' '))
        if (auto number = parse_number(trim(word)))
            numbers.push_back(*number);
    return numbers;
}

// What stands behind "NAME:" on a line of its own.
std::string_view field(std::string_view status, std::string_view name) {
    for (std::string_view line : split(status, '\n'))
        if (line.starts_with(name) && line.substr(name.size()).starts_with(':'))
            return trim(line.substr(name.size() + 1));
    throw Error("reading a process's status: there is no {}", name);
}

std::uint64_t parse_digits(std::string_view text, int base, const char* what) {
    std::uint64_t value = 0;
    auto [stopped, fault] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (fault != std::errc() || stopped != text.data() + text.size())
        throw Error("reading a process's status: {} is no {}", text, what);
    return value;
}

std::uint64_t parse_mask(std::string_view text) {
    return parse_digits(text, 16, "set of capabilities");
}

// Each line has the first number within, the first without, and how many follow each other.
std::uint32_t translate(std::uint32_t id, const std::string& map, std::size_t from, std::size_t to) {
    for (std::string_view line : split(map, '\n')) {
        auto numbers = numbers_in(line);
        if (numbers.size() == 3 && id >= numbers[from] && id - numbers[from] < numbers[2])
            return static_cast<std::uint32_t>(numbers[to] + (id - numbers[from]));
    }
    throw Error("reading a process's user: {} is nobody in its user namespace", id);
}

rlim_t parse_limit(std::string_view text) {
    return trim(text) == "unlimited" ? RLIM_INFINITY : parse_digits(trim(text), 10, "limit");
}

bool is_first_of_namespace(pid_t pid) {
    auto status = read_file_if_any(path_of(pid, "status"));
    if (!status)
        return false;
    auto numbers = numbers_in(field(*status, "NSpid"));
    return numbers.size() > 1 && numbers.back() == 1;
}

// Which file a process executes; nothing of one that is about to be gone.
std::optional<std::pair<dev_t, ino_t>> program_of(pid_t pid) {
    struct stat status = {};
    if (::stat(path_of(pid, "exe").c_str(), &status) < 0)
        return std::nullopt;
    return std::pair(status.st_dev, status.st_ino);
}

} // namespace

bool Process::signal(int number) const {
    if (::syscall(SYS_pidfd_send_signal, handle.get(), number, nullptr, 0) == 0)
        return true;
    if (errno == ESRCH)
        return false;
    throw SystemError(errno, "sending signal {} to process {}", number, pid);
}

std::optional<Process> find_nspawn(const PodLayout& layout, const Uuid& uuid) {
    auto pid = parse_pid(read_file_if_any(layout.ppid()).value_or(""));
    if (!pid)
        return std::nullopt;
    Process process = {*pid, open_pidfd(*pid)};
    auto words = parse_strings(read_file_if_any(path_of(*pid, "cmdline")).value_or(""));
    if (!process.handle || std::ranges::find(words, "--uuid=" + uuid.str()) == words.end())
        return std::nullopt;
    return process;
}

std::optional<Process> find_leader(const Process& nspawn) {
    std::string number = std::to_string(nspawn.pid);
    auto children = read_file_if_any(path_of(nspawn.pid, "task/" + number + "/children"));
    for (std::uint64_t child : numbers_in(children.value_or(""))) {
        auto pid = static_cast<pid_t>(child);
        Process process = {pid, open_pidfd(pid)};
        if (process.handle && is_first_of_namespace(pid))
            return process;
    }
    return std::nullopt;
}

// Nothing tells of an execve(2), so it is looked for again and again while the process lives.
bool await_program(const Fd& process, pid_t pid, pid_t starter, std::chrono::milliseconds patience) {
    constexpr int pause_ms = 2;
    auto end = std::chrono::steady_clock::now() + patience;
    pollfd ended = {.fd = process.get(), .events = POLLIN, .revents = 0};
    for (;;) {
        auto program = program_of(pid);
        if (program && program != program_of(starter))
            return true;
        if (::poll(&ended, 1, pause_ms) != 0 || std::chrono::steady_clock::now() > end)
            return false;
    }
}

std::optional<pid_t> parent_of(pid_t pid) {
    auto status = read_file_if_any(path_of(pid, "status"));
    return status ? parse_pid(field(*status, "PPid")) : std::nullopt;
}

Credentials parse_credentials(const std::string& status) {
    auto uids = numbers_in(field(status, "Uid"));
    auto gids = numbers_in(field(status, "Gid"));
    if (uids.empty() || gids.empty())
        throw Error("reading a process's status: it has no user or no group");
    Credentials credentials = {.uid = static_cast<uid_t>(uids.front()),
                               .gid = static_cast<gid_t>(gids.front()),
                               .supplementary = {},
                               .bounding = parse_mask(field(status, "CapBnd")),
                               .inheritable = parse_mask(field(status, "CapInh")),
                               .ambient = parse_mask(field(status, "CapAmb")),
                               .no_new_privileges = field(status, "NoNewPrivs") == "1",
                               .umask =
                                   static_cast<mode_t>(parse_digits(field(status, "Umask"), 8, "umask"))};
    for (std::uint64_t group : numbers_in(field(status, "Groups")))
        credentials.supplementary.push_back(static_cast<gid_t>(group));
    return credentials;
}

std::uint64_t filter_count(const std::string& status) {
    return parse_digits(field(status, "Seccomp_filters"), 10, "number of filters");
}

Limits parse_limits(const std::string& text) {
    constexpr std::size_t soft = 26; // columns, as wide as they stand apart
    constexpr std::size_t hard = 47;
    auto lines = split(text, '\n'); // the first is the head of the table
    Limits limits = {};
    for (std::size_t i = 0; i < limits.size(); ++i) {
        if (i + 1 >= lines.size() || lines[i + 1].size() < hard)
            throw Error("reading a process's limits: there are only {}", i);
        limits.at(i) = {.rlim_cur = parse_limit(lines[i + 1].substr(soft, hard - soft)),
                        .rlim_max = parse_limit(lines[i + 1].substr(hard, hard - soft))};
    }
    return limits;
}

std::uint32_t id_within(std::uint32_t id, const std::string& map) {
    return translate(id, map, 1, 0);
}

std::uint32_t id_without(std::uint32_t id, const std::string& map) {
    return translate(id, map, 0, 1);
}

std::vector<std::string> parse_strings(std::string_view text) {
    std::vector<std::string> strings;
    if (text.ends_with('\0'))
        text.remove_suffix(1);
    if (!text.empty())
        for (std::string_view part : split(text, '\0'))
            strings.emplace_back(part);
    return strings;
}

bool same_user_namespace(pid_t pid) {
    struct stat its = {};
    struct stat ours = {};
    std::string path = fmt::format("/proc/{}/ns/user", pid);
    return ::stat(path.c_str(), &its) == 0 && ::stat("/proc/self/ns/user", &ours) == 0 &&
           its.st_ino == ours.st_ino;
}

std::string read_of(pid_t pid, const std::string& file) {
    return read_file(path_of(pid, file));
}

} // namespace rkt
