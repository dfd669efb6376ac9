// SPDX-License-Identifier: Apache-2.0

#include "appc/labels.h"

#include "appc/limits.h"
#include "appc/platform.h"
#include "appc/reader.h"
#include "appc/writer.h"

#include <set>

namespace rkt {

namespace {

Label read_label(Reader& reader) {
    return {
        .name = reader.word<AcIdentifier>("name"), .value = reader.text("value"), .unknown = reader.rest()};
}

std::vector<std::string> misfits(const Labels& labels) {
    std::vector<std::string> misfits;
    if (find_label(labels, "name") != nullptr)
        misfits.emplace_back("a label must not be called \"name\"");
    // An arch without an os says nothing that could be checked.
    const std::string* os = find_label(labels, "os");
    const std::string* arch = find_label(labels, "arch");
    if (os != nullptr && !is_known_os(*os))
        misfits.push_back(fmt::format("the os \"{}\" is unknown", *os));
    else if (os != nullptr && arch != nullptr && !is_known_platform({*os, *arch}))
        misfits.push_back(fmt::format("the arch \"{}\" is unknown for the os {}", *arch, *os));
    return misfits;
}

} // namespace

Json Label::json() const {
    return Writer(unknown).set("name", name).set("value", value).take();
}

const std::string* find_label(const Labels& labels, std::string_view name) {
    const Label* label = find_named(labels, name);
    return label != nullptr ? &label->value : nullptr;
}

void check_labels(const Labels& labels) {
    std::set<std::string_view> names;
    for (const Label& label : labels)
        if (!names.insert(label.name.str()).second)
            throw Error("the label \"{}\" is there twice", label.name);
    for (const std::string& misfit : misfits(labels))
        throw Error("{}", misfit);
}

Labels read_labels(Reader& reader) {
    Labels labels = reader.named_list("labels", limits::labels, read_label);
    for (const std::string& misfit : misfits(labels))
        reader.fault("labels", misfit);
    return labels;
}

} // namespace rkt
