// SPDX-License-Identifier: Apache-2.0
//
// rkt image verify: whether what is stored of images is still what was fetched.

#include "cmd-image/verb.h"

#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "config/json-format.h"
#include "fetch/verify.h"

#include <array>

namespace rkt {

namespace {

constexpr std::array<const char*, 3> conditions = {"whole", "unknown", "damaged"};

const char* name_of(Condition condition) {
    return conditions.at(static_cast<std::size_t>(condition));
}

void print(const ImageId& id, const Verdict& verdict) {
    fmt::print("{}\t{}{}{}\n", id.brief(), name_of(verdict.condition), verdict.reason.empty() ? "" : "\t",
               printable(verdict.reason));
    std::fflush(stdout); // the next may take long
}

Json json_of(const ImageId& id, const Verdict& verdict) {
    Json json = Json::Object{{"id", id.str()}, {"condition", name_of(verdict.condition)}};
    if (!verdict.reason.empty())
        json.set("reason", as_utf8(verdict.reason));
    return json;
}

// Before anything is read: a name that is wrong should not be told after an hour.
std::vector<ImageId> resolve_all(const Store& store, const std::vector<ImageRef>& asked) {
    std::vector<ImageId> ids;
    ids.reserve(asked.size());
    for (const ImageRef& image : asked)
        ids.push_back(store.resolve(image));
    return ids;
}

Verdict verify(const Store& store, const ImageId& id) {
    try {
        return verify_image(store, id);
    } catch (Error& error) {
        error.during("verifying image {}", id.brief());
        throw;
    }
}

} // namespace

int image_verify(const Words& words) {
    VerbLine verb("rkt image verify [FLAGS] IMAGE…",
                  "Checks that what is stored of images is as it was fetched.");
    std::vector<ImageRef> asked;
    std::optional<std::string> format_word;
    verb.line.option("--format", format_word, "json or json-pretty");
    verb.line.words(
        "IMAGE", [&](const std::string& word) { asked.push_back(ImageRef::parse(word)); }, "An ID or a name");
    std::optional<Globals> globals = verb.read(words);
    if (!globals)
        return 0;
    Format format = parse_format(format_word);
    if (asked.empty())
        throw UsageError("image verify takes at least one image");
    require_root("rkt image verify", "reads what is root's alone");
    Store store = Store::open(globals->data_dir);
    Json list(Json::List{});
    std::size_t damaged = 0;
    for (const ImageId& id : resolve_all(store, asked)) {
        Verdict verdict = verify(store, id);
        damaged += verdict.condition == Condition::Damaged ? 1 : 0;
        if (format == Format::Text)
            print(id, verdict);
        else
            list.append(json_of(id, verdict));
    }
    if (format != Format::Text)
        fmt::print("{}", format_json(list, format));
    if (damaged != 0)
        throw Error(
            "{} of {} images damaged: rkt image rm removes such an image, and rkt fetch gets it again",
            damaged, asked.size());
    return 0;
}

} // namespace rkt
