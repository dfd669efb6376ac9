// SPDX-License-Identifier: Apache-2.0

#include "store/keys.h"

#include "base/error.h"
#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <sys/stat.h>

using namespace rkt;

namespace {

const std::string a(40, 'a');
const std::string b(40, 'b');

std::optional<AcIdentifier> prefix(std::string_view text) {
    return AcIdentifier::parse(text);
}

struct Place {
    TempDir dir = {};
    std::filesystem::path system = dir.path() / "usr";
    std::filesystem::path local = dir.path() / "etc";
    TrustedKeys keys = TrustedKeys(system, local);
    TrustedKeys vendor = TrustedKeys("/nowhere", system); // what a package installs

    // The fingerprints' first letters, with where each is from.
    std::string trusted(std::string_view name) const {
        std::string result;
        for (const KeyFile& file : trusted_for(keys.list().files, AcIdentifier::parse(name)))
            result += std::string(file.origin == KeyOrigin::System ? "s" : "l") + file.fingerprint[0] + " ";
        return result;
    }
};

mode_t mode_of(const std::filesystem::path& path) {
    struct stat status = {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777;
}

} // namespace

TEST_CASE("IMG-17: a prefix covers whole elements of a name") {
    struct Case {
        const char* prefix;
        const char* name;
        bool covers;
    };
    const std::vector<Case> cases = {
        Case{"example.com/et", "example.com/et", true},     Case{"example.com/et", "example.com/et/cd", true},
        Case{"example.com/et", "example.com/etcd", false},  Case{"example.com", "example.com/et", true},
        Case{"example.co", "example.com", false},           Case{"example.com/et", "example.com", false},
        Case{"example.com/et", "example.com/et-cd", false},
    };
    for (const Case& row : cases) {
        CAPTURE(row.name);
        KeyFile file = {.fingerprint = a, .prefix = prefix(row.prefix)};
        CHECK(file.covers(AcIdentifier::parse(row.name)) == row.covers);
    }
}

TEST_CASE("keys are read in order, and an empty file masks those before it for what it is for") {
    Place place;
    CHECK(place.trusted("example.com/x").empty());
    CHECK(place.keys.list().warnings.empty());
    place.vendor.add(a, "key", {});
    place.keys.add(b, "key", prefix("example.com"));
    CHECK(place.trusted("example.com/x") == "sa lb ");
    CHECK(place.trusted("example.org") == "sa ");
    place.keys.add(a, "", prefix("example.com/x"));
    CHECK(place.trusted("example.com/x/y") == "lb ");
    CHECK(place.trusted("example.com/z") == "sa lb ");
    place.keys.add(a, "key", prefix("example.com/x/y"));
    CHECK(place.trusted("example.com/x/y") == "lb la ");
    place.keys.add(a, "", {});
    CHECK(place.trusted("example.org").empty());
    CHECK(is_masked(place.keys.list().files, place.keys.list().files.front()));
}

TEST_CASE("what is no key breaks nothing else, and is named") {
    Place place;
    std::filesystem::path file = place.keys.add(a, "key", prefix("example.com"));
    place.keys.add("README", "hello", prefix("example.com"));
    place.keys.add(std::string(40, 'A'), "key", {});
    place.keys.add(b, "key", {});
    std::filesystem::create_directory(file.parent_path() / "Not A Name");
    write_plainly(file.parent_path().parent_path() / b, "key");
    std::filesystem::create_symlink("/nowhere", file.parent_path() / b);
    CHECK(place.trusted("example.com") == "lb la ");
    KeyFiles list = place.keys.list();
    CHECK(list.warnings.size() == 5);
    for (const std::string& warning : list.warnings)
        CHECK(warning.find(place.local / "trustedkeys") != std::string::npos);
}

TEST_CASE("everybody may read what is written, whatever the umask") {
    Place place;
    mode_t before = ::umask(0077);
    std::filesystem::path file = place.keys.add(a, "key", prefix("example.com/app"));
    ::umask(before);
    CHECK(file == place.local / "trustedkeys/prefix.d/example.com/app" / a);
    CHECK(mode_of(file) == 0644);
    for (auto dir = file.parent_path(); dir != place.dir.path(); dir = dir.parent_path())
        CHECK(mode_of(dir) == 0755);
    CHECK(place.keys.list().files.at(0).read() == "key");
    place.keys.add(a, "other", prefix("example.com/app"));
    CHECK(place.keys.list().files.at(0).read() == "other");
    place.keys.add(a, std::string((1 << 20) + 1, 'x'), prefix("example.com/app"));
    CHECK_THROWS(place.keys.list().files.at(0).read());
}

TEST_CASE("a local key is removed, one of the system is masked") {
    Place place;
    place.keys.add(a, "key", prefix("example.com"));
    CHECK_FALSE(place.keys.remove(a, prefix("example.com")));
    CHECK(place.keys.list().files.empty());
    place.vendor.add(a, "key", prefix("example.com"));
    place.keys.add(a, "other", prefix("example.com"));
    CHECK(place.keys.remove(a, prefix("example.com")) ==
          place.local / "trustedkeys/prefix.d/example.com" / a);
    CHECK(place.trusted("example.com").empty());
    CHECK_THROWS_WITH(place.keys.remove(a, prefix("example.com")),
                      ("key " + a + " is not trusted for images of example.com").c_str());
    CHECK_THROWS_WITH(place.keys.remove(b, {}), ("key " + b + " is not trusted for every image").c_str());
    place.keys.add(a, "key", prefix("example.com"));
    CHECK(place.trusted("example.com") == "sa la ");
}
