// SPDX-License-Identifier: Apache-2.0
//
// What libcurl's codes mean, in words for people. For wrap/http.cc alone.

#pragma once

#include "wrap/http.h"

#include <chrono>
#include <string>
#include <string_view>

namespace rkt {

struct HttpFault {
    int code = 0; // a CURLcode
    const std::string& host;
    std::string_view words = {}; // of libcurl, if it has any
    int system_error = 0;        // an errno, or 0
    bool was_connected = false;
    bool is_out_of_time = false;
    std::chrono::seconds longest{0};
    const HttpOptions& options;
};

// Throws what wrap/http.h promises.
[[noreturn]] void throw_http_fault(const HttpFault& fault);

} // namespace rkt
