// SPDX-License-Identifier: Apache-2.0

#include "cmd-pod/find-images.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "config/verb.h"
#include "os/file.h"
#include "os/process.h"
#include "store/chain.h"

namespace rkt {

namespace {

std::string list_of(const std::vector<const AskedApp*>& images) {
    std::vector<std::string> names;
    names.reserve(images.size());
    for (const AskedApp* asked : images)
        names.push_back(asked->image.str());
    return join(names, ", ");
}

// All at once. rkt-image tells on stderr what it does and why it fails.
std::vector<ImageId> fetch_images(const Session& session, const std::vector<const AskedApp*>& images,
                                  PullPolicy policy) {
    Command command = {.program = image_program(),
                       .arguments = {"fetch", "--full", fmt::format("--pull-policy={}", str(policy))}};
    command.arguments.insert(command.arguments.end(), session.globals.words.begin(),
                             session.globals.words.end());
    for (const AskedApp* asked : images) {
        command.arguments.push_back(asked->image.str());
        if (asked->signature)
            command.arguments.push_back("--signature=" + *asked->signature);
    }
    try {
        std::vector<ImageId> ids;
        std::string lines = output_of(std::move(command));
        for (std::string_view line : split(trim(lines), '\n'))
            ids.push_back(ImageId::parse(line));
        return ids;
    } catch (Error& error) {
        error.during("fetching {}", list_of(images));
        throw;
    }
}

bool has_all_it_needs(const Store& store, const ImageId& id) {
    ImageManifest manifest = store.manifest(id);
    try {
        return manifest.dependencies.empty() || !resolve_chain(store, id, manifest).images.empty();
    } catch (const Error& error) {
        trace("{}", error.what());
        return false;
    }
}

// Nothing if rkt-image has to be asked. A file is always read again: it may have changed. What a URL stands
// for is for rkt-image to know: rkt does without the libraries that it takes to look.
std::optional<ImageId> find_stored(const Store& store, const ImageRef& image, PullPolicy policy) {
    bool is_id = image.id() != nullptr;
    if (image.path() != nullptr || image.url() != nullptr || (policy == PullPolicy::Update && !is_id))
        return std::nullopt;
    std::optional<ImageId> found = store.find(image);
    if (!found && is_id)
        throw Error("looking for the image {}: it is not in the store; rkt image list shows what is",
                    image.str());
    if (found && policy != PullPolicy::Never && !has_all_it_needs(store, *found))
        return std::nullopt;
    return found;
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

std::vector<ImageId> find_images(const Session& session, const std::vector<AskedApp>& apps,
                                 PullPolicy policy) {
    std::vector<std::optional<ImageId>> found;
    std::vector<const AskedApp*> missing;
    for (const AskedApp& asked : apps)
        if (!found.emplace_back(find_stored(session.store(), asked.image, policy)))
            missing.push_back(&asked);
    std::vector<ImageId> fetched;
    if (!missing.empty())
        fetched = fetch_images(session, missing, policy);
    std::vector<ImageId> ids;
    ids.reserve(found.size());
    auto next = fetched.begin();
    for (const std::optional<ImageId>& id : found)
        ids.push_back(id ? *id : *next++);
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
