// SPDX-License-Identifier: Apache-2.0

#include "aci/rendering.h"

#include "base/error.h"
#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <sys/stat.h>
#include <sys/xattr.h>

using namespace rkt;

namespace {

// A tree is written as words: "a/" is a directory, "b" a file that holds the tree's name, "c>x" a symlink to
// x, "d=b" another name of the file b; "/0700" behind a directory is its mode.
struct Source {
    std::string name;
    std::vector<std::string> words;
    PathFilter filter = std::nullopt;
    std::set<std::string> implied = {};
};

void make(const std::filesystem::path& root, const std::string& content, const std::string& word) {
    if (auto at = word.find('>'); at != std::string::npos)
        return std::filesystem::create_symlink(word.substr(at + 1), root / word.substr(0, at));
    if (auto at = word.find('='); at != std::string::npos)
        return std::filesystem::create_hard_link(root / word.substr(at + 1), root / word.substr(0, at));
    if (auto at = word.find("/0"); at != std::string::npos) {
        std::filesystem::create_directories(root / word.substr(0, at));
        return std::filesystem::permissions(
            root / word.substr(0, at),
            static_cast<std::filesystem::perms>(std::stoi(word.substr(at + 1), nullptr, 8)));
    }
    if (word.ends_with('/'))
        static_cast<void>(std::filesystem::create_directories(root / word));
    else
        write_plainly(root / word, content);
}

class Rendered {
public:
    explicit Rendered(const std::vector<Source>& sources) {
        std::filesystem::create_directories(root());
        Rendering rendering(Dir::open(root()));
        for (const Source& source : sources) {
            auto dir = dir_.path() / source.name;
            std::filesystem::create_directories(dir);
            for (const std::string& word : source.words)
                make(dir, source.name, word);
            rendering.apply({.root = Dir::open(dir), .implied = source.implied}, source.filter);
        }
        rendering.finish();
    }

    std::filesystem::path root() const { return dir_.path() / "rendered"; }

    // "a/ a/b=CONTENT c>x", in the order of their names.
    std::string str() const {
        std::set<std::string> words;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root())) {
            std::string path = entry.path().lexically_relative(root());
            if (entry.is_symlink())
                words.insert(path + ">" + std::filesystem::read_symlink(entry.path()).native());
            else if (entry.is_directory())
                words.insert(path + "/");
            else
                words.insert(path + "=" + read_file(entry.path()));
        }
        std::string text;
        for (const std::string& word : words)
            text += (text.empty() ? "" : " ") + word;
        return text;
    }

    struct stat status(const std::string& path) const {
        struct stat status = {};
        REQUIRE(::lstat((root() / path).c_str(), &status) == 0);
        return status;
    }
    unsigned mode(const std::string& path) const { return status(path).st_mode & 07777; }

private:
    TempDir dir_;
};

PathFilter only(const std::vector<std::string>& paths) {
    return make_filter(paths);
}

} // namespace

TEST_CASE("IMG-30, IMG-33: what comes later wins, whatever it replaces") {
    struct Row {
        std::vector<std::string> lower;
        std::vector<std::string> upper;
        const char* rendered;
    };
    for (const Row& row : std::vector<Row>{
             {{"a", "b"}, {"b", "c"}, "a=1 b=2 c=2"},
             {{"d/", "d/a", "d/e/", "d/e/f"}, {"d"}, "d=2"},
             {{"d"}, {"d/", "d/a"}, "d/ d/a=2"},
             {{"d/", "d/a"}, {"d/", "d/b"}, "d/ d/a=1 d/b=2"},
             {{"a>x"}, {"a"}, "a=2"},
             {{"a"}, {"a>x"}, "a>x"},
             {{"usr/", "usr/lib/", "usr/lib/a", "lib>usr/lib"},
              {"lib/", "lib/b"},
              "lib/ lib/b=2 usr/ usr/lib/ usr/lib/a=1"}, // IMG-32
             {{"d/", "d/a"}, {"d>e"}, "d>e"},
         }) {
        Rendered rendered({{"1", row.lower}, {"2", row.upper}});
        CHECK(rendered.str() == row.rendered);
    }
}

TEST_CASE("IMG-33: a directory over a directory gives it its mode, one that is only implied does not") {
    CHECK(Rendered({{"1", {"d/0700", "d/a"}}, {"2", {"d/0711", "d/b"}}}).mode("d") == 0711);
    CHECK(Rendered({{"1", {"d/0700", "d/a"}}, {"2", {"d/0711", "d/b"}, std::nullopt, {"d"}}}).mode("d") ==
          0700);
    CHECK(Rendered({{"2", {"d/0711", "d/b"}, std::nullopt, {"d"}}}).mode("d") == 0755);
    // Also where a link stood before.
    Rendered rendered({{"1", {"d>e"}}, {"2", {"d/", "d/b"}, std::nullopt, {"d"}}});
    CHECK(rendered.str() == "d/ d/b=2");
}

