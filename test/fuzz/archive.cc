// SPDX-License-Identifier: Apache-2.0
//
// Image archives, compressed or not, from the first byte to files on the disk.

#include "target.h"

#include "aci/read.h"
#include "os/file.h"
#include "os/temp-dir.h"

#include <cerrno>

#include <sys/mman.h>
#include <unistd.h>

namespace {

rkt::Fd make_source(std::string_view bytes) {
    rkt::Fd fd(::memfd_create("archive", MFD_CLOEXEC));
    if (!fd)
        throw rkt::SystemError(errno, "making a file in memory");
    rkt::write_fully(fd.get(), bytes, "the archive");
    if (::lseek(fd.get(), 0, SEEK_SET) < 0)
        throw rkt::SystemError(errno, "going back to the beginning");
    return fd;
}

} // namespace

void rkt::fuzz::read(std::string_view bytes) {
    constexpr UnpackLimits limits = {.bytes = 1 << 20, .entries = 1000};
    TempDir dir;
    Fd source = make_source(bytes);
    AciContents contents = read_aci(source.get(), -1, Dir::open(dir.path()), limits);
    require(contents.bytes <= limits.bytes, "no more is unpacked than is allowed");
    require(contents.manifest.size() <= limits.bytes, "the manifest is no larger, either");
    require(contents.source_bytes == bytes.size(), "all of the archive was read");
    require(std::filesystem::is_directory(std::filesystem::symlink_status(dir.path() / "rootfs")),
            "the root is a directory");
}
