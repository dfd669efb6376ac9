// SPDX-License-Identifier: Apache-2.0

#include "cmd-image/image-table.h"

#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

ImageRecord image(char digit, const std::string& name, std::uint64_t size, int imported) {
    return {.id = ImageId::parse("sha512-" + std::string(128, digit)),
            .source = {.name = name,
                       .labels = {{"version", "1"}},
                       .size = size,
                       .imported = Time(std::chrono::seconds(imported))},
            .used = Time(std::chrono::seconds(imported))};
}

std::string text(const std::vector<ImageRecord>& images, const char* fields, const ImageListForm& form = {}) {
    return image_list_text(images, parse_image_fields("--fields", fields), form);
}

std::string order(std::vector<ImageRecord> images, const char* keys, const char* order) {
    sort_images(images, parse_image_fields("--sort", keys), order);
    return text(images, "name", {.legend = false});
}

} // namespace

TEST_CASE("an image is shown in brief or in full") {
    std::vector<ImageRecord> images = {image('a', "web", 1536, 1)};
    CHECK(text(images, "name,id") == "NAME\tID\nweb:1\tsha512-aaaaaaaaaaaa\n");
    CHECK(text(images, "id,size", {.full = true, .legend = false}) ==
          "sha512-" + std::string(128, 'a') + "\t1536\n");
    CHECK(image_list_json(images, parse_image_fields("", "name,size,importtime")).compact() ==
          R"([{"import_time":1000000000,"name":"web:1","size":1536}])");
}

TEST_CASE("a label that a stranger wrote is not obeyed, and makes no row") {
    std::vector<ImageRecord> images = {image('a', "web", 1, 1)};
    images[0].source.labels["version"] = "1\x1b]0;x\x07\nsha512-x";
    CHECK(text(images, "name", {.legend = false}) == "web:1?]0;x??sha512-x\n");
    CHECK(image_list_json(images, parse_image_fields("", "name")).compact() ==
          R"([{"name":"web:1\u001b]0;x\u0007\nsha512-x"}])");
}

TEST_CASE("sizes have the unit that leaves one to four digits") {
    struct Row {
        std::uint64_t size;
        const char* text;
    };
    for (auto [size, shown] : {Row{0, "0B\n"}, Row{1023, "1023B\n"}, Row{1024, "1.0KiB\n"},
                               Row{10240, "10KiB\n"}, Row{123456789, "118MiB\n"}, Row{UINT64_MAX, "16EiB\n"}})
        CHECK(text({image('a', "web", size, 1)}, "size", {.legend = false}) == shown);
}

TEST_CASE("the first key decides, and the next where it does not") {
    std::vector<ImageRecord> images = {image('a', "c", 1, 30), image('b', "a", 2, 10),
                                       image('c', "b", 1, 20)};
    CHECK(order(images, "name", "asc") == "a:1\nb:1\nc:1\n");
    CHECK(order(images, "size,name", "asc") == "b:1\nc:1\na:1\n");
    CHECK(order(images, "size,importtime", "desc") == "a:1\nc:1\nb:1\n");
}

TEST_CASE("a field that there is not, or that has no order, is refused") {
    CHECK_THROWS_AS(parse_image_fields("--fields", "id,colour"), UsageError);
    CHECK_THROWS_AS(parse_image_fields("--fields", ""), UsageError);
    CHECK_THROWS_AS(order({}, "id", "asc"), UsageError);
    CHECK_THROWS_AS(order({}, "name", "up"), UsageError);
}
