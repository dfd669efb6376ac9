// SPDX-License-Identifier: Apache-2.0

#include "cmd-pod/find-images.h"

#include "base/error.h"
#include "base/text.h"
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

std::vector<AppRequest> find_images(const Session& session, const std::vector<AskedApp>& apps) {
    std::vector<AppRequest> requests;
    for (const AskedApp& asked : apps) {
        ImageId id = find_image(session, asked.image);
        requests.push_back({.image = id,
                            .manifest = ImageManifest::parse(session.store().manifest_text(id)),
                            .name = asked.name,
                            .exec = asked.exec,
                            .arguments = asked.arguments.value_or(Words())});
    }
    return requests;
}

} // namespace rkt
