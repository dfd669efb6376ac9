// SPDX-License-Identifier: Apache-2.0

#include "store/url-ref.h"

#include "base/error.h"
#include "os/file.h"
#include "os/temp-dir.h"
#include "store/collect.h"
#include "store/draft.h"
#include "store/layout.h"

#include <doctest/doctest.h>

using namespace rkt;
namespace layout = store_layout;

namespace {

const Url url = Url::parse("https://example.com/a.aci?x=1");

ImageId put(const TempDir& dir) {
    ImageId id = ImageId::parse("sha512-" + std::string(ImageId::digest_size * 2, 'a'));
    Store store = Store::open(dir.path());
    Draft::make(store).publish(store, {.id = id, .manifest = "{}", .source = {.name = "web"}});
    return id;
}

UrlRef ref_to(const ImageId& id) {
    return {.url = url,
            .image = id,
            .etag = "\"x\"",
            .last_modified = "Thu, 01 Jan 1970 00:00:00 GMT",
            .checked = Time(std::chrono::milliseconds(1500)),
            .max_age = std::chrono::seconds(60)};
}

} // namespace

TEST_CASE("what a URL stands for is found again, and only for that URL") {
    TempDir dir;
    ImageId id = put(dir);
    Store store = Store::open(dir.path());
    CHECK_FALSE(find_url_ref(store, url));
    put_url_ref(store, ref_to(id));
    std::optional<UrlRef> found = find_url_ref(store, url);
    REQUIRE(found);
    CHECK(found->image == id);
    CHECK(found->etag == "\"x\"");
    CHECK(found->last_modified == "Thu, 01 Jan 1970 00:00:00 GMT");
    CHECK(found->checked == Time(std::chrono::milliseconds(1500)));
    CHECK(found->max_age.count() == 60);
    CHECK_FALSE(find_url_ref(store, Url::parse("https://example.com/a.aci")));
}

TEST_CASE("it is fresh from when it was checked on, for as long as it may be") {
    TempDir dir;
    UrlRef ref = ref_to(put(dir));
    CHECK_FALSE(ref.is_fresh(Time(std::chrono::milliseconds(1499))));
    CHECK(ref.is_fresh(Time(std::chrono::milliseconds(1500))));
    CHECK(ref.is_fresh(Time(std::chrono::milliseconds(61499))));
    CHECK_FALSE(ref.is_fresh(Time(std::chrono::milliseconds(61500))));
}

TEST_CASE("what cannot be read, or stands for an image that is gone, is not there and is collected") {
    TempDir dir;
    ImageId id = put(dir);
    {
        Store store = Store::open(dir.path());
        put_url_ref(store, ref_to(id));
        write_atomically(dir.path() / layout::refs / "broken", "{");
        std::filesystem::rename(dir.path() / layout::images / id.str(), dir.path() / "elsewhere");
        CHECK_FALSE(find_url_ref(store, url));
        std::filesystem::rename(dir.path() / "elsewhere", dir.path() / layout::images / id.str());
    }
    Collector::open(dir.path()).finish();
    CHECK(find_url_ref(Store::open(dir.path()), url));
    CHECK_FALSE(std::filesystem::exists(dir.path() / layout::refs / "broken"));
    Collector collector = Collector::open(dir.path());
    collector.remove(id);
    std::move(collector).finish();
    CHECK(std::filesystem::is_empty(dir.path() / layout::refs));
}
