// SPDX-License-Identifier: Apache-2.0
//
// The command line of `rkt run` and `rkt prepare`: images, the flags that belong to the image before
// them, those of the whole pod, and argument lists between "--" and "---".

#pragma once

#include "config/pull-policy.h"
#include "stage0/compose.h"
#include "store/image-ref.h"
#include "wrap/command-line.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace rkt {

struct AskedApp {
    ImageRef image;
    AppOptions options = {};
    std::optional<std::string> signature = {}; // the file with it, if not beside the image
    bool has_arguments = false;
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
    // Declares the images, the flags of apps and those of the pod.
    void declare(CommandLine& line);

    // Declares a pod, an image, the flags of its app and the volumes it mounts: an app for a running pod.
    void declare_addition(CommandLine& line);

    // Reads the whole line. Throws UsageError for what stands before an image and needs one, if there is
    // no image and no pod manifest, and if there are both.
    void parse(CommandLine& line, const std::vector<std::string>& words);

    const std::vector<AskedApp>& apps() const noexcept { return apps_; }
    const std::optional<std::string>& pod_name() const noexcept { return pod_name_; }

    // The pod an app is added to; empty if none is named.
    const std::string& pod() const noexcept { return pod_word_; }

    // Where images are looked for. Throws UsageError.
    PullPolicy pull_policy() const { return pull_.read(); }

    // A file with a whole pod manifest, in the place of images and what is said of them.
    const std::optional<std::string>& manifest_file() const noexcept { return manifest_file_; }

    // What is said of the whole pod: reads the files of --set-env-file, and our environment if
    // --inherit-env asks for it. Throws Error.
    PodOptions pod_options() const;

private:
    void declare_apps(CommandLine& line);
    void declare_volumes(CommandLine& line);
    void declare_environment(CommandLine& line);
    void declare_pod(CommandLine& line);
    void each_of_pod(CommandLine& line, const char* name, CommandLine::Take take, const char* help);
    void take_name(const std::string& name);
    void take_arguments(const std::string& number);
    void set_environment(const std::string& word);
    AskedApp& last_app(const char* flag);

    std::vector<AskedApp> apps_ = {};
    PullFlags pull_{PullPolicy::New};
    std::string pod_word_ = {};
    std::optional<std::string> pod_name_ = {};
    std::optional<std::string> manifest_file_ = {};
    PodOptions pod_ = {};
    std::vector<std::filesystem::path> environment_files_ = {};
    bool inherit_environment_ = false;
    bool pod_flags_ = false; // whether any was given that a pod manifest says itself
    std::vector<std::vector<std::string>> arguments_ = {};
};

// "NAME:[HOSTIP:]HOSTPORT".
ExposedPort parse_port(const std::string& text);

// Lines of NAME=VALUE; empty ones and those that begin with # or ; are passed over. Throws Error that names
// the file and the line.
Environment read_environment_file(const std::filesystem::path& file);

} // namespace rkt
