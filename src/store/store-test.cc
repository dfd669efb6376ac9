// SPDX-License-Identifier: Apache-2.0

#include "store/store.h"

#include "appc/platform.h"
#include "base/error.h"
#include "os/file.h"
#include "os/temp-dir.h"
#include "store/layout.h"
#include "store/pin.h"

#include <doctest/doctest.h>

#include <sys/stat.h>

using namespace rkt;
namespace layout = store_layout;

namespace {

ImageId id_of(char digit, char last) {
    std::string digits(ImageId::digest_size * 2, digit);
    digits.back() = last;
    return ImageId::parse("sha512-" + digits);
}

// Puts an image into a store as an import does, but without a content.
ImageId put(const TempDir& dir, const ImageId& id, ImageSource source,
            const std::string& manifest = "{\"acKind\": \"ImageManifest\"}") {
    auto image = dir.path() / layout::images / id.str();
    std::filesystem::create_directories(image);
    write_atomically(image / layout::image_manifest, manifest);
    write_atomically(image / layout::image_layers, id.str() + "\n");
    write_atomically(image / layout::image_source, source.json());
    return id;
}

Time at(int seconds) {
    return Time(std::chrono::seconds(seconds));
}

ImageRef meant(std::string_view word) {
    return ImageRef::parse(word);
}

unsigned mode_of(const std::filesystem::path& path) {
    struct stat status = {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777;
}

} // namespace

TEST_CASE("what holds contents is for its owner alone") {
    TempDir dir;
    Store store = Store::open(dir.path());
    for (auto name : {layout::layers, layout::trees, layout::pins, layout::tmp})
        CHECK(mode_of(dir.path() / name) == 0700);
    CHECK((mode_of(dir.path() / layout::images) & 0007) != 0002);
}

TEST_CASE("AC-TYPE-8: an id is found by a beginning that only it has") {
    TempDir dir;
    Store store = Store::open(dir.path());
    ImageId one = put(dir, id_of('a', '1'), {.name = "one"});
    put(dir, id_of('a', '2'), {.name = "two"});
    ImageId three = put(dir, id_of('b', '1'), {.name = "three"});

    CHECK(store.find(meant("sha512-bb")) == three);
    CHECK(store.find(meant(one.str())) == one);
    CHECK_FALSE(store.find(meant("sha512-cc")));
    CHECK_THROWS_WITH_AS((void)store.find(meant("sha512-aa")),
                         "sha512-aa is the beginning of more than one image's id", Error);
    CHECK_THROWS_WITH_AS((void)store.resolve(meant("sha512-cc")), "image sha512-cc is not in the store",
                         Error);
}

TEST_CASE("of several images of a name the one that was imported last is meant") {
    TempDir dir;
    Store store = Store::open(dir.path());
    ImageId newer =
        put(dir, id_of('a', '1'), {.name = "web", .labels = {{"version", "1"}}, .imported = at(20)});
    ImageId older =
        put(dir, id_of('b', '1'), {.name = "web", .labels = {{"version", "2"}}, .imported = at(10)});

    CHECK(store.find(meant("web")) == newer);
    CHECK(store.find(meant("web:2")) == older);
    CHECK_FALSE(store.find(meant("web:3")));
    CHECK_FALSE(store.find(meant("web:1,os=linux")));
    CHECK_FALSE(store.find(meant("example.com/web")));
    CHECK_FALSE(store.find(meant("./web")));
}

TEST_CASE("AC-TYPE-12: an image for another machine is only meant when that is asked for") {
    TempDir dir;
    Store store = Store::open(dir.path());
    std::string host(host_platform().arch);
    ImageId ours = put(dir, id_of('a', '1'), {.name = "web", .labels = {{"arch", host}, {"os", "linux"}}});
    ImageId other = put(dir, id_of('b', '1'),
                        {.name = "web", .labels = {{"arch", "ppc64"}, {"os", "linux"}}, .imported = at(10)});

    CHECK(store.find(meant("web")) == ours);
    CHECK(store.find(meant("web,arch=ppc64")) == other);
    CHECK(store.find(meant("web,arch=" + host)) == ours);
}

TEST_CASE("images come in the order of their import, and one that cannot be read says why") {
    TempDir dir;
    Store store = Store::open(dir.path());
    ImageId second = put(dir, id_of('a', '1'), {.name = "second", .size = 42, .imported = at(20)});
    ImageId first = put(dir, id_of('b', '1'), {.name = "first", .imported = at(10)});
    ImageId broken = put(dir, id_of('c', '1'), {.name = "broken"});
    write_atomically(dir.path() / layout::images / broken.str() / layout::image_source, "{");
    std::filesystem::create_directory(dir.path() / layout::images / "stray");

    std::vector<ImageRecord> images = store.images();
    REQUIRE(images.size() == 3);
    CHECK_FALSE(images[0].fault.empty());
    CHECK(images[1].id == first);
    CHECK(images[2].id == second);
    CHECK(images[2].source.size == 42);
    CHECK(images[2].source.imported == at(20));
}

TEST_CASE("a pin names the images and their layers until it is taken away") {
    TempDir dir;
    Store store = Store::open(dir.path());
    ImageId id = put(dir, id_of('a', '1'), {.name = "web", .imported = at(1)});
    Uuid pod = Uuid::random();
    auto before = store.images().front().used;

    store.pin(pod, {.images = {id.str()}, .layers = {id.str()}});
    Pin pin = Pin::parse(read_file(dir.path() / layout::pins / pod.str()));
    CHECK(pin.images == std::set{id.str()});
    CHECK(pin.layers == std::set{id.str()});
    CHECK(store.images().front().used >= before);

    store.pin(pod, {});
    CHECK_FALSE(std::filesystem::exists(dir.path() / "pins" / pod.str()));
    store.unpin(pod);
    CHECK_FALSE(std::filesystem::exists(dir.path() / layout::pins / pod.str()));
    store.unpin(pod);
    CHECK_THROWS_AS(store.pin(pod, {.images = {id_of('b', '1').str()}}), SystemError);
    CHECK_FALSE(std::filesystem::exists(dir.path() / layout::pins / pod.str()));
}

TEST_CASE("an image says what it is and what it is made of") {
    TempDir dir;
    Store store = Store::open(dir.path());
    std::string manifest = R"({"acKind": "ImageManifest", "acVersion": "0.8.11", "name": "web"})";
    ImageId id = put(dir, id_of('a', '1'), {.name = "web", .retrieved = 12}, manifest);
    CHECK(store.has(id));
    CHECK_FALSE(store.has(id_of('a', '2')));
    CHECK(store.layer_digests(id) == std::vector{id.str()});
    CHECK(store.manifest_text(id) == manifest);
    CHECK(store.manifest(id).name == "web");
    CHECK(store.source(id).retrieved == 12);
}

TEST_CASE("where there is no store there are no images, and none is made by looking") {
    TempDir dir;
    Store store = Store::open_to_look(dir.path() / "gone");
    CHECK(store.images().empty());
    CHECK_FALSE(store.find(meant("web")));
    CHECK_FALSE(std::filesystem::exists(dir.path() / "gone"));
}

TEST_CASE("who has the store keeps collectors out") {
    TempDir dir;
    {
        Store store = Store::open(dir.path());
        Store other = Store::open_to_look(dir.path());
        CHECK_FALSE(Lock::try_take(dir.path() / layout::layers, LockMode::Exclusive));
    }
    CHECK(Lock::try_take(dir.path() / layout::layers, LockMode::Exclusive));
}
