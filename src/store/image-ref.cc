// SPDX-License-Identifier: Apache-2.0

#include "store/image-ref.h"

#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <array>

namespace rkt {

namespace {

constexpr std::string_view file_scheme = "file:";

// Kinds of references that rkt knows and this version cannot fetch.
constexpr std::array<std::string_view, 2> later_schemes = {"docker:", "cimd:"};

constexpr std::array<std::string_view, 2> web_schemes = {"http:", "https:"};

// "%20" and its like (RFC 3986 §2.1).
std::string decode_percents(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            result += text[i];
            continue;
        }
        auto byte = parse_hex(text.substr(i + 1, 2));
        if (!byte || byte->size() != 1 || byte->front() == 0)
            throw Error("\"{}\" is not a path in a URL", text);
        result += static_cast<char>(byte->front());
        i += 2;
    }
    return result;
}

// file:///path and file://localhost/path.
std::filesystem::path parse_file_url(std::string_view word) {
    std::string_view rest = word.substr(file_scheme.size());
    for (std::string_view host : {"//localhost/", "///"})
        if (rest.starts_with(host))
            return decode_percents(rest.substr(host.size() - 1));
    throw Error("\"{}\" is not the URL of a file: that would be file:///…", word);
}

bool is_path(std::string_view word) {
    return word.starts_with('/') || word.find("./") != std::string_view::npos;
}

void refuse_later_kinds(std::string_view word) {
    for (std::string_view scheme : later_schemes)
        if (word.starts_with(scheme))
            throw Error("\"{}\": fetching from {} is not supported yet", word,
                        scheme.substr(0, scheme.size() - 1));
    if (word.find("://") != std::string_view::npos)
        throw Error("\"{}\" is no kind of image that is known: a path, a URL of http or https, an id, a name",
                    word);
}

bool is_web_url(std::string_view word) {
    return std::ranges::any_of(web_schemes,
                               [&](std::string_view scheme) { return word.starts_with(scheme); });
}

// With its labels in order a name may look like something else: "docker,version=3" is written docker:3.
ImageName parse_name(std::string_view word) { // NOLINT(misc-no-recursion): the second time it is in order
    ImageName name = ImageName::parse(word);
    std::string text = name.str();
    if (text != word && ImageRef::parse(text).name() == nullptr)
        throw Error("\"{}\" may be a name or the file {}", word, text);
    return name;
}

ImageRef parse_bare(std::string_view word) { // NOLINT(misc-no-recursion)
    bool looks_like_file = word.ends_with(".aci");
    if (looks_like_file && word.find(':') != std::string_view::npos)
        throw Error("\"{}\" may be a file or a name with a version: write ./{} for the file", word, word);
    if (looks_like_file)
        return {std::filesystem::path(word)};
    return {parse_name(word)};
}

void add_label(ImageName& name, std::string_view label, std::string_view value) {
    std::string key = AcIdentifier::parse(label).str();
    if (key == "name")
        throw Error("the label \"name\" is not allowed");
    if (!name.labels.emplace(key, value).second)
        throw Error("the label \"{}\" is given twice", key);
}

} // namespace

ImageName ImageName::parse(std::string_view text) {
    try {
        std::vector<std::string_view> parts = split(text, ',');
        std::string_view first = parts.front();
        auto colon = first.find(':');
        ImageName result{.name = AcIdentifier::parse(first.substr(0, colon))};
        if (colon != std::string_view::npos)
            add_label(result, "version", first.substr(colon + 1));
        for (std::size_t i = 1; i < parts.size(); ++i) {
            auto equals = parts[i].find('=');
            if (equals == std::string_view::npos)
                throw Error("\"{}\" is no label: that would be NAME=VALUE", parts[i]);
            add_label(result, parts[i].substr(0, equals), parts[i].substr(equals + 1));
        }
        return result;
    } catch (Error& error) {
        error.during("reading the image name \"{}\"", text);
        throw;
    }
}

std::string ImageName::str() const {
    std::string text = name.str();
    if (auto version = labels.find("version"); version != labels.end())
        text += ":" + version->second;
    for (const auto& [label, value] : labels)
        if (label != "version")
            text.append(",").append(label).append("=").append(value);
    return text;
}

ImageRef ImageRef::parse(std::string_view word) { // NOLINT(misc-no-recursion)
    if (word.starts_with("sha512-"))
        return {ImageIdPrefix::parse(word)};
    if (word.starts_with(file_scheme))
        return {parse_file_url(word)};
    if (is_web_url(word))
        return {Url::parse(word)};
    refuse_later_kinds(word);
    if (is_path(word))
        return {std::filesystem::path(word)};
    return parse_bare(word);
}

std::string ImageRef::str() const {
    if (const ImageIdPrefix* prefix = id())
        return prefix->str();
    if (const ImageName* asked = name())
        return asked->str();
    if (const Url* address = url())
        return address->str();
    const std::string& text = path()->native();
    return is_path(text) ? text : "./" + text;
}

} // namespace rkt
