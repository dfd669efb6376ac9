// SPDX-License-Identifier: Apache-2.0

#include "cmd-image/image-table.h"

#include "base/error.h"
#include "base/moment.h"
#include "base/table.h"
#include "base/text.h"
#include "config/fields.h"

#include <algorithm>
#include <array>

namespace rkt {

namespace {

constexpr std::size_t brief_id = 19; // "sha512-" and 12 digits

std::string name_of(const ImageRecord& record) {
    auto version = record.source.labels.find("version");
    return record.source.name + (version == record.source.labels.end() ? "" : ":" + version->second);
}

std::string size_of(const ImageRecord& record) {
    return readable_size(record.source.size);
}

std::int64_t nanoseconds(Time time) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

using Record = const ImageRecord&;

constexpr std::array fields = {
    ImageField{"id", "ID", "id", [](Record r) { return r.id.str().substr(0, brief_id); },
               [](Record r) { return r.id.str(); }, [](Record r) { return Json(r.id.str()); }, nullptr},
    ImageField{"name", "NAME", "name", name_of, name_of, [](Record r) { return Json(name_of(r)); },
               [](Record a, Record b) { return name_of(a) < name_of(b); }},
    ImageField{"size", "SIZE", "size", size_of, [](Record r) { return std::to_string(r.source.size); },
               [](Record r) { return Json(r.source.size); },
               [](Record a, Record b) { return a.source.size < b.source.size; }},
    ImageField{"importtime", "IMPORT TIME", "import_time", [](Record r) { return ago(r.source.imported); },
               [](Record r) { return in_full(r.source.imported); },
               [](Record r) { return Json(nanoseconds(r.source.imported)); },
               [](Record a, Record b) { return a.source.imported < b.source.imported; }},
    ImageField{"lastused", "LAST USED", "last_used_time", [](Record r) { return ago(r.used); },
               [](Record r) { return in_full(r.used); }, [](Record r) { return Json(nanoseconds(r.used)); },
               [](Record a, Record b) { return a.used < b.used; }},
};

} // namespace

std::vector<ImageField> parse_image_fields(const char* flag, std::string_view names) {
    return parse_fields(flag, names, fields);
}

// By the last key first, so that each one before it has the last word.
void sort_images(std::vector<ImageRecord>& images, const std::vector<ImageField>& keys,
                 std::string_view order) {
    if (order != "asc" && order != "desc")
        throw UsageError("--order takes asc or desc, not {}", order);
    for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
        if (key->less == nullptr)
            throw UsageError("--sort does not sort by {}", key->name);
        std::ranges::stable_sort(images, key->less);
    }
    if (order == "desc")
        std::ranges::reverse(images);
}

std::string image_list_text(const std::vector<ImageRecord>& images, const std::vector<ImageField>& shown,
                            const ImageListForm& form) {
    std::vector<Row> rows;
    Row legend;
    for (const ImageField& field : shown)
        legend.emplace_back(field.legend);
    if (form.legend)
        rows.push_back(legend);
    for (const ImageRecord& image : images) {
        Row row;
        for (const ImageField& field : shown)
            row.push_back(form.full ? field.full(image) : field.brief(image));
        rows.push_back(std::move(row));
    }
    return align(rows);
}

Json image_list_json(const std::vector<ImageRecord>& images, const std::vector<ImageField>& shown) {
    Json::List list;
    for (const ImageRecord& image : images) {
        Json json(Json::Object{});
        for (const ImageField& field : shown)
            json.set(field.member, field.json(image));
        list.push_back(std::move(json));
    }
    return list;
}

} // namespace rkt
