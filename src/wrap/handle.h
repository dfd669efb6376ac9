// SPDX-License-Identifier: Apache-2.0
//
// Owns an object of a C library: Handle<archive, archive_read_free>.

#pragma once

#include <memory>

namespace rkt {

template <auto free>
struct Free {
    template <class T>
    void operator()(T* object) const noexcept {
        free(object);
    }
};

template <class T, auto free>
using Handle = std::unique_ptr<T, Free<free>>;

} // namespace rkt
