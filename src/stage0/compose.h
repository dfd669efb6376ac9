// SPDX-License-Identifier: Apache-2.0
//
// From what was asked for to the pod manifest: a pure function, so that what a pod will be can be
// shown and tested without making one.

#pragma once

#include "appc/image-id.h"
#include "appc/image-manifest.h"
#include "appc/pod-manifest.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

// What is said of one app beyond its image: what is not given is as the image has it.
struct AppOptions {
    std::optional<std::string> name = {};    // else the last part of the image's name
    std::optional<std::string> exec = {};    // replaces the image's exec
    std::vector<std::string> arguments = {}; // added to the exec
    bool replaces_arguments = false;         // those of the image's exec go
    std::optional<std::string> user = {};
    std::optional<std::string> group = {};
    std::optional<std::vector<std::uint32_t>> supplementary_gids = {};
    std::optional<std::string> working_directory = {};
    bool read_only_rootfs = false;
    std::vector<Mount> mounts = {};
    Environment environment = {};
    Annotations annotations = {};
    std::map<std::string, std::string> user_annotations = {};
    std::map<std::string, std::string> user_labels = {};
    std::vector<Isolator> isolators = {}; // in the place of the image's that mean the same
};

struct AppRequest {
    ImageId image;
    ImageManifest manifest; // of that image
    AppOptions options = {};
};

// What is said of all apps of a pod.
struct PodOptions {
    std::vector<Volume> volumes = {};
    std::vector<Mount> mounts = {}; // in every app, behind its own
    std::vector<ExposedPort> ports = {};
    Environment inherited = {};   // below what the image says
    Environment environment = {}; // above it, and below what is said of one app
    Annotations annotations = {};
};

// Throws Error that lists what is wrong: two apps of one name, nothing to execute (ACI-26), a mount without
// its volume (POD-17), a port that no app has (POD-14), and everything a pod manifest may not say.
Examined<PodManifest> compose(const std::vector<AppRequest>& apps, const PodOptions& options = {});

// An app comes to a pod that stands: `options` are of that app alone. A volume may be one that the pod has.
// Throws Error also for a name that is taken, and for a volume that is another one there.
Examined<PodManifest> compose_with(PodManifest pod, const AppRequest& app, const PodOptions& options);

// And leaves it, with the volumes that no other app mounts.
PodManifest compose_without(PodManifest pod, std::string_view app);

// A pod manifest that somebody wrote: every mount point of an image gets its volume here, too (POD-17).
// `images` are those of its apps, in their order.
Examined<PodManifest> complete(PodManifest pod, const std::vector<ImageManifest>& images);

// Gives the only app of the pod a terminal, or streams where there is none to give, for its standard input,
// output and errors. Throws UsageError if there are several apps, or if the app's streams are said otherwise.
void make_interactive(PodManifest& pod, bool terminal);

// The last part of an image's name, made an AC Name: "example.com/my_app" gives "my-app".
AcName app_name_of(const AcIdentifier& image_name);

// A variable as "NAME=VALUE" says it. Throws an Error that quotes the text.
EnvironmentVariable parse_variable(std::string_view text);

// Puts variables in the place of those of their names, or behind the others.
void override_environment(Environment& environment, const Environment& stronger);

} // namespace rkt
