// SPDX-License-Identifier: Apache-2.0

#include "store/workplace.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/random.h"
#include "store/layout.h"

#include <array>

namespace rkt {

namespace {

std::string random_name(const std::string& purpose) {
    std::array<std::uint8_t, 8> bytes = {};
    fill_random(bytes);
    return purpose + "-" + hex(bytes);
}

std::string make_named(const Dir& tmp, std::string name) {
    tmp.make_dir(name, 0700);
    return name;
}

} // namespace

Workplace::Workplace(Dir tmp, std::string name)
    : tmp_(std::move(tmp)), name_(make_named(tmp_, std::move(name))), dir_(tmp_.open_plain(name_)),
      lock_(Lock::take(dir_.path(), LockMode::Exclusive)) {}

Workplace Workplace::make(const std::filesystem::path& data_dir, const std::string& purpose) {
    return {Dir::open(data_dir / store_layout::tmp), random_name(purpose)};
}

Workplace::~Workplace() {
    try {
        tmp_.remove_tree(name_);
    } catch (const Error& error) {
        warn("{}", error.what());
    }
}

} // namespace rkt
