// SPDX-License-Identifier: Apache-2.0

#include "cmd-pod/find-images.h"

#include "base/error.h"
#include "base/text.h"
#include "config/verb.h"
#include "os/process.h"

namespace rkt {

namespace {

// rkt-image tells on stderr what it does and why it fails.
ImageId fetch_image(const Session& session, const ImageRef& image) {
    Command command = {.program = image_program(), .arguments = {"fetch", "--full"}};
    command.arguments.insert(command.arguments.end(), session.globals.words.begin(),
                             session.globals.words.end());
    command.arguments.push_back(image.str());
    try {
        return ImageId::parse(trim(output_of(std::move(command))));
    } catch (Error& error) {
        error.during("fetching {}", image.str());
        throw;
    }
}

// A file is always read again: it may have changed.
ImageId find_image(const Session& session, const ImageRef& image) {
    if (image.path() == nullptr)
        if (std::optional<ImageId> found = session.store().find(image))
            return *found;
    if (image.id() != nullptr)
        throw Error("looking for the image {}: it is not in the store; rkt image list shows what is",
                    image.str());
    return fetch_image(session, image);
}

} // namespace

std::vector<ImageId> find_images(const Session& session, const std::vector<AskedApp>& apps) {
    std::vector<ImageId> ids;
    ids.reserve(apps.size());
    for (const AskedApp& asked : apps)
        ids.push_back(find_image(session, asked.image));
    return ids;
}

std::vector<AppRequest> make_requests(const Store& store, const std::vector<AskedApp>& apps,
                                      const std::vector<ImageId>& ids) {
    std::vector<AppRequest> requests;
    for (std::size_t i = 0; i < apps.size(); ++i) {
        // Whoever removes images may have been faster; from here on our lock on the store keeps them.
        if (!store.find(ImageRef::parse(ids[i].str())))
            throw Error("using the image {}: it is not in the store any more", apps[i].image.str());
        requests.push_back({.image = ids[i],
                            .manifest = ImageManifest::parse(store.manifest_text(ids[i])),
                            .name = apps[i].name,
                            .exec = apps[i].exec,
                            .arguments = apps[i].arguments.value_or(Words())});
    }
    return requests;
}

} // namespace rkt
