// SPDX-License-Identifier: Apache-2.0

#include "store/collect.h"

#include "base/error.h"
#include "os/file.h"
#include "os/temp-dir.h"
#include "store/draft.h"
#include "store/hold.h"
#include "store/layout.h"
#include "store/partial.h"

#include <doctest/doctest.h>

#include <atomic>
#include <list>
#include <thread>

using namespace rkt;
namespace layout = store_layout;

namespace {

ImageId put(const TempDir& dir, char digit, Time imported = Time()) {
    ImageId id = ImageId::parse("sha512-" + std::string(ImageId::digest_size * 2, digit));
    Store store = Store::open(dir.path());
    Draft draft = Draft::make(store);
    draft.publish(store, {.id = id, .manifest = "{}", .source = {.name = "web", .imported = imported}});
    std::filesystem::last_write_time(dir.path() / layout::images / id.str() / layout::image_source,
                                     std::filesystem::file_time_type::clock::from_sys(imported));
    return id;
}

bool has(const TempDir& dir, const ImageId& id) {
    return std::filesystem::exists(dir.path() / layout::images / id.str());
}

bool has_layer(const TempDir& dir, const ImageId& id) {
    return std::filesystem::exists(dir.path() / layout::layers / id.str());
}

Pin pin_of(const ImageId& id) {
    return {.images = {id.str()}, .layers = {id.str()}};
}

// As rendered from these images and last used then.
std::string put_tree(const TempDir& dir, char digit, const std::string& images, Time used) {
    std::string digest = "sha512-" + std::string(ImageId::digest_size * 2, digit);
    auto tree = dir.path() / layout::trees / digest;
    std::filesystem::create_directories(tree / layout::tree_rootfs);
    write_atomically(tree / layout::tree_images, images);
    std::filesystem::last_write_time(tree, std::filesystem::file_time_type::clock::from_sys(used));
    return digest;
}

bool has_tree(const TempDir& dir, const std::string& digest) {
    return std::filesystem::exists(dir.path() / layout::trees / digest);
}

Time at(int seconds) {
    return Time(std::chrono::seconds(seconds));
}

} // namespace

TEST_CASE("an image that is removed goes with its layer") {
    TempDir dir;
    ImageId gone = put(dir, 'a');
    ImageId kept = put(dir, 'b');
    {
        Collector collector = Collector::open(dir.path());
        collector.remove(gone);
        std::move(collector).finish();
    }
    CHECK_FALSE(has(dir, gone));
    CHECK_FALSE(has_layer(dir, gone));
    CHECK(has(dir, kept));
    CHECK(has_layer(dir, kept));
    CHECK(std::filesystem::is_empty(dir.path() / layout::tmp));
}

TEST_CASE("what a pod uses stays") {
    TempDir dir;
    ImageId id = put(dir, 'a', at(1));
    Uuid pod = Uuid::random();
    Store::open(dir.path()).pin(pod, pin_of(id));
    Collector collector = Collector::open(dir.path());
    CHECK(collector.user_of(id) == pod.str());
    CHECK_THROWS_AS(collector.remove(id), Error);
    CHECK(collector.remove_unused_since(std::chrono::system_clock::now() + std::chrono::hours(1)).empty());
    std::move(collector).finish();
    CHECK(has(dir, id));
    CHECK(has_layer(dir, id));
}

TEST_CASE("a layer that only a pin names stays") {
    TempDir dir;
    ImageId id = put(dir, 'a');
    Uuid pod = Uuid::random();
    Store::open(dir.path()).pin(pod, pin_of(id));
    std::filesystem::remove_all(dir.path() / layout::images / id.str());
    Collector::open(dir.path()).finish();
    CHECK(has_layer(dir, id));
    Store::open(dir.path()).unpin(pod);
    Collector::open(dir.path()).finish();
    CHECK_FALSE(has_layer(dir, id));
}

TEST_CASE("images go when they were not used for a while") {
    TempDir dir;
    ImageId old = put(dir, 'a', at(100));
    ImageId young = put(dir, 'b', at(200));
    Collector collector = Collector::open(dir.path());
    CHECK(collector.remove_unused_since(at(200)) == std::vector{old});
    std::move(collector).finish();
    CHECK_FALSE(has(dir, old));
    CHECK(has(dir, young));
}

TEST_CASE("a pin that cannot be read blocks everything, one that was never finished does not") {
    TempDir dir;
    put(dir, 'a');
    auto pins = dir.path() / layout::pins;
    write_atomically(pins / ".unfinished-abcdef", "image");
    Collector::open(dir.path()).finish();
    CHECK(std::filesystem::is_empty(pins));
    write_atomically(pins / Uuid::random().str(), "image");
    CHECK_THROWS_AS((void)Collector::open(dir.path()), Error);
}

TEST_CASE("leftovers are swept, and not what somebody works in") {
    TempDir dir;
    Draft draft = Draft::make(Store::open(dir.path()));
    auto tmp = dir.path() / layout::tmp;
    std::filesystem::create_directories(tmp / "import-dead/layer/rootfs/a/b");
    write_atomically(tmp / "stray", "x");
    std::filesystem::create_directories(dir.path() / layout::layers / "sha512-unneeded/rootfs");
    Collector::open(dir.path()).finish();
    CHECK_FALSE(std::filesystem::exists(tmp / "import-dead"));
    CHECK(std::distance(std::filesystem::directory_iterator(tmp), {}) == 1);
    CHECK(std::filesystem::is_empty(dir.path() / layout::layers));
}

