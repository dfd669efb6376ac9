// SPDX-License-Identifier: Apache-2.0

#include "fetch/wanted.h"

#include "appc/platform.h"
#include "base/error.h"

namespace rkt {

namespace {

void check_label(const ImageSource& image, const std::string& label, std::string_view value) {
    auto found = image.labels.find(label);
    if (found == image.labels.end())
        throw Error("the image that came has no label {}, and {} was wanted", label, value);
    if (found->second != value)
        throw Error("the image that came has the label {}={}, and {} was wanted", label, found->second,
                    value);
}

// An image without the label is for any machine (AC-TYPE-12).
void check_machine(const ImageSource& image, const ImageName& asked, const std::string& label,
                   std::string_view host) {
    if (!asked.labels.contains(label) && image.labels.contains(label))
        check_label(image, label, host);
}

void check_name(const ImageSource& image, const ImageName& asked) {
    if (image.name != asked.name.str())
        throw Error("the image that came is {}", image.name);
    for (const auto& [label, value] : asked.labels)
        check_label(image, label, value);
    check_machine(image, asked, "os", host_platform().os);
    check_machine(image, asked, "arch", host_platform().arch);
}

} // namespace

Wanted Wanted::dependency(const Dependency& dependency) {
    ImageName name = {.name = dependency.image_name};
    for (const Label& label : dependency.labels)
        name.labels.emplace(label.name.str(), label.value);
    return {.image = {std::move(name)}, .id = dependency.image_id, .size = dependency.size};
}

std::string Wanted::key() const {
    return fmt::format("{} {} {}", image.str(), id ? id->str() : "-", size ? std::to_string(*size) : "-");
}

void check_is_wanted(const ImageId& id, const ImageSource& image, const Wanted& wanted) {
    if (const ImageName* asked = wanted.image.name())
        check_name(image, *asked);
    if (wanted.id && id != *wanted.id)
        throw Error("the image that came is {}, and {} was wanted", id.brief(), wanted.id->brief());
}

void check_is_wanted(const StoredImage& image, const Wanted& wanted) {
    check_is_wanted(image.id, image.store.source(image.id), wanted);
}

} // namespace rkt
