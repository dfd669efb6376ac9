// SPDX-License-Identifier: Apache-2.0

#include "aci/source.h"

#include "base/error.h"
#include "os/file.h"

#include <array>
#include <cerrno>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace rkt {

namespace {

constexpr std::size_t buffer_size = 256 * 1024;

} // namespace

ArchiveSource::ArchiveSource(int source, int copy)
    : source_(source), copy_(copy), stop_(::eventfd(0, EFD_CLOEXEC)), buffer_(buffer_size) {
    if (!stop_)
        throw SystemError(errno, "making an eventfd");
}

// False when it was stopped.
bool ArchiveSource::wait() const {
    std::array<pollfd, 2> waited = {pollfd{.fd = stop_.get(), .events = POLLIN, .revents = 0},
                                    pollfd{.fd = source_, .events = POLLIN, .revents = 0}};
    while (::ppoll(waited.data(), waited.size(), nullptr, nullptr) < 0)
        if (errno != EINTR)
            throw SystemError(errno, "waiting for the image");
    return waited[0].revents == 0;
}

Block ArchiveSource::next() {
    if (!wait())
        return {};
    ssize_t count = 0;
    do
        count = ::read(source_, buffer_.data(), buffer_.size());
    while (count < 0 && errno == EINTR);
    if (count < 0)
        throw SystemError(errno, "reading the image");
    Block block(buffer_.data(), static_cast<std::size_t>(count));
    if (copy_ >= 0)
        write_fully(copy_, {reinterpret_cast<const char*>(block.data()), block.size()},
                    "the copy of the archive");
    bytes_ += block.size();
    return block;
}

void ArchiveSource::stop() noexcept {
    constexpr std::uint64_t one = 1;
    [[maybe_unused]] ssize_t written = ::write(stop_.get(), &one, sizeof one);
}

} // namespace rkt
