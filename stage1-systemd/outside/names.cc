// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/names.h"

#include "base/error.h"
#include "base/log.h"
#include "os/file.h"
#include "os/lock.h"
#include "os/mount.h"
#include "os/open.h"

#include <cerrno>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>

namespace rkt {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_of_image = 256 * 1024;

mode_t type_of(int fd) {
    struct stat status = {};
    return ::fstat(fd, &status) == 0 ? status.st_mode & S_IFMT : 0;
}

// Nothing, with errno, if there is none, or if it is a volume's.
Fd open_etc(const NamesPlace& place) {
    return open_resolved(place.root.fd(), "etc", O_PATH | O_DIRECTORY, RESOLVE_IN_ROOT | RESOLVE_NO_XDEV);
}

// A layer of an image may say that there is none, although there is one below all of them.
Fd make_target(int etc, const char* name, const NamesPlace& place) {
    Fd made(::openat(etc, name, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0644));
    if (made && place.users && ::fchown(made.get(), place.users->range.shift, place.users->range.shift) < 0)
        throw SystemError(errno, "giving /etc/{} to the pod", name);
    return made;
}

// The name itself, not what a link there leads to. Nothing if the app has something else there.
std::optional<Fd> open_target(const char* name, const NamesPlace& place) {
    Fd etc = open_etc(place);
    if (!etc && errno == EXDEV)
        return std::nullopt;
    Fd target;
    if (etc)
        target = open_resolved(etc.get(), name, O_PATH | O_NOFOLLOW, RESOLVE_BENEATH | RESOLVE_NO_XDEV);
    if (!target && errno == EXDEV)
        return std::nullopt;
    if (etc && !target && errno == ENOENT)
        target = make_target(etc.get(), name, place);
    if (!target || type_of(target.get()) == S_IFDIR) {
        warn("app {}: the image leaves no place for /etc/{}", place.app, name);
        return std::nullopt;
    }
    return target;
}

void mount_file(const fs::path& file, int target, const NamesPlace& place) {
    std::optional<Fd> source = find_file(file);
    if (!source)
        throw SystemError(errno, "opening {}", file);
    DetachedMount mount = DetachedMount::copy(source->get(), false);
    mount.make_harmless();
    mount.make_read_only();
    if (place.users && !mount.map_owners(place.users->space.get()))
        trace("the owner of {} is none of the pod's users: it can be read all the same", file);
    mount.attach(target);
}

// What the app would see without us; a pipe must not keep us waiting.
std::string hosts_of_image(const NamesPlace& place) {
    Fd file = open_resolved(place.root.fd(), "etc/hosts", O_RDONLY | O_NONBLOCK, RESOLVE_IN_ROOT);
    if (!file || type_of(file.get()) != S_IFREG)
        return "";
    try {
        return read_rest(file.get(), "/etc/hosts", most_of_image);
    } catch (const Error& error) {
        warn("app {}: {}; it is left out", place.app, error.what());
        return "";
    }
}

// From here on stage0 keeps it as it should be.
void write_hosts(const NamesPlace& place) {
    const PodLayout& layout = place.layout;
    Lock lock = Lock::take_file(layout.etc_lock());
    std::string image = hosts_of_image(place);
    if (!image.empty())
        write_plainly(layout.image_hosts(place.app), image, 0640);
    write_plainly(layout.app_hosts(place.app), read_file(layout.hosts()) + image);
}

} // namespace

// The image's own hosts file, which may be a link, is read before anything of ours is in its place.
void mount_names(const NamesPlace& place) {
    const PodLayout& layout = place.layout;
    if (fs::exists(layout.hosts()))
        if (std::optional<Fd> target = open_target("hosts", place)) {
            write_hosts(place);
            mount_file(layout.app_hosts(place.app), target->get(), place);
        }
    if (fs::exists(layout.resolv_conf()))
        if (std::optional<Fd> target = open_target("resolv.conf", place))
            mount_file(layout.resolv_conf(), target->get(), place);
}

} // namespace rkt
