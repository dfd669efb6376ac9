// SPDX-License-Identifier: Apache-2.0
//
// The directories that make up the root of an app, and what of the store has to be kept for them.

#pragma once

#include "store/pin.h"
#include "store/store.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

struct Stack {
    std::vector<std::filesystem::path> layers; // uppermost first, relative to the data directory
    Pin uses;

    // A line "root PATH" for each layer, and then the pin. Throws Error at anything else.
    static Stack parse(std::string_view text);
    std::string str() const;
};

// An image that has neither dependencies nor a path whitelist is what its layers are.
bool is_plain(const ImageManifest& manifest) noexcept;

// Of a plain image. Nothing of it is read but the list of its layers.
Stack plain_stack(const Store& store, const ImageId& id);

// Where the root directory of a layer lies, relative to the data directory.
std::filesystem::path layer_root(const std::string& digest);

} // namespace rkt
