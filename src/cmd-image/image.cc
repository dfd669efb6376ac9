// SPDX-License-Identifier: Apache-2.0
//
// rkt image: the verbs below it.

#include "cmd-image/verb.h"

#include <array>

namespace rkt {

int image(const Words& words) {
    static constexpr std::array verbs = {
        Verb{"cat-manifest", "Print the manifest of an image", image_cat_manifest},
        Verb{"export", "Write the archive of an image to a file", image_export},
        Verb{"extract", "Write the files of an image to a directory", image_extract},
        Verb{"gc", "Remove what nobody has used for a while", image_gc},
        Verb{"list", "List the images in the store", image_list},
        Verb{"render", "Write the files of an image and its dependencies to a directory", image_render},
        Verb{"rm", "Remove images", image_rm},
        Verb{"verify", "Check that what is stored of images is as it was fetched", image_verify},
    };
    return act_on_verb("rkt image", verbs, words);
}

} // namespace rkt
