// SPDX-License-Identifier: Apache-2.0
//
// Has an image read by a process that is confined, since what it reads was written by a stranger.

#pragma once

#include "aci/check.h"
#include "aci/contents.h"
#include "base/error.h"
#include "os/dir.h"
#include "os/fd.h"

#include <string>
#include <vector>

namespace rkt {

// The verb of this program that reads: `unpack PARENT BYTES ENTRIES`. It is not for people.
inline constexpr const char* unpack_verb = "unpack";

// This host could not, for want of space or of a right, or since the process was killed: nothing is known of
// the archive.
class HostFault : public Error {
public:
    using Error::Error;
};

// Unpacks the archive into `layer`, and keeps it there as it came if that is wanted.
// Throws an Error in the words of the process, HostFault if it was not the archive's, and SystemError where
// it could not be started.
AciContents unpack(const Fd& source, const Dir& layer, bool keep_archive, const UnpackLimits& limits);

// What this program does when it is called by the above: confines itself, reads, and tells. Gives the exit
// status.
int serve_unpack(const std::vector<std::string>& words);

} // namespace rkt
