// SPDX-License-Identifier: Apache-2.0

#include "metadata/key.h"

#include "base/error.h"
#include "base/text.h"
#include "os/dir.h"
#include "os/file.h"
#include "os/random.h"
#include "wrap/hmac.h"

#include <array>
#include <cerrno>

#include <unistd.h>

namespace rkt {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t key_size = 64; // of the hash's digest: more adds nothing (RFC 2104 §3)
constexpr const char* key_name = "key";

// Under its name there is a whole key or none, and the first one stays.
void make_key(const fs::path& directory) {
    Dir dir = Dir::open(directory);
    std::string unfinished = fmt::format(".{}-{}", key_name, ::getpid());
    dir.remove_tree(unfinished);
    std::array<std::uint8_t, key_size> bytes = {};
    fill_random(bytes);
    Fd file = dir.make_file(unfinished, 0400);
    write_fully(file.get(), {reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                directory / unfinished);
    if (::fsync(file.get()) < 0)
        throw SystemError(errno, "writing {}", directory / unfinished);
    if (!dir.rename_if_free(unfinished, dir, key_name))
        dir.remove_tree(unfinished);
    dir.sync();
}

} // namespace

SigningKey SigningKey::open(const fs::path& dir) {
    fs::path file = dir / key_name;
    std::optional<std::string> bytes = read_file_if_any(file);
    if (!bytes) {
        make_key(dir);
        bytes = read_file(file);
    }
    if (bytes->size() != key_size)
        throw Error(
            "reading {}: it is no key; when it is removed another is made, and what was signed by the old "
            "one is not verified any more",
            file);
    return SigningKey(std::move(*bytes));
}

std::string SigningKey::sign(const Uuid& pod, std::string_view content) const {
    std::string_view identity(reinterpret_cast<const char*>(pod.bytes().data()), pod.bytes().size());
    return base64(hmac_sha512(bytes_, std::array{identity, content}));
}

bool SigningKey::verify(const Uuid& pod, std::string_view content, std::string_view signature) const {
    return equal_in_constant_time(sign(pod, content), signature);
}

} // namespace rkt
