// SPDX-License-Identifier: Apache-2.0
//
// What both kinds of manifests have in common: one JSON object that says its kind and the version of
// the spec it follows.

#pragma once

#include "appc/image-id.h"
#include "appc/reader.h"
#include "appc/version.h"

#include <optional>
#include <string_view>
#include <utility>

namespace rkt {

template <>
inline constexpr std::string_view stand_in<SemVer> = "0.0.0";

// The JSON of a document, within the limits of manifests (AC-TYPE-17, IMG-18). The name says what it
// is, "an image manifest", and stands in every Error.
Json parse_document(std::string_view text, std::string_view name);

// Reads "acKind", which must be the one given (AC-TYPE-4).
void read_kind(Reader& reader, std::string_view kind);

// Reads "acVersion": of our major number. A newer one of the same major is read, with a warning
// (AC-TYPE-6).
SemVer read_version(Reader& reader);

// Reads an image id that may be absent. Where we are lenient one that was left out, "sha512-...", is
// absent too, with a warning, and stays in the document.
std::optional<ImageId> read_image_id(Reader& reader, std::string_view name);

// Reads a whole document. Throws one Error for all of its faults.
template <class Read>
auto read_document(std::string_view text, std::string_view name, Strictness strictness, Read read)
    -> Examined<std::invoke_result_t<Read, Reader&>> {
    Json document = parse_document(text, name);
    Findings findings;
    Reader reader(document.object(), "", findings, strictness);
    auto value = read(reader);
    findings.refuse_faults(name);
    return {std::move(value), findings.take_warnings()};
}

} // namespace rkt
