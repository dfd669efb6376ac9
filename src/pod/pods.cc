// SPDX-License-Identifier: Apache-2.0

#include "pod/pods.h"

#include "appc/name.h"
#include "base/error.h"
#include "base/text.h"
#include "os/file.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <map>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rkt {

namespace {

void make_dir(const std::filesystem::path& dir, mode_t mode) {
    if (::mkdir(dir.c_str(), mode) < 0 && errno != EEXIST)
        throw SystemError(errno, "making {}", dir);
}

void make_empty(const std::filesystem::path& file, mode_t mode) {
    Fd fd(::open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode));
    if (!fd)
        throw SystemError(errno, "making {}", file);
}

// Empty if it may not be opened, or is not there.
Fd open_lock(const PodLayout& layout) noexcept {
    return Fd(::open(layout.lock().c_str(), O_RDONLY | O_CLOEXEC));
}

// Whether the descriptor is the lock of the pod that stands there now: it may have been moved while we opened
// it.
bool still_stands(const PodLayout& layout, int lock) noexcept {
    struct stat there = {};
    struct stat held = {};
    return ::stat(layout.lock().c_str(), &there) == 0 && ::fstat(lock, &held) == 0 &&
           there.st_ino == held.st_ino;
}

// Who is not root may not open the lock.
Held see_lock(const PodLayout& layout) {
    Fd fd = open_lock(layout);
    if (!fd)
        return errno == ENOENT ? Held::No : Held::Unknown;
    return Lock::try_take(std::move(fd), LockMode::Shared) ? Held::No : Held::Yes;
}

bool looks_like_uuid(std::string_view word) noexcept {
    return std::ranges::all_of(word,
                               [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || c == '-'; });
}

// Nothing, too, if the lock is none any more.
std::optional<Lock> try_once(const Pod& pod, LockMode mode) {
    Fd fd = open_lock(pod.layout);
    if (!fd && errno != ENOENT)
        throw SystemError(errno, "locking the pod {}", pod.uuid.str());
    if (!fd)
        return std::nullopt;
    return Lock::try_take(std::move(fd), mode);
}

// Who only looks at a pod shares its lock for an instant, and keeps us no longer from having it alone.
// Nothing at once if somebody has it alone already.
std::optional<Lock> try_take_from_lookers(const Pod& pod) {
    constexpr int rounds = 50;
    constexpr int pause_ms = 2;
    for (int round = 0; round < rounds; ++round) {
        if (std::optional<Lock> lock = try_once(pod, LockMode::Exclusive))
            return lock;
        if (!try_once(pod, LockMode::Shared))
            return std::nullopt;
        ::poll(nullptr, 0, pause_ms);
    }
    return std::nullopt;
}

std::optional<Lock> try_take(const Pod& pod, LockMode mode) {
    std::optional<Lock> lock = mode == LockMode::Exclusive ? try_take_from_lookers(pod) : try_once(pod, mode);
    if (!lock || !still_stands(pod.layout, lock->fd()))
        return std::nullopt;
    return lock;
}

std::optional<Uuid> uuid_of(std::string_view word) {
    try {
        return Uuid::parse(word);
    } catch (const Error&) {
        return std::nullopt;
    }
}

} // namespace

void check_pod_name(std::string_view name) {
    AcName::parse(name);
    if (looks_like_uuid(name))
        throw Error("naming a pod {}: it could be taken for the beginning of a UUID; "
                    "use a letter after f, or a name with one in it",
                    name);
    if (name.size() > 60)
        throw Error("naming a pod {}: a machine name has at most 64 characters", name);
}

void Pods::make_places() const {
    make_dir(root_.parent_path(), 0755);
    make_dir(root_, 0755);
    for (PodPlace place : pod_places)
        make_dir(path(place), 0755);
    make_dir(names(), 0755);
}

PodLock Pods::create(const Uuid& uuid) const {
    PodLayout layout = {path(PodPlace::Embryo) / uuid.str()};
    if (::mkdir(layout.dir.c_str(), 0755) < 0)
        throw SystemError(errno, "making the pod {}", layout.dir);
    make_empty(layout.lock(), 0600);
    Fd fd = open_lock(layout);
    if (!fd)
        throw SystemError(errno, "locking the pod {}", uuid.str());
    Lock lock = Lock::take(std::move(fd), LockMode::Exclusive); // who holds it only looks
    make_empty(layout.created(), 0644);
    return PodLock(uuid, layout, PodPlace::Embryo, std::move(lock));
}

std::optional<Pod> Pods::look(const Uuid& uuid, PodPlace place) const {
    Pod pod = {.uuid = uuid, .place = place, .state = PodState::Embryo, .layout = {path(place) / uuid.str()}};
    if (::access(pod.layout.dir.c_str(), F_OK) < 0)
        return std::nullopt;
    Held held = depends_on_lock(place) ? see_lock(pod.layout) : Held::No;
    std::optional<bool> populated;
    if (place == PodPlace::Run && held != Held::Yes)
        if (std::optional<Cgroup> cgroup = pod.cgroup())
            populated = cgroup->populated();
    pod.state = state_of(place, held, populated);
    // If it was moved while we looked, what we saw is of no pod.
    if (::access(pod.layout.dir.c_str(), F_OK) < 0)
        return std::nullopt;
    return pod;
}

