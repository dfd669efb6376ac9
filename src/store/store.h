// SPDX-License-Identifier: Apache-2.0
//
// The images that are there.
//
// There is no database: files are named by digest, written beside, synced and renamed. Who has a
// Store holds the store's lock, shared: as long as it lives nothing that was found in it can be
// collected. So it should not live long; what has to stay is pinned, and a pin needs no process.

#pragma once

#include "appc/image-id.h"
#include "appc/image-manifest.h"
#include "appc/uuid.h"
#include "os/lock.h"
#include "store/image-ref.h"
#include "store/pin.h"
#include "store/source.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace rkt {

class Store {
public:
    // Waits while someone collects. Makes the directories that are not there, and so needs root.
    static Store open(const std::filesystem::path& data_dir);

    // For who only looks: makes nothing, and anyone may who can read. Without the power to lock,
    // what is listed may be gone a moment later. Where there is no store, there are no images.
    static Store open_to_look(const std::filesystem::path& data_dir);

    // Everything there is, in the order it was imported.
    std::vector<ImageRecord> images() const;

    // The image that is meant, nothing if there is none; a path is never found. An id that fits two
    // images is an Error. Of several images of one name the one that was imported last is meant,
    // among those that carry the labels that were asked for and are made for this machine.
    std::optional<ImageId> find(const ImageRef& asked) const;

    // The same, and not to be there is an Error that says so.
    ImageId resolve(const ImageRef& asked) const;

    // The manifest as it was in the image.
    std::string manifest_text(const ImageId& id) const;
    ImageManifest manifest(const ImageId& id) const;

    bool has(const ImageId& id) const;

    // Where the image came from.
    ImageSource source(const ImageId& id) const;

    // The layers of the image itself, uppermost first. What an app is made of says a Stack
    // (store/stack.h).
    std::vector<std::string> layer_digests(const ImageId& id) const;

    // Notes that the image was used now, for who collects what was not used for a while. Throws if it is not
    // there. Whoever pins it need not.
    void note_use(const ImageId& id) const;

    // Keeps images, layers and trees from being collected until the pod is gone, and notes that they were
    // used. Pinning again replaces what was pinned for that pod; who pins nothing has no pin. Throws if an
    // image or a tree is not there.
    void pin(const Uuid& pod, const Pin& pin);

    // Nothing happens if there is no pin.
    void unpin(const Uuid& pod);

    const std::filesystem::path& data_dir() const noexcept { return data_dir_; }

private:
    friend class Collector; // has the lock alone

    Store(std::filesystem::path data_dir, std::optional<Lock> lock) noexcept
        : data_dir_(std::move(data_dir)), lock_(std::move(lock)) {}

    std::vector<ImageId> ids() const;
    std::optional<ImageId> find(const ImageIdPrefix& prefix) const;
    std::optional<ImageId> find(const ImageName& name) const;

    std::filesystem::path data_dir_;
    std::optional<Lock> lock_;
};

// An image of the store, which stays in it as long as this is held.
struct StoredImage {
    ImageId id;
    Store store;
};

} // namespace rkt
