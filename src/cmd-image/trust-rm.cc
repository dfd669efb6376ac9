// SPDX-License-Identifier: Apache-2.0
//
// rkt trust rm: a key does not count any more.

#include "cmd-image/verb.h"

#include "base/error.h"
#include "base/text.h"
#include "store/keys.h"

#include <algorithm>

namespace rkt {

namespace {

using Place = std::optional<AcIdentifier>;

constexpr std::size_t shortest_id = 16; // what is shorter is easily made to fit

// As it is copied from somewhere: with blanks between the digits, in large letters, or only the end of it.
std::string read_fingerprint(const std::string& word) {
    std::string digits = lower_case(word);
    std::erase(digits, ' ');
    bool is_hex = digits.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!is_hex || digits.size() < shortest_id)
        throw UsageError("{} is no fingerprint of a key, nor the last {} or more digits of one", word,
                         shortest_id);
    return digits;
}

struct Trusted {
    std::string fingerprint;
    Place place;
    bool operator==(const Trusted&) const = default;
};

// Where keys are trusted whose fingerprints end so.
std::vector<Trusted> find(const std::vector<KeyFile>& files, const std::string& end) {
    std::vector<Trusted> found;
    for (const KeyFile& file : files) {
        Trusted trusted = {.fingerprint = file.fingerprint, .place = file.prefix};
        if (!file.is_mask && !is_masked(files, file) && file.fingerprint.ends_with(end) &&
            std::ranges::find(found, trusted) == found.end())
            found.push_back(std::move(trusted));
    }
    return found;
}

Trusted find_only(const std::vector<KeyFile>& files, const std::string& end) {
    std::vector<Trusted> found = find(files, end);
    if (found.empty())
        throw Error("key {} is not trusted for any image", end);
    std::vector<std::string> places;
    places.reserve(found.size());
    for (const Trusted& trusted : found)
        places.push_back(trusted.fingerprint + " for " + describe_place(trusted.place));
    if (found.size() > 1)
        throw Error("several keys could be meant: {}; name one with --prefix=NAME or --root",
                    fmt::join(places, ", "));
    return found.front();
}

} // namespace

int trust_rm(const Words& words) {
    VerbLine verb("rkt trust rm [--prefix=NAME|--root] FINGERPRINT", "Takes trust from a key.");
    std::optional<std::string> prefix;
    bool root = false;
    std::vector<std::string> asked;
    verb.line.option("--prefix", prefix, "The images it is not to count for, as it was trusted");
    verb.line.flag("--root", root, "The key for every image");
    verb.line.words(
        "FINGERPRINT", [&](const std::string& word) { asked.push_back(read_fingerprint(word)); },
        "The key, or the last 16 or more digits of it");
    std::optional<Globals> globals = verb.read(words);
    if (!globals)
        return 0;
    if (asked.size() != 1)
        throw UsageError("trust rm takes one fingerprint");
    Place place = read_key_prefix(prefix, root);
    TrustedKeys keys(globals->config.system, globals->config.local);
    std::vector<KeyFile> files = keys.list().files;
    if (place || root)
        std::erase_if(files, [&](const KeyFile& file) { return !file.is_mask && file.prefix != place; });
    Trusted trusted = find_only(files, asked.front());
    std::optional<std::filesystem::path> mask = keys.remove(trusted.fingerprint, trusted.place);
    fmt::print("key {} is no longer trusted for {}\n", trusted.fingerprint, describe_place(trusted.place));
    if (mask)
        fmt::print("it belongs to the system, and is masked by {}\n", *mask);
    return 0;
}

} // namespace rkt
