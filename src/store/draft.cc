// SPDX-License-Identifier: Apache-2.0

#include "store/draft.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "os/random.h"
#include "store/layout.h"

#include <array>
#include <cerrno>

#include <sys/stat.h>
#include <unistd.h>

namespace rkt {

namespace layout = store_layout;

namespace {

constexpr const char* layer_name = "layer";
constexpr const char* image_name = "image";

std::string random_name() {
    std::array<std::uint8_t, 8> bytes = {};
    fill_random(bytes);
    return "import-" + hex(bytes);
}

std::string make_named(const Dir& tmp, std::string name) {
    tmp.make_dir(name, 0700);
    return name;
}

// The group that may list is the group of the directory; where nobody but root may, neither may it.
void write_listed(const Dir& dir, const char* name, const std::string& content, mode_t mode, gid_t group) {
    Fd fd = dir.make_file(name, 0600);
    write_fully(fd.get(), content, dir.path() / name);
    if (::fchown(fd.get(), static_cast<uid_t>(-1), group) != 0 || ::fchmod(fd.get(), mode) != 0)
        throw SystemError(errno, "making {}", dir.path() / name);
}

} // namespace

Draft::Draft(Dir tmp, std::string name)
    : tmp_(std::move(tmp)), name_(make_named(tmp_, std::move(name))), dir_(tmp_.open_plain(name_)),
      lock_(Lock::take(dir_.path(), LockMode::Exclusive)) {
    dir_.make_dir(layer_name, 0700);
}

Draft Draft::make(const Store& store) {
    return {Dir::open(store.data_dir() / layout::tmp), random_name()};
}

Draft::~Draft() {
    try {
        tmp_.remove_tree(name_);
    } catch (const Error& error) {
        warn("{}", error.what());
    }
}

// The manifest may hold secrets; of the rest lists are made.
void Draft::write_image(const Dir& images, const NewImage& image) const {
    struct stat status = {};
    if (::fstat(images.fd(), &status) != 0)
        throw SystemError(errno, "looking at {}", images.path());
    bool for_all = (status.st_mode & S_IXOTH) != 0;
    dir_.make_dir(image_name, 0700);
    Dir dir = dir_.open_plain(image_name);
    write_listed(dir, layout::image_manifest, image.manifest, for_all ? 0600 : 0640, status.st_gid);
    write_listed(dir, layout::image_layers, image.id.str() + "\n", 0644, status.st_gid);
    write_listed(dir, layout::image_source, image.source.json(), 0644, status.st_gid);
    if (::fchown(dir.fd(), static_cast<uid_t>(-1), status.st_gid) != 0 ||
        ::fchmod(dir.fd(), status.st_mode & 07777) != 0)
        throw SystemError(errno, "making {}", dir.path());
}

void Draft::publish(Store& store, const NewImage& image) {
    Dir images = Dir::open(store.data_dir() / layout::images);
    Dir layers = Dir::open(store.data_dir() / layout::layers);
    write_image(images, image);
    sync_file_system(dir_.fd(), dir_.path());
    if (dir_.rename_if_free(layer_name, layers, image.id.str()))
        layers.sync();
    if (dir_.rename_if_free(image_name, images, image.id.str()))
        images.sync();
}

} // namespace rkt
