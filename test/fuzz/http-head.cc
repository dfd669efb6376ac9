// SPDX-License-Identifier: Apache-2.0
//
// The head of an answer, line by line, and what a download and the next one take from it.

#include "target.h"

#include "base/text.h"
#include "fetch/cache-control.h"
#include "fetch/validators.h"
#include "store/url-ref.h"

#include <algorithm>

namespace rkt::fuzz {

namespace {

HttpHead head_of(std::string_view lines) {
    HttpHead head = {.status = 200, .url = Url::parse("https://example.com/web.aci")};
    for (std::string_view line : split(lines, '\n'))
        head.take_line(line);
    return head;
}

bool is_one_line(const std::string& text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos;
}

void note(const HttpHead& head, const Validators& validators, std::chrono::seconds max_age) {
    static const ImageId image = ImageId::parse("sha512-" + std::string(128, 'a'));
    UrlRef ref = {.url = head.url,
                  .image = image,
                  .etag = validators.etag,
                  .last_modified = validators.last_modified,
                  .max_age = max_age};
    std::string text;
    try {
        text = UrlRef::parse(ref.json()).json();
    } catch (const Error&) {
        // Told below.
    }
    require(text == ref.json(), "what is noted of a URL is read as it is written");
}

} // namespace

void read(std::string_view bytes) {
    HttpHead head = head_of(bytes);
    for (const auto& [name, value] : head.headers) {
        require(name == lower_case(trim(name)), "names are in small letters, with no blanks around them");
        require(head.find(name) == &value, "a header that is there is found");
        std::optional<std::uint64_t> number = head.number(name);
        require(!number || value.ends_with(std::to_string(*number)), "a number is the one that stands there");
    }
    CacheControl control = cache_control_of(head);
    require(control.max_age.count() >= 0, "an answer does not hold until before it came");
    require(control.max_age <= std::chrono::hours(365 * 24), "an answer does not hold longer than a year");
    const Validators validators = validators_of(head);
    for (const std::string* text : {&validators.etag, &validators.last_modified, &validators.version()})
        require(is_one_line(*text), "what is sent back is a header and no more");
    note(head, validators, control.max_age);
    if (std::optional<ContentRange> range = content_range_of(head))
        require(range->first <= range->last && (!range->total || range->last < *range->total),
                "a part of a file lies in it");
    if (const std::string* link = head.find("location"))
        attempt([&] { require(is_one_line(head.url.resolve(*link).str()), "a link is one line"); });
}

} // namespace rkt::fuzz
