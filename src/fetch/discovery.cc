// SPDX-License-Identifier: Apache-2.0

#include "fetch/discovery.h"

#include "appc/platform.h"
#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "fetch/web.h"
#include "wrap/html.h"

#include <algorithm>

namespace rkt {

namespace {

constexpr const char* image_tag = "ac-discovery";
constexpr const char* keys_tag = "ac-discovery-pubkeys";

// A page is asked for in vain often enough: what is no page is not asked for again and again.
constexpr int page_tries = 2;

std::optional<DiscoveryTag> parse_tag(std::string_view content) {
    constexpr std::string_view blanks = " \t\r\n\f";
    content = trim(content);
    std::size_t end = content.find_first_of(blanks);
    if (end == std::string_view::npos)
        return std::nullopt;
    return DiscoveryTag{.prefix = std::string(content.substr(0, end)),
                        .target = std::string(trim(content.substr(end)))};
}

// What stands for a word in braces; nothing if nothing does.
std::optional<std::string_view> value_of(std::string_view word, const ImageName& image,
                                         std::string_view extension) {
    if (word == "name")
        return image.name.str();
    if (word == "ext")
        return extension;
    auto label = image.labels.find(std::string(word));
    if (label == image.labels.end())
        return std::nullopt;
    return label->second;
}

// "a/b" above "a/b/c"; nothing above the host.
std::optional<std::string> place_above(const std::string& place) {
    std::size_t slash = place.rfind('/');
    if (slash == std::string::npos)
        return std::nullopt;
    return place.substr(0, slash);
}

} // namespace

DiscoveryPage DiscoveryPage::parse(std::string_view html) {
    DiscoveryPage page;
    for (const HtmlMeta& meta : read_metas(html)) {
        bool is_image = meta.name == image_tag;
        if (!is_image && meta.name != keys_tag)
            continue;
        if (std::optional<DiscoveryTag> tag = parse_tag(meta.content))
            (is_image ? page.images : page.keys).push_back(std::move(*tag));
    }
    return page;
}

std::optional<std::string> render_template(std::string_view text, const ImageName& image,
                                           std::string_view extension) {
    std::string result;
    bool has_extension = false;
    while (!text.empty()) {
        std::size_t open = std::min(text.find('{'), text.size());
        result += text.substr(0, open);
        text.remove_prefix(open);
        if (text.empty())
            break;
        std::size_t close = text.find('}');
        if (close == std::string_view::npos)
            return std::nullopt;
        std::string_view word = text.substr(1, close - 1);
        std::optional<std::string_view> value = value_of(word, image, extension);
        if (!value)
            return std::nullopt;
        result += *value;
        has_extension = has_extension || word == "ext";
        text.remove_prefix(close + 1);
    }
    return has_extension ? std::optional(result) : std::nullopt;
}

ImageName with_defaults(ImageName asked) {
    Platform host = host_platform();
    asked.labels.emplace("os", host.os);
    asked.labels.emplace("arch", host.arch);
    if (std::string& version = asked.labels["version"]; version.empty())
        version = "latest";
    return asked;
}

Discovery::Discovery(Web& web)
    : Discovery([&web](const Url& page) { return web.text(page, web_text_limit, page_tries); },
                web.options().allow_http) {}

std::optional<DiscoveryPage> Discovery::try_page(const Url& url) {
    trace("looking for images at {}", url.str());
    try {
        DiscoveryPage page = DiscoveryPage::parse(get_page_(url));
        is_anyone_there_ = true;
        return page;
    } catch (const TlsError& error) {
        if (!allow_http_ || !url.is_https())
            throw;
        warn("{}; trying http", error.what());
        failed_.emplace_back(error.what());
    } catch (const ConnectError& error) {
        failed_.emplace_back(error.what());
    } catch (const Error& error) {
        is_anyone_there_ = true;
        failed_.emplace_back(error.what());
    }
    return std::nullopt;
}

std::optional<DiscoveryPage> Discovery::page_at(const std::string& place) {
    if (auto known = pages_.find(place); known != pages_.end())
        return known->second;
    std::optional<DiscoveryPage> page = try_page(Url::parse("https://" + place + "?ac-discovery=1"));
    if (!page && allow_http_)
        page = try_page(Url::parse("http://" + place + "?ac-discovery=1"));
    if (page)
        pages_.emplace(place, *page);
    return page;
}

// `use` says whether the page had what was looked for. Where nobody answers for one place, nobody will for
// those above it: they have the same host.
void Discovery::walk(const std::string& name, const char* tag, const Use& use) {
    failed_.clear();
    is_anyone_there_ = false;
    for (std::optional<std::string> place = name; place; place = place_above(*place)) {
        std::optional<DiscoveryPage> page = page_at(*place);
        if (page && use(*page))
            return;
        if (page)
            failed_.push_back(fmt::format("the page of {} has no tag {} for it", *place, tag));
        else if (!is_anyone_there_)
            break;
    }
    throw Error("nothing is found about {}: {}", name, join(failed_, "; "));
}

std::optional<Url> Discovery::usable_url(const std::string& text) {
    try {
        Url url = Url::parse(text);
        if (url.is_https() || allow_http_)
            return url;
        failed_.push_back(text + " goes without TLS, which --insecure-options=http allows");
    } catch (const Error& error) {
        failed_.emplace_back(error.what());
    }
    return std::nullopt;
}

std::optional<Endpoint> Discovery::endpoint_of(const DiscoveryTag& tag, const ImageName& image) {
    if (!image.name.is_below(tag.prefix))
        return std::nullopt;
    std::optional<std::string> image_text = render_template(tag.target, image, "aci");
    std::optional<std::string> signature_text = render_template(tag.target, image, "aci.asc");
    if (!image_text || !signature_text) {
        failed_.push_back(
            fmt::format("the template {} has no {{ext}}, or something else left in braces", tag.target));
        return std::nullopt;
    }
    std::optional<Url> image_url = usable_url(*image_text);
    std::optional<Url> signature_url = usable_url(*signature_text);
    if (!image_url || !signature_url)
        return std::nullopt;
    return Endpoint{.image = std::move(*image_url), .signature = std::move(*signature_url)};
}

std::vector<Endpoint> Discovery::find_images(const ImageName& asked) {
    ImageName image = with_defaults(asked);
    std::vector<Endpoint> endpoints;
    walk(image.name.str(), image_tag, [&](const DiscoveryPage& page) {
        for (const DiscoveryTag& tag : page.images)
            if (std::optional<Endpoint> endpoint = endpoint_of(tag, image))
                endpoints.push_back(std::move(*endpoint));
        return !endpoints.empty();
    });
    std::stable_partition(endpoints.begin(), endpoints.end(),
                          [](const Endpoint& endpoint) { return endpoint.image.is_https(); });
    return endpoints;
}

std::vector<Url> Discovery::find_keys(const AcIdentifier& name) {
    std::vector<Url> keys;
    walk(name.str(), keys_tag, [&](const DiscoveryPage& page) {
        for (const DiscoveryTag& tag : page.keys)
            if (name.is_below(tag.prefix))
                if (std::optional<Url> url = usable_url(tag.target))
                    keys.push_back(std::move(*url));
        return !keys.empty();
    });
    return keys;
}

} // namespace rkt
