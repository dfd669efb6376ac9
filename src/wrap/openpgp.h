// SPDX-License-Identifier: Apache-2.0
//
// Reading OpenPGP public keys and verifying detached signatures, by GPGME and the gpg(1) it calls.
//
// gpg works in a home of its own that is made for one piece of work: the user's keys, settings and trust have
// no say, no agent is started and nothing is asked of the network. What counts as too weak to prove
// anything is decided here, in one table, since gpg takes what it was once good for.

#pragma once

#include "wrap/blocks.h"
#include "wrap/handle.h"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct gpgme_context;

namespace rkt {

struct PublicKey {
    std::string fingerprint;        // of the primary key: 40 digits, lower-case hexadecimal
    std::vector<std::string> users; // as the key says, not fit for a terminal as they are
    std::string algorithm;          // "rsa3072", "ed25519"
    unsigned bits = 0;
    std::chrono::system_clock::time_point created = {};
    std::optional<std::chrono::system_clock::time_point> expires = {};
    bool is_expired = false;
    bool is_revoked = false;
    bool is_weak = false;
};

// Why a signature proves nothing.
enum class SignatureFault {
    None,
    UnknownKey,
    ExpiredKey,
    RevokedKey,
    Expired,
    OtherData,
    WeakHash,
    WeakKey,
    Other
};

struct CheckedSignature {
    std::string
        key; // the primary key's fingerprint; if it is unknown, its fingerprint or id as the signature says
    std::chrono::system_clock::time_point made = {};
    SignatureFault fault = SignatureFault::None;
    std::string weakness = {}; // "SHA1", "rsa1024"; or gpg's words for another fault
};

// The gpg that this program comes with: the same one, confined to its home (os/confine.h).
std::filesystem::path confined_gpg();

class PublicKeys {
public:
    // `home` is an empty directory that only we can enter; what is written into it is the caller's to remove,
    // when this is gone. `gpg` is the program's file, if not the one that is found along PATH.
    explicit PublicKeys(const std::filesystem::path& home,
                        const std::optional<std::filesystem::path>& gpg = {});

    // Takes in what a file of keys has, armored or not, and gives their fingerprints in its order, each once.
    // Keys that were taken in before get the revocations and dates that are new. Throws Error if there is no
    // key in it, or a secret one.
    std::vector<std::string> take_in(std::string_view text);

    // The same, and gives the keys, for each of which gpg is asked once more.
    std::vector<PublicKey> add(std::string_view text);

    // One that was taken in. Throws Error if there is none of that fingerprint.
    PublicKey key(const std::string& fingerprint);

    // One that was taken in, armored, without what others have certified about it.
    std::string armored(const std::string& fingerprint);

    // Whether the signature, armored or not, is one of the data by one of the keys. The data is read once and
    // to its end, unless the signature cannot be read. What `data` throws comes out here. Gives each
    // signature in it, at least one; throws Error if there is none, or more than 16.
    std::vector<CheckedSignature> verify(std::string_view signature, Blocks data);

    PublicKeys(const PublicKeys&) = delete;
    PublicKeys& operator=(const PublicKeys&) = delete;
    ~PublicKeys();

private:
    static void free(gpgme_context* context) noexcept;

    void judge_key(CheckedSignature& signature);

    std::filesystem::path home_;
    Handle<gpgme_context, &PublicKeys::free> context_;
};

} // namespace rkt
