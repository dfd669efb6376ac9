// SPDX-License-Identifier: Apache-2.0
//
// Image manifests, labels, dependencies, apps and isolators among them.

#include "target.h"

#include "appc/image-manifest.h"

void rkt::fuzz::read(std::string_view bytes) {
    for (Strictness strictness : {Strictness::Strict, Strictness::Lenient})
        attempt([&] {
            ImageManifest manifest = ImageManifest::examine(bytes, strictness).value;
            require(ImageManifest::parse(manifest.str(), strictness) == manifest,
                    "what is written says the same");
        });
}
