// SPDX-License-Identifier: Apache-2.0
//
// Lists of images: what there is to say of one, in which order, and in which form.

#pragma once

#include "store/source.h"
#include "wrap/json.h"

#include <string>
#include <string_view>
#include <vector>

namespace rkt {

// A column of the list, a member of the JSON object, and something to sort by.
struct ImageField {
    std::string_view name;
    std::string_view legend;
    std::string_view member;
    std::string (*brief)(const ImageRecord&);
    std::string (*full)(const ImageRecord&);
    Json (*json)(const ImageRecord&);
    bool (*less)(const ImageRecord&, const ImageRecord&); // null: lists are not sorted by it
};

// From a list of names, separated by commas. Throws UsageError, which names the flag.
std::vector<ImageField> parse_image_fields(const char* flag, std::string_view names);

// The first field decides, and the others where it does not; order is "asc" or "desc". Throws UsageError.
void sort_images(std::vector<ImageRecord>& images, const std::vector<ImageField>& keys,
                 std::string_view order);

struct ImageListForm {
    bool full = false;
    bool legend = true;
};

std::string image_list_text(const std::vector<ImageRecord>& images, const std::vector<ImageField>& shown,
                            const ImageListForm& form);
Json image_list_json(const std::vector<ImageRecord>& images, const std::vector<ImageField>& shown);

} // namespace rkt
