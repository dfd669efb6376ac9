// SPDX-License-Identifier: Apache-2.0

#include "cmd-pod/find-images.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "config/verb.h"
#include "os/file.h"
#include "os/process.h"

namespace rkt {

namespace {

// rkt-image tells on stderr what it does and why it fails.
ImageId fetch_image(const Session& session, const AskedApp& asked) {
    const ImageRef& image = asked.image;
    Command command = {.program = image_program(), .arguments = {"fetch", "--full"}};
    command.arguments.insert(command.arguments.end(), session.globals.words.begin(),
                             session.globals.words.end());
    command.arguments.push_back(image.str());
    if (asked.signature)
        command.arguments.push_back("--signature=" + *asked.signature);
    try {
        return ImageId::parse(trim(output_of(std::move(command))));
    } catch (Error& error) {
        error.during("fetching {}", image.str());
        throw;
    }
}

// A file is always read again: it may have changed.
ImageId find_image(const Session& session, const AskedApp& asked) {
    const ImageRef& image = asked.image;
    if (image.path() == nullptr)
        if (std::optional<ImageId> found = session.store().find(image))
            return *found;
    if (image.id() != nullptr)
        throw Error("looking for the image {}: it is not in the store; rkt image list shows what is",
                    image.str());
    return fetch_image(session, asked);
}

// Whoever removes images may have been faster; from here on our lock on the store keeps them.
ImageManifest manifest_of(const Store& store, const ImageId& id, const std::string& asked) {
    if (!store.find(ImageRef::parse(id.str())))
        throw Error("using the image {}: it is not in the store; fetch it first", asked);
    return ImageManifest::parse(store.manifest_text(id));
}

std::vector<AppRequest> make_requests(const Store& store, const std::vector<AskedApp>& apps,
                                      const std::vector<ImageId>& ids) {
    std::vector<AppRequest> requests;
    for (std::size_t i = 0; i < apps.size(); ++i)
        requests.push_back(request_of(store, apps[i], ids[i]));
    return requests;
}

Examined<PodManifest> read_pod(const Store& store, const PodLine& line) {
    try {
        PodManifest pod = PodManifest::parse(read_file(*line.manifest_file()));
        for (const Annotation& annotation : line.pod_options().annotations)
            put_named(pod.annotations, annotation);
        std::vector<ImageManifest> images;
        for (const RuntimeApp& app : pod.apps)
            images.push_back(manifest_of(store, app.image.id.value(), app.image.id->str()));
        return complete(std::move(pod), images);
    } catch (Error& error) {
        error.during("reading the pod manifest {}", *line.manifest_file());
        throw;
    }
}

} // namespace

std::vector<ImageId> find_images(const Session& session, const std::vector<AskedApp>& apps) {
    std::vector<ImageId> ids;
    ids.reserve(apps.size());
    for (const AskedApp& asked : apps)
        ids.push_back(find_image(session, asked));
    return ids;
}

AppRequest request_of(const Store& store, const AskedApp& app, const ImageId& id) {
    return {.image = id, .manifest = manifest_of(store, id, app.image.str()), .options = app.options};
}

PodManifest compose_pod(const Store& store, const PodLine& line, const std::vector<ImageId>& ids) {
    Examined<PodManifest> pod = line.manifest_file()
                                    ? read_pod(store, line)
                                    : compose(make_requests(store, line.apps(), ids), line.pod_options());
    for (const std::string& warning : pod.warnings)
        warn("{}", warning);
    return std::move(pod.value);
}

} // namespace rkt
