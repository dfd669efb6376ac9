// SPDX-License-Identifier: Apache-2.0

#include "wrap/archive-entry.h"

#include "base/error.h"

#include <algorithm>
#include <limits>
#include <string_view>

#include <archive.h>
#include <archive_entry.h>

namespace rkt {

namespace {

// (uid_t)-1 means "leave it" to chown(2) and is nobody's number.
constexpr std::int64_t largest_id = std::numeric_limits<std::uint32_t>::max() - 1;

std::string text(const char* value, std::string_view what) {
    if (value == nullptr)
        throw Error("reading the archive: {} cannot be read", what);
    return value;
}

std::uint32_t id(std::int64_t value, const std::string& path) {
    if (value < 0 || value > largest_id)
        throw Error("reading the archive: {} has the owner {}, which is no user's or group's number", path,
                    value);
    return static_cast<std::uint32_t>(value);
}

EntryKind kind_of(archive_entry* entry) {
    if (archive_entry_hardlink(entry) != nullptr)
        return EntryKind::HardLink;
    switch (archive_entry_filetype(entry)) {
    case AE_IFREG:
        return EntryKind::File;
    case AE_IFDIR:
        return EntryKind::Directory;
    case AE_IFLNK:
        return EntryKind::Symlink;
    case AE_IFIFO:
        return EntryKind::Fifo;
    case AE_IFSOCK:
        return EntryKind::Socket;
    case AE_IFCHR:
        return EntryKind::CharacterDevice;
    case AE_IFBLK:
        return EntryKind::BlockDevice;
    default:
        return EntryKind::Other;
    }
}

void add_number(std::string& bytes, std::uint32_t value, int size) {
    for (int i = 0; i < size; ++i)
        bytes += static_cast<char>(value >> (8 * i) & 0xff);
}

// The tags of <linux/posix_acl.h>.
std::uint32_t acl_tag(int tag) {
    switch (tag) {
    case ARCHIVE_ENTRY_ACL_USER_OBJ:
        return 0x01;
    case ARCHIVE_ENTRY_ACL_USER:
        return 0x02;
    case ARCHIVE_ENTRY_ACL_GROUP_OBJ:
        return 0x04;
    case ARCHIVE_ENTRY_ACL_GROUP:
        return 0x08;
    case ARCHIVE_ENTRY_ACL_MASK:
        return 0x10;
    default:
        return 0x20; // others
    }
}

struct AclEntry {
    std::uint32_t tag = 0;
    std::uint32_t permissions = 0;
    std::uint32_t id = 0;
};

// In the order the kernel asks for: that of the tags.
std::vector<AclEntry> acl_entries(archive_entry* entry, int type) {
    constexpr std::uint32_t no_id = 0xffffffff;
    std::vector<AclEntry> entries;
    int found = 0;
    int permissions = 0;
    int tag = 0;
    int number = 0;
    const char* name = nullptr;
    while (archive_entry_acl_next(entry, type, &found, &permissions, &tag, &number, &name) == ARCHIVE_OK) {
        bool named = tag == ARCHIVE_ENTRY_ACL_USER || tag == ARCHIVE_ENTRY_ACL_GROUP;
        if (named && number < 0)
            throw Error("reading the archive: an access control list names users by names, not by numbers");
        entries.push_back({.tag = acl_tag(tag),
                           .permissions = static_cast<std::uint32_t>(permissions & 7),
                           .id = named ? static_cast<std::uint32_t>(number) : no_id});
    }
    std::stable_sort(entries.begin(), entries.end(),
                     [](const AclEntry& a, const AclEntry& b) { return a.tag < b.tag; });
    return entries;
}

// The list as the kernel keeps it (<linux/posix_acl_xattr.h>): the version, then tag, permissions and
// id of each entry, all in little endian.
std::string acl_bytes(const std::vector<AclEntry>& entries) {
    constexpr std::uint32_t version = 2;
    std::string bytes;
    add_number(bytes, version, 4);
    for (const AclEntry& entry : entries) {
        add_number(bytes, entry.tag, 2);
        add_number(bytes, entry.permissions, 2);
        add_number(bytes, entry.id, 4);
    }
    return bytes;
}

void read_acl(archive_entry* entry, int type, const char* name, TarEntry& result) {
    if (archive_entry_acl_reset(entry, type) > 0)
        result.attributes.emplace_back(name, acl_bytes(acl_entries(entry, type)));
}

void read_attributes(archive_entry* entry, TarEntry& result) {
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    archive_entry_xattr_reset(entry);
    while (archive_entry_xattr_next(entry, &name, &value, &size) == ARCHIVE_OK)
        result.attributes.emplace_back(text(name, "an attribute's name"),
                                       std::string(static_cast<const char*>(value), size));
    read_acl(entry, ARCHIVE_ENTRY_ACL_TYPE_ACCESS, "system.posix_acl_access", result);
    read_acl(entry, ARCHIVE_ENTRY_ACL_TYPE_DEFAULT, "system.posix_acl_default", result);
}

} // namespace

TarEntry read_entry(archive_entry* entry) {
    TarEntry result;
    result.path = text(archive_entry_pathname(entry), "a name");
    result.kind = kind_of(entry);
    if (result.kind == EntryKind::HardLink)
        result.target = text(archive_entry_hardlink(entry), "the target of " + result.path);
    if (result.kind == EntryKind::Symlink)
        result.target = text(archive_entry_symlink(entry), "the target of " + result.path);
    if (archive_entry_size(entry) < 0)
        throw Error("reading the archive: {} has a negative size", result.path);
    result.size = static_cast<std::uint64_t>(archive_entry_size(entry));
    result.mode = archive_entry_perm(entry);
    result.uid = id(archive_entry_uid(entry), result.path);
    result.gid = id(archive_entry_gid(entry), result.path);
    result.mtime = archive_entry_mtime(entry);
    result.mtime_nanoseconds = static_cast<std::uint32_t>(archive_entry_mtime_nsec(entry));
    result.major = static_cast<std::uint32_t>(archive_entry_rdevmajor(entry));
    result.minor = static_cast<std::uint32_t>(archive_entry_rdevminor(entry));
    read_attributes(entry, result);
    return result;
}

} // namespace rkt
