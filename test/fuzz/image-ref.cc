// SPDX-License-Identifier: Apache-2.0
//
// What a person writes for an image: a path, an ID, a name, a URL.

#include "target.h"

#include "store/image-ref.h"

void rkt::fuzz::read(std::string_view bytes) {
    ImageRef image = ImageRef::parse(bytes);
    ImageRef again = ImageRef::parse(image.str());
    require(again.image.index() == image.image.index(), "it is of the same kind when it is read again");
    require(again.str() == image.str(), "it is read as it is written");
}
