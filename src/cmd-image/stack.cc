// SPDX-License-Identifier: Apache-2.0
//
// rkt-image stack: what the root of an app is made of, when that takes more than naming the layers of its
// image.

#include "cmd-image/verb.h"

#include "base/error.h"
#include "store/render.h"

namespace rkt {

int stack(const Words& words) {
    if (words.size() != 2)
        throw Error("{} is not for people", stack_verb);
    Store store = Store::open(words[0]);
    ImageId id = ImageId::parse(words[1]);
    fmt::print("{}", make_stack(store, id, store.manifest(id)).str());
    return 0;
}

} // namespace rkt
