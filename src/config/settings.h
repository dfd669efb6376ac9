// SPDX-License-Identifier: Apache-2.0
//
// What the files of the configuration say: where things lie, who we are to servers, which stage1 is used.
//
// Three directories may hold the same kinds of files, the vendor's, the administrator's and the user's, and
// what a later one sets counts. A file that cannot be understood is an error and never skipped: what it
// should have forbidden or redirected would silently not happen. See rkt-config(5).

#pragma once

#include "appc/name.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace rkt {

// The least first. One that does not exist holds nothing.
struct ConfigRoots {
    std::filesystem::path system = "/usr/lib/rkt";
    std::filesystem::path local = "/etc/rkt";
    std::optional<std::filesystem::path> user = {};

    bool operator==(const ConfigRoots&) const = default;
};

// A text that is shown to nobody: it has no form for messages, and is only had by asking for it.
class Secret {
public:
    explicit Secret(std::string text) noexcept : text_(std::move(text)) {}

    const std::string& reveal() const noexcept { return text_; }

private:
    std::string text_;
};

// For `Authorization: Basic` (RFC 7617) and `Authorization: Bearer` (RFC 6750). Neither holds characters that
// a header must not, and the user no colon.
struct BasicAuth {
    std::string user;
    Secret password;
};
struct BearerAuth {
    Secret token;
};
using Credentials = std::variant<BasicAuth, BearerAuth>;

struct AuthSettings {
    std::map<std::string, Credentials, std::less<>> domains = {};  // by "host" or "host:port", in lower case
    std::map<std::string, BasicAuth, std::less<>> registries = {}; // of Docker, likewise

    // For the host and, if the URL names one, the port: "example.com", "example.com:8443", "[::1]:5000". Only
    // the very same pair has them, whatever the port of the scheme is. Null if there are none. They are for
    // https alone, and not for where a redirection leads.
    const Credentials* find(std::string_view host) const;

    // The same for a registry. The three names that Docker's own goes by count as one.
    const BasicAuth* find_registry(std::string_view host) const;
};

struct PathSettings {
    std::optional<std::filesystem::path> data = {};          // absolute, as are all
    std::optional<std::filesystem::path> stage1_images = {}; // a directory of archives
};

struct Stage1Name {
    AcIdentifier name;
    std::string version;
};

struct Stage1Settings {
    std::optional<Stage1Name> image = {};
    std::optional<std::string> location = {}; // an absolute path, or a URL of file, http, https or docker
};

// Each reads what it is about, and throws an Error that names the file and the place in it: the line where it
// is no JSON, else the member. What is doubtful is told as a warning, and so is a file with secrets that
// everybody may read.
AuthSettings read_auth(const ConfigRoots& roots);
PathSettings read_paths(const ConfigRoots& roots);
Stage1Settings read_stage1(const ConfigRoots& roots);

// Where archives of stage1 images lie, the first first: in the configured directory, and where those are that
// were built or installed with this program.
std::vector<std::filesystem::path> stage1_image_dirs(const ConfigRoots& roots);

// What every file names as rktVersion.
inline constexpr std::string_view settings_version = "v1";

// Stands for a secret where settings are shown, and is refused as one.
inline constexpr std::string_view hidden_secret = "<hidden>";

} // namespace rkt
