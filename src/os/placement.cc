// SPDX-License-Identifier: Apache-2.0

#include "os/placement.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "os/random.h"

#include <array>
#include <cerrno>
#include <cstdio>

namespace rkt {

namespace {

// Without a slash at the end, which would leave it without a name.
std::filesystem::path whole_path(const std::filesystem::path& target) {
    std::filesystem::path path = std::filesystem::absolute(target).lexically_normal();
    return path.has_filename() ? path : path.parent_path();
}

std::string random_name(const std::string& target) {
    std::array<std::uint8_t, 6> bytes = {};
    fill_random(bytes);
    // A name may have 255 bytes.
    return "." + target.substr(0, 200) + "-" + hex(bytes);
}

} // namespace

Placement::Placement(const std::filesystem::path& target, bool overwrite)
    : parent_(Dir::open(whole_path(target).parent_path())), target_(whole_path(target).filename()),
      overwrite_(overwrite), name_(random_name(target_)) {
    if (target_.empty())
        throw Error("writing {}: the root directory is not to be replaced", target);
    if (!overwrite && parent_.status(target_))
        throw Error("writing {}: it is there already; --overwrite replaces it", target);
}

Placement::~Placement() {
    try {
        parent_.remove_tree(name_);
    } catch (const Error& error) {
        warn("{}", error.what());
    }
}

Dir Placement::make_dir(mode_t mode) const {
    parent_.make_dir(name_, mode);
    return parent_.open_plain(name_);
}

void Placement::put() {
    sync_file_system(parent_.fd(), parent_.path());
    if (!parent_.rename_if_free(name_, parent_, target_)) {
        if (!overwrite_)
            throw Error("writing {}: somebody else has made it meanwhile", parent_.path() / target_);
        parent_.exchange(name_, target_);
    }
    parent_.sync();
    parent_.remove_tree(name_); // what was there before
}

} // namespace rkt
