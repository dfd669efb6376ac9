// SPDX-License-Identifier: Apache-2.0

#include "fetch/signature.h"

#include "appc/limits.h"
#include "base/error.h"
#include "base/log.h"
#include "fetch/key-document.h"
#include "os/file.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

#include <fcntl.h>

namespace rkt {

namespace {

constexpr const char* without = "to take the image without one: --insecure-options=image";

constexpr int pipe_size = 1 << 20; // as much as anybody may ask for (pipe(7))

std::string reason(const CheckedSignature& signature) {
    switch (signature.fault) {
    case SignatureFault::None:
        return "";
    case SignatureFault::UnknownKey:
        return "is by key " + signature.key + ", which is not known";
    case SignatureFault::ExpiredKey:
        return "is by key " + signature.key + ", which has expired";
    case SignatureFault::RevokedKey:
        return "is by key " + signature.key + ", which was revoked";
    case SignatureFault::Expired:
        return "by key " + signature.key + " has expired";
    case SignatureFault::OtherData:
        return "by key " + signature.key + " is not of this file";
    case SignatureFault::WeakHash:
        return "by key " + signature.key + " proves nothing: its hash " + signature.weakness + " is too weak";
    case SignatureFault::WeakKey:
        return "proves nothing: key " + signature.key + " is too weak (" + signature.weakness + ")";
    case SignatureFault::Other:
        break;
    }
    return "by key " + signature.key + " cannot be verified: " + signature.weakness;
}

} // namespace

SignatureText read_signature(const std::filesystem::path& file) {
    try {
        if (std::optional<std::string> text = read_file_if_any(file, limits::signature_size))
            return {.text = std::move(*text), .origin = file};
        throw Error("there is no signature {}", file);
    } catch (const Error& error) {
        throw Error("{}; {}", error.what(), without);
    }
}

SignatureCheck::SignatureCheck(const TrustedKeys& keys, SignatureText signature, Fd archive, Fd reader,
                               GpgPlace gpg)
    : keys_(keys.list()), signature_(std::move(signature)), archive_(std::move(archive)),
      reader_(std::move(reader)), gpg_(std::move(gpg)), source_(archive_.get(), reader_.get()) {
    std::signal(SIGPIPE, SIG_IGN);                   // who does not read any more is an error of write(2)
    ::fcntl(reader_.get(), F_SETPIPE_SZ, pipe_size); // what is smaller is only slower
    thread_ = std::thread([this] { run(); });
}

void SignatureCheck::stop() {
    stopped_ = true;
    source_.stop();
}

SignatureCheck::~SignatureCheck() {
    stop();
    if (thread_.joinable())
        thread_.join();
}

void SignatureCheck::run() noexcept {
    try {
        PublicKeys keys(gpg_.home, gpg_.program);
        read_keys(keys);
        verify(keys);
    } catch (...) {
        thrown_ = std::current_exception();
    }
    archive_.reset();
    reader_.reset();
}

void SignatureCheck::read_keys(PublicKeys& keys) {
    std::erase_if(keys_.files, [&](const KeyFile& file) {
        try {
            if (!file.is_mask)
                take_in_key(keys, file);
            return false;
        } catch (const Error& error) {
            keys_.warnings.push_back(fmt::format("{} is not used as a key: {}", file.path, error.what()));
            return true;
        }
    });
}

// What is not whole is not verified.
Block SignatureCheck::next() {
    Block block = source_.next();
    if (block.empty() && stopped_)
        throw SystemError(EPIPE, "reading the image");
    return block;
}

void SignatureCheck::verify(PublicKeys& keys) {
    try {
        checked_ = keys.verify(signature_.text, [this] { return next(); });
    } catch (const SystemError& error) {
        is_unread_ = error.code() == EPIPE;
        throw;
    } catch (const Error& error) {
        throw Error("the signature {}: {}; {}", signature_.origin, error.what(), without);
    }
}

void SignatureCheck::finish() {
    thread_.join();
    for (const std::string& warning : std::exchange(keys_.warnings, {}))
        warn("{}", warning);
    if (thrown_ && !is_unread_)
        std::rethrow_exception(std::exchange(thrown_, nullptr));
}

ImageSigner SignatureCheck::signer(const AcIdentifier& name) {
    finish();
    std::vector<KeyFile> trusted = trusted_for(keys_.files, name);
    for (const CheckedSignature& signature : checked_)
        if (signature.fault == SignatureFault::None &&
            std::ranges::find(trusted, signature.key, &KeyFile::fingerprint) != trusted.end())
            return {.key = signature.key, .made = signature.made};
    auto known = std::ranges::find_if(
        checked_, [](const CheckedSignature& one) { return one.fault != SignatureFault::UnknownKey; });
    refuse(known != checked_.end() ? *known : checked_.front(), &name);
}

void SignatureCheck::explain() {
    stop();
    finish();
    for (const CheckedSignature& signature : checked_)
        if (signature.fault != SignatureFault::None)
            refuse(signature, nullptr);
}

// The name is known wherever a signature holds that is not by a trusted key.
void SignatureCheck::refuse(const CheckedSignature& signature, const AcIdentifier* name) const {
    if (signature.fault != SignatureFault::None && signature.fault != SignatureFault::UnknownKey)
        throw Error("the signature {} {}; {}", signature_.origin, reason(signature), without);
    std::string trust = fmt::format("rkt trust --prefix={}", name != nullptr ? name->str() : "NAME");
    std::vector<std::string> places;
    const KeyFile* file = nullptr;
    bool masked = false;
    for (const KeyFile& key : keys_.files) {
        if (key.fingerprint != signature.key || key.is_mask)
            continue;
        bool covers = name != nullptr && key.covers(*name);
        places.push_back(describe_place(key.prefix));
        masked = masked || covers;
        file = file == nullptr || covers ? &key : file;
    }
    if (file == nullptr)
        throw Error("the signature {} is by key {}, which is not known; with its public key in FILE: {} FILE",
                    signature_.origin, signature.key, trust);
    throw Error("the signature {} is by key {}, which is {}; to trust it: {} {}", signature_.origin,
                signature.key,
                masked ? fmt::format("masked for {}", *name)
                       : fmt::format("trusted for {} and not for {}", fmt::join(places, ", "), *name),
                trust, file->path);
}

} // namespace rkt
