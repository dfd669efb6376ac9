// SPDX-License-Identifier: Apache-2.0
//
// Verifies an archive's signature while the archive is unpacked: the very bytes that are unpacked, read once.
//
// Which keys count depends on the image's name, and the manifest may come last in an archive (IMG-6). So all
// keys are known to the check, and whether one that signed is trusted for the image is asked at the end.

#pragma once

#include "aci/source.h"
#include "appc/name.h"
#include "os/fd.h"
#include "store/keys.h"
#include "store/source.h"
#include "wrap/openpgp.h"

#include <atomic>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace rkt {

// A detached signature (IMG-16), armored or not, and the file or URL it came from, for messages.
struct SignatureText {
    std::string text;
    std::string origin;
};

// Throws Error if there is no such file, or if it is too large.
SignatureText read_signature(const std::filesystem::path& file);

struct GpgPlace {
    std::filesystem::path home;                        // an empty directory that only root can enter
    std::optional<std::filesystem::path> program = {}; // as PublicKeys takes it
};

class SignatureCheck {
public:
    // Begins to hand on what `archive` gives, a file or a pipe, to `reader`, a pipe, in a thread of its own.
    // Both are closed at its end. What is not used as a key is told as a warning at the end.
    SignatureCheck(const TrustedKeys& keys, SignatureText signature, Fd archive, Fd reader, GpgPlace gpg);
    SignatureCheck(const SignatureCheck&) = delete;
    SignatureCheck& operator=(const SignatureCheck&) = delete;

    // Without waiting for the end of the archive.
    ~SignatureCheck();

    // To be asked once, when everything has been unpacked: who signed the image of that name. Throws Error
    // unless a key signed that is trusted for it; the message ends in what would change that.
    ImageSigner signer(const AcIdentifier& name);

    // To be asked once, when unpacking has failed: throws the Error that made it fail, if it was the check
    // that ended first.
    void explain();

private:
    void run() noexcept;
    void read_keys(PublicKeys& keys);
    void verify(PublicKeys& keys);
    Block next();
    void stop();
    void finish();
    [[noreturn]] void refuse(const CheckedSignature& signature, const AcIdentifier* name) const;

    KeyFiles keys_;
    SignatureText signature_;
    Fd archive_;
    Fd reader_;
    GpgPlace gpg_;
    ArchiveSource source_;
    std::atomic<bool> stopped_ = false;

    // The thread's, until it has ended.
    std::vector<CheckedSignature> checked_ = {};
    std::exception_ptr thrown_ = nullptr;
    bool is_unread_ = false; // nobody wanted the rest of the archive

    std::thread thread_; // the last, since it uses all the others
};

} // namespace rkt
