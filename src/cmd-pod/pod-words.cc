// SPDX-License-Identifier: Apache-2.0

#include "cmd-pod/pod-words.h"

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"

namespace rkt {

PodWords::PodWords(CommandLine& line) {
    line.words(
        "POD", [this](const std::string& word) { words_.push_back(word); },
        "A name, a UUID or its beginning");
    line.option("--uuid-file", file_, "Read the UUID from this file");
}

std::vector<std::string> PodWords::words() const {
    if (file_)
        return {std::string(trim(read_file(*file_)))};
    if (words_.empty())
        throw UsageError("no pod is named");
    return words_;
}

Pod PodWords::one(const Pods& pods) const {
    return pods.resolve(words().front());
}

std::vector<std::string> PodWords::rest() const {
    if (file_)
        return words_;
    return {words_.begin() + 1, words_.end()};
}

} // namespace rkt
