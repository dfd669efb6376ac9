// SPDX-License-Identifier: Apache-2.0

#include "cmd-pod/stage1-flags.h"

#include "base/error.h"
#include "stage0/layers.h"

namespace rkt {

namespace {

FoundImages find_one(const Session& session, const ImageRef& image) {
    return find_images(session, {{.image = image}});
}

// A configuration may name the path that an older rkt had its archives at.
std::string settle(const std::string& location, const ConfigRoots& config) {
    std::filesystem::path path = location;
    if (path.is_absolute() && !std::filesystem::exists(path))
        for (const std::filesystem::path& dir : stage1_image_dirs(config))
            if (std::filesystem::exists(dir / path.filename()))
                return dir / path.filename();
    return location;
}

// The image in the store that has the configured name, else the one at the configured location. None if
// our own is meant, or none is configured.
FoundImages find_configured(const Session& session) {
    Stage1Settings settings = read_stage1(session.globals.config);
    if (settings.image) {
        const auto& [name, version] = *settings.image;
        if (find_stage1().is(name, version))
            return {};
        ImageRef image = {ImageName{.name = name, .labels = {{"version", version}}}};
        if (auto id = session.store().find(image))
            return {.asked = {{.image = image}}, .policy = PullPolicy::Never, .ids = {*id}};
        if (!settings.location)
            throw Error(
                "looking for the stage1 image {}:{} that the configuration names: it is not in the store; "
                "fetch it, or configure its location, too",
                name, version);
    }
    if (!settings.location)
        return {};
    try {
        return find_one(session, ImageRef::parse(settle(*settings.location, session.globals.config)));
    } catch (Error& error) {
        error.during("looking for the stage1 image at the location that the configuration names");
        throw;
    }
}

} // namespace

void Stage1Flags::declare(CommandLine& line) {
    line.option("--stage1-path", path_, "A file with the stage1 image to use instead of rkt's own");
    line.option("--stage1-name", name_, "The name of one, in the store or to be found by it");
    line.option("--stage1-hash", hash_, "The ID of one in the store");
    line.option("--stage1-url", url_, "The URL of one");
    line.option("--stage1-from-dir", from_dir_,
                "A file in the directory of stage1 images that came with rkt");
}

void Stage1Flags::fetch(const Session& session) {
    std::optional<ImageRef> asked;
    int given = 0;
    auto take = [&](const std::optional<std::string>& word, const std::filesystem::path& before) {
        if (!word)
            return;
        ++given;
        asked = ImageRef::parse(before.empty() ? *word : (before / *word).native());
    };
    take(path_, ".");
    take(name_, {});
    take(hash_, {});
    if (from_dir_)
        take(from_dir_, stage1_image_dirs(session.globals.config).front());
    take(url_, {});
    if (given > 1)
        throw UsageError("only one of the flags --stage1-… can be given");
    if (url_ && asked->url() == nullptr)
        throw UsageError("--stage1-url takes a URL of http or https, not {}", *url_);
    found_ = asked ? find_one(session, *asked) : find_configured(session);
}

Stage1 Stage1Flags::find(const Session& session, const Store& store) const {
    if (found_.ids.empty())
        return find_stage1();
    const ImageId& image = found_.ids.front();
    std::string text = store.manifest_text(image);
    Stack stack = stack_of(store, image, ImageManifest::parse(text), image_program());
    if (stack.layers.size() != 1)
        throw Error("using the stage1 image {}: it is not of one layer", image);
    Stage1 stage1(session.dir() / stack.layers.front(), std::move(text), std::move(stack.uses));
    if (!std::filesystem::exists(stage1.root / stage1.entry_point("run")))
        throw Error("using the stage1 image {}: its entry point run is not in it", image);
    return stage1;
}

} // namespace rkt
