// SPDX-License-Identifier: Apache-2.0

#include "store/store.h"

#include "appc/platform.h"
#include "base/error.h"
#include "base/moment.h"
#include "base/text.h"
#include "os/dir.h"
#include "os/file.h"
#include "store/layout.h"
#include "store/make.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>

namespace rkt {

namespace layout = store_layout;

namespace {

// Nothing if it cannot be locked: it is not there, or not for us.
std::optional<Lock> lock_if_allowed(const std::filesystem::path& dir) {
    try {
        return Lock::take(dir, LockMode::Shared);
    } catch (const SystemError& error) {
        if (error.code() == ENOENT || error.code() == EACCES)
            return std::nullopt;
        throw;
    }
}

std::optional<ImageId> id_from(const std::string& name) {
    try {
        return ImageId::parse(name);
    } catch (const Error&) {
        return std::nullopt;
    }
}

// Nothing if the image is gone.
std::optional<ImageRecord> read_record(const std::filesystem::path& images, const ImageId& id) {
    ImageRecord record{.id = id};
    try {
        std::optional<Fd> fd = find_file(images / id.str() / layout::image_source);
        if (!fd)
            return std::nullopt;
        struct stat status = {};
        if (::fstat(fd->get(), &status) != 0)
            throw SystemError(errno, "reading {}", layout::image_source);
        record.source = ImageSource::parse(read_rest(fd->get(), layout::image_source));
        record.used = std::max(moment_of(status.st_mtim), record.source.imported);
    } catch (const Error& error) {
        record.fault = error.what();
    }
    return record;
}

void touch(const std::filesystem::path& file) {
    if (::utimensat(AT_FDCWD, file.c_str(), nullptr, AT_SYMLINK_NOFOLLOW) != 0)
        throw SystemError(errno, "noting the use of {}", file);
}

bool has_label(const ImageSource& source, const std::string& label, std::string_view value) {
    auto found = source.labels.find(label);
    return found != source.labels.end() && found->second == value;
}

// An image without the label is for any machine (AC-TYPE-12).
bool is_for(const ImageName& asked, const ImageSource& source, const std::string& label,
            std::string_view host) {
    return asked.labels.contains(label) || !source.labels.contains(label) || has_label(source, label, host);
}

bool fits(const ImageName& asked, const ImageSource& source) {
    if (asked.name.str() != source.name)
        return false;
    for (const auto& [label, value] : asked.labels)
        if (!has_label(source, label, value))
            return false;
    Platform host = host_platform();
    return is_for(asked, source, "os", host.os) && is_for(asked, source, "arch", host.arch);
}

} // namespace

Store Store::open(const std::filesystem::path& data_dir) {
    make_store(data_dir);
    return {data_dir, Lock::take(data_dir / layout::layers, LockMode::Shared)};
}

Store Store::open_to_look(const std::filesystem::path& data_dir) {
    return {data_dir, lock_if_allowed(data_dir / layout::layers)};
}

std::vector<ImageId> Store::ids() const {
    std::vector<ImageId> ids;
    std::optional<Dir> images = Dir::find(data_dir_ / layout::images);
    if (!images)
        return ids;
    for (const std::string& name : images->names())
        if (std::optional<ImageId> id = id_from(name))
            ids.push_back(*id);
    return ids;
}

std::vector<ImageRecord> Store::images() const {
    std::vector<ImageRecord> records;
    for (const ImageId& id : ids())
        if (std::optional<ImageRecord> record = read_record(data_dir_ / layout::images, id))
            records.push_back(std::move(*record));
    std::sort(records.begin(), records.end(), [](const ImageRecord& a, const ImageRecord& b) {
        return a.source.imported != b.source.imported ? a.source.imported < b.source.imported
                                                      : a.id.str() < b.id.str();
    });
    return records;
}

std::optional<ImageId> Store::find(const ImageIdPrefix& prefix) const {
    std::optional<ImageId> result;
    for (const ImageId& id : ids()) {
        if (!prefix.fits(id))
            continue;
        if (result)
            throw Error("{} is the beginning of more than one image's id", prefix.str());
        result = id;
    }
    return result;
}

std::optional<ImageId> Store::find(const ImageName& name) const {
    std::optional<ImageId> result;
    for (const ImageRecord& record : images())
        if (record.fault.empty() && fits(name, record.source))
            result = record.id;
    return result;
}

std::optional<ImageId> Store::find(const ImageRef& asked) const {
    if (const ImageIdPrefix* prefix = asked.id())
        return find(*prefix);
    if (const ImageName* name = asked.name())
        return find(*name);
    return std::nullopt;
}

ImageId Store::resolve(const ImageRef& asked) const {
    if (std::optional<ImageId> id = find(asked))
        return *id;
    throw Error("image {} is not in the store", asked.str());
}

bool Store::has(const ImageId& id) const {
    return std::filesystem::exists(data_dir_ / layout::images / id.str());
}

ImageSource Store::source(const ImageId& id) const {
    return ImageSource::parse(read_file(data_dir_ / layout::images / id.str() / layout::image_source));
}

std::string Store::manifest_text(const ImageId& id) const {
    return read_file(data_dir_ / layout::images / id.str() / layout::image_manifest);
}

ImageManifest Store::manifest(const ImageId& id) const {
    try {
        return ImageManifest::parse(manifest_text(id));
    } catch (Error& error) {
        error.during("image {}", id.brief());
        throw;
    }
}

std::vector<std::string> Store::layer_digests(const ImageId& id) const {
    std::string text = read_file(data_dir_ / layout::images / id.str() / layout::image_layers);
    std::vector<std::string> digests;
    for (std::string_view line : split(text, '\n'))
        if (!line.empty())
            digests.push_back(ImageId::parse(line).str());
    return digests;
}

void Store::note_use(const ImageId& id) const {
    touch(data_dir_ / layout::images / id.str() / layout::image_source);
}

void Store::pin(const Uuid& pod, const Pin& pin) {
    for (const std::string& image : pin.images)
        touch(data_dir_ / layout::images / image / layout::image_source);
    for (const std::string& tree : pin.trees)
        touch(data_dir_ / layout::trees / tree);
    std::string text = pin.str();
    if (text.empty())
        unpin(pod); // an empty file would be one that is cut off
    else
        write_atomically(data_dir_ / layout::pins / pod.str(), text, 0600);
}

void Store::unpin(const Uuid& pod) {
    std::filesystem::path pin = data_dir_ / layout::pins / pod.str();
    if (std::filesystem::remove(pin))
        sync_dir(pin.parent_path());
}

} // namespace rkt
