// SPDX-License-Identifier: Apache-2.0
//
// The entry point that gives back what a pod had outside its directory: gc [--debug] [--local-config=DIR]
// UUID
//
// nspawn gives everything back when it ends by itself. When it was killed it leaves directories below
// /run/systemd/nspawn, and a newer one refuses the name of the machine as long as unix-export is there.

#include "stage1-systemd/outside/entry-points.h"

#include "appc/uuid.h"
#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "pod/layout.h"
#include "pod/pod.h"
#include "wrap/command-line.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/mount.h>
#include <unistd.h>

namespace rkt {

namespace {

std::string read_uuid(const std::vector<std::string>& words) {
    std::string uuid;
    std::string settings;
    bool debug = false;
    CommandLine line("gc [FLAG...] UUID",
                     "Gives back what the pod whose directory is the working directory had.");
    line.flag("--debug", debug, "accepted, and nothing more");
    line.option("--local-config", settings, "accepted, and nothing more");
    line.words(
        "UUID", [&](const std::string& word) { uuid = word; }, "of the pod");
    line.parse(words);
    return uuid;
}

void remove_left(const std::filesystem::path& directory) {
    if (::umount2(directory.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW) < 0 && errno != EINVAL && errno != ENOENT)
        throw SystemError(errno, "unmounting {}", directory);
    if (::rmdir(directory.c_str()) < 0 && errno != ENOENT)
        throw SystemError(errno, "removing {}", directory);
}

std::string machine_of(const PodLayout& layout, const std::string& uuid) {
    auto name = read_file_if_any(layout.name());
    return machine_name(Uuid::parse(uuid), name ? std::optional(std::string(trim(*name))) : std::nullopt);
}

} // namespace

int collect(const Arguments& words) {
    std::string uuid = read_uuid(words);
    std::string machine = machine_of(PodLayout{std::filesystem::current_path()}, uuid);
    if (std::filesystem::exists("/run/systemd/machines/" + machine))
        return 0; // a younger pod of the same name is alive
    for (const char* kind : {"unix-export", "propagate"})
        remove_left(std::filesystem::path("/run/systemd/nspawn") / kind / machine);
    return 0;
}

} // namespace rkt
