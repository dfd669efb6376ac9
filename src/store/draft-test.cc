// SPDX-License-Identifier: Apache-2.0

#include "store/draft.h"

#include "base/error.h"
#include "os/file.h"
#include "os/temp-dir.h"
#include "store/layout.h"

#include <doctest/doctest.h>

using namespace rkt;
namespace layout = store_layout;

namespace {

const std::string manifest = R"({"acKind": "ImageManifest", "acVersion": "0.8.11", "name": "web"})";

NewImage image_of(char digit) {
    ImageId id = ImageId::parse("sha512-" + std::string(ImageId::digest_size * 2, digit));
    return {
        .id = id, .manifest = manifest, .source = {.name = "web", .imported = Time(std::chrono::seconds(1))}};
}

void fill(const Draft& draft, const std::string& content) {
    draft.layer().make_dir("rootfs", 0755);
    Fd file = draft.layer().open_plain("rootfs").make_file("file", 0644);
    write_fully(file.get(), content, "file");
}

std::string content_of(const TempDir& dir, const ImageId& id) {
    return read_file(dir.path() / layout::layers / id.str() / layout::layer_rootfs / "file");
}

bool is_empty(const TempDir& dir, const char* place) {
    return std::filesystem::is_empty(dir.path() / place);
}

} // namespace

TEST_CASE("a draft that is published is an image, and nothing is left of the draft") {
    TempDir dir;
    Store store = Store::open(dir.path());
    NewImage image = image_of('a');
    {
        Draft draft = Draft::make(store);
        fill(draft, "content");
        draft.publish(store, image);
    }
    CHECK(store.find(ImageRef::parse("web")) == image.id);
    CHECK(store.manifest_text(image.id) == manifest);
    CHECK(store.layer_digests(image.id) == std::vector{image.id.str()});
    CHECK(content_of(dir, image.id) == "content");
    CHECK(is_empty(dir, layout::tmp));
}

TEST_CASE("a draft that is not published leaves nothing") {
    TempDir dir;
    Store store = Store::open(dir.path());
    {
        Draft draft = Draft::make(store);
        fill(draft, "content");
    }
    for (auto place : {layout::tmp, layout::images, layout::layers})
        CHECK(is_empty(dir, place));
}

TEST_CASE("what somebody else has published in the meantime stays") {
    TempDir dir;
    Store store = Store::open(dir.path());
    NewImage image = image_of('a');
    Draft slow = Draft::make(store);
    {
        Draft fast = Draft::make(store);
        fill(fast, "theirs");
        fast.publish(store, image);
    }
    fill(slow, "ours");
    slow.publish(store, image);
    CHECK(content_of(dir, image.id) == "theirs");
    CHECK(store.images().size() == 1);
}

TEST_CASE("a layer that an interrupted import left is taken up") {
    TempDir dir;
    Store store = Store::open(dir.path());
    NewImage image = image_of('a');
    std::filesystem::create_directories(dir.path() / layout::layers / image.id.str() / layout::layer_rootfs);
    Draft draft = Draft::make(store);
    fill(draft, "content");
    draft.publish(store, image);
    CHECK(store.find(ImageRef::parse("web")) == image.id);
}

TEST_CASE("a manifest is not for everybody") {
    TempDir dir;
    Store store = Store::open(dir.path());
    NewImage image = image_of('a');
    Draft draft = Draft::make(store);
    draft.publish(store, image);
    auto others = std::filesystem::perms::others_all;
    auto none = std::filesystem::perms::none;
    auto at = dir.path() / layout::images / image.id.str();
    CHECK((std::filesystem::status(at / layout::image_manifest).permissions() & others) == none);
    CHECK((std::filesystem::status(at / layout::image_source).permissions() & others) != none);
}
