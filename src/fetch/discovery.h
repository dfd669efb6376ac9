// SPDX-License-Identifier: Apache-2.0
//
// From the name of an image to where it lies: the <meta> tags of pages that the name itself leads to
// (App Container spec, DISC-1 to DISC-15).

#pragma once

#include "appc/name.h"
#include "base/url.h"
#include "store/image-ref.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

class Web;

// What a tag says: for images whose names begin so, look there.
struct DiscoveryTag {
    std::string prefix;
    std::string target; // a template for images, a URL for keys
};

struct DiscoveryPage {
    std::vector<DiscoveryTag> images = {}; // "ac-discovery"
    std::vector<DiscoveryTag> keys = {};   // "ac-discovery-pubkeys"

    // In the order of the page; what is none of ours, or has not two parts, is passed over (DISC-2).
    static DiscoveryPage parse(std::string_view html);
};

// Each {name} becomes the name, {ext} the extension, {label} that label's value. Nothing if there is no {ext}
// in it, or something else in braces (DISC-4, DISC-5, DISC-6).
std::optional<std::string> render_template(std::string_view text, const ImageName& image,
                                           std::string_view extension);

// With what discovery asks for where nothing is said: this machine's os and arch, and the version "latest"
// (DISC-7).
ImageName with_defaults(ImageName asked);

struct Endpoint {
    Url image;
    Url signature;
};

// Gives the text of a page, or throws.
using GetPage = std::function<std::string(const Url& page)>;

class Discovery {
public:
    // Plain http is only used if that is allowed: for pages behind https (DISC-13), and for images.
    Discovery(GetPage get_page, bool allow_http) : get_page_(std::move(get_page)), allow_http_(allow_http) {}
    explicit Discovery(Web& web);

    // Where the image may be, the best first: https before http, else as the page has it (DISC-8). Looks at
    // the page of the name, then of each name above it down to the host (DISC-9). Throws Error that lists
    // what was tried if nothing was found; a TlsError ends it at once (DISC-10).
    std::vector<Endpoint> find_images(const ImageName& image);

    // Where keys are for images below the name; no templates. Walks by itself, since keys and images may be
    // told of by different pages (DISC-12). What is found needs somebody's trust (DISC-14).
    std::vector<Url> find_keys(const AcIdentifier& name);

private:
    using Use = std::function<bool(const DiscoveryPage& page)>;

    void walk(const std::string& name, const char* tag, const Use& use);
    std::optional<DiscoveryPage> page_at(const std::string& place);
    std::optional<DiscoveryPage> try_page(const Url& url);
    std::optional<Url> usable_url(const std::string& text);
    std::optional<Endpoint> endpoint_of(const DiscoveryTag& tag, const ImageName& image);

    GetPage get_page_;
    bool allow_http_;
    bool is_anyone_there_ = false;
    std::vector<std::string> failed_ = {};
    std::map<std::string, DiscoveryPage> pages_ = {}; // by place, for the other walk
};

} // namespace rkt
