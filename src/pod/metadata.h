// SPDX-License-Identifier: Apache-2.0
//
// Where what the metadata service may tell of a pod is published: what rkt and the service know of each
// other.
//
// Nothing is registered anywhere. rkt writes files that the service's user alone can read, and the service
// reads them whenever it is asked, so neither of them can lose or outlive what the other knows.

#pragma once

#include "pod/layout.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace rkt {

inline constexpr const char* metadata_user = "rkt-metadata"; // and its group

// Made by whoever starts the service: a pod is published where it is there.
inline constexpr const char* metadata_root = "/run/rkt/metadata";

// The service's own socket, in a directory that is bound into pods, so that another socket of this name is
// seen.
inline constexpr const char* metadata_socket_dir = "/run/rkt/metadata-socket";
inline constexpr const char* metadata_socket_name = "http";

// At 127.0.0.1, of each pod and of the host.
inline constexpr std::uint16_t metadata_port = 18112;

// What opens a pod's metadata, and says which pod it is (MDS-2): one half is the name of the pod's directory,
// the other is the secret, which is looked up by nobody and can be compared in constant time.
class MetadataToken {
public:
    // 32 random bytes.
    static MetadataToken random();

    // 64 small hexadecimal digits; nothing for any other text.
    static std::optional<MetadataToken> parse(std::string_view text);

    const std::string& str() const noexcept { return text_; }
    std::string place() const { return text_.substr(0, text_.size() / 2); }
    std::string secret() const { return text_.substr(text_.size() / 2); }

    // AC_METADATA_URL (ACE-17, MDS-1).
    std::string url() const;

private:
    explicit MetadataToken(std::string_view text) : text_(text) {}

    std::string text_;
};

// Of one pod.
struct MetadataLayout {
    std::filesystem::path dir; // below metadata_root

    std::filesystem::path secret() const {
        return dir / "secret";
    } // written last: without it nothing is told
    std::filesystem::path uuid() const { return dir / "uuid"; }
    std::filesystem::path manifest() const { return dir / "manifest"; }
    std::filesystem::path images() const { return dir / "images"; }
    std::filesystem::path image_manifest(const std::string& app) const { return images() / app; }
};

// The token of a pod that is published; nothing for another.
std::optional<MetadataToken> metadata_token_of(const PodLayout& pod);

} // namespace rkt
