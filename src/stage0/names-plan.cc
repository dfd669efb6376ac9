// SPDX-License-Identifier: Apache-2.0

#include "stage0/names-plan.h"

#include "base/error.h"
#include "base/text.h"

#include <algorithm>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace rkt {

namespace {

// More than any resolver asks, or anybody writes on a line.
constexpr std::size_t most_servers = 16;
constexpr std::size_t most_words = 64;
constexpr std::size_t most_entries = 4096;
constexpr std::size_t longest_name = 253; // RFC 1035, section 2.3.4

bool is_address(const std::string& text) {
    in6_addr address = {};
    return ::inet_pton(AF_INET, text.c_str(), &address) == 1 ||
           ::inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

template <class T>
void put(std::vector<T>& list, T value, std::size_t most, std::string_view flag) {
    if (list.size() == most)
        throw UsageError("{} is given more than {} times", flag, most);
    list.push_back(std::move(value));
}

void check_word(std::string_view flag, std::string_view word) {
    bool plain = std::ranges::all_of(word, [](char c) { return c > ' ' && c < '\x7f'; });
    if (word.empty() || word.size() > longest_name || !plain)
        throw UsageError("{}={}: one word is needed, without blanks", flag, word);
}

bool is_name_character(char c) {
    return is_lower_alphanumeric(lower_case(c)) || c == '-' || c == '.' || c == '_';
}

bool is_of_host_alone(const std::string& address) {
    in6_addr ip6 = {};
    if (::inet_pton(AF_INET6, address.c_str(), &ip6) == 1)
        return IN6_IS_ADDR_LOOPBACK(&ip6) || IN6_IS_ADDR_LINKLOCAL(&ip6);
    return address.starts_with("127.") || address == "0.0.0.0" || address.find('%') != std::string::npos;
}

// The words of a line, however they are parted.
std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> words;
    std::string blanks(line);
    std::ranges::replace(blanks, '\t', ' ');
    for (std::string_view word : split(trim(blanks), ' '))
        if (!word.empty())
            words.emplace_back(word);
    return words;
}

} // namespace

void NamesPlan::take_dns(std::string_view word) {
    if (word == "host" || word == "none") {
        if (resolver != Resolver::Default)
            throw UsageError("--dns={}: it is given twice", word);
        resolver = word == "host" ? Resolver::Host : Resolver::None;
        return;
    }
    for (std::string_view server : split(word, ',')) {
        if (!is_address(std::string(server)))
            throw UsageError("--dns={}: \"{}\" is neither an IP address nor host nor none", word, server);
        put(asked.nameservers, std::string(server), most_servers, "--dns");
    }
}

void NamesPlan::take_search(std::string_view word) {
    for (std::string_view domain : split(word, ',')) {
        check_word("--dns-search", domain);
        put(asked.search, std::string(domain), most_words, "--dns-search");
    }
}

void NamesPlan::take_option(std::string_view word) {
    for (std::string_view option : split(word, ',')) {
        check_word("--dns-opt", option);
        put(asked.options, std::string(option), most_words, "--dns-opt");
    }
}

void NamesPlan::take_domain(std::string_view word) {
    check_word("--dns-domain", word);
    asked.domain = word;
}

void NamesPlan::take_entries(std::string_view word) {
    if (word == "host") {
        hosts_of_host = true;
        return;
    }
    for (std::string_view entry : split(word, ',')) {
        auto equals = entry.find('=');
        if (equals == std::string_view::npos)
            throw UsageError("--hosts-entry={}: \"{}\" is neither IP=NAME nor host", word, entry);
        std::string address(entry.substr(0, equals));
        if (!is_address(address))
            throw UsageError("--hosts-entry={}: \"{}\" is no IP address", word, address);
        check_host_name("--hosts-entry", entry.substr(equals + 1));
        put(entries, {address, std::string(entry.substr(equals + 1))}, most_entries, "--hosts-entry");
    }
}

void NamesPlan::check() const {
    if (resolver != Resolver::Default && asked != NetworkDns())
        throw UsageError(
            "--dns={} stands alone, without other servers and without --dns-search, --dns-opt and "
            "--dns-domain",
            resolver == Resolver::Host ? "host" : "none");
    if (hosts_of_host && !entries.empty())
        throw UsageError("--hosts-entry=host stands alone, without other entries");
}

void check_host_name(std::string_view flag, std::string_view name) {
    if (name.empty() || name.size() > longest_name || !std::ranges::all_of(name, is_name_character) ||
        name.starts_with('-') || name.starts_with('.'))
        throw UsageError("{}: \"{}\" is no name of a host: letters, digits, - and . are", flag, name);
}

NetworkDns parse_resolv_conf(std::string_view text) {
    NetworkDns dns;
    for (std::string_view line : split(text, '\n')) {
        std::vector<std::string> words = words_of(line);
        if (words.size() < 2)
            continue;
        std::vector<std::string> values(words.begin() + 1, words.end());
        if (words[0] == "nameserver")
            dns.nameservers.push_back(values[0]);
        else if (words[0] == "domain")
            dns.domain = values[0];
        else if (words[0] == "search")
            dns.search = values;
        else if (words[0] == "options")
            dns.options.insert(dns.options.end(), values.begin(), values.end());
    }
    return dns;
}

std::string resolv_conf_text(const NetworkDns& dns) {
    std::string text;
    if (!dns.domain.empty())
        text += fmt::format("domain {}\n", dns.domain);
    if (!dns.search.empty())
        text += fmt::format("search {}\n", join(dns.search, " "));
    for (const std::string& server : dns.nameservers)
        text += fmt::format("nameserver {}\n", server);
    if (!dns.options.empty())
        text += fmt::format("options {}\n", join(dns.options, " "));
    return text;
}

NetworkDns reachable_from_pods(NetworkDns dns) {
    std::erase_if(dns.nameservers, is_of_host_alone);
    return dns;
}

NetworkDns resolver_of(const NetworkDns& asked, const NetworkDns& base) {
    if (!asked.nameservers.empty())
        return asked;
    NetworkDns dns = base;
    if (!asked.search.empty() || !asked.domain.empty()) {
        dns.search = asked.search;
        dns.domain = asked.domain;
    }
    if (!asked.options.empty())
        dns.options = asked.options;
    return dns;
}

std::string hosts_text(const std::vector<std::string>& addresses, const std::string& names,
                       const std::vector<HostsEntry>& entries) {
    std::string text = "127.0.0.1 localhost\n"
                       "::1 localhost ip6-localhost ip6-loopback\n";
    for (const std::string& address : addresses.empty() ? std::vector<std::string>{"127.0.0.1"} : addresses)
        text += fmt::format("{} {}\n", address, names);
    for (const HostsEntry& entry : entries)
        text += fmt::format("{} {}\n", entry.address, entry.name);
    return text;
}

} // namespace rkt
