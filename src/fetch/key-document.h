// SPDX-License-Identifier: Apache-2.0
//
// Public keys that are offered, to be trusted or not: in a file, at a URL, or where discovery says (DISC-14).

#pragma once

#include "appc/name.h"
#include "base/url.h"
#include "store/keys.h"
#include "wrap/openpgp.h"

#include <filesystem>
#include <string>
#include <vector>

namespace rkt {

class Web;

struct KeyDocument {
    std::string text;
    std::string origin;      // the file or the URL
    bool is_certain = false; // it came from where its URL says: by https, with nothing about that left out
};

KeyDocument read_key_file(const std::filesystem::path& file);
KeyDocument download_keys(Web& web, const Url& url);

// All that is told of for images below the name. Throws Error if nothing is.
std::vector<KeyDocument> discover_keys(Web& web, const AcIdentifier& name);

struct OfferedKey {
    PublicKey key;
    std::string armored; // alone
};

// Throws Error that names where the document is from: if there is no key in it, a secret one, or too many.
std::vector<OfferedKey> read_keys(const KeyDocument& document);

// Takes in what is in a trusted file. Throws Error if that is something else than the key of its name.
void take_in_key(PublicKeys& keys, const KeyFile& file);

} // namespace rkt
