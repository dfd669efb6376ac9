// SPDX-License-Identifier: Apache-2.0

#include "store/collect.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "os/random.h"
#include "store/layout.h"
#include "store/make.h"
#include "store/partial.h"
#include "store/url-ref.h"

#include <array>
#include <cerrno>

namespace rkt {

namespace layout = store_layout;

namespace {

Lock lock_alone(const std::filesystem::path& dir) {
    if (std::optional<Lock> lock = Lock::try_take(dir, LockMode::Exclusive))
        return std::move(*lock);
    trace("waiting until nobody uses the store");
    return Lock::take(dir, LockMode::Exclusive);
}

// What was being written when its writer died has a dot before its name.
bool is_unfinished(const std::string& name) {
    return name.starts_with('.');
}

std::map<std::string, Pin> read_pins(const std::filesystem::path& dir) {
    std::map<std::string, Pin> pins;
    for (const std::string& name : Dir::open(dir).names()) {
        if (is_unfinished(name))
            continue;
        try {
            // Whoever fetches holds images by pins that he removes without holding the store.
            if (std::optional<std::string> text = read_file_if_any(dir / name))
                pins.emplace(name, Pin::parse(*text));
        } catch (Error& error) {
            error.during("reading the pin {}, without which nothing can be removed", dir / name);
            throw;
        }
    }
    return pins;
}

std::string random_name() {
    std::array<std::uint8_t, 8> bytes = {};
    fill_random(bytes);
    return "removed-" + hex(bytes);
}

// Whoever works in a directory of tmp/ holds its lock, and removes it without holding the store: a name may
// be gone at any time.
bool is_worked_in(const Dir& tmp, const std::string& name) {
    std::optional<struct stat> status = tmp.status(name);
    if (!status || !S_ISDIR(status->st_mode))
        return false;
    std::optional<Dir> dir = tmp.find_plain(name);
    return dir && !Lock::try_take(dir->duplicate(), LockMode::Exclusive);
}

// False if it is gone.
bool rename_if_any(const Dir& tmp, const std::string& name, const std::string& new_name) {
    try {
        tmp.rename(name, tmp, new_name);
        return true;
    } catch (const SystemError& error) {
        if (error.code() != ENOENT)
            throw;
        return false;
    }
}

} // namespace

Collector::Collector(const std::filesystem::path& data_dir, Lock lock)
    : store_(data_dir, std::nullopt), lock_(std::move(lock)), images_(Dir::open(data_dir / layout::images)),
      layers_(Dir::open(data_dir / layout::layers)), trees_(Dir::open(data_dir / layout::trees)),
      tmp_(Dir::open(data_dir / layout::tmp)), pins_(read_pins(data_dir / layout::pins)) {}

Collector Collector::open(const std::filesystem::path& data_dir) {
    make_store(data_dir);
    return {data_dir, lock_alone(data_dir / layout::layers)};
}

std::optional<std::string> Collector::user_of(const ImageId& id) const {
    for (const auto& [pod, pin] : pins_)
        if (pin.images.contains(id.str()))
            return pod;
    return std::nullopt;
}

void Collector::refuse_used(const ImageId& id) const {
    if (std::optional<std::string> pod = user_of(id))
        throw Error("image {} is used by the pod {}", id.brief(), *pod);
}

void Collector::move_away(const Dir& from, const std::string& name) {
    from.rename(name, tmp_, random_name());
    from.sync();
}

void Collector::remove(const ImageId& id) {
    refuse_used(id);
    move_away(images_, id.str());
}

std::vector<ImageId> Collector::remove_unused_since(Time then, const std::optional<ImageId>& kept) {
    std::vector<ImageId> removed;
    for (const ImageRecord& record : store_.images()) {
        if (!record.fault.empty() || record.used >= then || record.id == kept || user_of(record.id))
            continue;
        remove(record.id);
        removed.push_back(record.id);
    }
    drop_trees_if([&](const std::filesystem::path& tree) {
        return std::chrono::file_clock::to_sys(std::filesystem::last_write_time(tree)) < then;
    });
    return removed;
}

bool Collector::has_lost_an_image(const std::filesystem::path& tree) const {
    try {
        std::string images = read_file(tree / layout::tree_images);
        for (std::string_view image : split(images, '\n'))
            if (!image.empty() && !store_.has(ImageId::parse(image)))
                return true;
        return false;
    } catch (const Error& error) {
        trace("{}: {}", tree, error.what());
        return true; // what a tree is of which that is not known can be rendered again
    }
}

void Collector::drop_trees_if(const std::function<bool(const std::filesystem::path& tree)>& is_unneeded) {
    std::set<std::string> pinned;
    for (const auto& [pod, pin] : pins_)
        pinned.insert(pin.trees.begin(), pin.trees.end());
    for (const std::string& digest : trees_.names())
        if (!pinned.contains(digest) && is_unneeded(trees_.path() / digest))
            move_away(trees_, digest);
}

// An image may not lose its layers because its list of them is damaged.
std::set<std::string> Collector::layers_of(const ImageId& id) const {
    try {
        std::vector<std::string> digests = store_.layer_digests(id);
        return {digests.begin(), digests.end()};
    } catch (Error& error) {
        error.during("image {} is damaged (rkt image rm {} removes it)", id.brief(), id.brief());
        throw;
    }
}

void Collector::drop_unneeded_layers() {
    std::set<std::string> needed;
    for (const auto& [pod, pin] : pins_)
        needed.insert(pin.layers.begin(), pin.layers.end());
    for (const ImageRecord& record : store_.images())
        needed.merge(layers_of(record.id));
    for (const std::string& digest : layers_.names())
        if (!needed.contains(digest))
            move_away(layers_, digest);
}

void Collector::finish() && {
    drop_unneeded_layers();
    drop_trees_if([&](const std::filesystem::path& tree) { return has_lost_an_image(tree); });
    drop_stale_refs(store_);
    Dir pins = Dir::open(store_.data_dir() / layout::pins);
    for (const std::string& name : pins.names())
        if (is_unfinished(name))
            pins.remove_tree(name);
    // Who works in tmp/ has made and locked a directory while he held the store. So what is not
    // locked now belongs to nobody, and stays so under a new name when others are let in again.
    std::vector<std::string> abandoned;
    for (const std::string& name : tmp_.names()) {
        if (is_worked_in(tmp_, name) || is_to_be_continued(tmp_, name))
            continue;
        if (std::string new_name = random_name(); rename_if_any(tmp_, name, new_name))
            abandoned.push_back(std::move(new_name));
    }
    lock_.reset();
    for (const std::string& name : abandoned)
        tmp_.remove_tree(name);
}

} // namespace rkt
