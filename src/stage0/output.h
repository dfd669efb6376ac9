// SPDX-License-Identifier: Apache-2.0
//
// The apps' lines as the pod's journal has them: for `rkt run` in the foreground, and for `rkt logs`.

#pragma once

#include "os/dir-changes.h"
#include "os/dir.h"
#include "pod/layout.h"
#include "wrap/journal.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <unistd.h>

namespace rkt {

struct OutputOptions {
    std::vector<std::string> apps;        // whose lines
    bool prefixed = false;                // the app's name before each line
    bool timed = false;                   // the time before each line
    std::optional<std::size_t> last = {}; // only so many of what is there already
    bool followed = false;                // what comes is wanted too
    int to = STDOUT_FILENO;
};

enum class Printed {
    All,
    Part,   // its reader takes no more without being waited for
    Unread, // nobody reads there any more
};

class Output {
public:
    // `journal` is the directory of one machine's journal files, and no link: the pod's root writes where it
    // stands.
    Output(const std::filesystem::path& journal, OutputOptions options);

    // For a Loop, if it is followed: readable when print() may have something to do.
    int fd() const { return changes_->fd(); }

    // Prints what has come since, on the standard output or where the options say, and does not wait for who
    // reads there.
    Printed print();

    // The same, waiting as long as it takes. Gives false once nobody reads any more.
    bool print_all();

    // Where it is printed: can be written when print() may go on.
    int to() const noexcept { return options_.to; }

private:
    std::string line() const;
    Printed print_present();

    OutputOptions options_;
    Dir directory_;
    std::unique_ptr<DirChanges> changes_; // of what comes after the journal has been opened
    Journal journal_;
    std::string pending_ = {}; // of what was read, not yet taken
};

// The directory of the pod's own journal files.
std::filesystem::path journal_of(const PodLayout& pod, const std::string& machine_id);

} // namespace rkt
