// SPDX-License-Identifier: Apache-2.0

#include "store/partial.h"

#include "base/error.h"
#include "base/log.h"
#include "base/moment.h"
#include "base/text.h"
#include "os/file.h"
#include "store/layout.h"
#include "wrap/hash.h"
#include "wrap/json.h"

#include <cerrno>
#include <chrono>

#include <sys/stat.h>
#include <unistd.h>

namespace rkt {

namespace {

constexpr const char* prefix = "download-";
constexpr const char* archive = "archive";
constexpr const char* state = "state";

constexpr std::chrono::hours longest_break{24};

// What was written before the machine was started anew may have reached the disk in part and out of order.
std::string this_boot() {
    return std::string(trim(read_file("/proc/sys/kernel/random/boot_id")));
}

bool is_same_dir(const Dir& tmp, const std::string& name, int fd) {
    struct stat ours = {};
    std::optional<struct stat> there = tmp.status(name);
    return ::fstat(fd, &ours) == 0 && there && there->st_ino == ours.st_ino;
}

// Nothing if somebody who has finished has just removed it.
std::optional<Dir> make_or_find(const Dir& tmp, const std::string& name) {
    if (::mkdirat(tmp.fd(), name.c_str(), 0700) != 0 && errno != EEXIST)
        throw SystemError(errno, "making {} in {}", name, tmp.path());
    return tmp.find_plain(name);
}

void write_state(const Dir& dir, const std::string& version) {
    Json json(Json::Object{});
    json.set("version", version);
    json.set("boot", this_boot());
    // Written beside, so that it is whole or not there; it need not outlive the machine.
    std::string draft = std::string(".") + state;
    dir.remove_tree(draft);
    write_fully(dir.make_file(draft, 0600).get(), json.compact(), draft);
    dir.rename(draft, dir, state);
}

} // namespace

Partial::Partial(Dir tmp, std::string name, Dir dir, Lock lock)
    : tmp_(std::move(tmp)), name_(std::move(name)), dir_(std::move(dir)), lock_(std::move(lock)) {
    read_state();
}

// The directory is made and locked while the store is held, so that no collection comes between.
Partial Partial::take(const std::filesystem::path& data_dir, const std::string& url) {
    std::string name = prefix + hash_hex(HashKind::Sha256, url);
    for (;;) {
        std::optional<Dir> dir;
        {
            Store store = Store::open(data_dir);
            Dir tmp = Dir::open(data_dir / store_layout::tmp);
            dir = make_or_find(tmp, name);
            if (!dir)
                continue;
            // By the descriptor: what has the name may be another one at any time.
            std::optional<Lock> lock = Lock::try_take(dir->duplicate(), LockMode::Exclusive);
            if (lock && is_same_dir(tmp, name, lock->fd()))
                return {std::move(tmp), name, std::move(*dir), std::move(*lock)};
            if (lock)
                continue;
        }
        note("waiting for somebody else who fetches {}", url);
        (void)Lock::take(dir->duplicate(), LockMode::Exclusive);
    }
}

void Partial::read_state() {
    try {
        std::optional<std::string> text = read_file_if_any(dir_.path() / state);
        std::optional<struct stat> status = dir_.status(archive);
        if (!text || !status || !S_ISREG(status->st_mode))
            return;
        Json json = Json::parse_object(*text);
        if (json.at("boot").string() != this_boot())
            return;
        file_ = Fd(::openat(dir_.fd(), archive, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC));
        if (!file_)
            throw SystemError(errno, "opening {}", archive);
        version_ = json.at("version").string();
        size_ = static_cast<std::uint64_t>(status->st_size);
    } catch (const Error& error) {
        trace("beginning anew: {}", error.what());
    }
}

void Partial::begin(const std::string& version) {
    drop();
    file_ = Fd(
        ::openat(dir_.fd(), archive, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file_)
        throw SystemError(errno, "making {} in {}", archive, dir_.path());
    if (!version.empty())
        write_state(dir_, version);
    version_ = version;
}

void Partial::append(std::span<const std::byte> bytes) {
    write_fully(file_.get(), {reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                dir_.path() / archive);
    size_ += bytes.size();
}

Fd Partial::reader() const {
    Fd fd(::openat(dir_.fd(), archive, O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!fd)
        throw SystemError(errno, "opening {} in {}", archive, dir_.path());
    return fd;
}

void Partial::move_to(const Dir& target, const std::string& name) {
    dir_.rename(archive, target, name);
    drop();
}

void Partial::drop() {
    dir_.remove_tree(state);
    dir_.remove_tree(archive);
    file_.reset();
    version_.clear();
    size_ = 0;
}

Partial::~Partial() {
    if (lock_.fd() < 0 || (size_ > 0 && !version_.empty()))
        return;
    try {
        tmp_.remove_tree(name_);
    } catch (const Error& error) {
        warn("{}", error.what());
    }
}

bool is_to_be_continued(const Dir& tmp, const std::string& name) {
    if (!name.starts_with(prefix))
        return false;
    std::optional<Dir> dir = tmp.find_plain(name);
    std::optional<struct stat> status = dir ? dir->status(archive) : std::nullopt;
    if (!status || !dir->status(state))
        return false;
    return std::chrono::system_clock::now() - moment_of(status->st_mtim) < longest_break;
}

} // namespace rkt
