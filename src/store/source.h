// SPDX-License-Identifier: Apache-2.0
//
// What the store notes about an image when it is imported: where it came from, and as much of its
// manifest as lists of images show. A manifest may hold secrets, this may not.

#pragma once

#include "appc/image-id.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace rkt {

using Time = std::chrono::system_clock::time_point;

// Whose signature an image was stored by.
struct ImageSigner {
    std::string key; // the fingerprint
    Time made = {};
};

struct ImageSource {
    std::string name;
    std::map<std::string, std::string> labels = {};
    std::string reference = {}; // what was asked for
    std::uint64_t size = 0;     // bytes on disk: unpacked, and the archive if it is kept
    Time imported = {};
    std::uint64_t retrieved = 0;            // bytes of the archive as it came; 0 if that is not known
    std::optional<ImageSigner> signer = {}; // nothing if no signature was asked for

    // Throws an Error that says what is wrong with the text.
    static ImageSource parse(std::string_view text);
    std::string json() const;
};

struct ImageRecord {
    ImageId id;
    ImageSource source = {.name = {}};
    Time used = {};         // when it was last pinned, or imported
    std::string fault = {}; // why the source could not be read, if so
};

} // namespace rkt
