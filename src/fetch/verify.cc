// SPDX-License-Identifier: Apache-2.0

#include "fetch/verify.h"

#include "aci/compare.h"
#include "base/error.h"
#include "fetch/unpack.h"
#include "os/file.h"
#include "store/draft.h"
#include "store/layout.h"

#include <cerrno>
#include <limits>

namespace rkt {

namespace layout = store_layout;

namespace {

void require_space(const Store& store, std::uint64_t size) {
    std::uint64_t free = free_space(store.data_dir());
    if (size >= free)
        throw Error("{} has {} bytes left, and unpacking the image again takes {}", store.data_dir(), free,
                    size);
}

Verdict compare_layer(const Store& store, const ImageId& id, const std::filesystem::path& layer,
                      const Fd& archive) {
    Draft draft = Draft::make(store);
    UnpackLimits limits = {.bytes = store.source(id).size,
                           .entries = std::numeric_limits<std::uint64_t>::max()};
    AciContents contents = unpack(archive, draft.layer(), false, limits);
    if (contents.id != id)
        return {Condition::Damaged, fmt::format("its archive is that of {}", contents.id)};
    if (contents.manifest != store.manifest_text(id))
        return {Condition::Damaged, "its manifest is not that of its archive"};
    Dir expected = draft.layer().open_plain(layout::layer_rootfs);
    if (auto difference = find_difference(Dir::open(layer / layout::layer_rootfs), expected))
        return {Condition::Damaged, *difference};
    return {Condition::Whole};
}

Verdict judge(const Store& store, const ImageId& id) {
    std::vector<std::string> digests = store.layer_digests(id);
    if (digests != std::vector{id.str()})
        return {Condition::Unknown, "it did not come as one archive"};
    std::filesystem::path layer = store.data_dir() / layout::layers / id.str();
    if (!std::filesystem::exists(layer / layout::layer_rootfs))
        return {Condition::Damaged, "its files are missing"};
    std::optional<Fd> archive = find_file(layer / layout::layer_archive);
    if (!archive)
        return {Condition::Unknown,
                "its archive was not kept, so there is nothing to compare its files with"};
    return compare_layer(store, id, layer, *archive);
}

// What is needed to know how large it is.
std::optional<std::uint64_t> find_size(const Store& store, const ImageId& id) {
    try {
        return store.source(id).size;
    } catch (const Error&) {
        return std::nullopt;
    }
}

// Something of the image is not there, or is of another kind.
bool is_of_the_image(const SystemError& error) {
    return error.code() == ENOENT || error.code() == ENOTDIR || error.code() == EISDIR ||
           error.code() == ELOOP;
}

} // namespace

Verdict verify_image(const Store& store, const ImageId& id) {
    if (std::optional<std::uint64_t> size = find_size(store, id))
        require_space(store, *size);
    try {
        return judge(store, id);
    } catch (const HostFault&) {
        throw;
    } catch (const SystemError& error) {
        if (!is_of_the_image(error))
            throw;
        return {Condition::Damaged, error.what()};
    } catch (const Error& error) {
        return {Condition::Damaged, error.what()};
    }
}

} // namespace rkt
