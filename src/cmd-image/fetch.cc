// SPDX-License-Identifier: Apache-2.0
//
// rkt fetch: from what was asked for to images in the store.

#include "cmd-image/verb.h"

#include "appc/quantity.h"
#include "base/error.h"
#include "fetch/fetch.h"

#include <algorithm>
#include <array>

namespace rkt {

namespace {

struct FetchFlags {
    bool full = false;
    bool no_archive = false;
    bool store_only = false;
    bool no_store = false;
    std::string pull_policy = "update";
    std::optional<std::string> max_bytes = {};
    std::optional<std::string> max_entries = {};
};

void declare(CommandLine& line, FetchFlags& flags) {
    line.flag("--full", flags.full, "Print whole image IDs");
    line.option("--pull-policy", flags.pull_policy, "When to look elsewhere: never, new or update (update)");
    line.flag("--store-only", flags.store_only, "The same as --pull-policy=never");
    line.flag("--no-store", flags.no_store, "The same as --pull-policy=update");
    line.option("--max-unpacked-bytes", flags.max_bytes,
                "Refuse an image that unpacks to more (free space less 5 %)");
    line.option("--max-entries", flags.max_entries, "Refuse an image of more files (1000000)");
    line.flag("--no-archive", flags.no_archive, "Do not keep the file the image was unpacked from");
}

std::optional<std::uint64_t> read_limit(const char* flag, const std::optional<std::string>& text) {
    if (!text)
        return std::nullopt;
    try {
        Quantity limit = Quantity::parse(*text);
        if (!limit.is_negative())
            return static_cast<std::uint64_t>(limit.whole());
    } catch (const Error&) {
        // Said below.
    }
    throw UsageError("{} takes a number like 1000 or 2Gi, not {}", flag, *text);
}

void check_policy(const std::string& policy) {
    constexpr std::array<std::string_view, 3> known = {"never", "new", "update"};
    if (std::ranges::find(known, policy) == known.end())
        throw UsageError("--pull-policy takes {}, not {}", fmt::join(known, ", "), policy);
}

FetchOptions options_of(const FetchFlags& flags, const Globals& globals) {
    check_policy(flags.pull_policy);
    if (flags.store_only && flags.no_store)
        throw UsageError("--store-only and --no-store contradict each other");
    FetchOptions options = {.import = {.keep_archive = !flags.no_archive,
                                       .max_bytes = read_limit("--max-unpacked-bytes", flags.max_bytes),
                                       .max_entries = read_limit("--max-entries", flags.max_entries)}};
    if (!globals.is_insecure("image"))
        options.keys = TrustedKeys(globals.config.system, globals.config.local);
    return options;
}

struct Asked {
    ImageRef image;
    std::optional<std::filesystem::path> signature = {};
};

void declare(CommandLine& line, std::vector<Asked>& asked) {
    line.words(
        "IMAGE", [&](const std::string& word) { asked.push_back({ImageRef::parse(word)}); },
        "A path, an ID or a name");
    line.each(
        "--signature",
        [&](const std::string& file) {
            if (asked.empty())
                throw UsageError("--signature belongs to an image, and there is none before it");
            asked.back().signature = file;
        },
        "The file with the signature of the image before it (IMAGE.asc)");
}

} // namespace

int fetch_images(const Words& words) {
    VerbLine verb("rkt fetch [FLAGS] IMAGE…", "Puts images into the store, and prints their IDs.");
    FetchFlags flags;
    std::vector<Asked> asked;
    declare(verb.line, flags);
    declare(verb.line, asked);
    std::optional<Globals> globals = verb.read(words);
    if (!globals)
        return 0;
    if (asked.empty())
        throw UsageError("fetch takes at least one image");
    FetchOptions options = options_of(flags, *globals);
    for (const Asked& one : asked) {
        options.signature = one.signature;
        ImageId id = fetch(globals->data_dir, one.image, options);
        fmt::print("{}\n", flags.full ? id.str() : id.brief());
        std::fflush(stdout);
    }
    return 0;
}

} // namespace rkt
