// SPDX-License-Identifier: Apache-2.0

#include "fetch/discovery.h"

#include "base/error.h"
#include "base/text.h"
#include "wrap/http.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

std::string tag(const std::string& name, const std::string& content) {
    return "<meta name=\"" + name + "\" content=\"" + content + "\">\n";
}

std::string images_at(const std::string& content) {
    return tag("ac-discovery", content);
}

std::string keys_at(const std::string& content) {
    return tag("ac-discovery-pubkeys", content);
}

// Pages by URL, and what was asked for in vain or not.
struct Site {
    std::map<std::string, std::string> pages;
    std::vector<std::string> asked = {};

    Discovery discovery(bool allow_http = false) {
        auto get = [this](const Url& url) {
            asked.push_back(url.str());
            auto found = pages.find(url.str());
            if (found == pages.end())
                throw Error("{} has no such thing", url.host);
            if (found->second == "no tls")
                throw TlsError("the certificate of {} is not trusted", url.host);
            if (found->second == "nobody")
                throw ConnectError("connecting to {}: Connection refused", url.host);
            return found->second;
        };
        return Discovery(get, allow_http);
    }

    std::string images(const std::string& name, bool allow_http = false) {
        std::vector<std::string> urls;
        for (const Endpoint& endpoint : discovery(allow_http).find_images(ImageName::parse(name)))
            urls.push_back(endpoint.image.str() + " " + endpoint.signature.str());
        return join(urls, "\n");
    }

    std::string keys(const std::string& name, bool allow_http = false) {
        std::vector<std::string> urls;
        for (const Url& url : discovery(allow_http).find_keys(AcIdentifier::parse(name)))
            urls.push_back(url.str());
        return join(urls, "\n");
    }
};

const std::string page_of_a = "https://example.com/a?ac-discovery=1";
const std::string page_of_host = "https://example.com/?ac-discovery=1";
const std::string everywhere = ",os=linux,arch=amd64";

} // namespace

TEST_CASE("DISC-2: a tag has a prefix and what belongs to it, and is passed over otherwise") {
    DiscoveryPage page = DiscoveryPage::parse(
        images_at("  example.com \n https://a/{name}.{ext}  ") + images_at("example.com") + images_at("") +
        tag("other", "example.com x") + keys_at("example.com\thttps://a/keys") + tag("AC-Discovery", "a b"));
    REQUIRE(page.images.size() == 1);
    CHECK(page.images[0].prefix == "example.com");
    CHECK(page.images[0].target == "https://a/{name}.{ext}");
    REQUIRE(page.keys.size() == 1);
    CHECK(page.keys[0].target == "https://a/keys");
}

TEST_CASE("DISC-4, DISC-5, DISC-6: templates") {
    ImageName image = ImageName::parse("example.com/a:1.2,os=linux,arch=amd64,extra={name},odd=x y");
    struct Row {
        const char* text;
        const char* rendered;
    };
    constexpr Row rows[] = {
        {"https://s/{name}-{version}-{os}-{arch}.{ext}", "https://s/example.com/a-1.2-linux-amd64.aci"},
        {"{name}{name}.{ext}{ext}", "example.com/aexample.com/a.aciaci"},
        {"{extra}.{ext}", "{name}.aci"},
        {"{odd}.{ext}", "x y.aci"},
    };
    for (const Row& row : rows)
        CHECK(render_template(row.text, image, "aci") == std::string(row.rendered));
    for (const char* bad : {"https://s/a.aci", "{unknown}.{ext}", "{name.{ext}", "{ext", "{}.{ext}", ""}) {
        CAPTURE(std::string(bad));
        CHECK_FALSE(render_template(bad, image, "aci"));
    }
}

TEST_CASE("DISC-1, DISC-7: the name's page is asked, with defaults for what is not said") {
    Site site = {.pages = {{page_of_a, images_at("example.com/a https://s/{version}-{os}-{arch}.{ext}")}}};
    std::string found = site.images("example.com/a" + everywhere);
    CHECK(found == "https://s/latest-linux-amd64.aci https://s/latest-linux-amd64.aci.asc");
    CHECK(site.asked == std::vector{page_of_a});
    ImageName host = with_defaults(ImageName::parse("a"));
    CHECK(host.labels.at("version") == "latest");
    CHECK_FALSE(host.labels.at("os").empty());
    CHECK_FALSE(host.labels.at("arch").empty());
}

