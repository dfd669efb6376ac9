// SPDX-License-Identifier: Apache-2.0

#include "store/make.h"

#include "base/error.h"
#include "os/account.h"
#include "os/dir.h"
#include "store/layout.h"

#include <array>
#include <cerrno>

#include <sys/stat.h>
#include <unistd.h>

namespace rkt {

namespace layout = store_layout;

namespace {

enum class Access { Root, Listing };

struct Place {
    const char* name;
    Access access;
};

constexpr std::array places = {
    Place{layout::images, Access::Listing}, Place{layout::refs, Access::Listing},
    Place{layout::layers, Access::Root},    Place{layout::trees, Access::Root},
    Place{layout::pins, Access::Root},      Place{layout::tmp, Access::Root},
};

// Whoever belongs to this group may list.
constexpr const char* listing_group = "rkt";

void set_access(const Dir& place, Access access) {
    std::optional<gid_t> group = access == Access::Listing ? find_group(listing_group) : std::nullopt;
    mode_t mode = access == Access::Root ? 0700 : group ? 0750 : 0755;
    if (group && ::fchown(place.fd(), static_cast<uid_t>(-1), *group) != 0)
        throw SystemError(errno, "giving {} to the group {}", place.path(), listing_group);
    if (::fchmod(place.fd(), mode) != 0)
        throw SystemError(errno, "setting the mode of {}", place.path());
}

void make_place(const Dir& data_dir, const Place& place) {
    if (::mkdirat(data_dir.fd(), place.name, 0700) != 0) {
        if (errno != EEXIST)
            throw SystemError(errno, "making {} in {}", place.name, data_dir.path());
        return;
    }
    set_access(data_dir.open_plain(place.name), place.access);
    data_dir.sync();
}

void make_data_dir(const std::filesystem::path& data_dir) {
    std::error_code fault;
    std::filesystem::create_directories(data_dir, fault);
    if (fault)
        throw SystemError(fault.value(), "making {}", data_dir);
}

} // namespace

void make_store(const std::filesystem::path& data_dir) {
    make_data_dir(data_dir);
    Dir dir = Dir::open(data_dir);
    for (const Place& place : places)
        make_place(dir, place);
}

} // namespace rkt
