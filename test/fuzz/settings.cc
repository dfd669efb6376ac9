// SPDX-License-Identifier: Apache-2.0
//
// A file of the configuration, of whatever kind.

#include "target.h"

#include "config/settings-json.h"
#include "os/file.h"
#include "os/temp-dir.h"

#include <algorithm>

namespace {

// What is shown in place of secrets is refused; all else is read as it was shown.
bool says_the_same(const rkt::ConfigRoots& roots, const rkt::Json& shown) {
    return rkt::settings_json({}, rkt::read_paths(roots), rkt::read_stage1(roots)) == shown;
}

} // namespace

void rkt::fuzz::read(std::string_view bytes) {
    static const TempDir dir;
    static const ConfigRoots roots = {.system = "/nowhere", .local = dir.path()};
    for (const char* name : {"auth.d", "paths.d", "stage1.d"}) {
        auto place = dir.path() / name;
        std::filesystem::create_directories(place);
        write_plainly(place / "a.json", bytes, 0600);
        attempt([&] {
            AuthSettings auth = read_auth(roots);
            for (const auto& [domain, credentials] : auth.domains)
                require(auth.find(domain) == &credentials, "credentials are found by what they are for");
            for (const auto& [registry, credentials] : auth.registries)
                require(auth.find_registry(registry) == &credentials, "registries likewise");
            (void)settings_json(auth, {}, {});
        });
        attempt([&] {
            Json shown = settings_json({}, read_paths(roots), read_stage1(roots));
            const Json::List& entries = shown.at("stage0").list();
            if (!entries.empty())
                write_plainly(place / "a.json", entries.front().compact(), 0600);
            require(entries.empty() || says_the_same(roots, shown), "settings are read as they are shown");
        });
        std::filesystem::remove_all(place);
    }
}
