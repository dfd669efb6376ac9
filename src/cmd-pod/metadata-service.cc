// SPDX-License-Identifier: Apache-2.0
//
// rkt metadata-service: rkt becomes the program that answers apps.

#include "cmd-pod/verb.h"

namespace rkt {

int metadata_service(const Words& words) {
    VerbLine line("rkt metadata-service [FLAGS]", "Answers apps that ask who they are, in the foreground.");
    std::optional<std::string> port;
    line.option("--listen-port", port, "Of 127.0.0.1, for pods in the network of the host (18112)");
    if (!line.read(words))
        return 0;
    become_program(program_beside("rkt-metadata"), port ? Words{"--listen-port=" + *port} : Words());
}

} // namespace rkt
