// SPDX-License-Identifier: Apache-2.0

#include "fetch/key-document.h"

#include "appc/limits.h"
#include "base/error.h"
#include "fetch/discovery.h"
#include "fetch/web.h"
#include "os/file.h"
#include "os/temp-dir.h"

namespace rkt {

KeyDocument read_key_file(const std::filesystem::path& file) {
    return {.text = read_file(file, limits::key_file_size), .origin = file};
}

// A redirection to http is followed only where http is allowed.
KeyDocument download_keys(Web& web, const Url& url) {
    return {.text = web.text(url, limits::key_file_size),
            .origin = url.str(),
            .is_certain = url.is_https() && web.options().verify_tls && !web.options().allow_http};
}

std::vector<KeyDocument> discover_keys(Web& web, const AcIdentifier& name) {
    std::vector<KeyDocument> documents;
    for (const Url& url : Discovery(web).find_keys(name))
        documents.push_back(download_keys(web, url));
    return documents;
}

std::vector<OfferedKey> read_keys(const KeyDocument& document) {
    TempDir home;
    PublicKeys keys(home.path(), confined_gpg());
    try {
        std::vector<PublicKey> found = keys.add(document.text);
        if (found.size() > limits::keys_in_file)
            throw Error("{} keys are more than {}", found.size(), limits::keys_in_file);
        std::vector<OfferedKey> offered;
        for (PublicKey& key : found) {
            std::string armored = keys.armored(key.fingerprint);
            offered.push_back({.key = std::move(key), .armored = std::move(armored)});
        }
        return offered;
    } catch (Error& error) {
        error.during("reading keys of {}", document.origin);
        throw;
    }
}

void take_in_key(PublicKeys& keys, const KeyFile& file) {
    if (std::string found = keys.take_in(file.read()).front(); found != file.fingerprint)
        throw Error("it is the key {}", found);
}

} // namespace rkt
