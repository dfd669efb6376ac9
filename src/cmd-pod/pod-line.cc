// SPDX-License-Identifier: Apache-2.0

#include "cmd-pod/pod-line.h"

#include "base/error.h"
#include "base/text.h"

#include <algorithm>

namespace rkt {

SplitLine split_arguments(const std::vector<std::string>& words) {
    SplitLine line;
    for (auto word = words.begin(); word != words.end(); ++word) {
        if (*word == "---") // closes nothing here, and is passed over as rkt always did
            continue;
        if (*word != "--") {
            line.words.push_back(*word);
            continue;
        }
        auto end = std::find(word + 1, words.end(), "---");
        line.words.push_back(fmt::format("--app-arguments={}", line.arguments.size()));
        line.arguments.emplace_back(word + 1, end);
        if (end == words.end())
            break;
        word = end;
    }
    return line;
}

AskedApp& PodLine::last_app(const char* flag) {
    if (apps_.empty())
        throw UsageError("{} belongs to an image, and there is none before it", flag);
    return apps_.back();
}

void PodLine::declare(CommandLine& line) {
    line.words(
        "IMAGE",
        [this](const std::string& word) {
            if (!word.empty())
                apps_.push_back({.image = ImageRef::parse(word)});
        },
        "The images of the pod's apps");
    line.each(
        "--name", [this](const std::string& name) { (apps_.empty() ? pod_name_ : apps_.back().name) = name; },
        "Before the images: the pod's name. Behind an image: its app's");
    line.each(
        "--exec",
        [this](const std::string& exec) {
            AskedApp& app = last_app("--exec");
            if (app.exec)
                throw UsageError("--exec is given twice for one image");
            app.exec = exec;
        },
        "What to execute instead of the image's program");
    line.each_unseen("--app-arguments", [this](const std::string& number) {
        AskedApp& app = last_app("--");
        if (app.arguments)
            throw UsageError("there are two argument lists for one image");
        std::optional<std::uint64_t> index = parse_number(number);
        if (!index || *index >= arguments_.size())
            throw UsageError("arguments of an app stand behind --");
        app.arguments = arguments_[*index];
    });
}

void PodLine::parse(CommandLine& line, const std::vector<std::string>& words) {
    SplitLine split = split_arguments(words);
    arguments_ = std::move(split.arguments);
    line.parse(split.words);
    if (apps_.empty() && !line.help_asked())
        throw UsageError("there is no image to run");
}

} // namespace rkt
