// SPDX-License-Identifier: Apache-2.0

#include "base/table.h"

#include "base/text.h"
#include "base/utf8.h"

#include <algorithm>

namespace rkt {

namespace {

constexpr std::size_t tab = 8;

// Characters, not bytes.
std::size_t width(const std::string& text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !continues_utf8(c); }));
}

std::vector<std::size_t> column_tabs(const std::vector<Row>& rows) {
    std::vector<std::size_t> tabs;
    for (const Row& row : rows) {
        tabs.resize(std::max(tabs.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            tabs[i] = std::max(tabs[i], width(row[i]) / tab + 1);
    }
    return tabs;
}

} // namespace

std::string align(std::vector<Row> rows) {
    for (Row& row : rows)
        std::ranges::transform(row, row.begin(), printable);
    std::vector<std::size_t> tabs = column_tabs(rows);
    std::string text;
    for (const Row& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            text += row[i];
            if (i + 1 < row.size())
                text.append(tabs[i] - width(row[i]) / tab, '\t');
        }
        text += '\n';
    }
    return text;
}

} // namespace rkt
