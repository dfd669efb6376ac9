// SPDX-License-Identifier: Apache-2.0
//
// Signals as something to read: blocked for the process, and taken one by one from a descriptor.

#pragma once

#include "os/fd.h"

#include <initializer_list>
#include <optional>

namespace rkt {

class [[nodiscard]] Signals {
public:
    // Blocks them for the life of the object.
    explicit Signals(std::initializer_list<int> signals);
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;
    ~Signals();

    // Readable when one has come.
    int fd() const noexcept { return fd_.get(); }

    // The number of one that has come; nothing if none has.
    std::optional<int> take();

private:
    Fd fd_;
    unsigned long long before_ = 0;
};

} // namespace rkt
