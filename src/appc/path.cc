// SPDX-License-Identifier: Apache-2.0

#include "appc/path.h"

#include "appc/limits.h"
#include "appc/reader.h"
#include "base/text.h"

#include <algorithm>
#include <utility>

namespace rkt {

namespace {

bool is_inside(std::string_view path, std::string_view directory) noexcept {
    if (directory == "/" || path == directory)
        return true;
    return path.starts_with(directory) && path[directory.size()] == '/';
}

bool is_plain_component(std::string_view component) {
    return !component.empty() && component != "." && component != "..";
}

} // namespace

bool is_clean_path(std::string_view path) noexcept {
    if (path == "/")
        return true;
    if (!path.starts_with('/'))
        return false;
    return std::ranges::all_of(split(path.substr(1), '/'), is_plain_component);
}

bool are_nested(std::string_view a, std::string_view b) noexcept {
    return is_inside(a, b) || is_inside(b, a);
}

std::string read_clean_path(Reader& reader, std::string_view name) {
    std::string path = reader.filled_text(name);
    if (path.empty())
        return path;
    if (!path.starts_with('/'))
        reader.fault(name, fmt::format("\"{}\" is not absolute", path));
    else if (!is_clean_path(path))
        reader.fault(name, fmt::format("\"{}\" has a \".\", a \"..\" or a slash too many", path));
    else if (path.size() > limits::path_length)
        reader.fault(
            name, fmt::format("the path has {} bytes, and {} are allowed", path.size(), limits::path_length));
    return path;
}

void refuse_nested(Reader& reader, std::string_view name, std::vector<std::string> paths) {
    // In this order a path stands right behind one that it lies in, but for others that do so too.
    std::ranges::sort(paths, {}, [](const std::string& path) { return split(path, '/'); });
    for (std::size_t i = 1; i < paths.size(); ++i)
        if (!paths[i].empty() && !paths[i - 1].empty() && are_nested(paths[i - 1], paths[i]))
            reader.fault(name, fmt::format("{} and {} overlap", paths[i - 1], paths[i]));
}

} // namespace rkt
