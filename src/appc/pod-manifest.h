// SPDX-License-Identifier: Apache-2.0
//
// What a pod consists of (reference section 6).

#pragma once

#include "appc/annotations.h"
#include "appc/app.h"
#include "appc/findings.h"
#include "appc/image-id.h"
#include "appc/isolator.h"
#include "appc/labels.h"
#include "appc/name.h"
#include "appc/version.h"
#include "appc/volume.h"
#include "wrap/json.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

struct RuntimeImage {
    std::optional<ImageId> id = {}; // absent only in what was read leniently
    std::optional<AcIdentifier> name = {};
    Labels labels = {};
    Json::Object unknown = {};

    Json json() const;
    bool operator==(const RuntimeImage&) const = default;
};

struct RuntimeApp {
    AcName name;
    RuntimeImage image;
    std::optional<App> app = {}; // in the place of the image's own
    bool read_only_rootfs = false;
    std::vector<Mount> mounts = {};
    Annotations annotations = {};
    Json::Object unknown = {};

    Json json() const;
    bool operator==(const RuntimeApp&) const = default;
};

// A port of the pod that the host listens on.
struct ExposedPort {
    AcName name; // of a port of an app, unless pod_port says it all
    std::uint16_t host_port;
    std::string host_ip = {}; // an IPv4 address; empty for all
    std::optional<Port> pod_port = {};
    Json::Object unknown = {};

    Json json() const;
    bool operator==(const ExposedPort&) const = default;
};

struct PodManifest {
    SemVer version = spec_version(); // of the spec
    std::vector<RuntimeApp> apps = {};
    std::vector<Volume> volumes = {};
    std::vector<Isolator> isolators = {};
    Annotations annotations = {};
    std::vector<ExposedPort> ports = {};
    std::map<std::string, std::string> user_annotations = {};
    std::map<std::string, std::string> user_labels = {};
    Json::Object unknown = {};

    // Throws one Error that lists every fault with its place. Strict is for what is about to run: every
    // image has its id, and every mount its volume (POD-17). Warnings are given beside the value, and
    // only by examine.
    static PodManifest parse(std::string_view text, Strictness strictness = Strictness::Strict);
    static Examined<PodManifest> examine(std::string_view text, Strictness strictness = Strictness::Strict);

    Json json() const;
    std::string str() const { return json().compact(); }
    bool operator==(const PodManifest&) const = default;
};

} // namespace rkt
