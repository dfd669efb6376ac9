// SPDX-License-Identifier: Apache-2.0

#include "store/draft.h"

#include "base/error.h"
#include "os/file.h"
#include "store/layout.h"

#include <cerrno>

#include <sys/stat.h>
#include <unistd.h>

namespace rkt {

namespace layout = store_layout;

namespace {

constexpr const char* layer_name = "layer";
constexpr const char* image_name = "image";

// The group that may list is the group of the directory; where nobody but root may, neither may it.
void write_listed(const Dir& dir, const char* name, const std::string& content, mode_t mode, gid_t group) {
    Fd fd = dir.make_file(name, 0600);
    write_fully(fd.get(), content, dir.path() / name);
    if (::fchown(fd.get(), static_cast<uid_t>(-1), group) != 0 || ::fchmod(fd.get(), mode) != 0)
        throw SystemError(errno, "making {}", dir.path() / name);
}

} // namespace

Draft::Draft(const Store& store) : place_(Workplace::make(store.data_dir(), "import")) {
    place_.dir().make_dir(layer_name, 0700);
}

Draft Draft::make(const Store& store) {
    return Draft(store);
}

std::filesystem::path Draft::make_scratch(const std::string& name) const {
    place_.dir().make_dir(name, 0700);
    return place_.dir().path() / name;
}

// The manifest may hold secrets; of the rest lists are made.
void Draft::write_image(const Dir& images, const NewImage& image) const {
    struct stat status = {};
    if (::fstat(images.fd(), &status) != 0)
        throw SystemError(errno, "looking at {}", images.path());
    bool for_all = (status.st_mode & S_IXOTH) != 0;
    place_.dir().make_dir(image_name, 0700);
    Dir dir = place_.dir().open_plain(image_name);
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
    sync_file_system(place_.dir().fd(), place_.dir().path());
    if (place_.dir().rename_if_free(layer_name, layers, image.id.str()))
        layers.sync();
    if (place_.dir().rename_if_free(image_name, images, image.id.str()))
        images.sync();
    else
        store.note_use(image.id);
}

} // namespace rkt
