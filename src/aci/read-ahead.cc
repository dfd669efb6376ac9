// SPDX-License-Identifier: Apache-2.0

#include "aci/read-ahead.h"

#include <utility>

namespace rkt {

namespace {

constexpr std::size_t buffer_size = 256 * 1024;

} // namespace

ReadAhead::ReadAhead(Read read, std::function<void()> stop) : read_(std::move(read)), stop_(std::move(stop)) {
    for (Buffer& buffer : buffers_)
        buffer.bytes.resize(buffer_size);
    thread_ = std::thread([this] { run(); });
}

ReadAhead::~ReadAhead() {
    {
        std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    changed_.notify_all();
    stop_();
    thread_.join();
}

bool ReadAhead::wait_for_free_buffer() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stopped_ || filled_ - taken_ < buffers_.size(); });
    return !stopped_;
}

void ReadAhead::hand_over() {
    {
        std::lock_guard lock(mutex_);
        ++filled_;
    }
    changed_.notify_all();
}

void ReadAhead::finish(std::exception_ptr thrown) {
    {
        std::lock_guard lock(mutex_);
        ended_ = true;
        thrown_ = std::move(thrown);
    }
    changed_.notify_all();
}

void ReadAhead::run() noexcept {
    try {
        while (wait_for_free_buffer()) {
            Buffer& buffer = buffers_[filled_ % buffers_.size()];
            buffer.size = read_(buffer.bytes);
            if (buffer.size == 0)
                break;
            hand_over();
        }
        finish(nullptr);
    } catch (...) {
        finish(std::current_exception());
    }
}

Block ReadAhead::next() {
    std::unique_lock lock(mutex_);
    if (std::exchange(holding_, false)) {
        ++taken_;
        changed_.notify_all();
    }
    changed_.wait(lock, [this] { return ended_ || filled_ != taken_; });
    if (filled_ != taken_) {
        holding_ = true;
        const Buffer& buffer = buffers_[taken_ % buffers_.size()];
        return {buffer.bytes.data(), buffer.size};
    }
    if (thrown_)
        std::rethrow_exception(thrown_);
    return {};
}

} // namespace rkt
