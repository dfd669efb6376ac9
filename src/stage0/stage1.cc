// SPDX-License-Identifier: Apache-2.0

#include "stage0/stage1.h"

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "os/process.h"
#include "wrap/json.h"

#include <optional>

namespace rkt {

namespace {

constexpr std::string_view prefix = "coreos.com/rkt/stage1/";

std::optional<std::string> annotation(const std::string& manifest, std::string_view name) {
    Json json = Json::parse_object(manifest);
    const Json* annotations = json.find("annotations");
    if (annotations == nullptr)
        return std::nullopt;
    for (const Json& each : annotations->list())
        if (each.at("name").string() == std::string(prefix).append(name))
            return each.at("value").string();
    return std::nullopt;
}

Stage1 read_stage1(const std::filesystem::path& tree) {
    Stage1 stage1 = {.tree = tree, .manifest = read_file(tree / "manifest")};
    std::optional<std::string> version = annotation(stage1.manifest, "interface-version");
    stage1.interface_version = static_cast<int>(parse_number(version.value_or("1")).value_or(1));
    return stage1;
}

} // namespace

std::filesystem::path Stage1::entry_point(std::string_view name) const {
    std::optional<std::string> path = annotation(manifest, name);
    if (!path)
        throw Error("using the stage1 image {}: it has no entry point {}{}", tree, prefix, name);
    return std::filesystem::path(*path).relative_path();
}

Stage1 find_stage1() {
    for (const std::filesystem::path& place : {program_directory(), std::filesystem::path(RKT_LIBEXECDIR)})
        if (std::filesystem::exists(place / "stage1-systemd" / "manifest"))
            return read_stage1(place / "stage1-systemd");
    throw Error(
        "looking for the stage1 image: there is none beside this program, nor in {}; install rkt again",
        RKT_LIBEXECDIR);
}

Stage1 stage1_of(const PodLayout& pod) {
    return read_stage1(trim(read_file(pod.stage1_source())));
}

} // namespace rkt
