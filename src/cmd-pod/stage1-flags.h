// SPDX-License-Identifier: Apache-2.0
//
// Which stage1 image a pod gets: of `rkt run` and `rkt prepare`.

#pragma once

#include "cmd-pod/find-images.h"
#include "cmd-pod/session.h"
#include "stage0/stage1.h"
#include "wrap/command-line.h"

#include <optional>
#include <string>

namespace rkt {

class Stage1Flags {
public:
    void declare(CommandLine& line);

    // Fetches the image that was asked for into the store, or else the one that is configured, if any. Throws
    // UsageError if several were asked for.
    void fetch(const Session& session);

    // None if our own is meant.
    FoundImages& found() noexcept { return found_; }

    // Our own, or the fetched one.
    Stage1 find(const Session& session, const Store& store) const;

private:
    std::optional<std::string> path_ = {};
    std::optional<std::string> name_ = {};
    std::optional<std::string> hash_ = {};
    std::optional<std::string> url_ = {};
    std::optional<std::string> from_dir_ = {};
    FoundImages found_ = {};
};

} // namespace rkt
