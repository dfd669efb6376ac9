// SPDX-License-Identifier: Apache-2.0
//
// The metadata service's endpoints: TOKEN/acMetadata/v1/… (reference section 9).

#pragma once

#include "metadata/key.h"
#include "wrap/http-server.h"

#include <filesystem>

namespace rkt {

struct MetadataService {
    std::filesystem::path root; // where pods are published
    SigningKey key;

    // MDS-3 to MDS-25. A token opens what is said of its own pod and nothing else; whether an endpoint or an
    // app is there is not told to who has none.
    HttpAnswer answer(const HttpCall& call) const;
};

} // namespace rkt
