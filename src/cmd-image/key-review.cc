// SPDX-License-Identifier: Apache-2.0

#include "cmd-image/key-review.h"

#include "base/error.h"
#include "base/log.h"
#include "base/moment.h"
#include "base/text.h"
#include "os/terminal.h"
#include "store/keys.h"

#include <iterator>

#include <stdio.h>
#include <unistd.h>

namespace rkt {

namespace {

constexpr std::size_t longest_answer = 80;

// Nothing at the end of the input.
std::optional<std::string> read_line() {
    std::string line;
    for (char c = 0; ::read(STDIN_FILENO, &c, 1) == 1 && line.size() < longest_answer;) {
        if (c == '\n')
            return line;
        line += c;
    }
    return std::nullopt;
}

void show(const PublicKey& key, const std::string& origin) {
    std::string text =
        fmt::format("key {}\n    {}, made {}, {}\n", in_groups(key.fingerprint), key.algorithm,
                    day_of(key.created), key.expires ? "expires " + day_of(*key.expires) : "never expires");
    if (std::optional<std::string> weakness = weakness_of(key))
        fmt::format_to(std::back_inserter(text), "    {}: its signatures prove nothing\n", *weakness);
    for (const std::string& user : key.users)
        fmt::format_to(std::back_inserter(text), "    {}\n", printable(user));
    fmt::print(stderr, "{}    from {}\n", text, printable(origin));
}

} // namespace

std::string in_groups(const std::string& fingerprint) {
    constexpr std::size_t group = 4;
    std::string text;
    for (std::size_t at = 0; at < fingerprint.size(); at += group)
        text += (at == 0 ? "" : " ") + fingerprint.substr(at, group);
    return text;
}

std::optional<std::string> weakness_of(const PublicKey& key) {
    if (key.is_revoked)
        return "revoked";
    if (key.is_expired)
        return "expired";
    if (key.is_weak)
        return "weak";
    return std::nullopt;
}

bool review_key(const PublicKey& key, const std::string& origin, const std::optional<AcIdentifier>& prefix) {
    if (!is_terminal(STDIN_FILENO) || !is_terminal(STDERR_FILENO))
        throw Error(
            "reviewing the key {} of {} takes a terminal on stdin and stderr; who knows the key already "
            "gives --skip-fingerprint-review",
            key.fingerprint, origin);
    show(key, origin);
    for (;;) {
        fmt::print(stderr, "Trust this key for {} (yes/no)? ", describe_place(prefix));
        std::optional<std::string> answer = read_line();
        if (!answer || *answer == "no")
            return false;
        if (*answer == "yes")
            return true;
    }
}

std::vector<std::filesystem::path> trust_keys(const TrustedKeys& keys, const KeyDocument& document,
                                              const std::optional<AcIdentifier>& prefix, bool unasked) {
    std::vector<std::filesystem::path> files;
    for (const OfferedKey& offered : read_keys(document))
        if (unasked || review_key(offered.key, document.origin, prefix))
            files.push_back(keys.add(offered.key.fingerprint, offered.armored, prefix));
        else
            note("key {} is not trusted", offered.key.fingerprint);
    return files;
}

} // namespace rkt
