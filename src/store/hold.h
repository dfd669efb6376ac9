// SPDX-License-Identifier: Apache-2.0
//
// What is used by a process, not by a pod: it is pinned as long as the process lives.

#pragma once

#include "os/fd.h"
#include "store/store.h"

#include <filesystem>
#include <functional>

namespace rkt {

// Keeps an image from being collected while it lives. What a killed process leaves is found by
// drop_abandoned_pins(): the pin's lock is free then.
class [[nodiscard]] ImageHold {
public:
    // Throws Error if something of it is not there.
    ImageHold(Store& store, const Pin& pin);
    ImageHold(const ImageHold&) = delete;
    ImageHold& operator=(const ImageHold&) = delete;
    ~ImageHold();

private:
    std::filesystem::path file_;
    Fd lock_;
};

// Removes pins of pods that are not there and of processes that have ended.
void drop_abandoned_pins(const Store& store, const std::function<bool(const Uuid&)>& is_pod);

} // namespace rkt
