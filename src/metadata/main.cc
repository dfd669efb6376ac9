// SPDX-License-Identifier: Apache-2.0
//
// rkt-metadata: tells apps what they are. It is started by its socket, as a user that may read what is
// published of pods and nothing else, and ends when nobody has asked for a while.

#include "metadata/answer.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "metadata/listen.h"
#include "pod/metadata.h"
#include "wrap/activation.h"
#include "wrap/command-line.h"

#include <cstdlib>
#include <limits>

namespace rkt {

namespace {

constexpr int failure = 254;
constexpr std::chrono::seconds idle(60); // then a service that a socket starts has nothing to do

std::uint16_t parse_port(const std::string& word) {
    auto number = parse_number(word);
    if (!number || *number == 0 || *number > std::numeric_limits<std::uint16_t>::max())
        throw UsageError("--listen-port={}: a port is a number from 1 to 65535", word);
    return static_cast<std::uint16_t>(*number);
}

// What systemd has made for the service (systemd.exec(5), StateDirectory=), or the same place.
std::filesystem::path state_directory() {
    const char* made = std::getenv("STATE_DIRECTORY");
    return made != nullptr ? made : "/var/lib/rkt-metadata";
}

int serve(const std::vector<std::string>& words) {
    std::optional<std::string> port;
    CommandLine line("rkt-metadata [--listen-port=PORT]", "What rkt metadata-service becomes.");
    line.option("--listen-port", port, "of 127.0.0.1");
    line.parse(words);
    std::vector<Fd> listeners = take_inherited_sockets();
    bool foreground = listeners.empty();
    if (!foreground && port)
        throw UsageError("--listen-port: systemd has opened the sockets, as rkt-metadata.socket says");
    if (foreground)
        listeners = prepare_to_serve(port ? parse_port(*port) : metadata_port, state_directory());
    MetadataService service{.root = metadata_root, .key = SigningKey::open(state_directory())};
    HttpServer server({}, [&service](const HttpCall& call) { return service.answer(call); });
    for (Fd& listener : listeners)
        server.add(std::move(listener));
    if (foreground)
        note("the metadata service listens at 127.0.0.1:{}", port.value_or(std::to_string(metadata_port)));
    server.run(foreground ? std::nullopt : std::optional<std::chrono::milliseconds>(idle));
    return 0;
}

} // namespace

} // namespace rkt

int main(int count, char** words) {
    try {
        return rkt::serve({words + 1, words + count});
    } catch (const rkt::UsageError& error) {
        rkt::note("{}; see rkt metadata-service --help", error.what());
    } catch (const std::exception& error) {
        rkt::note("{}", error.what());
    }
    return rkt::failure;
}
