// SPDX-License-Identifier: Apache-2.0

#include "cmd-pod/session.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/process.h"

#include <algorithm>
#include <array>

#include <unistd.h>

namespace rkt {

namespace {

std::filesystem::path absolute(const std::string& flag, const std::string& value) {
    if (value.empty())
        throw UsageError("{} needs a directory", flag);
    return std::filesystem::weakly_canonical(std::filesystem::absolute(value));
}

void check_insecure_options(const std::string& list) {
    constexpr std::array<std::string_view, 12> known = {"none",   "image",        "tls",     "http",
                                                        "pubkey", "capabilities", "paths",   "seccomp",
                                                        "ondisk", "all-fetch",    "all-run", "all"};
    for (std::string_view option : split(list, ','))
        if (std::ranges::find(known, option) == known.end())
            throw UsageError("--insecure-options knows no {}; it takes {}", option, fmt::join(known, ", "));
}

} // namespace

std::filesystem::path Session::image_program() const {
    std::filesystem::path beside = program_directory() / "rkt-image";
    return std::filesystem::exists(beside) ? beside : std::filesystem::path(RKT_LIBEXECDIR) / "rkt-image";
}

void GlobalFlags::declare(CommandLine& line) {
    line.flag("--debug", debug_, "Tell on stderr what is being done");
    line.option("--dir", dir_, "The data directory (/var/lib/rkt)");
    line.option("--system-config", system_config_, "The vendor's configuration (/usr/lib/rkt)");
    line.option("--local-config", local_config_, "The administrator's configuration (/etc/rkt)");
    line.option("--user-config", user_config_, "The user's configuration (none)");
    line.option("--insecure-options", insecure_options_, "What not to check, separated by commas (none)");
    line.flag("--trust-keys-from-https", trust_keys_from_https_, "Trust keys that are found by https");
}

Session GlobalFlags::session() const {
    Session session;
    if (debug_)
        enable_debug();
    if (dir_)
        session.dir = absolute("--dir", *dir_);
    if (insecure_options_)
        check_insecure_options(*insecure_options_);
    session.global_words.push_back("--dir=" + session.dir.native());
    if (debug_)
        session.global_words.emplace_back("--debug");
    if (trust_keys_from_https_)
        session.global_words.emplace_back("--trust-keys-from-https");
    for (const auto& [flag, value] :
         {std::pair("--system-config=", &system_config_), std::pair("--local-config=", &local_config_),
          std::pair("--user-config=", &user_config_), std::pair("--insecure-options=", &insecure_options_)})
        if (*value)
            session.global_words.push_back(flag + **value);
    return session;
}

void require_root(const char* verb) {
    if (::geteuid() != 0)
        throw Error("rkt {} changes pods: run it as root", verb);
}

} // namespace rkt
