// SPDX-License-Identifier: Apache-2.0
//
// PAX headers hold names in UTF-8, and libarchive translates them for the thread's locale, which may know
// ASCII only.

#pragma once

#include <locale.h>

namespace rkt {

// As long as it lives this thread's names are UTF-8.
class Utf8Locale {
public:
    Utf8Locale() : before_(::uselocale(load())) {}
    Utf8Locale(const Utf8Locale&) = delete;
    Utf8Locale& operator=(const Utf8Locale&) = delete;
    ~Utf8Locale() { ::uselocale(before_); }

    // From the file system, once. Throws SystemError.
    static locale_t load();

private:
    locale_t before_;
};

} // namespace rkt
