// SPDX-License-Identifier: Apache-2.0
//
// What an app gets to see beside its image: a directory of the host, or an empty one that the apps of a
// pod share (POD-7 to POD-11).

#pragma once

#include "appc/name.h"
#include "appc/word.h"
#include "wrap/json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rkt {

class Reader;

struct Volume {
    enum class Kind { Empty, Host };

    AcName name;
    Kind kind;
    std::string source = {}; // host: an absolute path without ".."
    bool read_only = false;
    std::optional<bool> recursive = {}; // host: with what is mounted below; see is_recursive
    std::uint32_t mode = 0755;          // empty: of the directory
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    Json::Object unknown = {};

    // As it stands on a command line: "data,kind=host,source=/srv/data,readOnly=true" (POD-19). Throws
    // an Error that quotes the text; str leaves out what is the default.
    static Volume parse(std::string_view text);
    std::string str() const;

    bool is_recursive() const noexcept { return recursive.value_or(true); }

    Json json() const;
    bool operator==(const Volume&) const = default;
};

// Where an app sees a volume.
struct Mount {
    AcName volume;
    std::string path;                      // clean
    std::optional<Volume> app_volume = {}; // wins over the volume of the pod
    Json::Object unknown = {};

    Json json() const;
    bool operator==(const Mount&) const = default;
};

Volume read_volume(Reader& reader);
Mount read_mount(Reader& reader);

} // namespace rkt