TEST_CASE("what ends while others collect does not disturb them") {
    TempDir dir;
    ImageId id = put(dir, 'a');
    std::atomic<bool> has_ended = false;
    auto come_and_go = [&] {
        while (!has_ended) {
            (void)Partial::take(dir.path(), "https://example.com/a.aci");
            auto store = std::make_optional(Store::open(dir.path()));
            std::list<ImageHold> holds;
            for (int i = 0; i < 20; ++i)
                holds.emplace_back(*store, pin_of(id));
            store.reset();
        }
    };
    {
        std::jthread one(come_and_go);
        std::jthread another(come_and_go);
        for (int round = 0; round < 100; ++round)
            CHECK_NOTHROW(Collector::open(dir.path()).finish());
        has_ended = true;
    }
    CHECK(has(dir, id));
}

TEST_CASE("two collect at once") {
    TempDir dir;
    (void)Store::open(dir.path());
    auto collect = [&](char name) {
        for (int round = 0; round < 50; ++round) {
            std::filesystem::path made = dir.path() / std::string(1, name);
            std::filesystem::create_directories(made / "a/b");
            std::filesystem::rename(made, dir.path() / layout::tmp / fmt::format("dead-{}-{}", name, round));
            CHECK_NOTHROW(Collector::open(dir.path()).finish());
        }
    };
    {
        std::jthread one(collect, '1');
        std::jthread another(collect, '2');
    }
    CHECK(std::filesystem::is_empty(dir.path() / layout::tmp));
}

TEST_CASE("a tree stays while its images are there, and goes when it was not used for a while") {
    TempDir dir;
    ImageId base = put(dir, 'a', at(100));
    ImageId web = put(dir, 'b', at(100));
    std::string old = put_tree(dir, 'c', web.str() + "\n", at(100));
    std::string young = put_tree(dir, 'd', web.str() + "\n", at(200));
    std::string orphan = put_tree(dir, 'e', web.str() + "\n" + base.str() + "\n", at(300));
    std::string pinned = put_tree(dir, 'f', base.str() + "\n", at(50));
    {
        Store store = Store::open(dir.path());
        store.pin(Uuid::random(), {.images = {web.str()}, .layers = {}, .trees = {pinned}});
    }
    {
        Collector collector = Collector::open(dir.path());
        collector.remove(base);
        std::move(collector).finish();
    }
    CHECK(has_tree(dir, old));
    CHECK(has_tree(dir, young));
    CHECK_FALSE(has_tree(dir, orphan));
    CHECK(has_tree(dir, pinned));

    Collector collector = Collector::open(dir.path());
    CHECK(collector.remove_unused_since(at(200)).empty());
    std::move(collector).finish();
    CHECK_FALSE(has_tree(dir, old));
    CHECK(has_tree(dir, young));
    CHECK(has_tree(dir, pinned));
    CHECK(std::filesystem::is_empty(dir.path() / layout::tmp));
}

TEST_CASE("what is used again stays, and so does what is to be kept") {
    TempDir dir;
    ImageId kept = put(dir, 'a', at(1));
    ImageId used = put(dir, 'b', at(1));
    ImageId gone = put(dir, 'c', at(1));
    Store::open(dir.path()).note_use(used);
    Collector collector = Collector::open(dir.path());
    CHECK(collector.remove_unused_since(at(1000), kept) == std::vector{gone});
    CHECK(has(dir, kept));
    CHECK(has(dir, used));
}

TEST_CASE("an image whose layers are not known keeps all of them, is named, and can be removed") {
    TempDir dir;
    ImageId damaged = put(dir, 'a');
    ImageId gone = put(dir, 'b');
    std::filesystem::path list = dir.path() / layout::images / damaged.str() / layout::image_layers;
    std::filesystem::remove(list);
    std::filesystem::remove_all(dir.path() / layout::images / gone.str());
    std::string fault = fmt::format("image {} is damaged (rkt image rm {} removes it): opening {}: "
                                    "No such file or directory",
                                    damaged.brief(), damaged.brief(), list.native());
    CHECK_THROWS_WITH(Collector::open(dir.path()).finish(), fault.c_str());
    CHECK(has_layer(dir, damaged));
    CHECK(has_layer(dir, gone));
    Collector collector = Collector::open(dir.path());
    collector.remove(damaged);
    std::move(collector).finish();
    CHECK(std::filesystem::is_empty(dir.path() / layout::layers));
}

TEST_CASE("a tree of which it is not known what it was rendered from goes, unless a pod uses it") {
    TempDir dir;
    ImageId web = put(dir, 'a');
    std::string no_list = put_tree(dir, 'c', "", at(100));
    std::string no_ids = put_tree(dir, 'd', "junk\n", at(100));
    std::string pinned = put_tree(dir, 'e', "", at(100));
    std::string whole = put_tree(dir, 'f', web.str() + "\n", at(100));
    for (const std::string& tree : {no_list, pinned})
        std::filesystem::remove(dir.path() / layout::trees / tree / layout::tree_images);
    Store::open(dir.path()).pin(Uuid::random(), {.images = {}, .layers = {}, .trees = {pinned}});
    Collector::open(dir.path()).finish();
    CHECK_FALSE(has_tree(dir, no_list));
    CHECK_FALSE(has_tree(dir, no_ids));
    CHECK(has_tree(dir, pinned));
    CHECK(has_tree(dir, whole));
}
