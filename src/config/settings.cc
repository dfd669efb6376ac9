// SPDX-License-Identifier: Apache-2.0

#include "config/settings.h"

#include "appc/document.h"
#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/dir.h"
#include "os/file.h"
#include "os/process.h"

#include <algorithm>
#include <array>

#include <sys/stat.h>

namespace rkt {

namespace {

constexpr std::size_t most_files = 1000; // of one directory
constexpr std::size_t most_hosts = 1000; // of one file
constexpr std::size_t longest_file = 1 << 20;

// A file that is being read, and what others of its directory have set.
struct Reading {
    Reader& reader;
    const std::string& file;
    std::map<std::string, std::string>& setters; // by kind and what is set: the file that sets it

    // Within one directory nothing may be set twice.
    void claim(std::string_view member, const std::string& what) {
        auto [setter, is_first] = setters.emplace(reader.text("rktKind") + " " + what, file);
        if (!is_first)
            reader.fault(member, fmt::format("{} is set already by {}", what, setter->second));
    }
};

template <class Settings>
struct Kind {
    std::string_view name;
    void (*read)(Reading& reading, Settings& settings);
};

// The directory of that name in each root, and the kinds of files it may hold.
template <class Settings>
struct Subject {
    const char* directory;
    bool is_secret;
    std::vector<Kind<Settings>> kinds;
};

bool is_control(char c) noexcept {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool is_host_character(char c) noexcept {
    return !is_control(c) && std::string_view(" /@?#\"\\").find(c) == std::string_view::npos;
}

// What the messages of a fault never quote.
Secret read_secret(Reader& reader, std::string_view name) {
    std::string text = reader.filled_text(name);
    if (std::ranges::any_of(text, is_control))
        reader.fault(name, "holds a control character");
    if (text == hidden_secret)
        reader.fault(name, "is what rkt config shows in place of a secret");
    return Secret(std::move(text));
}

BasicAuth read_basic(Reader& reader) {
    std::string user = reader.filled_text("user");
    if (user.find(':') != user.npos || std::ranges::any_of(user, is_control))
        reader.fault("user", "holds a colon or a control character");
    return {.user = std::move(user), .password = read_secret(reader, "password")};
}

std::optional<Credentials> read_credentials(Reader& reader) {
    std::string type = reader.text("type");
    reader.require("credentials");
    if (type == "basic")
        return reader.object("credentials", [](Reader& inner) { return Credentials(read_basic(inner)); });
    if (type == "oauth")
        return reader.object("credentials", [](Reader& inner) {
            return Credentials(BearerAuth{.token = read_secret(inner, "token")});
        });
    if (type == "aws")
        reader.fault("type", "requests are not signed as aws wants it; give a URL that is signed already, or "
                             "use basic or oauth");
    else if (reader.has("type"))
        reader.fault("type", fmt::format("\"{}\" where basic or oauth belongs", type));
    return std::nullopt;
}

// Docker's own registry goes by three names.
std::string registry_name(std::string_view host) {
    std::string name = lower_case(host);
    return name == "index.docker.io" || name == "registry-1.docker.io" ? "docker.io" : name;
}

std::vector<std::string> read_hosts(Reading& reading, std::string_view member,
                                    std::string (*name_of)(std::string_view)) {
    std::vector<std::string> hosts;
    reading.reader.require(member);
    std::size_t index = 0;
    for (const std::string& text : reading.reader.texts(member, most_hosts)) {
        std::string place = fmt::format("{}[{}]", member, index++);
        if (text.empty() || !std::ranges::all_of(text, is_host_character))
            reading.reader.fault(place, fmt::format("\"{}\" is no HOST or HOST:PORT", text));
        hosts.push_back(name_of(text));
        reading.claim(place, hosts.back());
    }
    return hosts;
}

void read_auth_file(Reading& reading, AuthSettings& settings) {
    std::vector<std::string> domains =
        read_hosts(reading, "domains", [](std::string_view host) { return lower_case(host); });
    if (std::optional<Credentials> credentials = read_credentials(reading.reader))
        for (const std::string& domain : domains)
            settings.domains.insert_or_assign(domain, *credentials);
}

void read_docker_file(Reading& reading, AuthSettings& settings) {
    std::vector<std::string> registries = read_hosts(reading, "registries", registry_name);
    reading.reader.require("credentials");
    if (std::optional<BasicAuth> credentials = reading.reader.object("credentials", read_basic))
        for (const std::string& registry : registries)
            settings.registries.insert_or_assign(registry, *credentials);
}

void read_path(Reading& reading, std::string_view member, std::optional<std::filesystem::path>& path) {
    std::optional<std::string> text = reading.reader.optional_text(member);
    if (!text)
        return;
    if (!text->starts_with('/'))
        reading.reader.fault(member, fmt::format("\"{}\" is not an absolute path", *text));
    reading.claim(member, std::string(member));
    path = std::filesystem::path(*text).lexically_normal();
}

void read_paths_file(Reading& reading, PathSettings& settings) {
    read_path(reading, "data", settings.data);
    read_path(reading, "stage1-images", settings.stage1_images);
}

bool is_location(std::string_view text) {
    constexpr std::array<std::string_view, 5> beginnings = {"/", "file://", "http://", "https://",
                                                            "docker://"};
    return std::ranges::any_of(beginnings,
                               [&](std::string_view beginning) { return text.starts_with(beginning); });
}

void read_stage1_file(Reading& reading, Stage1Settings& settings) {
    Reader& reader = reading.reader;
    if (reader.has("name") || reader.has("version")) {
        auto name = reader.word<AcIdentifier>("name");
        settings.image = {.name = std::move(name), .version = reader.filled_text("version")};
        reading.claim("name", "the name");
    }
    if (auto location = reader.optional_text("location")) {
        if (!is_location(*location))
            reader.fault("location",
                         fmt::format("\"{}\" is neither an absolute path nor a URL of file, http, https or "
                                     "docker",
                                     *location));
        settings.location = std::move(location);
        reading.claim("location", "the location");
    }
}

template <class Settings>
std::string names_of(const std::vector<Kind<Settings>>& kinds) {
    std::string all;
    for (const Kind<Settings>& kind : kinds)
        all.append(all.empty() ? "" : " or ").append(kind.name);
    return all;
}

template <class Settings>
void read_by_kind(Reading& reading, const std::vector<Kind<Settings>>& kinds, Settings& settings) {
    Reader& reader = reading.reader;
    std::string found = reader.text("rktVersion");
    if (reader.has("rktVersion") && found != settings_version)
        reader.fault("rktVersion", fmt::format("\"{}\" where {} belongs", found, settings_version));
    std::string name = reader.text("rktKind");
    auto kind = std::ranges::find(kinds, name, &Kind<Settings>::name);
    if (kind == kinds.end()) {
        if (reader.has("rktKind"))
            reader.fault("rktKind", fmt::format("\"{}\" where {} belongs", name, names_of(kinds)));
        return;
    }
    kind->read(reading, settings);
    for (const auto& [member, value] : reader.rest())
        reader.warn(member, "is not known, and ignored");
}

bool may_all_read(int fd) {
    struct stat status = {};
    return ::fstat(fd, &status) == 0 && (status.st_mode & S_IROTH) != 0;
}

// Links and directories are left out, as rkt always did, and so is what was removed meanwhile.
std::vector<std::string> files_of(const Dir& dir) {
    std::vector<std::string> files;
    for (std::string& name : dir.names()) {
        std::optional<struct stat> status = dir.status(name);
        if (name.ends_with(".json") && status && S_ISREG(status->st_mode))
            files.push_back(std::move(name));
    }
    if (files.size() > most_files)
        throw Error("reading {}: it holds {} files, and {} are allowed", dir.path(), files.size(),
                    most_files);
    std::ranges::sort(files);
    return files;
}

template <class Settings>
void read_directory(const std::filesystem::path& root, const Subject<Settings>& subject, Settings& settings) {
    std::optional<Dir> dir = Dir::find(root / subject.directory);
    if (!dir)
        return;
    std::map<std::string, std::string> setters;
    for (const std::string& name : files_of(*dir)) {
        std::string file = dir->path() / name;
        std::optional<Fd> fd = find_file(file);
        if (!fd)
            continue;
        std::string text = read_rest(fd->get(), file, longest_file);
        auto examined = read_document(text, file, Strictness::Strict, [&](Reader& reader) {
            Reading reading = {reader, file, setters};
            read_by_kind(reading, subject.kinds, settings);
            return true;
        });
        for (const std::string& warning : examined.warnings)
            warn("{}: {}", file, warning);
        if (subject.is_secret && may_all_read(fd->get()))
            warn("{} holds secrets, and everybody may read it: chmod o= {}", file, file);
    }
}

template <class Settings>
Settings read_roots(const ConfigRoots& roots, const Subject<Settings>& subject) {
    Settings settings;
    read_directory(roots.system, subject, settings);
    read_directory(roots.local, subject, settings);
    if (roots.user)
        read_directory(*roots.user, subject, settings);
    return settings;
}

template <class Map>
auto find_in(const Map& map, const std::string& key) -> const typename Map::mapped_type* {
    auto found = map.find(key);
    return found != map.end() ? &found->second : nullptr;
}

} // namespace

const Credentials* AuthSettings::find(std::string_view host) const {
    return find_in(domains, lower_case(host));
}

const BasicAuth* AuthSettings::find_registry(std::string_view host) const {
    return find_in(registries, registry_name(host));
}

AuthSettings read_auth(const ConfigRoots& roots) {
    return read_roots<AuthSettings>(
        roots, {"auth.d", true, {{"auth", read_auth_file}, {"dockerAuth", read_docker_file}}});
}

PathSettings read_paths(const ConfigRoots& roots) {
    return read_roots<PathSettings>(roots, {"paths.d", false, {{"paths", read_paths_file}}});
}

std::vector<std::filesystem::path> stage1_image_dirs(const ConfigRoots& roots) {
    std::vector<std::filesystem::path> dirs;
    if (std::optional<std::filesystem::path> configured = read_paths(roots).stage1_images)
        dirs.push_back(std::move(*configured));
    std::filesystem::path built = program_directory() / "stage1-systemd";
    dirs.push_back(std::filesystem::exists(built / "stage1-systemd.aci")
                       ? built
                       : std::filesystem::path(RKT_LIBEXECDIR) / "stage1-images");
    return dirs;
}

Stage1Settings read_stage1(const ConfigRoots& roots) {
    return read_roots<Stage1Settings>(roots, {"stage1.d", false, {{"stage1", read_stage1_file}}});
}

} // namespace rkt
