// SPDX-License-Identifier: Apache-2.0

#include "fetch/unpack.h"

#include "aci/read.h"
#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "os/confine.h"
#include "os/file.h"
#include "os/process.h"
#include "store/layout.h"
#include "wrap/archive.h"
#include "wrap/json.h"

#include <cerrno>
#include <new>
#include <optional>

#include <fcntl.h>
#include <unistd.h>

namespace rkt {

namespace {

// Where the process finds what it works on.
constexpr int source_fd = STDIN_FILENO;
constexpr int answer_fd = STDOUT_FILENO;
constexpr int layer_fd = 3;
constexpr int archive_fd = 4;

// A manifest of 4 MiB, each byte of which is written as "\u0000" at worst.
constexpr std::size_t longest_answer = 32 << 20;

// Enough for the largest dictionary that xz makes, and what is kept of the largest archive.
constexpr std::uint64_t most_memory = std::uint64_t{4} << 30;

constexpr const char* error_member = "error";           // of the archive
constexpr const char* host_error_member = "host-error"; // of this host

// Also when it was told something else than what it was asked for, it has to be told how it ended.
AciContents parse_answer(const std::string& answer, int status) {
    if (status != 0)
        throw HostFault("the process that unpacks ended with status {}", status);
    Json json = Json::parse_object(answer, {.size = longest_answer});
    if (const Json* error = json.find(error_member))
        throw Error("{}", error->string());
    if (const Json* error = json.find(host_error_member))
        throw HostFault("{}", error->string());
    return AciContents::parse(answer);
}

std::uint64_t number(const std::string& word) {
    if (auto value = parse_number(word))
        return *value;
    throw Error("\"{}\" is not a number", word);
}

bool is_open(int fd) {
    return ::fcntl(fd, F_GETFD) >= 0;
}

AciContents read_confined(const std::vector<std::string>& words) {
    if (words.size() != 3)
        throw Error("{} is not for people", unpack_verb);
    auto parent = static_cast<pid_t>(number(words[0]));
    UnpackLimits limits = {.bytes = number(words[1]), .entries = number(words[2])};
    int copy = is_open(archive_fd) ? archive_fd : -1;
    prepare_to_read_archives();
    limit_memory(most_memory);
    Dir layer = confine(Dir(Fd(layer_fd), "the layer"), parent);
    return read_aci(source_fd, copy, layer, limits);
}

// What archives have is in it as it is, such as names that are no text.
std::string answer(const char* member, const std::exception& error) {
    return Json(Json::Object{}).set(member, as_utf8(error.what())).compact();
}

std::string answer(const std::vector<std::string>& words) {
    try {
        return read_confined(words).json();
    } catch (const SystemError& error) {
        return answer(host_error_member, error);
    } catch (const Error& error) {
        return answer(error_member, error);
    } catch (const std::bad_alloc&) {
        return answer(error_member, Error("it takes more than {} of memory", readable_size(most_memory)));
    } catch (const std::exception& error) {
        return answer(host_error_member, error);
    }
}

} // namespace

AciContents unpack(const Fd& source, const Dir& layer, bool keep_archive, const UnpackLimits& limits) {
    auto [read_end, write_end] = make_pipe();
    Command command = {
        .program = "/proc/self/exe",
        .arguments = {unpack_verb, std::to_string(::getpid()), std::to_string(limits.bytes),
                      std::to_string(limits.entries)},
        .descriptors = {{source.get(), source_fd}, {write_end.get(), answer_fd}, {layer.fd(), layer_fd}},
        .closes_others = true,
    };
    Fd archive;
    if (keep_archive) {
        archive = layer.make_file(store_layout::layer_archive, 0600);
        command.descriptors.emplace_back(archive.get(), archive_fd);
    }
    Child child = Child::spawn(command);
    write_end.reset();
    std::string answer = read_rest(read_end.get(), "the answer of the process that unpacks", longest_answer);
    return parse_answer(answer, child.wait());
}

int serve_unpack(const std::vector<std::string>& words) {
    write_fully(answer_fd, answer(words), "the answer");
    return 0;
}

} // namespace rkt
