// SPDX-License-Identifier: Apache-2.0

#include "aci/id-shift.h"

#include "aci/attributes.h"
#include "os/user-namespace.h"

#include <string>

namespace rkt {

namespace {

std::uint32_t number_at(const std::string& bytes, std::size_t offset, std::size_t size) {
    std::uint32_t value = 0;
    for (std::size_t i = size; i-- > 0;)
        value = value << 8 | static_cast<unsigned char>(bytes[offset + i]);
    return value;
}

void put_at(std::string& bytes, std::size_t offset, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i)
        bytes[offset + i] = static_cast<char>(value >> (8 * i) & 0xff);
}

// <linux/posix_acl_xattr.h>: a version, then a tag, permissions and an id for each entry.
void undo_in_list(const IdShift& shift, std::string& list) {
    constexpr std::size_t header = 4;
    constexpr std::size_t entry = 8;
    constexpr std::uint32_t user = 0x02;
    constexpr std::uint32_t group = 0x08;
    for (std::size_t at = header; at + entry <= list.size(); at += entry) {
        std::uint32_t tag = number_at(list, at, 2);
        if (tag == user || tag == group)
            put_at(list, at + 4, shift.undo(number_at(list, at + 4, 4)));
    }
}

// <linux/capability.h>: revision 3 says at its end whose root it is of, revision 2 is the host's.
void undo_in_capability(const IdShift& shift, std::string& capability) {
    constexpr std::size_t revision_2_size = 20;
    constexpr std::uint32_t revision_2 = 0x02000000;
    constexpr std::uint32_t revision_3 = 0x03000000;
    constexpr std::uint32_t revision_mask = 0xff000000;
    if (capability.size() != revision_2_size + 4 ||
        (number_at(capability, 0, 4) & revision_mask) != revision_3)
        return;
    if (shift.undo(number_at(capability, revision_2_size, 4)) != 0)
        return;
    put_at(capability, 0, (number_at(capability, 0, 4) & ~revision_mask) | revision_2);
    capability.resize(revision_2_size);
}

} // namespace

IdShift IdShift::parse(std::string_view text) {
    UserRange range = UserRange::parse(text);
    return {.first = range.shift, .count = range.count};
}

std::uint32_t IdShift::undo(std::uint32_t id) const noexcept {
    return id >= first && id - first < count ? id - first : id;
}

void IdShift::undo(TarEntry& entry) const {
    entry.uid = undo(entry.uid);
    entry.gid = undo(entry.gid);
    for (auto& [name, value] : entry.attributes) {
        if (name == access_list_attribute || name == default_list_attribute)
            undo_in_list(*this, value);
        else if (name == capability_attribute)
            undo_in_capability(*this, value);
    }
}

} // namespace rkt
