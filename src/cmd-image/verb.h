// SPDX-License-Identifier: Apache-2.0
//
// The verbs of `rkt-image`: one source file each, named as the verb.

#pragma once

#include "appc/name.h"
#include "config/global-flags.h"
#include "config/verb.h"
#include "wrap/command-line.h"

#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace rkt {

// A verb's line: its own flags, which are declared on `line`, and the global ones.
struct VerbLine {
    VerbLine(const std::string& usage, const std::string& description);

    // Nothing if only the help was wanted, which is printed then. Throws UsageError.
    std::optional<Globals> read(const Words& words);

    CommandLine line;

private:
    GlobalFlags globals_ = {};
};

// What stands before the verb is handed on to it, since global flags may stand anywhere.
int act_on_verb(const std::string& program, std::span<const Verb> verbs, const Words& words);

// Throws Error unless the caller is root.
void require_root(const char* verb, const char* why = "changes the store");

// Throws UsageError unless the name ends in .aci (IMG-1).
void require_archive_name(const std::filesystem::path& file);

// The verb of this program that packs what a pod has left: `pack OUT.aci OVERWRITE [SHIFT:COUNT]`, with the
// root directory and the image manifest as descriptors. It is not for people.
inline constexpr const char* pack_verb = "pack";
int pack(const Words& words);

// The verb of this program that resolves and renders an image for a pod: `stack DATA-DIR ID` prints a Stack.
// Who calls it holds the store until what it names is pinned. It is not for people either.
inline constexpr const char* stack_verb = "stack";
int stack(const Words& words);

int fetch_images(const Words& words);
int image(const Words& words);
int image_cat_manifest(const Words& words);
int image_export(const Words& words);
int image_extract(const Words& words);
int image_gc(const Words& words);
int image_list(const Words& words);
int image_render(const Words& words);
int image_rm(const Words& words);
int image_verify(const Words& words);
int trust(const Words& words);
int trust_list(const Words& words);
int trust_rm(const Words& words);

// For which images a key is meant: nothing stands for every image, or for no word about it. Throws
// UsageError.
std::optional<AcIdentifier> read_key_prefix(const std::optional<std::string>& prefix, bool root);

} // namespace rkt
