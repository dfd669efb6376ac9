// SPDX-License-Identifier: Apache-2.0
//
// OpenPGP keys and signatures, of whatever kind the bytes are.

#include "target.h"

#include "os/temp-dir.h"
#include "wrap/openpgp.h"

#include <utility>

namespace {

// In one piece, and then the end.
rkt::Blocks blocks_of(std::string_view text) {
    return [text, given = false]() mutable {
        return std::exchange(given, true) ? rkt::Block() : std::as_bytes(std::span(text));
    };
}

} // namespace

void rkt::fuzz::read(std::string_view bytes) {
    constexpr std::size_t fingerprint_digits = 40;
    TempDir home;
    PublicKeys keys(home.path());
    attempt([&] {
        std::vector<PublicKey> found = keys.add(bytes);
        require(!found.empty(), "without a key there is an error");
        for (const PublicKey& key : found) {
            require(key.fingerprint.size() == fingerprint_digits, "a key has a whole fingerprint");
            require(!keys.armored(key.fingerprint).empty(), "a key that was taken in is given");
        }
    });
    attempt([&] {
        require(!keys.verify(bytes, blocks_of("what is signed")).empty(),
                "without a signature there is an error");
    });
}
