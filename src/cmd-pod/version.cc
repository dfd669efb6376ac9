// SPDX-License-Identifier: Apache-2.0
//
// rkt version: which rkt this is.

#include "cmd-pod/verb.h"

#include "base/error.h"
#include "stage0/stage1.h"

namespace rkt {

int version(const Words& words) {
    VerbLine line("rkt version",
                  "Says which version of rkt, of the appc specification and of stage1 this is.");
    line.parse(words); // and no settings, which may be what is wrong
    if (line.help_asked()) {
        fmt::print("{}", line.help());
        return 0;
    }
    fmt::print("rkt Version: {}\nappc Version: 0.8.11\nStage1: {}\n", RKT_VERSION,
               find_stage1().root.parent_path());
    return 0;
}

} // namespace rkt
