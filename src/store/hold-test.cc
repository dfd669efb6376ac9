// SPDX-License-Identifier: Apache-2.0

#include "store/hold.h"

#include "os/file.h"
#include "os/temp-dir.h"
#include "store/collect.h"
#include "store/draft.h"
#include "store/layout.h"

#include <doctest/doctest.h>

using namespace rkt;
namespace layout = store_layout;

namespace {

ImageId put(Store& store) {
    ImageId id = ImageId::parse("sha512-" + std::string(ImageId::digest_size * 2, 'a'));
    Draft draft = Draft::make(store);
    draft.publish(store, {.id = id, .manifest = "{}", .source = {.name = "web"}});
    return id;
}

Pin pin_of(const ImageId& id) {
    return {.images = {id.str()}, .layers = {id.str()}};
}

void expect_collected(const TempDir& dir, const ImageId& id, bool collected) {
    Collector collector = Collector::open(dir.path());
    CHECK(collector.user_of(id).has_value() != collected);
}

} // namespace

TEST_CASE("an image that is held is in use until the holder is gone") {
    TempDir dir;
    ImageId id = ImageId::parse("sha512-" + std::string(ImageId::digest_size * 2, 'a'));
    {
        auto store = std::make_optional(Store::open(dir.path()));
        put(*store);
        ImageHold hold(*store, pin_of(id));
        drop_abandoned_pins(*store, [](const Uuid&) { return false; });
        store.reset();
        expect_collected(dir, id, false);
    }
    expect_collected(dir, id, true);
    CHECK(std::filesystem::is_empty(dir.path() / layout::pins));
}

TEST_CASE("pins of nobody are dropped, and those of pods are not") {
    TempDir dir;
    Store store = Store::open(dir.path());
    ImageId id = put(store);
    Uuid pod = Uuid::random();
    Uuid nobody = Uuid::random();
    store.pin(pod, pin_of(id));
    store.pin(nobody, pin_of(id));
    write_plainly(dir.path() / layout::pins / ".unfinished", "");
    drop_abandoned_pins(store, [&](const Uuid& uuid) { return uuid == pod; });
    CHECK(std::filesystem::exists(dir.path() / layout::pins / pod.str()));
    CHECK(std::filesystem::exists(dir.path() / layout::pins / ".unfinished"));
    CHECK_FALSE(std::filesystem::exists(dir.path() / layout::pins / nobody.str()));
}