TEST_CASE("DISC-8: https first, else in the order of the page; what is no URL of http is passed over") {
    std::string page =
        images_at("example.com http://a/{name}.{ext}") + images_at("example.com hdfs://b/{name}.{ext}") +
        images_at("example.com https://c/{name}.{ext}") + images_at("example.com https://d/{name}.{ext}");
    Site site = {.pages = {{page_of_a, page}}};
    CHECK(site.images("example.com/a") == "https://c/example.com/a.aci https://c/example.com/a.aci.asc\n"
                                          "https://d/example.com/a.aci https://d/example.com/a.aci.asc");
    CHECK(site.images("example.com/a", true) ==
          "https://c/example.com/a.aci https://c/example.com/a.aci.asc\n"
          "https://d/example.com/a.aci https://d/example.com/a.aci.asc\n"
          "http://a/example.com/a.aci http://a/example.com/a.aci.asc");
}

TEST_CASE("DISC-9, DISC-10: the way goes up where nothing is found, and what was tried is told") {
    SUBCASE("to the host") {
        Site site = {.pages = {{page_of_a, "<p>nothing"},
                               {page_of_host, images_at("example.com https://s/{name}.{ext}")}}};
        CHECK(site.images("example.com/a/b") ==
              "https://s/example.com/a/b.aci https://s/example.com/a/b.aci.asc");
        CHECK(site.asked ==
              std::vector<std::string>{"https://example.com/a/b?ac-discovery=1", page_of_a, page_of_host});
    }
    SUBCASE("past tags for others") {
        Site site = {.pages = {{page_of_a, images_at("example.com/ab https://wrong/{name}.{ext}")},
                               {page_of_host, images_at("example.com https://s/{ext}")}}};
        CHECK(site.images("example.com/a") == "https://s/aci https://s/aci.asc");
    }
    SUBCASE("in vain") {
        Site site = {.pages = {{page_of_host, "<p>nothing"}}};
        CHECK_THROWS_WITH((void)site.images("example.com/a"),
                          "nothing is found about example.com/a: example.com has no such thing; the page of "
                          "example.com has no tag ac-discovery for it");
    }
    SUBCASE("not where TLS fails") {
        Site site = {
            .pages = {{page_of_a, "no tls"}, {page_of_host, images_at("example.com https://s/{ext}")}}};
        CHECK_THROWS_AS((void)site.images("example.com/a"), TlsError);
        CHECK(site.asked.size() == 1);
    }
    SUBCASE("not where nobody answers") {
        Site site = {.pages = {{page_of_a, "nobody"}}};
        CHECK_THROWS_WITH(
            (void)site.images("example.com/a"),
            "nothing is found about example.com/a: connecting to example.com: Connection refused");
        CHECK(site.asked.size() == 1);
    }
}

TEST_CASE("DISC-12: images and keys are looked for each by itself") {
    Site site = {.pages = {{page_of_a, images_at("example.com/a https://s/{name}.{ext}")},
                           {page_of_host, keys_at("example.com https://s/keys") +
                                              keys_at("example.com https://t/keys") +
                                              keys_at("example.com/b https://no/keys")}}};
    CHECK(site.images("example.com/a") == "https://s/example.com/a.aci https://s/example.com/a.aci.asc");
    CHECK(site.keys("example.com/a") == "https://s/keys\nhttps://t/keys");
    CHECK_THROWS_AS((void)site.keys("example.org/a"), Error);
}

TEST_CASE("DISC-13: http is asked after https, and only if that is allowed") {
    std::string plain = "http://example.com/a?ac-discovery=1";
    for (const char* fault : {"", "no tls", "nobody"}) {
        CAPTURE(std::string(fault));
        Site site = {.pages = {{plain, images_at("example.com/a https://s/{name}.{ext}")}}};
        if (*fault != '\0')
            site.pages.emplace(page_of_a, fault);
        CHECK_THROWS_AS((void)site.images("example.com/a"), Error);
        site.asked.clear();
        CHECK(site.images("example.com/a", true) ==
              "https://s/example.com/a.aci https://s/example.com/a.aci.asc");
        CHECK(site.asked == std::vector{page_of_a, plain});
    }
}
