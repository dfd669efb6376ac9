// SPDX-License-Identifier: Apache-2.0

#include "stage0/stage1.h"

#include "appc/image-manifest.h"
#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "os/process.h"
#include "stage0/mounts.h"
#include "wrap/json.h"

#include <unistd.h>

namespace rkt {

namespace {

constexpr std::string_view prefix = "coreos.com/rkt/stage1/";

std::map<std::string, std::string, std::less<>> annotations_of(const std::string& manifest) {
    std::map<std::string, std::string, std::less<>> ours;
    Json json = Json::parse_object(manifest);
    if (const Json* annotations = json.find("annotations"))
        for (const Json& each : annotations->list())
            if (std::string_view name = each.at("name").string(); name.starts_with(prefix))
                ours.emplace(name.substr(prefix.size()), each.at("value").string());
    return ours;
}

// In a process of its own, whose mounts end with it.
[[noreturn]] void call_mounted(const Pod& pod, const Stage1& stage1, const Command& command, bool written) {
    int status = 254;
    try {
        remount_stage1(pod.layout, stage1.root, written);
        status = Child::spawn(command).wait();
    } catch (const Error& error) {
        note("{}", error.what());
    }
    ::_exit(status);
}

} // namespace

Stage1::Stage1(std::filesystem::path root_, std::string manifest_, Pin uses_)
    : root(std::move(root_)), manifest(std::move(manifest_)), uses(std::move(uses_)),
      annotations(annotations_of(manifest)) {}

int Stage1::interface_version() const {
    auto found = annotations.find("interface-version");
    return found != annotations.end() ? static_cast<int>(parse_number(found->second).value_or(1)) : 1;
}

bool Stage1::is(const AcIdentifier& name, std::string_view version) const {
    ImageManifest image = ImageManifest::parse(manifest);
    const std::string* label = find_label(image.labels, "version");
    return image.name == name && label != nullptr && *label == version;
}

bool Stage1::is_ours() const {
    auto found = annotations.find("tells-of-apps");
    return found != annotations.end() && found->second == "true";
}

std::filesystem::path Stage1::entry_point(std::string_view name) const {
    auto path = annotations.find(name);
    if (path == annotations.end())
        throw Error("using the stage1 image {}: it has no entry point {}{}", root, prefix, name);
    return std::filesystem::path(path->second).relative_path();
}

Stage1 find_stage1() {
    for (const std::filesystem::path& place : {program_directory(), std::filesystem::path(RKT_LIBEXECDIR)})
        if (std::filesystem::exists(place / "stage1-systemd" / "manifest"))
            return {place / "stage1-systemd" / "rootfs", read_file(place / "stage1-systemd" / "manifest")};
    throw Error(
        "looking for the stage1 image: there is none beside this program, nor in {}; install rkt again",
        RKT_LIBEXECDIR);
}

Stage1 stage1_of(const PodLayout& pod) {
    return {std::filesystem::path(trim(read_file(pod.stage1_source()))), read_file(pod.stage1_manifest())};
}

int call_entry(const Pod& pod, std::string_view name, const std::vector<std::string>& arguments,
               bool written) {
    Stage1 stage1 = stage1_of(pod.layout);
    // Never what the pod has put in its place.
    Command command = {.program = stage1.root / stage1.entry_point(name),
                       .arguments = arguments,
                       .directory = pod.layout.dir};
    if (stage1.is_ours())
        return Child::spawn(command).wait();
    return wait_in_fork([&] { call_mounted(pod, stage1, command, written); });
}

} // namespace rkt
