// SPDX-License-Identifier: Apache-2.0
//
// Columns of text, aligned with tabs as rkt always printed them: scripts split the lines at tabs. A cell may
// hold what a stranger wrote: it is made fit for a terminal, and nothing in it looks like another cell or
// row.

#pragma once

#include <string>
#include <vector>

namespace rkt {

using Row = std::vector<std::string>;

// Every cell but the last of a row is followed by at least one tab; each line ends in a newline.
std::string align(std::vector<Row> rows);

} // namespace rkt
