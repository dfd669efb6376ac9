// SPDX-License-Identifier: Apache-2.0

#include "store/hold.h"

#include "base/error.h"
#include "os/dir.h"
#include "os/file.h"
#include "os/lock.h"
#include "store/layout.h"

#include <cerrno>

#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rkt {

namespace {

// Empty if someone has it.
Fd lock_file(const std::filesystem::path& file) {
    std::optional<Fd> fd = find_file(file);
    if (!fd || ::flock(fd->get(), LOCK_EX | LOCK_NB) < 0)
        return {};
    return std::move(*fd);
}

// Nothing for what is being written, and for what is not ours.
std::optional<Uuid> uuid_of(const std::string& name) {
    try {
        return Uuid::parse(name);
    } catch (const Error&) {
        return std::nullopt;
    }
}

bool is_at(const Fd& fd, const std::filesystem::path& file) {
    struct stat ours = {};
    struct stat there = {};
    return ::fstat(fd.get(), &ours) == 0 && ::lstat(file.c_str(), &there) == 0 && ours.st_ino == there.st_ino;
}

} // namespace

// Between its making and its locking a collection may take the pin for an abandoned one.
ImageHold::ImageHold(Store& store, const Pin& pin) {
    Uuid uuid = Uuid::random();
    file_ = store.data_dir() / store_layout::pins / uuid.str();
    do {
        store.pin(uuid, pin);
        lock_ = lock_file(file_);
    } while (!lock_ || !is_at(lock_, file_));
}

ImageHold::~ImageHold() {
    ::unlink(file_.c_str());
}

void drop_abandoned_pins(const Store& store, const std::function<bool(const Uuid&)>& is_pod) {
    std::filesystem::path pins = store.data_dir() / store_layout::pins;
    for (const std::string& name : Dir::open(pins).names()) {
        std::optional<Uuid> uuid = uuid_of(name);
        if (!uuid || is_pod(*uuid))
            continue;
        if (Fd lock = lock_file(pins / name); lock && is_at(lock, pins / name))
            ::unlink((pins / name).c_str());
    }
}

} // namespace rkt
