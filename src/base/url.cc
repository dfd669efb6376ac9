// SPDX-License-Identifier: Apache-2.0

#include "base/url.h"

#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <vector>

namespace rkt {

namespace {

constexpr std::size_t longest = 8192;

// Servers take other bytes only as "%20" and its like; a line break would begin another header.
bool is_sendable(char c) noexcept {
    return c > ' ' && c < 0x7f;
}

bool is_host_name(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return is_lower_alphanumeric(c) || c == '.' || c == '-' || c == '_';
    });
}

bool is_address(std::string_view name) { // "[::1]"
    return name.size() > 2 && name.front() == '[' && name.back() == ']' &&
           name.substr(1, name.size() - 2).find_first_not_of("0123456789abcdef:.") == std::string_view::npos;
}

bool is_port(std::string_view text) {
    auto port = parse_number(text);
    return port && *port > 0 && *port < 65536;
}

bool is_host(std::string_view host) {
    std::size_t end = host.starts_with('[') ? host.find(']') : 0;
    if (end == std::string_view::npos)
        return false;
    std::size_t colon = host.find(':', end);
    std::string_view name = host.substr(0, colon);
    return (is_host_name(name) || is_address(name)) &&
           (colon == std::string_view::npos || is_port(host.substr(colon + 1)));
}

// A password is not repeated.
std::string to_be_shown(std::string_view text) {
    constexpr std::size_t enough = 200;
    std::string shown(text.substr(0, enough));
    std::size_t at = shown.find('@');
    std::size_t slashes = shown.find("//");
    if (at != std::string::npos && slashes < at)
        shown.replace(slashes + 2, at - slashes - 2, "...");
    return shown;
}

Url take_apart(std::string_view text) {
    if (text.size() > longest)
        throw Error("it is longer than {} bytes", longest);
    if (!std::ranges::all_of(text, is_sendable))
        throw Error("it has a byte that has to be written as %XX");
    std::size_t colon = text.find("://");
    Url url = {.scheme = lower_case(text.substr(0, colon)), .host = {}, .path = {}};
    if (colon == std::string_view::npos || (url.scheme != "http" && url.scheme != "https"))
        throw Error("it is none of http or https");
    std::string_view rest = text.substr(colon + 3);
    rest = rest.substr(0, rest.find('#'));
    std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
    if (rest.substr(0, end).find('@') != std::string_view::npos)
        throw Error("users and passwords are read from auth.d, not from URLs");
    url.host = lower_case(rest.substr(0, end));
    if (!is_host(url.host))
        throw Error("\"{}\" is no host", url.host);
    url.path = rest.substr(end);
    if (!url.path.starts_with('/'))
        url.path.insert(0, "/");
    return url;
}

bool has_scheme(std::string_view link) {
    std::size_t end = link.find_first_of(":/?#");
    return end != std::string_view::npos && end > 0 && link[end] == ':';
}

// "/a/b/../c/./d" gives "/a/c/d" (RFC 3986 §5.2.4).
std::string without_dots(std::string_view path) {
    std::string_view query = path.substr(std::min(path.find('?'), path.size()));
    std::vector<std::string> parts;
    std::vector<std::string_view> given = split(path.substr(1, path.size() - query.size() - 1), '/');
    for (std::size_t i = 0; i < given.size(); ++i) {
        bool is_dot = given[i] == "." || given[i] == "..";
        if (given[i] == ".." && !parts.empty())
            parts.pop_back();
        if (!is_dot)
            parts.emplace_back(given[i]);
        else if (i + 1 == given.size())
            parts.emplace_back();
    }
    return "/" + join(parts, "/") + std::string(query);
}

} // namespace

Url Url::parse(std::string_view text) {
    try {
        return take_apart(text);
    } catch (Error& error) {
        error.during("reading the URL \"{}\"", to_be_shown(text));
        throw;
    }
}

Url Url::resolve(std::string_view link) const {
    if (has_scheme(link))
        return parse(link);
    if (link.starts_with("//"))
        return parse(scheme + ":" + std::string(link));
    std::string base = path.substr(0, path.find('?'));
    std::string wanted;
    if (link.starts_with('?'))
        wanted = base + std::string(link);
    else if (link.starts_with('/'))
        wanted = link;
    else
        wanted = base.substr(0, base.rfind('/') + 1) + std::string(link);
    Url url = parse(scheme + "://" + host + wanted);
    url.path = without_dots(url.path);
    return url;
}

std::string Url::file_name() const {
    std::string_view whole = std::string_view(path).substr(0, path.find('?'));
    std::string_view last = whole.substr(whole.rfind('/') + 1);
    return std::string(last.empty() ? std::string_view(host) : last);
}

} // namespace rkt
