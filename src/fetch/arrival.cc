// SPDX-License-Identifier: Apache-2.0

#include "fetch/arrival.h"

#include "base/error.h"
#include "os/file.h"
#include "os/process.h"
#include "os/signals.h"

#include <cerrno>

#include <signal.h>

namespace rkt {

Arrival::Arrival(std::filesystem::path data_dir, IncomingArchive archive, const ImportOptions& options)
    : data_dir_(std::move(data_dir)), options_(options) {
    auto [reader, writer] = make_pipe();
    archive.bytes = std::move(reader);
    writer_ = std::move(writer);
    // The end of the pipe is also what a transfer leaves that breaks off. Only we know which it was.
    archive.accept = [this, accept = std::move(archive.accept)](const NewImage& image) {
        if (!is_whole_)
            throw Error("it has not come as a whole");
        if (accept)
            accept(image);
    };
    thread_ = std::thread([this, moved = std::move(archive)]() mutable { run(std::move(moved)); });
}

Arrival::~Arrival() {
    wait();
}

void Arrival::run(IncomingArchive archive) noexcept {
    try {
        stored_ = import_archive(data_dir_, std::move(archive), options_);
    } catch (...) {
        thrown_ = std::current_exception();
    }
}

void Arrival::wait() {
    writer_.reset();
    if (thread_.joinable())
        thread_.join();
}

void Arrival::feed(std::span<const std::byte> bytes) {
    Signals blocked({SIGPIPE}); // a reader that has gone is told by the write
    try {
        write_fully(writer_.get(), {reinterpret_cast<const char*>(bytes.data()), bytes.size()}, "a pipe");
    } catch (const SystemError& error) {
        if (error.code() != EPIPE)
            throw;
        wait();
        if (thrown_)
            std::rethrow_exception(thrown_);
        throw Error("the process that unpacks has not read to the end");
    }
}

StoredImage Arrival::finish() {
    is_whole_ = true;
    wait();
    if (thrown_)
        std::rethrow_exception(thrown_);
    return std::move(stored_).value();
}

} // namespace rkt
