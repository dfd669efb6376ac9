// SPDX-License-Identifier: Apache-2.0
//
// The answer of the confined process that has read an archive, which may have taken it over.

#include "target.h"

#include "aci/contents.h"

void rkt::fuzz::read(std::string_view bytes) {
    AciContents contents = AciContents::parse(bytes);
    std::string text = contents.json();
    require(AciContents::parse(text).json() == text, "an answer is read as it is written");
}
