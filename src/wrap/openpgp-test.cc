// SPDX-License-Identifier: Apache-2.0

#include "wrap/openpgp.h"

#include "base/error.h"
#include "wrap/test-gpg.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

// In one piece, and then the end.
Blocks blocks_of(const std::string& text) {
    return [&text, given = false]() mutable -> Block {
        return std::exchange(given, true) ? Block() : std::as_bytes(std::span(text));
    };
}

struct Reader {
    TempDir home = {};
    PublicKeys keys = PublicKeys(home.path());

    CheckedSignature verify(const std::string& signature, const std::string& text) {
        std::vector<CheckedSignature> all = keys.verify(signature, blocks_of(text));
        REQUIRE(all.size() == 1);
        return all[0];
    }
};

constexpr const char* text = "what is signed";

} // namespace

TEST_CASE("IMG-17: what a public key says of itself, armored or not") {
    test::Gpg alice;
    std::string fingerprint = alice.make_key("Alice <alice@example.com>", "rsa2048", "20370101T000000");
    for (const std::string& file : {alice.public_key("alice"), alice.run({"--export", "alice"})}) {
        Reader reader;
        std::vector<PublicKey> keys = reader.keys.add(file);
        REQUIRE(keys.size() == 1);
        CHECK(keys[0].fingerprint == fingerprint);
        CHECK(keys[0].users == std::vector<std::string>{"Alice <alice@example.com>"});
        CHECK(keys[0].algorithm == "rsa2048");
        CHECK(keys[0].bits == 2048);
        REQUIRE(keys[0].expires);
        CHECK(std::chrono::system_clock::to_time_t(*keys[0].expires) == 2114380800);
        CHECK_FALSE(keys[0].is_expired);
        CHECK_FALSE(keys[0].is_revoked);
    }
}

TEST_CASE("nothing is written any more when the keys are gone, whatever came before") {
    test::Gpg alice;
    alice.make_key("alice");
    std::string key = alice.run({"--export", "alice"});
    for (const std::string& bytes :
         {key, key.substr(0, key.size() / 2), alice.public_key("alice"), std::string("x")})
        for (int i = 0; i < 8; ++i) {
            std::filesystem::path home;
            {
                Reader reader;
                home = reader.home.path();
                CHECK_THROWS_AS(static_cast<void>(reader.keys.verify(bytes, blocks_of(text))), Error);
            }
            CHECK_FALSE(std::filesystem::exists(home));
        }
}

TEST_CASE("what is no public key is refused") {
    test::Gpg alice;
    alice.make_key("alice");
    Reader reader;
    CHECK_THROWS_WITH(reader.keys.add(""), "there is no OpenPGP public key in it");
    CHECK_THROWS_WITH(reader.keys.add("hello"), "there is no OpenPGP public key in it");
    CHECK_THROWS_WITH(
        reader.keys.add(alice.run({"--armor", "--export-secret-keys", "alice"})),
        "there is a secret key in it, which is nobody's but its owner's: export the public key alone");
}

TEST_CASE("several keys of one file are told apart, and each can be written alone") {
    test::Gpg gpg;
    std::string a = gpg.make_key("a");
    std::string b = gpg.make_key("b");
    Reader reader;
    std::vector<PublicKey> keys = reader.keys.add(gpg.public_key("a") + gpg.public_key("b"));
    REQUIRE(keys.size() == 2);
    CHECK(keys[0].fingerprint == a);
    CHECK(keys[1].fingerprint == b);
    Reader other;
    CHECK(other.keys.add(reader.keys.armored(b)).at(0).fingerprint == b);
    CHECK_THROWS(reader.keys.armored(std::string(40, '0')));
}

TEST_CASE("IMG-16: a signature holds for its data and its key, armored or not, by a subkey too") {
    test::Gpg gpg;
    std::string fingerprint = gpg.make_key("alice", "ed25519");
    std::string plain = gpg.sign(text, "alice");
    Reader reader;
    CHECK(reader.verify(plain, text).fault == SignatureFault::UnknownKey);
    CHECK(reader.verify(plain, text).key == fingerprint);
    reader.keys.add(gpg.public_key("alice"));
    for (const std::string& signature : {plain, gpg.sign(text, "alice", {"--armor"})}) {
        CheckedSignature good = reader.verify(signature, text);
        CHECK(good.fault == SignatureFault::None);
        CHECK(good.key == fingerprint);
        CHECK(std::chrono::system_clock::now() - good.made < std::chrono::minutes(10));
        CHECK(reader.verify(signature, "other").fault == SignatureFault::OtherData);
        CHECK(reader.verify(signature, "").fault == SignatureFault::OtherData);
    }
    gpg.run({"--quick-add-key", fingerprint, "ed25519", "sign"});
    Reader other;
    other.keys.add(gpg.public_key("alice"));
    CheckedSignature by_subkey = other.verify(gpg.sign(text, "alice"), text);
    CHECK(by_subkey.fault == SignatureFault::None);
    CHECK(by_subkey.key == fingerprint);
}

