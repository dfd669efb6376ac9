// SPDX-License-Identifier: Apache-2.0
//
// From libarchive's entry to ours.

#pragma once

#include "wrap/archive.h"

namespace rkt {

// Throws if something in it is missing or does not fit: a name that is not UTF-8 in a PAX header,
// an owner that is no 32-bit number, a negative size.
TarEntry read_entry(archive_entry* entry);

} // namespace rkt
