// SPDX-License-Identifier: Apache-2.0
//
// A URL, and on a second line a link in its document, as a redirection or a page has one.

#include "target.h"

#include "base/url.h"

void rkt::fuzz::read(std::string_view bytes) {
    std::size_t end = bytes.find('\n');
    Url url = Url::parse(bytes.substr(0, end));
    require(Url::parse(url.str()) == url, "a URL is read as it is written");
    (void)url.file_name();
    if (end == bytes.npos)
        return;
    Url link = url.resolve(bytes.substr(end + 1));
    require(Url::parse(link.str()) == link, "where a link leads is a URL");
    require(link.path.starts_with('/'), "where a link leads has a path");
}
