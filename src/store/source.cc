// SPDX-License-Identifier: Apache-2.0

#include "store/source.h"

#include "wrap/json.h"

namespace rkt {

namespace {

std::int64_t nanoseconds(Time time) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

Time time_from(std::int64_t nanoseconds) {
    return Time(std::chrono::duration_cast<Time::duration>(std::chrono::nanoseconds(nanoseconds)));
}

} // namespace

ImageSource ImageSource::parse(std::string_view text) {
    Json json = Json::parse_object(text);
    ImageSource source{.name = json.at("name").string()};
    for (const auto& [label, value] : json.at("labels").object())
        source.labels.emplace(label, value.string());
    source.reference = json.at("reference").string();
    source.size = json.at("size").natural();
    source.imported = time_from(json.at("imported").integer());
    if (const Json* retrieved = json.find("retrieved"))
        source.retrieved = retrieved->natural();
    if (const Json* signer = json.find("signer"))
        source.signer = {.key = signer->at("key").string(), .made = time_from(signer->at("made").integer())};
    return source;
}

std::string ImageSource::json() const {
    Json::Object texts;
    for (const auto& [label, value] : labels)
        texts.emplace(label, value);
    Json json(Json::Object{});
    json.set("name", name);
    json.set("labels", Json(texts));
    json.set("reference", reference);
    json.set("size", size);
    json.set("imported", nanoseconds(imported));
    json.set("retrieved", retrieved);
    if (signer)
        json.set("signer",
                 Json(Json::Object{}).set("key", signer->key).set("made", nanoseconds(signer->made)));
    return json.pretty() + "\n";
}

} // namespace rkt
