// SPDX-License-Identifier: Apache-2.0

#include "wrap/openpgp.h"

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "os/process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <utility>

#include <gpgme.h>

namespace rkt {

namespace {

using std::chrono::system_clock;

constexpr const char* confined_program = "rkt-gpg";

// A gpg is asked for the key of each.
constexpr std::size_t most_signatures = 16;

// The dates of a key and the user's opinion of its owner are not gpg's to weigh: who calls knows whom to
// trust. What a key server could say is not asked.
constexpr const char* settings = "no-autostart\n"
                                 "disable-dirmngr\n"
                                 "no-auto-key-retrieve\n"
                                 "no-auto-check-trustdb\n"
                                 "trust-model always\n"
                                 "import-options import-minimal\n"
                                 "export-options export-minimal\n";

// Hashes for which nobody can make two files of one sum, as can be done for SHA-1.
constexpr std::array strong_hashes = {GPGME_MD_SHA224, GPGME_MD_SHA256, GPGME_MD_SHA384, GPGME_MD_SHA512};

// The fewest bits of a key that signs. An algorithm that is not named is no good with any.
struct FewestBits {
    gpgme_pubkey_algo_t algorithm;
    unsigned bits;
};
constexpr std::array strong_keys = {
    FewestBits{GPGME_PK_RSA, 2048},  FewestBits{GPGME_PK_RSA_S, 2048}, FewestBits{GPGME_PK_DSA, 2048},
    FewestBits{GPGME_PK_ECDSA, 224}, FewestBits{GPGME_PK_EDDSA, 224},
};

bool is_weak(gpgme_hash_algo_t hash) {
    return std::ranges::find(strong_hashes, hash) == strong_hashes.end();
}

bool is_weak(const gpgme_subkey_t key) {
    const auto* strong = std::ranges::find(strong_keys, key->pubkey_algo, &FewestBits::algorithm);
    return strong == strong_keys.end() || key->length < strong->bits;
}

void check(gpgme_error_t error, const char* doing) {
    if (error != GPG_ERR_NO_ERROR)
        throw Error("{}: {}", doing, gpgme_strerror(error));
}

std::string algorithm_of(gpgme_subkey_t key) {
    Handle<char, gpgme_free> name(gpgme_pubkey_algo_string(key));
    return name ? name.get() : "unknown";
}

using Data = Handle<gpgme_data, gpgme_data_release>;
using Key = Handle<_gpgme_key, gpgme_key_unref>;

Data data_of(std::string_view text) {
    gpgme_data_t data = nullptr;
    check(gpgme_data_new_from_mem(&data, text.data(), text.size(), 0), "handing bytes to GPGME");
    return Data(data);
}

// GPGME calls back from C, where nothing may be thrown. What was thrown is kept, and goes on its way as soon
// as the C function has returned.
struct Feed {
    Blocks& source;
    Block rest = {};
    std::exception_ptr thrown = nullptr;
};

ssize_t feed(void* handle, void* buffer, std::size_t size) noexcept {
    auto& from = *static_cast<Feed*>(handle);
    try {
        if (from.rest.empty())
            from.rest = from.source();
    } catch (...) {
        from.thrown = std::current_exception();
        errno = EIO;
        return -1;
    }
    std::size_t count = std::min(size, from.rest.size());
    std::ranges::copy(from.rest.first(count), static_cast<std::byte*>(buffer));
    from.rest = from.rest.subspan(count);
    return static_cast<ssize_t>(count);
}

SignatureFault fault_of(gpgme_error_t status) {
    switch (gpgme_err_code(status)) {
    case GPG_ERR_NO_ERROR:
        return SignatureFault::None;
    case GPG_ERR_NO_PUBKEY:
        return SignatureFault::UnknownKey;
    case GPG_ERR_KEY_EXPIRED:
        return SignatureFault::ExpiredKey;
    case GPG_ERR_CERT_REVOKED:
        return SignatureFault::RevokedKey;
    case GPG_ERR_SIG_EXPIRED:
        return SignatureFault::Expired;
    case GPG_ERR_BAD_SIGNATURE:
        return SignatureFault::OtherData;
    case GPG_ERR_DIGEST_ALGO:
        return SignatureFault::WeakHash;
    default:
        return SignatureFault::Other;
    }
}

CheckedSignature read(gpgme_signature_t signature) {
    CheckedSignature checked = {.key = lower_case(signature->fpr != nullptr ? signature->fpr : "")};
    checked.fault = fault_of(signature->status);
    checked.made = system_clock::from_time_t(static_cast<std::time_t>(signature->timestamp));
    if (checked.fault == SignatureFault::None && is_weak(signature->hash_algo))
        checked.fault = SignatureFault::WeakHash;
    if (checked.fault == SignatureFault::WeakHash)
        if (const char* name = gpgme_hash_algo_name(signature->hash_algo))
            checked.weakness = name;
    if (checked.fault == SignatureFault::Other)
        checked.weakness = gpgme_strerror(signature->status);
    return checked;
}

// Whether it has told GPGME its version. One that cannot be executed is else like one that finds no key in
// anything.
bool runs_gpg(gpgme_ctx_t context) {
    constexpr std::string_view untold = "1.0.0"; // what GPGME notes then
    for (gpgme_engine_info_t info = gpgme_ctx_get_engine_info(context); info != nullptr; info = info->next)
        if (info->protocol == GPGME_PROTOCOL_OpenPGP)
            return info->version != nullptr && info->version != untold;
    return false;
}

// GPGME wants to be asked for its version before anything else, by one thread.
gpgme_ctx_t make_context() {
    [[maybe_unused]] static const char* const once = gpgme_check_version(nullptr);
    gpgme_ctx_t context = nullptr;
    check(gpgme_new(&context), "preparing GPGME");
    return context;
}

} // namespace

void PublicKeys::free(gpgme_context* context) noexcept {
    gpgme_release(context);
}

std::filesystem::path confined_gpg() {
    return program_directory() / confined_program;
}

PublicKeys::PublicKeys(const std::filesystem::path& home, const std::optional<std::filesystem::path>& gpg)
    : home_(home), context_(make_context()) {
    become_subreaper();
    write_plainly(home / "gpg.conf", settings, 0644); // for whoever gpg becomes
    gpgme_ctx_t context = context_.get();
    gpgme_error_t error = gpgme_ctx_set_engine_info(context, GPGME_PROTOCOL_OpenPGP,
                                                    gpg ? gpg->c_str() : nullptr, home.c_str());
    if (error != GPG_ERR_NO_ERROR ||
        gpgme_set_protocol(context, GPGME_PROTOCOL_OpenPGP) != GPG_ERR_NO_ERROR || !runs_gpg(context))
        throw Error("looking for gpg: {} does not run; install gpg, which signatures take",
                    gpg.value_or("gpg"));
    gpgme_set_offline(context, 1);
    gpgme_set_armor(context, 1);
}

// GPGME does not wait for a gpg that it has no more to ask, and starts it as an orphan: until that has come
// to us and ended it writes into its home. Others have homes of their own, and are not waited for.
PublicKeys::~PublicKeys() {
    context_.reset();
    wait_for_orphans(home_.native());
}

PublicKey PublicKeys::key(const std::string& fingerprint) {
    gpgme_key_t found = nullptr;
    check(gpgme_get_key(context_.get(), fingerprint.c_str(), &found, 0), "reading a key");
    Key key(found);
    gpgme_subkey_t primary = key->subkeys;
    PublicKey result = {
        .fingerprint = lower_case(key->fpr),
        .users = {},
        .algorithm = algorithm_of(primary),
        .bits = primary->length,
        .created = system_clock::from_time_t(primary->timestamp),
        .is_expired = key->expired != 0,
        .is_revoked = key->revoked != 0,
        .is_weak = is_weak(primary),
    };
    if (primary->expires != 0)
        result.expires = system_clock::from_time_t(primary->expires);
    for (gpgme_user_id_t user = key->uids; user != nullptr; user = user->next)
        result.users.emplace_back(user->uid);
    return result;
}

std::vector<std::string> PublicKeys::take_in(std::string_view text) {
    Data data = data_of(text);
    gpgme_error_t error = gpgme_op_import(context_.get(), data.get());
    gpgme_import_result_t result = gpgme_op_import_result(context_.get());
    if (error != GPG_ERR_NO_ERROR && gpgme_err_code(error) != GPG_ERR_NO_DATA)
        check(error, "reading keys");
    if (result != nullptr && result->secret_read > 0)
        throw Error(
            "there is a secret key in it, which is nobody's but its owner's: export the public key alone");
    std::vector<std::string> found;
    for (auto* import = result == nullptr ? nullptr : result->imports; import != nullptr;
         import = import->next)
        if (import->result == GPG_ERR_NO_ERROR && std::ranges::find(found, import->fpr) == found.end())
            found.emplace_back(import->fpr);
    if (found.empty())
        throw Error("there is no OpenPGP public key in it");
    std::ranges::for_each(found, [](std::string& fingerprint) { fingerprint = lower_case(fingerprint); });
    return found;
}

std::vector<PublicKey> PublicKeys::add(std::string_view text) {
    std::vector<PublicKey> keys;
    for (const std::string& fingerprint : take_in(text))
        keys.push_back(key(fingerprint));
    return keys;
}

std::string PublicKeys::armored(const std::string& fingerprint) {
    gpgme_data_t made = nullptr;
    check(gpgme_data_new(&made), "exporting a key");
    Data data(made);
    check(gpgme_op_export(context_.get(), fingerprint.c_str(), GPGME_EXPORT_MODE_MINIMAL, made),
          "exporting a key");
    std::size_t size = 0;
    Handle<char, gpgme_free> text(gpgme_data_release_and_get_mem(data.release(), &size));
    if (size == 0)
        throw Error("exporting a key: there is no {}", fingerprint);
    return {text.get(), size};
}

// The key that signs may be one that its primary key answers for; both have to be strong.
void PublicKeys::judge_key(CheckedSignature& signature) {
    std::string signer = std::exchange(signature.key, {});
    gpgme_key_t found = nullptr;
    check(gpgme_get_key(context_.get(), signer.c_str(), &found, 0), "reading the key of a signature");
    Key key(found);
    signature.key = lower_case(key->fpr);
    for (gpgme_subkey_t part = key->subkeys; part != nullptr; part = part->next) {
        bool signs = part == key->subkeys || lower_case(part->fpr) == signer;
        if (!signs || !is_weak(part) || signature.fault != SignatureFault::None)
            continue;
        signature.fault = SignatureFault::WeakKey;
        signature.weakness = algorithm_of(part);
    }
}

std::vector<CheckedSignature> PublicKeys::verify(std::string_view signature, Blocks data) {
    Feed from = {.source = data};
    gpgme_data_cbs callbacks = {.read = feed, .write = nullptr, .seek = nullptr, .release = nullptr};
    gpgme_data_t made = nullptr;
    check(gpgme_data_new_from_cbs(&made, &callbacks, &from), "handing bytes to GPGME");
    Data signed_data(made);
    gpgme_data_set_flag(made, "io-buffer-size", "262144"); // as it is, it takes 512 bytes at a time
    Data text = data_of(signature);
    gpgme_error_t error = gpgme_op_verify(context_.get(), text.get(), made, nullptr);
    if (from.thrown)
        std::rethrow_exception(from.thrown);
    gpgme_verify_result_t result = gpgme_op_verify_result(context_.get());
    if (result == nullptr || result->signatures == nullptr) {
        // What it says of a file that is something else, such as a key; bad data as of GPGME 1.24.
        gpgme_err_code_t code = gpgme_err_code(error);
        if (code != GPG_ERR_NO_DATA && code != GPG_ERR_GENERAL && code != GPG_ERR_BAD_DATA)
            check(error, "verifying a signature");
        throw Error("there is no OpenPGP signature in it");
    }
    std::vector<CheckedSignature> all;
    for (gpgme_signature_t one = result->signatures; one != nullptr; one = one->next)
        all.push_back(read(one));
    if (all.size() > most_signatures)
        throw Error("it has {} signatures, and more than {} are not taken", all.size(), most_signatures);
    for (CheckedSignature& one : all) // not before, since asking for keys forgets the result
        if (one.fault != SignatureFault::UnknownKey && one.fault != SignatureFault::Other)
            judge_key(one);
    return all;
}

} // namespace rkt
