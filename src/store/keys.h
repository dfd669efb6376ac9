// SPDX-License-Identifier: Apache-2.0
//
// The keys whose signatures count, as they stand on disk (IMG-17):
//
//   CONFIG/trustedkeys/root.d/FINGERPRINT            trusted for every image
//   CONFIG/trustedkeys/prefix.d/PREFIX/FINGERPRINT   trusted for PREFIX and for what is below it
//
// The vendor's configuration is read before the administrator's, and the keys for every image before those
// for some. An empty file, or a link to /dev/null, masks: it takes away the keys of that fingerprint that
// were read before it, for the images it is for. What a file holds is not looked at here.

#pragma once

#include "appc/name.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

enum class KeyOrigin { System, Local };

struct KeyFile {
    std::string fingerprint;                 // 40 digits, lower-case hexadecimal: the file's name
    std::optional<AcIdentifier> prefix = {}; // nothing if it is for every image
    KeyOrigin origin = KeyOrigin::Local;
    std::filesystem::path path = {};
    bool is_mask = false;

    // By elements of the path: "example.com/et" covers "example.com/et/x", and not "example.com/etcd".
    bool covers(const AcIdentifier& name) const;

    // The armored key. Throws Error if it cannot be read, or is too large.
    std::string read() const;
};

struct KeyFiles {
    std::vector<KeyFile> files = {};        // in the order in which they are read
    std::vector<std::string> warnings = {}; // what lies there and is not used, and why
};

bool is_fingerprint(std::string_view text) noexcept;

// "every image", or "images of example.com": for messages.
std::string describe_place(const std::optional<AcIdentifier>& prefix);

// Those that are left for an image when the masks have been applied; no masks among them.
std::vector<KeyFile> trusted_for(const std::vector<KeyFile>& files, const AcIdentifier& name);

// Whether a mask that is read later takes the key away for every image that it is for.
bool is_masked(const std::vector<KeyFile>& files, const KeyFile& key);

class TrustedKeys {
public:
    TrustedKeys(std::filesystem::path system_config, std::filesystem::path local_config)
        : system_(std::move(system_config)), local_(std::move(local_config)) {}

    KeyFiles list() const;

    // Writes a key, in the place of one or of a mask that is there, into the local configuration. Gives the
    // file, which everybody may read whatever the umask.
    std::filesystem::path add(const std::string& fingerprint, std::string_view armored,
                              const std::optional<AcIdentifier>& prefix) const;

    // Takes trust from a key in that place: a local file is removed, a key of the system is masked. Gives the
    // mask if there had to be one. Throws Error if the key is not trusted there.
    std::optional<std::filesystem::path> remove(const std::string& fingerprint,
                                                const std::optional<AcIdentifier>& prefix) const;

private:
    std::filesystem::path system_;
    std::filesystem::path local_;
};

} // namespace rkt
