// SPDX-License-Identifier: Apache-2.0

#include "fetch/signature.h"

#include "base/error.h"
#include "os/process.h"
#include "os/temp-dir.h"
#include "wrap/test-gpg.h"

#include <doctest/doctest.h>

#include <fcntl.h>

using namespace rkt;

namespace {

// More than a pipe holds.
const std::string archive(std::size_t{3} << 20, 'x');

// What became of an archive that was read to its end, or closed after some bytes.
struct Outcome {
    std::string key = {};
    std::string error = {};
    std::string read = {};
};

struct Place {
    TempDir dir = {};
    TrustedKeys keys = TrustedKeys("/nowhere", dir.path());
    test::Gpg gpg = {};

    Fd file(const std::string& content) const {
        write_plainly(dir.path() / "archive", content);
        return Fd(::open((dir.path() / "archive").c_str(), O_RDONLY | O_CLOEXEC));
    }

    std::string trust(const std::string& user, std::string_view prefix) const {
        std::string fingerprint = gpg.fingerprint(user);
        keys.add(fingerprint, gpg.public_key(user), AcIdentifier::parse(prefix));
        return fingerprint;
    }

    Outcome check(const std::string& signature, Fd source, bool whole = true) const {
        TempDir home;
        auto [read_end, write_end] = make_pipe();
        SignatureCheck check(keys, {.text = signature, .origin = "x.asc"}, std::move(source),
                             std::move(write_end), {.home = home.path()});
        Outcome outcome;
        try {
            if (!whole) {
                read_end.reset();
                check.explain();
                return outcome;
            }
            outcome.read = read_rest(read_end.get(), "the archive");
            outcome.key = check.signer(AcIdentifier::parse("example.com/app")).key;
        } catch (const Error& error) {
            outcome.error = error.what();
        }
        return outcome;
    }
};

} // namespace

TEST_CASE("IMG-16: a signature by a key that is trusted for the image holds, and every byte is handed on") {
    Place place;
    place.gpg.make_key("alice");
    std::string signature = place.gpg.sign(archive, "alice", {"--armor"});
    std::string key = place.trust("alice", "example.com");
    Outcome outcome = place.check(signature, place.file(archive));
    CHECK(outcome.error.empty());
    CHECK(outcome.key == key);
    CHECK(outcome.read == archive);
}

TEST_CASE("what does not hold is refused by a line that ends in what would change it") {
    Place place;
    place.gpg.make_key("alice");
    std::string key = place.gpg.fingerprint("alice");
    std::string signature = place.gpg.sign(archive, "alice");
    CHECK(place.check(signature, place.file(archive)).error ==
          "the signature x.asc is by key " + key +
              ", which is not known; with its public key in FILE: rkt trust --prefix=example.com/app FILE");
    place.trust("alice", "example.com/apple");
    std::filesystem::path file = place.dir.path() / "trustedkeys/prefix.d/example.com/apple" / key;
    CHECK(place.check(signature, place.file(archive)).error ==
          "the signature x.asc is by key " + key +
              ", which is trusted for images of example.com/apple and not for " +
              "example.com/app; to trust it: rkt trust --prefix=example.com/app " + file.native());
    place.trust("alice", "example.com/app");
    place.keys.add(key, "", AcIdentifier::parse("example.com/app"));
    file = place.dir.path() / "trustedkeys/prefix.d/example.com" / key;
    place.trust("alice", "example.com");
    CHECK(place.check(signature, place.file(archive)).error ==
          "the signature x.asc is by key " + key +
              ", which is masked for example.com/app; to trust it: rkt trust --prefix=example.com/app " +
              file.native());
    place.trust("alice", "example.com/app");
    CHECK(place.check(signature, place.file("other")).error ==
          "the signature x.asc by key " + key +
              " is not of this file; to take the image without one: --insecure-options=image");
    CHECK(place.check("garbage", place.file(archive)).error ==
          "the signature x.asc: there is no OpenPGP signature in it; "
          "to take the image without one: --insecure-options=image");
}

TEST_CASE("a key that is not what its name says has no say") {
    Place place;
    place.gpg.make_key("alice");
    place.gpg.make_key("mallory");
    std::string signature = place.gpg.sign(archive, "mallory");
    place.keys.add(place.gpg.fingerprint("alice"), place.gpg.public_key("mallory"), {});
    CHECK(place.check(signature, place.file(archive)).error ==
          "the signature x.asc is by key " + place.gpg.fingerprint("mallory") +
              ", which is not known; with its public key in FILE: rkt trust --prefix=example.com/app FILE");
    std::string alice = place.trust("alice", "example.com");
    CHECK(place.check(place.gpg.sign(archive, "alice"), place.file(archive)).key == alice);
}

TEST_CASE("an archive that nobody reads to its end is no fault of the signature") {
    Place place;
    place.gpg.make_key("alice");
    place.trust("alice", "example.com");
    std::string signature = place.gpg.sign(archive, "alice");
    CHECK(place.check(signature, place.file(archive), false).error.empty());
    auto [read_end, write_end] = make_pipe(); // of which no byte ever comes
    CHECK(place.check(signature, std::move(read_end), false).error.empty());
}

TEST_CASE("the file of a signature is there, and not too large") {
    TempDir dir;
    std::filesystem::path file = dir.path() / "x.aci.asc";
    CHECK_THROWS_WITH(read_signature(file), ("there is no signature " + file.native() +
                                             "; to take the image without one: --insecure-options=image")
                                                .c_str());
    write_plainly(file, std::string(1 << 20, 'x'));
    CHECK(read_signature(file).origin == file);
    write_plainly(file, std::string((1 << 20) + 1, 'x'));
    CHECK_THROWS_WITH(read_signature(file), ("reading " + file.native() + ": larger than 1048576 bytes; " +
                                             "to take the image without one: --insecure-options=image")
                                                .c_str());
}
