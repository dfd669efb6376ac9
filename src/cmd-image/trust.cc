// SPDX-License-Identifier: Apache-2.0
//
// rkt trust: whose signatures count, and for which images.

#include "cmd-image/key-review.h"
#include "cmd-image/verb.h"

#include "base/error.h"
#include "base/log.h"
#include "fetch/key-document.h"
#include "fetch/web.h"

#include <algorithm>

namespace rkt {

namespace {

struct TrustFlags {
    std::optional<std::string> prefix = {};
    bool root = false;
    bool skip_review = false;
    bool allow_http = false;
};

void declare(CommandLine& line, TrustFlags& flags) {
    line.option("--prefix", flags.prefix, "The images: a name, and all that is below it");
    line.flag("--root", flags.root, "Trust the keys for every image");
    line.flag("--skip-fingerprint-review", flags.skip_review, "Do not ask");
    line.flag("--insecure-allow-http", flags.allow_http, "Get keys by plain http too");
}

// "list" or "rm", and the line without it, if that is its first word.
std::pair<std::string, Words> split_verb(const Words& words) {
    VerbLine before("rkt trust", "");
    TrustFlags ignored;
    declare(before.line, ignored);
    before.line.stop_at_first_word();
    Words rest = before.line.parse(words);
    if (rest.empty() || (rest.front() != "list" && rest.front() != "rm"))
        return {};
    Words others(words.begin(), words.end() - static_cast<std::ptrdiff_t>(rest.size()));
    others.insert(others.end(), rest.begin() + 1, rest.end());
    return {rest.front(), others};
}

bool is_url(const std::string& word) {
    return word.starts_with("https://") || word.starts_with("http://");
}

KeyDocument get_document(Web& web, const std::string& word) {
    if (!is_url(word))
        return read_key_file(word);
    Url url = Url::parse(word);
    if (!url.is_https() && !web.options().allow_http)
        throw Error(
            "getting {}: anybody on the way could put another key there; --insecure-allow-http takes it",
            word);
    return download_keys(web, url);
}

std::vector<KeyDocument> get_documents(Web& web, const std::vector<std::string>& words,
                                       const std::optional<AcIdentifier>& prefix) {
    if (words.empty())
        return discover_keys(web, *prefix);
    std::vector<KeyDocument> documents;
    documents.reserve(words.size());
    for (const std::string& word : words)
        documents.push_back(get_document(web, word));
    return documents;
}

// Who we are to servers is for root alone to read, and is read where a server is to be asked.
WebOptions web_options(const Globals& globals, const TrustFlags& flags,
                       const std::vector<std::string>& asked) {
    WebOptions options = {.verify_tls = !globals.is_insecure("tls"), .allow_http = flags.allow_http};
    if (asked.empty() || std::ranges::any_of(asked, is_url))
        options.auth = read_auth(globals.config);
    return options;
}

} // namespace

std::optional<AcIdentifier> read_key_prefix(const std::optional<std::string>& prefix, bool root) {
    if (prefix && root)
        throw UsageError("--prefix and --root contradict each other");
    if (!prefix)
        return std::nullopt;
    if (prefix->find("://") != std::string::npos)
        throw UsageError("--prefix={}: it is a name like example.com/app, not a URL", *prefix);
    return AcIdentifier::parse(*prefix);
}

int trust(const Words& words) {
    auto [below, others] = split_verb(words);
    if (!below.empty())
        return below == "list" ? trust_list(others) : trust_rm(others);
    VerbLine verb(
        "rkt trust [FLAGS] --prefix=NAME|--root [KEY…]",
        "Trusts keys, so that images that are signed by them are taken. See also rkt trust list and rm.");
    TrustFlags flags;
    std::vector<std::string> asked;
    declare(verb.line, flags);
    verb.line.words(
        "KEY", [&](const std::string& word) { asked.push_back(word); }, "Files or URLs of public keys");
    std::optional<Globals> globals = verb.read(words);
    if (!globals)
        return 0;
    std::optional<AcIdentifier> prefix = read_key_prefix(flags.prefix, flags.root);
    if (!prefix && !flags.root)
        throw UsageError("trust takes --prefix=NAME, or --root for every image");
    if (flags.root && asked.empty())
        throw UsageError("--root takes files of keys: keys for every image cannot be discovered");
    Web web(web_options(*globals, flags, asked));
    TrustedKeys keys(globals->config.system, globals->config.local);
    for (const KeyDocument& document : get_documents(web, asked, prefix)) {
        bool unasked = flags.skip_review || (globals->trust_keys_from_https && document.is_certain);
        for (const std::filesystem::path& file : trust_keys(keys, document, prefix, unasked))
            fmt::print("{}\n", file.native());
    }
    return 0;
}

} // namespace rkt
