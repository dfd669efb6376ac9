// SPDX-License-Identifier: Apache-2.0
//
// An archive that is imported while it arrives: who gets it hands it on piece by piece.

#pragma once

#include "fetch/import.h"
#include "os/fd.h"

#include <cstddef>
#include <exception>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <thread>

namespace rkt {

class Arrival {
public:
    // The archive's `bytes` come from feed().
    Arrival(std::filesystem::path data_dir, IncomingArchive archive, const ImportOptions& options);
    Arrival(const Arrival&) = delete;
    Arrival& operator=(const Arrival&) = delete;

    // Nothing of what has come so far is stored, unless it was finished.
    ~Arrival();

    // Waits until it is taken. Throws what the import threw, if that has ended.
    void feed(std::span<const std::byte> bytes);

    // That was all: gives the image in the store, once, or throws what the import threw.
    StoredImage finish();

private:
    void run(IncomingArchive archive) noexcept;
    void wait();

    std::filesystem::path data_dir_;
    ImportOptions options_;
    Fd writer_;
    bool is_whole_ = false; // set before the pipe is closed, and read after that

    // The thread's, until it has ended.
    std::optional<StoredImage> stored_ = {};
    std::exception_ptr thrown_ = nullptr;

    std::thread thread_; // the last, since it uses all the others
};

} // namespace rkt
