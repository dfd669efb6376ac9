// SPDX-License-Identifier: Apache-2.0

#include "config/settings-json.h"

namespace rkt {

namespace {

Json entry(const char* kind) {
    return Json::Object{{"rktKind", kind}, {"rktVersion", settings_version}};
}

Json hidden(const BasicAuth& auth) {
    return Json::Object{{"user", auth.user}, {"password", hidden_secret}};
}

Json hidden(const BearerAuth&) {
    return Json::Object{{"token", hidden_secret}};
}

Json auth_entry(const std::string& domain, const Credentials& credentials) {
    Json json = entry("auth");
    json.set("domains", std::vector{domain});
    json.set("type", std::holds_alternative<BasicAuth>(credentials) ? "basic" : "oauth");
    json.set("credentials", std::visit([](const auto& each) { return hidden(each); }, credentials));
    return json;
}

Json registry_entry(const std::string& registry, const BasicAuth& auth) {
    Json json = entry("dockerAuth");
    json.set("registries", std::vector{registry});
    json.set("credentials", hidden(auth));
    return json;
}

Json paths_entry(const PathSettings& paths) {
    Json json = entry("paths");
    if (paths.data)
        json.set("data", paths.data->native());
    if (paths.stage1_images)
        json.set("stage1-images", paths.stage1_images->native());
    return json;
}

Json stage1_entry(const Stage1Settings& stage1) {
    Json json = entry("stage1");
    if (stage1.image) {
        json.set("name", stage1.image->name.str());
        json.set("version", stage1.image->version);
    }
    if (stage1.location)
        json.set("location", *stage1.location);
    return json;
}

} // namespace

Json settings_json(const AuthSettings& auth, const PathSettings& paths, const Stage1Settings& stage1) {
    Json::List entries;
    for (const auto& [domain, credentials] : auth.domains)
        entries.push_back(auth_entry(domain, credentials));
    for (const auto& [registry, credentials] : auth.registries)
        entries.push_back(registry_entry(registry, credentials));
    if (paths.data || paths.stage1_images)
        entries.push_back(paths_entry(paths));
    if (stage1.image || stage1.location)
        entries.push_back(stage1_entry(stage1));
    return Json::Object{{"stage0", entries}};
}

} // namespace rkt
