// SPDX-License-Identifier: Apache-2.0

#include "pod/metadata.h"

#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("MDS-2: a token is 256 random bits, in the URL's path, and its two halves are told apart") {
    MetadataToken token = MetadataToken::random();
    CHECK(token.str().size() == 64);
    CHECK(token.str() != MetadataToken::random().str());
    CHECK(token.place() + token.secret() == token.str());
    CHECK(token.secret().size() == 32);
    CHECK(token.url() == "http://127.0.0.1:18112/" + token.str());
    CHECK(MetadataToken::parse(token.str())->str() == token.str());
}

TEST_CASE("MDS-23: what is no token is none, and never a path") {
    std::string digits(62, 'a');
    for (const std::string& text : {std::string(), digits, digits + "aaa", digits + "AA", digits + "/.",
                                    ".." + digits, digits + "a ", digits + "ag"})
        CHECK_FALSE(MetadataToken::parse(text));
}

TEST_CASE("a pod that is not published has no token") {
    TempDir dir;
    PodLayout pod{dir.path()};
    CHECK_FALSE(metadata_token_of(pod));
    std::string text(64, '7');
    write_plainly(pod.metadata_token(), text + "\n");
    CHECK(metadata_token_of(pod)->str() == text);
}
