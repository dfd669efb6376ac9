// SPDX-License-Identifier: Apache-2.0
//
// Pod manifests, volumes, mounts and ports among them.

#include "target.h"

#include "appc/pod-manifest.h"

void rkt::fuzz::read(std::string_view bytes) {
    for (Strictness strictness : {Strictness::Strict, Strictness::Lenient})
        attempt([&] {
            PodManifest manifest = PodManifest::examine(bytes, strictness).value;
            require(PodManifest::parse(manifest.str(), strictness) == manifest,
                    "what is written says the same");
        });
}
