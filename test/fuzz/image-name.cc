// SPDX-License-Identifier: Apache-2.0
//
// Names of images with their version and labels, and the names that are made of any text.

#include "target.h"

#include "store/image-ref.h"

void rkt::fuzz::read(std::string_view bytes) {
    attempt([&] {
        AcName nearest = AcName::nearest(bytes);
        require(AcName::parse(nearest.str()) == nearest, "the nearest name is one");
    });
    ImageName name = ImageName::parse(bytes);
    ImageName again = ImageName::parse(name.str());
    require(again.name == name.name && again.labels == name.labels, "a name is read as it is written");
}
