// SPDX-License-Identifier: Apache-2.0

#include "appc/annotations.h"

#include "appc/limits.h"
#include "appc/reader.h"
#include "appc/timestamp.h"
#include "appc/writer.h"

#include <algorithm>

namespace rkt {

namespace {

constexpr std::string_view systemd_notify = "appc.io/executor/supports-systemd-notify";

// Whether it is http or https and names a host; what is behind the host is between browser and server.
bool is_web_address(std::string_view url) {
    auto is_blank = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; };
    if (std::ranges::any_of(url, is_blank))
        return false;
    auto scheme_end = url.find("://");
    std::string_view scheme = url.substr(0, scheme_end);
    if (scheme_end == std::string_view::npos || (scheme != "http" && scheme != "https"))
        return false;
    std::string_view authority = url.substr(scheme_end + 3);
    authority = authority.substr(0, authority.find_first_of("/?#"));
    std::string_view host = authority.substr(authority.rfind('@') + 1);
    return !host.empty() && !host.starts_with(':');
}

void check_value(Reader& reader, const Annotation& annotation) {
    const auto& [name, value, unknown] = annotation;
    if ((name == "homepage" || name == "documentation") && !is_web_address(value))
        reader.fault("value", fmt::format("\"{}\" is no http or https address", value));
    if (name == systemd_notify && value != "true" && value != "false")
        reader.warn("value", fmt::format("\"{}\" is taken for false: only true and false are known", value));
    if (name == "created")
        reader.optional_word<Timestamp>("value");
}

Annotation read_annotation(Reader& reader) {
    Annotation annotation{
        .name = reader.word<AcIdentifier>("name"), .value = reader.text("value"), .unknown = reader.rest()};
    check_value(reader, annotation);
    return annotation;
}

} // namespace

Json Annotation::json() const {
    return Writer(unknown).set("name", name).set("value", value).take();
}

const std::string* find_annotation(const Annotations& annotations, std::string_view name) {
    const Annotation* annotation = find_named(annotations, name);
    return annotation != nullptr ? &annotation->value : nullptr;
}

Annotations merge_annotations(Annotations image, const Annotations& app) {
    for (const Annotation& annotation : app)
        put_named(image, annotation);
    return image;
}

bool supports_systemd_notify(const Annotations& annotations) {
    const std::string* value = find_annotation(annotations, systemd_notify);
    return value != nullptr && *value == "true";
}

Annotations read_annotations(Reader& reader) {
    return reader.named_list("annotations", limits::annotations, read_annotation);
}

} // namespace rkt
