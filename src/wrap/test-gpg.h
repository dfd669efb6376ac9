// SPDX-License-Identifier: Apache-2.0
//
// For tests: a person with OpenPGP keys, made on the spot by gpg(1) in a home of their own.

#pragma once

#include "base/text.h"
#include "os/file.h"
#include "os/process.h"
#include "os/temp-dir.h"

#include <string>
#include <vector>

namespace rkt::test {

class Gpg {
public:
    Gpg() = default;
    Gpg(const Gpg&) = delete;
    Gpg& operator=(const Gpg&) = delete;
    ~Gpg() {
        try {
            output_of({.program = "gpgconf", .arguments = {"--homedir", home_.path(), "--kill", "all"}});
        } catch (const std::exception&) {
            return; // the agent ends by itself when its home is gone
        }
    }

    // What gpg writes.
    std::string run(std::vector<std::string> arguments) const {
        std::vector<std::string> all = {
            "--homedir", home_.path(),      "--quiet",  "--batch",      "--no-tty",
            "--yes",     "--pinentry-mode", "loopback", "--passphrase", ""};
        all.insert(all.end(), arguments.begin(), arguments.end());
        return output_of({.program = "gpg", .arguments = all});
    }

    // Makes a key that signs, and gives its fingerprint. `expires` as gpg has it: "never", "1d".
    std::string make_key(const std::string& user, const std::string& algorithm = "ed25519",
                         const std::string& expires = "never", std::vector<std::string> more = {}) const {
        more.insert(more.end(), {"--quick-gen-key", user, algorithm, "sign", expires});
        run(more);
        return fingerprint(user);
    }

    std::string fingerprint(const std::string& user) const {
        std::string list = run({"--with-colons", "--list-keys", user});
        for (std::string_view line : split(list, '\n'))
            if (line.starts_with("fpr:"))
                return lower(split(line, ':')[9]);
        return {};
    }

    // By the certificate that gpg made along with the key, and disarmed.
    void revoke(const std::string& fingerprint) const {
        std::string upper = fingerprint;
        for (char& c : upper)
            c = c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
        std::string certificate = read_file(home_.path() / "openpgp-revocs.d" / (upper + ".rev"));
        write_plainly(home_.path() / "revoked", certificate.substr(certificate.find("\n:-----") + 2));
        run({"--import", home_.path() / "revoked"});
    }

    std::string public_key(const std::string& user) const { return run({"--armor", "--export", user}); }

    // A detached signature of the text.
    std::string sign(const std::string& text, const std::string& user,
                     std::vector<std::string> more = {}) const {
        write_plainly(home_.path() / "text", text);
        more.insert(more.end(),
                    {"--local-user", user, "--output", "-", "--detach-sign", home_.path() / "text"});
        return run(more);
    }

private:
    static std::string lower(std::string_view text) { return hex(*parse_hex(text)); }

    TempDir home_ = {};
};

} // namespace rkt::test
