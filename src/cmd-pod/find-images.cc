// SPDX-License-Identifier: Apache-2.0

#include "cmd-pod/find-images.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "config/verb.h"
#include "os/file.h"
#include "os/process.h"
#include "store/chain.h"

#include <algorithm>

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

// One for each, in their order.
std::vector<ImageId> look_for(const Session& session, const std::vector<AskedApp>& images,
                              PullPolicy policy) {
    std::vector<std::optional<ImageId>> found;
    std::vector<const AskedApp*> missing;
    {
        Store store = session.store(); // and nobody has to wait for us while we fetch
        for (const AskedApp& asked : images)
            if (!found.emplace_back(find_stored(store, asked.image, policy)))
                missing.push_back(&asked);
    }
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

bool is_whole(const Store& store, const ImageId& id, PullPolicy policy) {
    return store.has(id) && (policy == PullPolicy::Never || has_all_it_needs(store, id));
}

bool are_whole(const Store& store, const FoundImages& images) {
    return std::ranges::all_of(images.ids,
                               [&](const ImageId& id) { return is_whole(store, id, images.policy); });
}

// A pipe has nothing left to be read.
bool can_come_again(const ImageRef& image) {
    return image.path() == nullptr || std::filesystem::is_regular_file(*image.path());
}

void look_again(const Session& session, FoundImages& images) {
    std::vector<AskedApp> asked;
    std::vector<ImageId*> places;
    {
        Store store = session.store();
        for (std::size_t i = 0; i < images.ids.size(); ++i) {
            ImageId& id = images.ids[i];
            if (is_whole(store, id, images.policy))
                continue;
            if (store.has(id)) // something that it depends on is not there
                asked.push_back({.image = ImageRef::parse(id.str())});
            else if (can_come_again(images.asked[i].image))
                asked.push_back(images.asked[i]);
            else
                continue;
            places.push_back(&id);
        }
    }
    std::vector<ImageId> ids = look_for(session, asked, images.policy);
    for (std::size_t i = 0; i < ids.size(); ++i)
        *places[i] = ids[i];
}

void check_has(const Store& store, const FoundImages& images) {
    for (std::size_t i = 0; i < images.ids.size(); ++i)
        if (!store.has(images.ids[i]))
            throw Error("using the image {}: it is not in the store any more, since somebody removes images",
                        images.asked[i].image.str());
}

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

FoundImages find_images(const Session& session, std::vector<AskedApp> asked, PullPolicy policy) {
    std::vector<ImageId> ids = look_for(session, asked, policy);
    return {.asked = std::move(asked), .policy = policy, .ids = std::move(ids)};
}

Store hold_images(const Session& session, std::initializer_list<FoundImages*> all) {
    if (Store store = session.store();
        std::ranges::all_of(all, [&](const FoundImages* images) { return are_whole(store, *images); }))
        return store;
    trace("an image was removed while we looked for others");
    for (FoundImages* images : all)
        look_again(session, *images);
    Store store = session.store();
    for (const FoundImages* images : all)
        check_has(store, *images);
    return store;
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
