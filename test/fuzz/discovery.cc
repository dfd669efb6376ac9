// SPDX-License-Identifier: Apache-2.0
//
// The page that says where images and keys are, and what its templates become.

#include "target.h"

#include "base/url.h"
#include "fetch/discovery.h"

void rkt::fuzz::read(std::string_view bytes) {
    static const ImageName image = with_defaults(ImageName::parse("example.com/web:1.0,kind=small"));
    DiscoveryPage page = DiscoveryPage::parse(bytes);
    for (const DiscoveryTag& tag : page.images) {
        (void)image.name.is_below(tag.prefix);
        attempt([&] {
            if (auto url = render_template(tag.target, image, "aci"))
                (void)Url::parse(*url);
        });
    }
    for (const DiscoveryTag& tag : page.keys)
        attempt([&] { (void)Url::parse(tag.target); });
}
