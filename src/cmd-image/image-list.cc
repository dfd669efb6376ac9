// SPDX-License-Identifier: Apache-2.0
//
// rkt image list: the images in the store, in columns or as JSON.

#include "cmd-image/verb.h"

#include "base/error.h"
#include "base/log.h"
#include "base/moment.h"
#include "base/table.h"
#include "base/text.h"
#include "config/json-format.h"
#include "store/store.h"

#include <algorithm>
#include <array>
#include <functional>

namespace rkt {

namespace {

constexpr std::size_t brief_id = 19; // "sha512-" and 12 digits

std::string name_of(const ImageRecord& record) {
    auto version = record.source.labels.find("version");
    return record.source.name + (version == record.source.labels.end() ? "" : ":" + version->second);
}

std::string size_of(const ImageRecord& record) {
    constexpr std::array<const char*, 7> units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    auto size = static_cast<double>(record.source.size);
    std::size_t unit = 0;
    for (; size >= 1024 && unit + 1 < units.size(); ++unit)
        size /= 1024;
    return fmt::format("{:.{}f}{}", size, unit > 0 && size < 10 ? 1 : 0, units[unit]);
}

std::int64_t nanoseconds(Time time) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

// Everything there is to say of a field: what is shown of it, and how it sorts.
struct Field {
    std::string_view name;
    std::string_view legend;
    std::string_view member; // in JSON
    std::string (*brief)(const ImageRecord&);
    std::string (*full)(const ImageRecord&);
    Json (*json)(const ImageRecord&);
    bool (*less)(const ImageRecord&, const ImageRecord&); // null: lists are not sorted by it
};

using Record = const ImageRecord&;

constexpr std::array fields = {
    Field{"id", "ID", "id", [](Record r) { return r.id.str().substr(0, brief_id); },
          [](Record r) { return r.id.str(); }, [](Record r) { return Json(r.id.str()); }, nullptr},
    Field{"name", "NAME", "name", name_of, name_of, [](Record r) { return Json(name_of(r)); },
          [](Record a, Record b) { return name_of(a) < name_of(b); }},
    Field{"size", "SIZE", "size", size_of, [](Record r) { return std::to_string(r.source.size); },
          [](Record r) { return Json(r.source.size); },
          [](Record a, Record b) { return a.source.size < b.source.size; }},
    Field{"importtime", "IMPORT TIME", "import_time", [](Record r) { return ago(r.source.imported); },
          [](Record r) { return in_full(r.source.imported); },
          [](Record r) { return Json(nanoseconds(r.source.imported)); },
          [](Record a, Record b) { return a.source.imported < b.source.imported; }},
    Field{"lastused", "LAST USED", "last_used_time", [](Record r) { return ago(r.used); },
          [](Record r) { return in_full(r.used); }, [](Record r) { return Json(nanoseconds(r.used)); },
          [](Record a, Record b) { return a.used < b.used; }},
};

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

std::vector<Field> read_fields(const char* flag, const std::string& list) {
    std::vector<Field> result;
    for (std::string_view word : split(list, ',')) {
        const auto* found = std::ranges::find(fields, word, &Field::name);
        if (found == fields.end())
            throw UsageError("{} knows no field \"{}\"", flag, word);
        result.push_back(*found);
    }
    return result;
}

// By the last field first, so that the first decides and the others where it does not.
void sort(std::vector<ImageRecord>& images, const ListFlags& flags) {
    std::vector<Field> keys = read_fields("--sort", flags.sort);
    if (flags.order != "asc" && flags.order != "desc")
        throw UsageError("--order takes asc or desc, not {}", flags.order);
    for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
        if (key->less == nullptr)
            throw UsageError("--sort does not sort by {}", key->name);
        std::ranges::stable_sort(images, key->less);
    }
    if (flags.order == "desc")
        std::ranges::reverse(images);
}

std::string list_text(const std::vector<ImageRecord>& images, const std::vector<Field>& shown,
                      const ListFlags& flags) {
    std::vector<Row> rows;
    Row legend;
    for (const Field& field : shown)
        legend.emplace_back(field.legend);
    if (!flags.no_legend)
        rows.push_back(legend);
    for (const ImageRecord& image : images) {
        Row row;
        for (const Field& field : shown)
            row.push_back(flags.full ? field.full(image) : field.brief(image));
        rows.push_back(std::move(row));
    }
    return align(rows);
}

Json list_json(const std::vector<ImageRecord>& images, const std::vector<Field>& shown) {
    Json::List list;
    for (const ImageRecord& image : images) {
        Json json(Json::Object{});
        for (const Field& field : shown)
            json.set(field.member, field.json(image));
        list.push_back(std::move(json));
    }
    return list;
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
    std::vector<Field> shown = read_fields("--fields", flags.fields);
    std::vector<ImageRecord> images = Store::open_to_look(globals->data_dir).images();
    sort(images, flags);
    std::vector<ImageRecord> faulty;
    std::ranges::copy_if(images, std::back_inserter(faulty), [](Record r) { return !r.fault.empty(); });
    std::erase_if(images, [](Record r) { return !r.fault.empty(); });
    if (format == Format::Text)
        fmt::print("{}", list_text(images, shown, flags));
    else
        fmt::print("{}", format_json(list_json(images, shown), format));
    for (const ImageRecord& image : faulty)
        warn("image {}: {}", image.id.str(), image.fault);
    return 0;
}

} // namespace rkt
