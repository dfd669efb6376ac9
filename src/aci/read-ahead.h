// SPDX-License-Identifier: Apache-2.0
//
// Reads in a thread of its own, a few buffers ahead: decompressing takes about as long as hashing
// and unpacking, and so they share two processors.

#pragma once

#include "wrap/blocks.h"

#include <array>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace rkt {

class ReadAhead {
public:
    // Fills the buffer as far as it can, and gives the number of bytes; 0 at the end.
    using Read = std::function<std::size_t(std::span<std::byte>)>;

    // `read` is only called in the thread. `stop` is called when the end is not waited for: it lets a
    // read that is going on return.
    ReadAhead(Read read, std::function<void()> stop);
    ReadAhead(const ReadAhead&) = delete;
    ReadAhead& operator=(const ReadAhead&) = delete;
    ~ReadAhead();

    // The next block, empty at the end. What `read` threw comes out here.
    Block next();

private:
    struct Buffer {
        std::vector<std::byte> bytes;
        std::size_t size = 0;
    };

    void run() noexcept;
    bool wait_for_free_buffer();
    void hand_over();
    void finish(std::exception_ptr thrown);

    Read read_;
    std::function<void()> stop_;
    std::array<Buffer, 4> buffers_;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t filled_ = 0; // how often a buffer was filled since the beginning
    std::size_t taken_ = 0;  // and how often one was given back
    bool holding_ = false;   // whether the caller has a block
    bool ended_ = false;
    bool stopped_ = false;
    std::exception_ptr thrown_ = nullptr;

    std::thread thread_; // the last, since it uses all the others
};

} // namespace rkt
