// SPDX-License-Identifier: Apache-2.0

#include "cmd-pod/pod-line.h"

#include "base/error.h"
#include "base/text.h"
#include "cmd-pod/app-flags.h"
#include "os/file.h"
#include "pod/settings.h"
#include "pod/stream-modes.h"

#include <algorithm>

#include <unistd.h>

namespace rkt {

namespace {

// What has another name than the spec allows is not for apps.
Environment own_environment() {
    Environment environment;
    for (char** word = environ; *word != nullptr; ++word)
        try {
            put_named(environment, parse_variable(*word));
        } catch (const Error&) {
            continue;
        }
    return environment;
}

void add_once(Environment& environment, EnvironmentVariable variable, const char* where) {
    if (find_named(environment, variable.name.str()) != nullptr)
        throw Error("{} sets {} twice", where, variable.name);
    environment.push_back(std::move(variable));
}

} // namespace

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

ExposedPort parse_port(const std::string& text) {
    std::vector<std::string_view> parts = split(text, ':');
    if (parts.size() != 2 && parts.size() != 3)
        throw UsageError("--port={}: it is NAME:[HOSTIP:]HOSTPORT", text);
    auto number = parse_number(parts.back());
    if (!number || *number == 0 || *number > UINT16_MAX)
        throw UsageError("--port={}: \"{}\" is no port", text, parts.back());
    ExposedPort port = {.name = AcName::parse(parts.front()),
                        .host_port = static_cast<std::uint16_t>(*number)};
    if (parts.size() == 3)
        port.host_ip = parts[1];
    return port;
}

Environment read_environment_file(const std::filesystem::path& file) {
    Environment environment;
    std::string text = read_file(file);
    std::size_t number = 0;
    for (std::string_view line : split(text, '\n')) {
        ++number;
        if (trim(line).empty() || line.front() == '#' || line.front() == ';')
            continue;
        try {
            add_once(environment, parse_variable(line), "it");
        } catch (Error& error) {
            error.during("reading {}, line {}", file, number);
            throw;
        }
    }
    return environment;
}

AskedApp& PodLine::last_app(const char* flag) {
    if (apps_.empty())
        throw UsageError("{} belongs to an image, and there is none before it", flag);
    return apps_.back();
}

void PodLine::take_name(const std::string& name) {
    (apps_.empty() ? pod_name_ : apps_.back().options.name) = name;
}

void PodLine::take_arguments(const std::string& number) {
    AskedApp& app = last_app("--");
    if (app.has_arguments)
        throw UsageError("there are two argument lists for one image");
    std::optional<std::uint64_t> index = parse_number(number);
    if (!index || *index >= arguments_.size())
        throw UsageError("arguments of an app stand behind --");
    app.has_arguments = true;
    app.options.arguments = arguments_[*index];
}

void PodLine::set_environment(const std::string& word) {
    add_once(pod_.environment, parse_variable(word), "--set-env");
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
        "--name", [this](const std::string& name) { take_name(name); },
        "Before the images: the pod's name. Behind an image: its app's");
    declare_apps(line);
    declare_volumes(line);
    declare_environment(line);
    declare_pod(line);
}

void PodLine::declare_addition(CommandLine& line) {
    line.words(
        "POD IMAGE",
        [this](const std::string& word) {
            if (pod_word_.empty())
                pod_word_ = word;
            else
                apps_.push_back({.image = ImageRef::parse(word)});
        },
        "A running pod, and the image of the app");
    line.each(
        "--name", [this](const std::string& name) { last_app("--name").options.name = name; },
        "The app's name (the last part of the image's)");
    declare_apps(line);
    declare_volumes(line);
    declare_environment(line);
}

void PodLine::declare_apps(CommandLine& line) {
    for (const AppFlag& flag : app_flags())
        line.each(
            flag.name,
            [this, &flag](const std::string& value) { flag.take(last_app(flag.name).options, value); },
            flag.help);
    line.each(
        "--signature", [this](const std::string& file) { last_app("--signature").signature = file; },
        "The file with the image's signature (IMAGE.asc)");
    pull_.declare(line);
    line.each_unseen("--app-arguments", [this](const std::string& number) { take_arguments(number); });
}

void PodLine::each_of_pod(CommandLine& line, const char* name, CommandLine::Take take, const char* help) {
    line.each(
        name,
        [this, take = std::move(take)](const std::string& value) {
            pod_flags_ = true;
            take(value);
        },
        help);
}

void PodLine::declare_volumes(CommandLine& line) {
    each_of_pod(
        line, "--volume", [this](const std::string& text) { pod_.volumes.push_back(Volume::parse(text)); },
        "NAME,kind=host|empty[,source=PATH][,readOnly=BOOL][,recursive=BOOL][,mode=OCTAL][,uid=N][,gid=N]");
    each_of_pod(
        line, "--mount",
        [this](const std::string& text) {
            (apps_.empty() ? pod_.mounts : apps_.back().options.mounts).push_back(parse_mount(text));
        },
        "volume=NAME,target=PATH; before the images: in every app");
}

void PodLine::declare_environment(CommandLine& line) {
    each_of_pod(
        line, "--set-env", [this](const std::string& text) { set_environment(text); },
        "NAME=VALUE in every app");
    each_of_pod(
        line, "--set-env-file", [this](const std::string& file) { environment_files_.emplace_back(file); },
        "A file of lines NAME=VALUE, weaker than --set-env");
    line.flag("--inherit-env", inherit_environment_,
              "Give every app our environment, below all that is said otherwise");
}

void PodLine::declare_pod(CommandLine& line) {
    each_of_pod(
        line, "--port", [this](const std::string& text) { pod_.ports.push_back(parse_port(text)); },
        "NAME:[HOSTIP:]HOSTPORT: where the host listens for a port of an app");
    line.each(
        "--exit-policy",
        [this](const std::string& word) {
            parse_exit_policy(word);
            put_named(pod_.annotations,
                      Annotation{.name = AcIdentifier::parse(exit_policy_annotation), .value = word});
        },
        "When the pod ends: on-any-failure, on-any, until-all (on-any-failure)");
    line.option("--pod-manifest", manifest_file_, "A whole pod manifest; its images must be in the store");
}

void PodLine::parse(CommandLine& line, const std::vector<std::string>& words) {
    SplitLine split = split_arguments(words);
    arguments_ = std::move(split.arguments);
    line.parse(split.words);
    if (line.help_asked())
        return;
    if (manifest_file_ && (!apps_.empty() || pod_flags_ || inherit_environment_))
        throw UsageError(
            "--pod-manifest says all of the pod: images, volumes, mounts, ports and environments cannot be "
            "given beside it");
    if (apps_.empty() && !manifest_file_)
        throw UsageError("there is no image to run");
    for (const AskedApp& app : apps_)
        stream_modes_of(app.options.annotations); // throws before an image is looked for
}

PodOptions PodLine::pod_options() const {
    PodOptions options = pod_;
    if (inherit_environment_)
        options.inherited = own_environment();
    Environment files;
    for (const std::filesystem::path& file : environment_files_)
        for (EnvironmentVariable& variable : read_environment_file(file))
            add_once(files, std::move(variable), "the files of --set-env-file together");
    override_environment(files, pod_.environment);
    options.environment = std::move(files);
    return options;
}

} // namespace rkt
