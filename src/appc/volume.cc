// SPDX-License-Identifier: Apache-2.0

#include "appc/volume.h"

#include "appc/limits.h"
#include "appc/path.h"
#include "appc/reader.h"
#include "appc/writer.h"
#include "base/text.h"

#include <algorithm>
#include <charconv>

namespace rkt {

namespace {

constexpr std::uint32_t usual_mode = 0755;
constexpr std::uint32_t all_modes = 07777;

Volume::Kind read_kind(Reader& reader) {
    std::string kind = reader.text("kind");
    if (reader.has("kind") && kind != "empty" && kind != "host")
        reader.fault("kind", fmt::format("\"{}\" is neither empty nor host", kind));
    return kind == "empty" ? Volume::Kind::Empty : Volume::Kind::Host;
}

std::string_view kind_name(Volume::Kind kind) {
    return kind == Volume::Kind::Empty ? "empty" : "host";
}

// A mode in octal digits; nothing if it is none.
std::optional<std::uint32_t> parse_mode(std::string_view text) {
    std::uint32_t mode = 0;
    const char* end = text.data() + text.size();
    auto [stopped, fault] = std::from_chars(text.data(), end, mode, 8);
    bool whole = !text.empty() && stopped == end && fault == std::errc();
    return whole && mode <= all_modes ? std::optional(mode) : std::nullopt;
}

std::string mode_text(std::uint32_t mode) {
    return fmt::format("{:04o}", mode);
}

std::uint32_t read_mode(Reader& reader) {
    auto text = reader.optional_text("mode");
    auto mode = text ? parse_mode(*text) : usual_mode;
    if (!mode)
        reader.fault("mode", fmt::format("\"{}\" is no octal mode such as 0755", *text));
    return mode.value_or(usual_mode);
}

std::uint32_t read_id(Reader& reader, std::string_view name) {
    // The last number means "leave as it is" to the kernel.
    return static_cast<std::uint32_t>(reader.optional_number(name, 0, UINT32_MAX - 1).value_or(0));
}

bool leads_upwards(std::string_view path) {
    auto components = split(path, '/');
    return std::ranges::find(components, "..") != components.end();
}

void check_host(Reader& reader) {
    for (std::string_view name : {"mode", "uid", "gid"})
        if (reader.has(name))
            reader.fault(name, "is only for a volume of the kind empty");
    std::string source = reader.filled_text("source");
    if (!source.empty() && !source.starts_with('/'))
        reader.fault("source", fmt::format("\"{}\" is not absolute", source));
    if (leads_upwards(source))
        reader.fault("source", fmt::format("\"{}\" has a \"..\"", source));
    if (source.size() > limits::path_length)
        reader.fault("source", "the path is too long");
}

void check_empty(Reader& reader) {
    if (reader.has("source"))
        reader.fault("source", "is only for a volume of the kind host");
    if (reader.has("recursive"))
        reader.warn("recursive", "is ignored for a volume of the kind empty");
}

// The value that the word would have in a manifest: null, and a fault, when it is none.
Json word_value(std::string_view name, std::string_view text, Findings& findings) {
    if (name == "readOnly" || name == "recursive") {
        if (text == "true" || text == "1")
            return true;
        if (text == "false" || text == "0")
            return false;
        findings.fault(name, fmt::format("\"{}\" is neither true nor false", text));
        return {};
    }
    if (name != "uid" && name != "gid")
        return text;
    auto number = parse_number(text);
    if (!number)
        findings.fault(name, fmt::format("\"{}\" is no number", text));
    return number ? Json(*number) : Json();
}

// "name,key=value,…" as the object that it would be in a manifest.
Json::Object parse_words(std::string_view text, Findings& findings) {
    constexpr std::string_view known[] = {"kind", "source", "readOnly", "recursive", "mode", "uid", "gid"};
    auto words = split(text, ',');
    Json::Object object = {{"name", words.front()}};
    for (std::string_view word : std::span(words).subspan(1)) {
        auto equals = word.find('=');
        std::string_view name = word.substr(0, equals);
        if (equals == std::string_view::npos || std::ranges::find(known, name) == std::end(known))
            findings.fault("", fmt::format("\"{}\" is not one of {}=", word, fmt::join(known, "=, ")));
        else if (!object.emplace(name, word_value(name, word.substr(equals + 1), findings)).second)
            findings.fault(name, "is there twice");
    }
    return object;
}

} // namespace

Volume Volume::parse(std::string_view text) {
    Findings findings;
    Json::Object object = parse_words(text, findings);
    Reader reader(object, "", findings, Strictness::Strict);
    Volume volume = read_volume(reader);
    findings.refuse_faults(fmt::format("the volume \"{}\"", text));
    return volume;
}

std::string Volume::str() const {
    std::string text = fmt::format("{},kind={}", name, kind_name(kind));
    if (kind == Kind::Host)
        text += ",source=" + source;
    if (read_only)
        text += ",readOnly=true";
    if (recursive)
        text += fmt::format(",recursive={}", *recursive);
    if (mode != usual_mode)
        text += ",mode=" + mode_text(mode);
    if (uid != 0)
        text += fmt::format(",uid={}", uid);
    if (gid != 0)
        text += fmt::format(",gid={}", gid);
    return text;
}

Json Volume::json() const {
    Writer writer(unknown);
    writer.set("name", name).set("kind", kind_name(kind)).set_unless(false, "readOnly", read_only);
    if (recursive)
        writer.set("recursive", *recursive);
    if (kind == Kind::Host)
        return writer.set("source", source).take();
    return writer.set_unless(mode_text(usual_mode), "mode", mode_text(mode))
        .set_unless(0U, "uid", uid)
        .set_unless(0U, "gid", gid)
        .take();
}

Json Mount::json() const {
    Writer writer(unknown);
    writer.set("volume", volume).set("path", path);
    if (app_volume)
        writer.set("appVolume", app_volume->json());
    return writer.take();
}

Volume read_volume(Reader& reader) {
    Volume volume{.name = reader.word<AcName>("name"),
                  .kind = read_kind(reader),
                  .source = reader.optional_text("source").value_or(""),
                  .read_only = reader.flag("readOnly"),
                  .recursive = reader.optional_flag("recursive"),
                  .mode = read_mode(reader),
                  .uid = read_id(reader, "uid"),
                  .gid = read_id(reader, "gid"),
                  .unknown = reader.rest()};
    if (auto kind = reader.optional_text("kind"); kind == "host")
        check_host(reader);
    else if (kind == "empty")
        check_empty(reader);
    return volume;
}

Mount read_mount(Reader& reader) {
    return {.volume = reader.word<AcName>("volume"),
            .path = read_clean_path(reader, "path"),
            .app_volume = reader.object("appVolume", read_volume),
            .unknown = reader.rest()};
}

} // namespace rkt
