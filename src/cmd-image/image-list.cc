// SPDX-License-Identifier: Apache-2.0
//
// rkt image list: the images in the store, in columns or as JSON.

#include "cmd-image/image-table.h"
#include "cmd-image/verb.h"

#include "base/log.h"
#include "config/json-format.h"
#include "store/store.h"

#include <fmt/format.h>

namespace rkt {

namespace {

struct ListFlags {
    std::string fields = "id,name,size,importtime,lastused";
    std::string sort = "importtime";
    std::string order = "asc";
    bool full = false;
    bool no_legend = false;
    std::optional<std::string> format = {};
};

void declare(CommandLine& line, ListFlags& flags) {
    line.option("--fields", flags.fields, "What to show (" + flags.fields + ")");
    line.option("--sort", flags.sort, "The fields to sort by: name, importtime, lastused, size (importtime)");
    line.option("--order", flags.order, "asc or desc (asc)");
    line.flag("--full", flags.full, "Whole IDs, bytes and times");
    line.flag("--no-legend", flags.no_legend, "No header");
    line.option("--format", flags.format, "json or json-pretty");
}

// Those that cannot be read are named on stderr, and do not hide the others.
std::vector<ImageRecord> readable_images(const Store& store) {
    std::vector<ImageRecord> images = store.images();
    for (const ImageRecord& image : images)
        if (!image.fault.empty())
            warn("image {}: {}", image.id.str(), image.fault);
    std::erase_if(images, [](const ImageRecord& image) { return !image.fault.empty(); });
    return images;
}

} // namespace

int image_list(const Words& words) {
    VerbLine verb("rkt image list [FLAGS]", "Lists the images in the store.");
    ListFlags flags;
    declare(verb.line, flags);
    std::optional<Globals> globals = verb.read(words);
    if (!globals)
        return 0;
    Format format = parse_format(flags.format);
    std::vector<ImageField> shown = parse_image_fields("--fields", flags.fields);
    std::vector<ImageRecord> images = readable_images(Store::open_to_look(globals->data_dir));
    sort_images(images, parse_image_fields("--sort", flags.sort), flags.order);
    if (format == Format::Text)
        fmt::print("{}", image_list_text(images, shown, {.full = flags.full, .legend = !flags.no_legend}));
    else
        fmt::print("{}", format_json(image_list_json(images, shown), format));
    return 0;
}

} // namespace rkt
