// SPDX-License-Identifier: Apache-2.0
//
// The pods a verb is asked about: by name, by UUID, by the beginning of one, or by a file that holds one of
// these.

#pragma once

#include "pod/pods.h"
#include "wrap/command-line.h"

#include <optional>
#include <string>
#include <vector>

namespace rkt {

class PodWords {
public:
    // Declares the words and --uuid-file. Must live until the line has been read.
    explicit PodWords(CommandLine& line);

    // Exactly one. What follows it on the line stays in rest().
    Pod one(const Pods& pods) const;

    // One or more, as they were written.
    std::vector<std::string> words() const;

    std::vector<std::string> rest() const;

private:
    std::vector<std::string> words_ = {};
    std::optional<std::string> file_ = {};
};

} // namespace rkt