std::optional<Pod> Pods::find(const Uuid& uuid) const {
    // Pods move in one direction alone: who looks in that order cannot miss one. Twice, since a
    // pod seen in one place may have gone to the next one while its state was read.
    for (int round = 0; round < 2; ++round)
        for (PodPlace place : pod_places)
            if (std::optional<Pod> pod = look(uuid, place))
                return pod;
    return std::nullopt;
}

std::vector<Pod> Pods::list() const {
    std::map<std::string, Pod> pods;
    for (PodPlace place : pod_places) {
        std::error_code none;
        for (const auto& entry : std::filesystem::directory_iterator(path(place), none)) {
            std::string word = entry.path().filename();
            std::optional<Uuid> uuid = uuid_of(word);
            if (!uuid)
                continue;
            if (std::optional<Pod> pod = look(*uuid, place))
                pods.insert_or_assign(word, std::move(*pod));
            else if (std::optional<Pod> moved = find(*uuid))
                pods.insert_or_assign(word, std::move(*moved));
        }
    }
    std::vector<Pod> listed;
    listed.reserve(pods.size());
    for (auto& [uuid, pod] : pods)
        listed.push_back(std::move(pod));
    return listed;
}

std::optional<Pod> Pods::find_named(std::string_view name) const {
    std::optional<std::string> text = read_file_if_any(names() / name);
    if (!text)
        return std::nullopt;
    std::optional<Uuid> uuid = uuid_of(trim(*text));
    return uuid ? find(*uuid) : std::nullopt;
}

Pod Pods::resolve(std::string_view word) const {
    if (word.empty())
        throw Error("finding a pod: UUID cannot be empty");
    if (word.find('/') != std::string_view::npos)
        throw Error("finding the pod {}: no matches found", word);
    if (!looks_like_uuid(lower_case(word))) {
        if (std::optional<Pod> pod = find_named(word))
            return *pod;
        throw Error("finding the pod {}: no matches found; rkt list shows the pods there are", word);
    }
    std::vector<Pod> matches;
    for (Pod& pod : list())
        if (pod.place != PodPlace::Embryo && pod.place != PodPlace::Garbage &&
            pod.uuid.str().starts_with(lower_case(word)))
            matches.push_back(std::move(pod));
    if (matches.empty())
        throw Error("finding the pod {}: no matches found; rkt list shows the pods there are", word);
    if (matches.size() > 1)
        throw Error("finding the pod {}: ambiguous UUID, {} matches; give more of it", word, matches.size());
    return matches.front();
}

std::optional<PodLock> Pods::try_lock(const Pod& pod) const {
    std::optional<Lock> lock = try_take(pod, LockMode::Exclusive);
    if (!lock)
        return std::nullopt;
    return PodLock(pod.uuid, pod.layout, pod.place, std::move(*lock));
}

std::optional<Lock> Pods::try_hold(const Pod& pod) const {
    return try_take(pod, LockMode::Shared);
}

// Nothing tells within a time that a lock is free.
bool Pods::wait_until_free(const Pod& pod, std::chrono::milliseconds patience) const {
    constexpr int pause_ms = 5;
    auto end = std::chrono::steady_clock::now() + patience;
    if (Fd fd = open_lock(pod.layout); fd && patience.count() < 0)
        static_cast<void>(Lock::take(std::move(fd), LockMode::Shared));
    while (see_lock(pod.layout) == Held::Yes) {
        if (patience.count() >= 0 && std::chrono::steady_clock::now() >= end)
            return false;
        ::poll(nullptr, 0, pause_ms);
    }
    return true;
}

void Pods::move(PodLock& pod, PodPlace place) const {
    std::filesystem::path target = path(place) / pod.uuid().str();
    if (::rename(pod.layout_.dir.c_str(), target.c_str()) < 0)
        throw SystemError(errno, "moving the pod {} to {}", pod.uuid().str(), str(place));
    pod.layout_.dir = std::move(target);
    pod.place_ = place;
}

void Pods::claim_name(const PodLock& pod, const std::string& name) const {
    check_pod_name(name);
    Lock lock = Lock::take_file(names() / ".lock");
    std::optional<Pod> holder = find_named(name);
    if (holder && is_living(holder->state))
        throw Error("naming the pod {}: the pod {} has that name and is {}; rkt stop or rkt rm it, "
                    "or take another name",
                    name, holder->uuid.str(), str(holder->state));
    write_at_once(pod.layout().name(), name + "\n"); // first: it tells what is to be given back
    write_atomically(names() / name, pod.uuid().str() + "\n");
}

std::vector<PodLayout> Pods::layouts() const {
    std::vector<PodLayout> layouts;
    for (PodPlace place : pod_places) {
        std::error_code none;
        for (const auto& entry : std::filesystem::directory_iterator(path(place), none))
            if (uuid_of(entry.path().filename().native()))
                layouts.push_back({entry.path()});
    }
    return layouts;
}

Lock Pods::lock_ranges() const {
    return Lock::take_file(names() / ".ranges");
}

Lock Pods::lock_ports() const {
    return Lock::take_file(names() / ".ports");
}

Lock Pods::lock_hosts() const {
    return Lock::take_file(names() / ".hosts");
}

void Pods::release_name(const PodLock& pod) const {
    std::optional<std::string> name = read_file_if_any(pod.layout().name());
    if (!name)
        return;
    Lock lock = Lock::take_file(names() / ".lock");
    std::filesystem::path file = names() / trim(*name);
    if (trim(read_file_if_any(file).value_or("")) == pod.uuid().str())
        std::filesystem::remove(file);
}

} // namespace rkt
