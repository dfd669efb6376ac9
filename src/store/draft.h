// SPDX-License-Identifier: Apache-2.0
//
// An image that is being imported: a private directory below tmp/, of which nothing has a name
// that counts until everything about it holds.

#pragma once

#include "appc/image-id.h"
#include "os/dir.h"
#include "store/source.h"
#include "store/store.h"
#include "store/workplace.h"

#include <filesystem>
#include <string>

namespace rkt {

struct NewImage {
    ImageId id;
    std::string manifest; // as it stood in the image
    ImageSource source;
};

class Draft {
public:
    // The store need not be held while the draft is filled, which can take long. What is not published is
    // removed at the end.
    static Draft make(const Store& store);

    // To unpack the layer in: as `rootfs`, and the archive it came from as `archive`.
    Dir layer() const { return place_.dir().open_plain("layer"); }

    // An empty directory for what is needed only while the draft is filled. Gives its path.
    std::filesystem::path make_scratch(const std::string& name) const;

    // Gives the layer and the image their names, in this order, when everything has reached the
    // disk. Interrupted at any instant it leaves the whole image or none. What somebody else has
    // published in the meantime is as good, and stays.
    void publish(Store& store, const NewImage& image);

private:
    explicit Draft(const Store& store);

    void write_image(const Dir& images, const NewImage& image) const;

    Workplace place_;
};

} // namespace rkt
