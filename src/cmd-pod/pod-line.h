// SPDX-License-Identifier: Apache-2.0
//
// The command line of `rkt run` and `rkt prepare`: images, the flags that belong to the image before
// them, and argument lists between "--" and "---".

#pragma once

#include "store/image-ref.h"
#include "wrap/command-line.h"

#include <optional>
#include <string>
#include <vector>

namespace rkt {

struct AskedApp {
    ImageRef image;
    std::optional<std::string> name = {};
    std::optional<std::string> exec = {};
    std::optional<std::vector<std::string>> arguments = {};
};

// An argument list that was taken out of the line, to be put where it stood.
struct SplitLine {
    std::vector<std::string> words; // with "--app-arguments=N" for the Nth list
    std::vector<std::vector<std::string>> arguments;
};

// A list begins behind "--" and goes to "---" or to the end; everything in it is taken as it is.
SplitLine split_arguments(const std::vector<std::string>& words);

class PodLine {
public:
    // Declares the images and the flags of apps.
    void declare(CommandLine& line);

    // Reads the whole line. Throws UsageError for what stands before an image and needs one, and if there is
    // no image.
    void parse(CommandLine& line, const std::vector<std::string>& words);

    const std::vector<AskedApp>& apps() const noexcept { return apps_; }
    const std::optional<std::string>& pod_name() const noexcept { return pod_name_; }

private:
    AskedApp& last_app(const char* flag);

    std::vector<AskedApp> apps_ = {};
    std::optional<std::string> pod_name_ = {};
    std::vector<std::vector<std::string>> arguments_ = {};
};

} // namespace rkt
