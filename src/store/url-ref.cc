// SPDX-License-Identifier: Apache-2.0

#include "store/url-ref.h"

#include "base/error.h"
#include "base/log.h"
#include "os/dir.h"
#include "os/file.h"
#include "store/layout.h"
#include "wrap/hash.h"
#include "wrap/json.h"

namespace rkt {

namespace {

std::filesystem::path file_of(const Store& store, const Url& url) {
    return store.data_dir() / store_layout::refs / hash_hex(HashKind::Sha256, url.str());
}

// What cannot be read has no worth, and does no harm: it is asked for again.
std::optional<UrlRef> read_ref(const std::filesystem::path& file) {
    try {
        if (std::optional<std::string> text = read_file_if_any(file))
            return UrlRef::parse(*text);
    } catch (const Error& error) {
        trace("passing over {}: {}", file, error.what());
    }
    return std::nullopt;
}

} // namespace

UrlRef UrlRef::parse(std::string_view text) {
    Json json = Json::parse_object(text);
    return {
        .url = Url::parse(json.at("url").string()),
        .image = ImageId::parse(json.at("image").string()),
        .etag = json.at("etag").string(),
        .last_modified = json.at("lastModified").string(),
        .checked = Time(std::chrono::duration_cast<Time::duration>(
            std::chrono::nanoseconds(json.at("checked").integer()))),
        .max_age = std::chrono::seconds(json.at("maxAge").integer()),
    };
}

std::string UrlRef::json() const {
    Json json(Json::Object{});
    json.set("url", url.str());
    json.set("image", image.str());
    json.set("etag", etag);
    json.set("lastModified", last_modified);
    json.set("checked",
             std::chrono::duration_cast<std::chrono::nanoseconds>(checked.time_since_epoch()).count());
    json.set("maxAge", max_age.count());
    return json.pretty() + "\n";
}

std::optional<UrlRef> find_url_ref(const Store& store, const Url& url) {
    std::optional<UrlRef> ref = read_ref(file_of(store, url));
    if (!ref || ref->url != url || !store.has(ref->image))
        return std::nullopt;
    return ref;
}

void put_url_ref(Store& store, const UrlRef& ref) {
    write_atomically(file_of(store, ref.url), ref.json());
}

void drop_stale_refs(const Store& store) {
    Dir refs = Dir::open(store.data_dir() / store_layout::refs);
    for (const std::string& name : refs.names()) {
        std::optional<UrlRef> ref = read_ref(refs.path() / name);
        if (!ref || !store.has(ref->image))
            refs.remove_tree(name);
    }
}

} // namespace rkt
