// SPDX-License-Identifier: Apache-2.0

#include "wrap/utf8-locale.h"

#include "base/error.h"

#include <cerrno>

namespace rkt {

locale_t Utf8Locale::load() {
    static const locale_t utf8 = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    if (utf8 == nullptr)
        throw SystemError(errno, "loading the locale C.UTF-8");
    return utf8;
}

} // namespace rkt
