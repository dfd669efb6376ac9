// SPDX-License-Identifier: Apache-2.0

#include "stage0/metadata.h"

#include "base/error.h"
#include "base/log.h"
#include "os/dir.h"
#include "os/file.h"
#include "pod/metadata.h"

namespace rkt {

namespace {

namespace fs = std::filesystem;

constexpr mode_t for_the_group = 0640; // the directory's: the service's user

MetadataLayout published(const MetadataToken& token) {
    return {fs::path(metadata_root) / token.place()};
}

// Whatever the umask says. The group is that of the directory above, as its mode says.
void make_dir(const fs::path& dir) {
    fs::create_directory(dir);
    fs::permissions(dir, fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec |
                             fs::perms::set_gid);
}

// A list of annotations that is missing and one that is empty are told apart by who reads them: it is always
// there (MDS-10).
std::string reified(const PodManifest& manifest) {
    Json json = manifest.json();
    if (json.find("annotations") == nullptr)
        json.set("annotations", Json::List{});
    return json.compact();
}

// The images of apps come before the manifest that names the apps, and go after it.
void write_manifests(const MetadataLayout& files, const PodLayout& pod, const PodManifest& manifest) {
    for (const RuntimeApp& app : manifest.apps)
        write_atomically(files.image_manifest(app.name.str()), read_file(pod.image_manifest(app.name.str())),
                         for_the_group);
    write_atomically(files.manifest(), reified(manifest), for_the_group);
    for (const std::string& name : Dir::open(files.images()).names())
        if (find_named(manifest.apps, name) == nullptr)
            fs::remove(files.image_manifest(name));
}

void publish(const PodLock& pod, const PodManifest& manifest) {
    constexpr mode_t for_root = 0600;
    MetadataToken token = MetadataToken::random();
    write_plainly(pod.layout().metadata_token(), token.str() + "\n", for_root);
    MetadataLayout files = published(token);
    make_dir(files.dir);
    make_dir(files.images());
    write_atomically(files.uuid(), pod.uuid().str() + "\n", for_the_group);
    write_manifests(files, pod.layout(), manifest);
    write_atomically(files.secret(), token.secret(), for_the_group);
}

} // namespace

bool is_metadata_served() {
    return fs::is_directory(metadata_root);
}

PublishedMetadata::PublishedMetadata(const PodLock& pod, const PodManifest& manifest)
    : layout_(pod.layout()) {
    try {
        publish(pod, manifest);
    } catch (const std::exception& error) {
        withdraw_metadata(layout_);
        throw Error("publishing the pod's metadata: {}", error.what());
    }
}

PublishedMetadata::~PublishedMetadata() {
    try {
        withdraw_metadata(layout_);
    } catch (const std::exception& error) {
        warn("withdrawing the pod's metadata: {}; rkt gc tries again", error.what());
    }
}

void republish_metadata(const PodLayout& pod, const PodManifest& manifest) {
    if (std::optional<MetadataToken> token = metadata_token_of(pod))
        write_manifests(published(*token), pod, manifest);
}

void withdraw_metadata(const PodLayout& pod) {
    if (std::optional<MetadataToken> token = metadata_token_of(pod))
        if (std::optional<Dir> root = Dir::find(metadata_root))
            root->remove_tree(token->place());
    fs::remove(pod.metadata_token());
}

} // namespace rkt
