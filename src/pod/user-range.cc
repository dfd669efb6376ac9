// SPDX-License-Identifier: Apache-2.0

#include "pod/user-range.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/file.h"

#include <algorithm>

namespace rkt {

namespace {

// systemd's (https://systemd.io/UIDS-GIDS): what nspawn picks from.
constexpr std::uint32_t first = 0x00080000;
constexpr std::uint32_t last = 0x6fff0000;
constexpr std::uint32_t size = 0x10000;
constexpr std::uint32_t slots = (last - first) / size + 1;

// Lines "NAME:FIRST:COUNT" (subuid(5)), and "NAME:x:ID:…" (passwd(5)), where the count is one.
void add_ranges(std::vector<UserRange>& taken, const char* file, std::size_t field, bool counted) {
    std::string text = read_file_if_any(file).value_or("");
    for (std::string_view line : split(text, '\n')) {
        std::vector<std::string_view> fields = split(line, ':');
        if (fields.size() <= field + (counted ? 1 : 0))
            continue;
        std::uint32_t shift = parse_user(fields[field]);
        std::uint32_t count = counted ? parse_user(fields[field + 1]) : 1;
        if (shift != no_user && count != no_user)
            taken.push_back({shift, count});
    }
}

// nspawn's own, by its locks.
void add_machines(std::vector<UserRange>& taken) {
    std::error_code missing;
    for (const auto& entry : std::filesystem::directory_iterator("/run/systemd/nspawn-uid", missing))
        if (std::uint32_t shift = parse_user(entry.path().filename().native()); shift != no_user)
            taken.push_back({shift, size});
}

// What a crash of the host has left is of no pod that runs.
std::optional<UserRange> range_if_whole(const PodLayout& pod) {
    try {
        return range_of(pod);
    } catch (const SystemError&) {
        throw;
    } catch (const Error& error) {
        warn("passing over a pod that a crash has left: {}; rkt gc removes it", error.what());
        return std::nullopt;
    }
}

std::vector<UserRange> taken_ranges(const Pods& pods) {
    std::vector<UserRange> taken;
    for (const char* file : {"/etc/passwd", "/etc/group"})
        add_ranges(taken, file, 2, false);
    for (const char* file : {"/etc/subuid", "/etc/subgid"})
        add_ranges(taken, file, 1, true);
    add_machines(taken);
    for (const PodLayout& pod : pods.layouts())
        if (auto range = range_if_whole(pod))
            taken.push_back(*range);
    return taken;
}

} // namespace

std::optional<UserRange> choose_range(const Uuid& uuid, const std::vector<UserRange>& taken) {
    std::uint32_t begin = 0;
    for (std::uint8_t byte : std::span(uuid.bytes()).first(4))
        begin = begin << 8 | byte;
    for (std::uint32_t i = 0; i < slots; ++i) {
        UserRange range = {first + (begin % slots + i) % slots * size, size};
        if (std::ranges::none_of(taken, [&](const UserRange& other) { return range.overlaps(other); }))
            return range;
    }
    return std::nullopt;
}

UserRange claim_range(const Pods& pods, const PodLock& pod) {
    Lock lock = pods.lock_ranges();
    std::optional<UserRange> range = choose_range(pod.uuid(), taken_ranges(pods));
    if (!range)
        throw Error("all ranges of users are taken; rkt gc gives back those of old pods");
    write_at_once(pod.layout().user_range(), range->str() + "\n");
    return *range;
}

PodUsers make_users(const UserRange& range) {
    return {.range = range, .space = make_user_namespace(range)};
}

std::optional<PodUsers> users_of(const PodLayout& pod) {
    std::optional<UserRange> range = range_of(pod);
    return range ? std::optional(make_users(*range)) : std::nullopt;
}

std::optional<UserRange> range_of(const PodLayout& pod) {
    std::optional<std::string> text = read_file_if_any(pod.user_range());
    if (!text)
        return std::nullopt;
    try {
        return UserRange::parse(trim(*text));
    } catch (Error& error) {
        error.during("reading {}", pod.user_range());
        throw;
    }
}

} // namespace rkt