TEST_CASE("what is no signature is refused") {
    test::Gpg gpg;
    gpg.make_key("alice");
    std::string words = text;
    Reader reader;
    for (const std::string& file : {std::string(), std::string("hello"), gpg.public_key("alice")})
        CHECK_THROWS_WITH(reader.keys.verify(file, blocks_of(words)), "there is no OpenPGP signature in it");
}

TEST_CASE("as many signatures as a file may have are judged, and not one more") {
    test::Gpg gpg;
    gpg.make_key("alice");
    std::string words = text;
    std::string one = gpg.sign(text, "alice");
    std::string many;
    for (int i = 0; i < 16; ++i)
        many += one;
    Reader reader;
    reader.keys.add(gpg.public_key("alice"));
    CHECK(reader.keys.verify(many, blocks_of(words)).size() == 16);
    CHECK_THROWS_WITH(reader.keys.verify(many + one, blocks_of(words)),
                      "it has 17 signatures, and more than 16 are not taken");
}

TEST_CASE("signatures of keys that are expired or revoked are told apart from good ones") {
    test::Gpg gpg;
    gpg.make_key("old", "ed25519", "1d", {"--faked-system-time", "20200101T000000"});
    std::string signature = gpg.sign(text, "old", {"--faked-system-time", "20200101T120000"});
    Reader reader;
    CHECK(reader.keys.add(gpg.public_key("old")).at(0).is_expired);
    CHECK(reader.verify(signature, text).fault == SignatureFault::ExpiredKey);

    std::string fingerprint = gpg.make_key("lost");
    signature = gpg.sign(text, "lost");
    reader.keys.add(gpg.public_key("lost"));
    CHECK(reader.verify(signature, text).fault == SignatureFault::None);
    gpg.revoke(fingerprint);
    CHECK(reader.keys.add(gpg.public_key("lost")).at(0).is_revoked);
    CHECK(reader.verify(signature, text).fault == SignatureFault::RevokedKey);

    gpg.make_key("brief", "ed25519", "never", {"--faked-system-time", "20200101T000000"});
    signature =
        gpg.sign(text, "brief", {"--faked-system-time", "20200101T120000", "--default-sig-expire", "1d"});
    reader.keys.add(gpg.public_key("brief"));
    CHECK(reader.verify(signature, text).fault == SignatureFault::Expired);
}

TEST_CASE("what is too weak proves nothing") {
    struct Case {
        const char* algorithm;
        std::vector<std::string> options;
        SignatureFault fault;
        const char* weakness;
    };
    const std::vector<Case> cases = {
        {"rsa2048", {}, SignatureFault::None, ""},
        {"rsa1024", {}, SignatureFault::WeakKey, "rsa1024"},
        {"dsa1024", {"--digest-algo", "SHA256"}, SignatureFault::WeakKey, "dsa1024"},
        {"nistp256", {}, SignatureFault::None, ""},
        {"rsa2048", {"--digest-algo", "SHA1"}, SignatureFault::WeakHash, "SHA1"},
        {"rsa2048", {"--digest-algo", "RIPEMD160"}, SignatureFault::WeakHash, "RIPEMD160"},
        {"rsa2048", {"--digest-algo", "MD5", "--allow-weak-digest-algos"}, SignatureFault::WeakHash, "MD5"},
    };
    test::Gpg gpg;
    Reader reader;
    int number = 0;
    for (const Case& row : cases) {
        CAPTURE(row.algorithm);
        CAPTURE(row.options);
        std::string user = fmt::format("user{}", ++number);
        gpg.make_key(user, row.algorithm);
        reader.keys.add(gpg.public_key(user));
        CheckedSignature checked = reader.verify(gpg.sign(text, user, row.options), text);
        CHECK(checked.fault == row.fault);
        CHECK(checked.weakness == row.weakness);
    }
}

TEST_CASE("what the source of the data throws comes out again") {
    test::Gpg gpg;
    gpg.make_key("alice");
    Reader reader;
    reader.keys.add(gpg.public_key("alice"));
    Blocks broken = []() -> Block { throw Error("the line is cut"); };
    CHECK_THROWS_WITH(reader.keys.verify(gpg.sign(text, "alice"), broken), "the line is cut");
}

TEST_CASE("a gpg that is not there, or is none, is told by that") {
    TempDir home;
    for (const char* gpg : {"/gone/gpg", "/etc/passwd"})
        CHECK_THROWS_WITH(PublicKeys(home.path(), gpg), (std::string("looking for gpg: ") + gpg +
                                                         " does not run; install gpg, which signatures take")
                                                            .c_str());
}
