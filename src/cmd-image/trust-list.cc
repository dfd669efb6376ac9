// SPDX-License-Identifier: Apache-2.0
//
// rkt trust list: which keys count for which images, and why those that do not.

#include "cmd-image/key-review.h"
#include "cmd-image/verb.h"

#include "base/error.h"
#include "base/log.h"
#include "base/moment.h"
#include "base/table.h"
#include "base/text.h"
#include "config/json-format.h"
#include "fetch/key-document.h"
#include "os/temp-dir.h"

namespace rkt {

namespace {

constexpr std::size_t brief_fingerprint = 16; // the last digits: what gpg calls a long key id

struct ListFlags {
    std::optional<std::string> prefix = {};
    bool full = false;
    bool no_legend = false;
    std::optional<std::string> format = {};
};

struct ListedKey {
    KeyFile file;
    std::optional<PublicKey> key = {}; // nothing if it cannot be read, or is a mask
    std::string state = {};
};

ListedKey look_at(const KeyFile& file, const std::vector<KeyFile>& all) {
    if (file.is_mask)
        return {.file = file, .state = "mask"};
    TempDir home;
    PublicKeys keys(home.path(), confined_gpg());
    try {
        take_in_key(keys, file);
        PublicKey key = keys.key(file.fingerprint);
        std::string state = is_masked(all, file) ? "masked" : weakness_of(key).value_or("trusted");
        return {.file = file, .key = std::move(key), .state = std::move(state)};
    } catch (const Error& error) {
        warn("{} is not used as a key: {}", file.path, error.what());
        return {.file = file, .state = "broken"};
    }
}

std::vector<ListedKey> list_keys(const KeyFiles& found, const std::optional<AcIdentifier>& prefix) {
    std::vector<ListedKey> list;
    for (const KeyFile& file : found.files)
        if (!prefix || file.covers(*prefix))
            list.push_back(look_at(file, found.files));
    return list;
}

const char* name_of(KeyOrigin origin) {
    return origin == KeyOrigin::System ? "system" : "local";
}

Row row_of(const ListedKey& listed, bool full) {
    const std::string& fingerprint = listed.file.fingerprint;
    std::string expires = "-";
    std::string user = "-";
    if (listed.key) {
        expires = listed.key->expires ? day_of(*listed.key->expires) : "never";
        user = listed.key->users.empty() ? "-" : listed.key->users.front();
    }
    return {full ? fingerprint : fingerprint.substr(fingerprint.size() - brief_fingerprint),
            listed.file.prefix ? listed.file.prefix->str() : "-",
            name_of(listed.file.origin),
            listed.state,
            expires,
            user};
}

Json json_of(const ListedKey& listed) {
    Json json(Json::Object{});
    json.set("fingerprint", listed.file.fingerprint);
    json.set("prefix", listed.file.prefix ? Json(listed.file.prefix->str()) : Json());
    json.set("origin", name_of(listed.file.origin));
    json.set("file", listed.file.path.native());
    json.set("state", listed.state);
    if (!listed.key)
        return json;
    json.set("algorithm", listed.key->algorithm);
    json.set("created", std::chrono::system_clock::to_time_t(listed.key->created));
    if (listed.key->expires)
        json.set("expires", std::chrono::system_clock::to_time_t(*listed.key->expires));
    json.set("users", Json(listed.key->users));
    return json;
}

void print(const std::vector<ListedKey>& list, const ListFlags& flags, Format format) {
    if (format != Format::Text) {
        Json::List all;
        for (const ListedKey& listed : list)
            all.push_back(json_of(listed));
        fmt::print("{}", format_json(all, format));
        return;
    }
    std::vector<Row> rows;
    if (!flags.no_legend)
        rows.push_back({"KEY", "PREFIX", "FROM", "STATE", "EXPIRES", "IDENTITY"});
    for (const ListedKey& listed : list)
        rows.push_back(row_of(listed, flags.full));
    fmt::print("{}", align(rows));
}

} // namespace

int trust_list(const Words& words) {
    VerbLine verb("rkt trust list [FLAGS]", "Lists the keys whose signatures count.");
    ListFlags flags;
    verb.line.option("--prefix", flags.prefix, "Only what there is for images of that name");
    verb.line.flag("--full", flags.full, "Whole fingerprints");
    verb.line.flag("--no-legend", flags.no_legend, "No header");
    verb.line.option("--format", flags.format, "json or json-pretty");
    std::optional<Globals> globals = verb.read(words);
    if (!globals)
        return 0;
    Format format = parse_format(flags.format);
    std::optional<AcIdentifier> prefix = read_key_prefix(flags.prefix, false);
    KeyFiles found = TrustedKeys(globals->config.system, globals->config.local).list();
    for (const std::string& warning : found.warnings)
        warn("{}", warning);
    print(list_keys(found, prefix), flags, format);
    return 0;
}

} // namespace rkt
