// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/volumes.h"

#include "base/error.h"
#include "base/log.h"
#include "os/mount.h"
#include "os/open.h"
#include "os/process.h"

#include <cerrno>
#include <climits>
#include <filesystem>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rkt {

namespace {

namespace fs = std::filesystem;

// As many as the kernel follows (path_resolution(7)).
constexpr int most_links = 40;

mode_t type_of(int fd, const fs::path& path) {
    struct stat status = {};
    if (::fstat(fd, &status) < 0)
        throw SystemError(errno, "looking at {}", path);
    return status.st_mode & S_IFMT;
}

Fd open_source(const Volume& volume) {
    Fd fd = open_resolved(AT_FDCWD, volume.source.c_str(), O_PATH, RESOLVE_NO_SYMLINKS);
    if (!fd && errno == ENOENT)
        throw Error("the source {} does not exist; make it first: rkt makes nothing on the host",
                    volume.source);
    if (!fd && errno == ELOOP)
        throw Error("the source {} is or passes through a symbolic link; name the place itself",
                    volume.source);
    if (!fd)
        throw SystemError(errno, "opening the source {}", volume.source);
    mode_t type = type_of(fd.get(), volume.source);
    if (type != S_IFDIR && type != S_IFREG)
        throw Error("the source {} is neither a directory nor a regular file", volume.source);
    return fd;
}

// The directory that apps share, made when the first of them is mounted.
Fd open_empty(const Volume& volume, const VolumePlace& in, bool& is_new) {
    uid_t root = in.users ? in.users->range.shift : 0;
    fs::path place = in.layout.volume(volume.name.str());
    fs::create_directories(place.parent_path());
    is_new = ::mkdir(place.c_str(), 0700) == 0;
    if (!is_new && errno != EEXIST)
        throw SystemError(errno, "making {}", place);
    if (is_new && (::chown(place.c_str(), root + volume.uid, root + volume.gid) < 0 ||
                   ::chmod(place.c_str(), volume.mode) < 0))
        throw SystemError(errno, "giving {} its owner and mode", place);
    Fd fd(::open(place.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!fd)
        throw SystemError(errno, "opening {}", place);
    return fd;
}

// What is made for the pod is the pod's root's.
void give(int dir, const fs::path& name, const VolumePlace& in) {
    if (in.users &&
        ::fchownat(dir, name.c_str(), in.users->range.shift, in.users->range.shift, AT_SYMLINK_NOFOLLOW) < 0)
        throw SystemError(errno, "giving {} to the pod", name);
}

// Where a link leads, inside the root; nothing if it is none.
std::optional<fs::path> destination_of(int dir, const fs::path& link) {
    char text[PATH_MAX] = {};
    ssize_t size = ::readlinkat(dir, link.filename().c_str(), text, sizeof text - 1);
    if (size < 0)
        return std::nullopt;
    return (link.parent_path() / text).lexically_normal();
}

// Makes a directory in the app's root with all above it (ACE-23, ACE-24); a file in its place goes (ACE-26),
// and a link that leads to nothing is followed inside the root (ACE-35).
void make_dirs(const VolumePlace& in, const fs::path& path, int links) {
    if (links > most_links)
        throw Error("{} in the image leads in a circle", path);
    fs::path done = "/";
    for (const fs::path& part : path.relative_path()) {
        std::optional<Fd> above = in.root.open_beneath(done, O_PATH | O_DIRECTORY);
        if (!above)
            throw Error("{} in the image is no directory", done);
        done /= part;
        std::optional<Fd> there = in.root.open_beneath(done, O_PATH);
        if (there && type_of(there->get(), done) != S_IFDIR) {
            warn("{} is a file in the image, and gives way to a volume", done);
            if (::unlinkat(above->get(), part.c_str(), 0) < 0)
                throw SystemError(errno, "removing {} in the image", done);
            there.reset();
        }
        if (there)
            continue;
        if (::mkdirat(above->get(), part.c_str(), 0755) == 0) {
            give(above->get(), part, in);
            continue;
        }
        std::optional<fs::path> destination = destination_of(above->get(), done);
        if (!destination)
            throw SystemError(EEXIST, "making {} in the image", done);
        make_dirs(in, *destination, links + 1);
    }
}

Fd make_target_dir(const VolumePlace& in, const fs::path& path) {
    make_dirs(in, path, 0);
    std::optional<Fd> target = in.root.open_beneath(path, O_PATH | O_DIRECTORY);
    if (!target)
        throw Error("{} in the image cannot be made", path);
    return std::move(*target);
}

Fd make_target_file(const VolumePlace& in, const fs::path& path) {
    if (std::optional<Fd> there = in.root.open_beneath(path, O_PATH)) {
        if (type_of(there->get(), path) == S_IFDIR)
            throw Error("{} in the image is a directory, and the source is a file", path);
        return std::move(*there);
    }
    Fd above = make_target_dir(in, path.parent_path());
    Fd made(::openat(above.get(), path.filename().c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644));
    if (!made)
        throw SystemError(errno, "making {} in the image", path);
    give(above.get(), path.filename(), in);
    return made;
}

bool is_empty_dir(int fd) {
    Fd again(::openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    DirStream stream = open_stream(std::move(again));
    while (const dirent* entry = stream ? ::readdir(stream.get()) : nullptr)
        if (!is_dot(entry->d_name))
            return false;
    return true;
}

// With owners, modes, links and attributes: what cp is better at than we.
void prefill(int image, const fs::path& volume) {
    Command copy = {.program = "cp"};
    copy.arguments = {"--archive", "--no-target-directory", fmt::format("/proc/{}/fd/{}", ::getpid(), image),
                      volume.native()};
    copy.arguments[2] += "/.";
    if (int status = Child::spawn(copy).wait(); status != 0)
        throw Error("filling it with what the image has there: cp ended with status {}", status);
}

DetachedMount copy_source(const Fd& source, const MountedVolume& mounted, const VolumePlace& in) {
    bool is_host = mounted.volume.kind == Volume::Kind::Host;
    DetachedMount mount = DetachedMount::copy(source.get(), is_host && mounted.volume.is_recursive());
    mount.make_harmless();
    if (mounted.read_only)
        mount.make_read_only();
    if (is_host && in.users && !mount.map_owners(in.users->space.get()))
        throw Error("the owners of files on the file system of {} cannot be mapped to the pod's users; "
                    "--private-users=no runs the pod without users of its own",
                    mounted.volume.source);
    return mount;
}

void mount_volume(const MountedVolume& mounted, const VolumePlace& in) {
    const Volume& volume = mounted.volume;
    bool is_new = false;
    Fd source = volume.kind == Volume::Kind::Host ? open_source(volume) : open_empty(volume, in, is_new);
    bool is_dir = type_of(source.get(), volume.source) == S_IFDIR;
    Fd target = is_dir ? make_target_dir(in, mounted.path) : make_target_file(in, mounted.path);
    if (is_dir && !is_empty_dir(target.get())) {
        if (is_new && in.prefilled)
            prefill(target.get(), in.layout.volume(volume.name.str()));
        else if (!in.prefilled)
            warn("volume {} hides what the image has at {}", volume.name, mounted.path); // ACE-25
    }
    copy_source(source, mounted, in).attach(target.get());
}

} // namespace

std::vector<MountedVolume> volumes_of(const RuntimeApp& app, const App& what, const PodManifest& pod) {
    std::vector<MountedVolume> volumes;
    for (const Mount& mount : app.mounts) {
        const Volume* volume =
            mount.app_volume ? &*mount.app_volume : find_named(pod.volumes, mount.volume.str());
        if (volume == nullptr)
            throw Error("there is no volume {} for the mount at {}", mount.volume, mount.path);
        bool read_only = volume->read_only;
        for (const MountPoint& point : what.mount_points)
            read_only = read_only || (point.path == mount.path && point.read_only);
        volumes.push_back({*volume, mount.path, read_only});
    }
    return volumes;
}

void mount_volumes(const std::vector<MountedVolume>& volumes, const VolumePlace& place) {
    for (const MountedVolume& mounted : volumes)
        try {
            mount_volume(mounted, place);
        } catch (Error& error) {
            error.during("mounting the volume {} at {}", mounted.volume.name, mounted.path);
            throw;
        }
}

} // namespace rkt