TEST_CASE("IMG-31: what is applied twice beats what came between") {
    Source d = {"D", {"a", "b"}};
    CHECK(Rendered({d, {"B", {"a", "c"}}, {"D2", {"a", "b"}}}).str() == "a=D2 b=D2 c=B");
}

TEST_CASE("IMG-40, IMG-48: a whitelist is of exact paths, which may be written in several ways") {
    CHECK(make_filter({}) == std::nullopt); // IMG-43
    CHECK(make_filter({"/a/", "b", "/c//d/./e", "/x/../y", "/"}) ==
          PathFilter(std::set<std::string>{"a", "b", "c/d/e", "y", ""}));
    Source source = {"1", {"a", "a.b", "d/", "d/e", "d/f/", "d/f/g"}};
    source.filter = only({"/a"});
    CHECK(Rendered({source}).str() == "a=1");
    source.filter = only({"/d/"});
    CHECK(Rendered({source}).str() == "d/");
    source.filter = only({"/gone"});
    CHECK(Rendered({source}).str() == ""); // IMG-45
}

TEST_CASE("IMG-41: what passes has to pass the whitelists of all images above") {
    PathFilter a = only({"/y", "/z"});
    PathFilter b = only({"/x", "/y"});
    CHECK(intersect(a, b) == only({"/y"}));
    CHECK(intersect(a, std::nullopt) == a);
    CHECK(intersect(std::nullopt, b) == b);
    CHECK(intersect(std::nullopt, std::nullopt) == std::nullopt);
    CHECK(intersect(only({"/a"}), only({"/b"})) == PathFilter(std::set<std::string>()));
}

TEST_CASE("IMG-44: the directories on the way to what passes are as their image has them, or plain") {
    Source source = {"1", {"p/0750", "p/q/0711", "p/q/r"}, only({"/p/q/r"})};
    Rendered rendered({source});
    CHECK(rendered.str() == "p/ p/q/ p/q/r=1");
    CHECK(rendered.mode("p") == 0750);
    CHECK(rendered.mode("p/q") == 0711);
    source.implied = {"p"};
    CHECK(Rendered({source}).mode("p") == 0755);
    // One that has passed is not overruled by one that has not.
    CHECK(Rendered({{"1", {"p/0700"}}, {"2", {"p/0711", "p/r"}, only({"/p/r"})}}).mode("p") == 0700);
}

TEST_CASE("IMG-46: what does not pass hides nothing") {
    Rendered rendered({{"1", {"a", "d/", "d/e"}}, {"2", {"a", "d", "f"}, only({"/f"})}});
    CHECK(rendered.str() == "a=1 d/ d/e=1 f=2");
}

TEST_CASE("IMG-47: names of one file stay so, also when the first of them does not pass") {
    std::vector<std::string> words = {"a", "b=a", "c=a"};
    Rendered all({{"1", words}});
    CHECK(all.status("a").st_nlink == 3);
    Rendered some({{"1", words, only({"/b", "/c"})}});
    CHECK(some.str() == "b=1 c=1");
    CHECK(some.status("b").st_ino == some.status("c").st_ino);
    CHECK(some.status("b").st_nlink == 2);
}

TEST_CASE("a whiteout removes what lies below, and what does not pass removes nothing") {
    TempDir dir;
    for (const char* name : {"a", "b"})
        REQUIRE(::mknod((dir.path() / name).c_str(), S_IFCHR, 0) == 0); // anyone may make a device 0:0
    TempDir target;
    for (const char* file : {"a/c", "b", "d"}) {
        std::filesystem::create_directories((target.path() / file).parent_path());
        write_plainly(target.path() / file, file);
    }
    Rendering rendering(Dir::open(target.path()));
    rendering.apply({.root = Dir::open(dir.path())}, only({"/a"}));
    rendering.finish();
    CHECK_FALSE(std::filesystem::exists(target.path() / "a"));
    CHECK(read_file(target.path() / "b") == "b");
    CHECK(read_file(target.path() / "d") == "d");
}

TEST_CASE("files are copied with their modes, times and attributes") {
    TempDir dir;
    write_plainly(dir.path() / "a", "x", 04751);
    REQUIRE(::setxattr((dir.path() / "a").c_str(), "user.colour", "red", 3, 0) == 0);
    std::filesystem::last_write_time(
        dir.path() / "a",
        std::filesystem::file_time_type::clock::from_sys(std::chrono::sys_seconds(std::chrono::seconds(42))));
    TempDir target;
    Rendering rendering(Dir::open(target.path()));
    rendering.apply({.root = Dir::open(dir.path())}, std::nullopt);
    rendering.finish();
    struct stat copy = {};
    REQUIRE(::stat((target.path() / "a").c_str(), &copy) == 0);
    CHECK((copy.st_mode & 07777) == 04751);
    CHECK(copy.st_mtim.tv_sec == 42);
    CHECK(copy.st_nlink == 1);
    std::string value(8, '\0');
    CHECK(::getxattr((target.path() / "a").c_str(), "user.colour", value.data(), value.size()) == 3);
}
