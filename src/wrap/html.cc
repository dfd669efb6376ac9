// SPDX-License-Identifier: Apache-2.0

#include "wrap/html.h"

#include "base/error.h"
#include "wrap/handle.h"

#include <cstring>
#include <exception>
#include <new>
#include <utility>

#include <libxml/HTMLparser.h>

namespace rkt {

namespace {

// libxml2 calls back from C, where nothing may be thrown.
struct Found {
    std::vector<HtmlMeta> metas = {};
    std::size_t most = 0;
    std::exception_ptr thrown = nullptr;
};

const char* text(const xmlChar* bytes) noexcept {
    return reinterpret_cast<const char*>(bytes);
}

// Pairs of name and value, with a null at the end; an attribute may have no value.
const char* find_attribute(const xmlChar** attributes, const char* name) noexcept {
    for (; attributes != nullptr && attributes[0] != nullptr; attributes += 2)
        if (std::strcmp(text(attributes[0]), name) == 0)
            return text(attributes[1]);
    return nullptr;
}

void add(Found& found, const xmlChar** attributes) {
    const char* name = find_attribute(attributes, "name");
    const char* content = find_attribute(attributes, "content");
    if (name == nullptr || content == nullptr)
        return;
    if (found.metas.size() == found.most)
        throw Error("reading a page: it has more than {} <meta> tags", found.most);
    found.metas.push_back({.name = name, .content = content});
}

void start_element(void* context, const xmlChar* element, const xmlChar** attributes) noexcept {
    auto& found = *static_cast<Found*>(context);
    if (found.thrown || std::strcmp(text(element), "meta") != 0)
        return;
    try {
        add(found, attributes);
    } catch (...) {
        found.thrown = std::current_exception();
    }
}

} // namespace

// Read whole: libxml2's parser for pieces does not look behind </html>.
std::vector<HtmlMeta> read_metas(std::string_view page, std::size_t most) {
    constexpr std::size_t largest = 64 << 20; // as a precaution: sizes are limited by who gets pages
    if (page.empty())
        return {};
    if (page.size() > largest)
        throw Error("reading a page: it is larger than {} bytes", largest);
    Handle<htmlParserCtxt, htmlFreeParserCtxt> parser(
        htmlCreateMemoryParserCtxt(page.data(), static_cast<int>(page.size())));
    if (!parser)
        throw std::bad_alloc();
    Found found = {.most = most};
    *parser->sax = {};
    parser->sax->startElement = start_element;
    parser->userData = &found;
    htmlCtxtUseOptions(parser.get(), HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING);
    htmlParseDocument(parser.get());
    if (found.thrown)
        std::rethrow_exception(std::exchange(found.thrown, nullptr));
    return std::move(found.metas);
}

} // namespace rkt
