// SPDX-License-Identifier: Apache-2.0

#include "fetch/fetch.h"

#include "base/error.h"
#include "base/text.h"
#include "fetch/discovery.h"
#include "fetch/queue.h"
#include "fetch/wanted.h"
#include "os/root-owned.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rkt {

namespace {

// A file, or a pipe that somebody writes to. Opening a pipe waits for that.
Fd open_archive(const std::filesystem::path& path) {
    Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    struct stat status = {};
    if (!fd || ::fstat(fd.get(), &status) != 0)
        throw SystemError(errno, "opening {}", path);
    if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode))
        throw Error("opening {}: it is neither a file nor a pipe", path);
    return fd;
}

std::filesystem::path signature_beside(std::filesystem::path archive) {
    return archive += ".asc"; // IMG-16
}

// The same for a URL: what stands behind the "?" stays there.
Url signature_of(Url url) {
    url.path.insert(std::min(url.path.find('?'), url.path.size()), ".asc");
    return url;
}

// What one thread does, one image after the other.
class Fetcher {
public:
    Fetcher(const std::filesystem::path& data_dir, const FetchOptions& options, KeySearch& keys, Time begun)
        : data_dir_(data_dir), options_(options), keys_(keys), begun_(begun) {}

    // What is found is asked while it cannot be removed.
    Fetched fetch(const FetchTask& task, FetchQueue& queue) {
        std::optional<ImageId> before = id_of(known(task.wanted));
        StoredImage image = find(task.wanted, task.policy);
        if (options_.dependencies)
            queue.add_dependencies(task, image.store.manifest(image.id));
        bool is_new = task.wanted.image.path() != nullptr ? image.store.source(image.id).imported >= begun_
                                                          : before != image.id;
        return {.id = image.id, .is_new = is_new};
    }

private:
    static std::optional<ImageId> id_of(const std::optional<StoredImage>& image) {
        return image ? std::optional(image->id) : std::nullopt;
    }

    std::optional<StoredImage> known(const Wanted& wanted) const {
        Store store = Store::open(data_dir_);
        std::optional<ImageId> id;
        if (const Url* url = wanted.image.url()) {
            if (std::optional<UrlRef> ref = find_url_ref(store, *url))
                id = ref->image;
        } else if (!wanted.id) {
            id = store.find(wanted.image);
        } else if (store.has(*wanted.id)) {
            id = wanted.id;
        }
        if (!id)
            return std::nullopt;
        return StoredImage{.id = *id, .store = std::move(store)};
    }

    StoredImage find(const Wanted& wanted, PullPolicy policy) {
        if (const std::filesystem::path* path = wanted.image.path())
            return fetch_path(*path, wanted);
        if (const Url* url = wanted.image.url())
            return fetch_url({.image = *url, .signature = signature_of(*url)}, wanted, policy);
        if (wanted.image.name() != nullptr)
            return fetch_name(wanted, policy);
        Store store = Store::open(data_dir_);
        ImageId id = store.resolve(wanted.image);
        store.note_use(id);
        return {.id = id, .store = std::move(store)};
    }

    std::optional<Fd> find_installed(const std::filesystem::path& path) const {
        for (const std::filesystem::path& dir : options_.installed)
            if (path.parent_path() == (dir / "").parent_path())
                return find_root_owned(path.parent_path(), path.filename());
        return std::nullopt;
    }

    StoredImage fetch_path(const std::filesystem::path& path, const Wanted& wanted) const {
        std::optional<Fd> installed = find_installed(path);
        IncomingArchive archive = {.bytes = installed ? std::move(*installed) : open_archive(path),
                                   .name = path,
                                   .reference = std::filesystem::absolute(path)};
        if (options_.keys && (!installed || wanted.signature))
            archive.verification = {.signature =
                                        read_signature(wanted.signature.value_or(signature_beside(path))),
                                    .keys = *options_.keys};
        return import_archive(data_dir_, std::move(archive), options_.import);
    }

    StoredImage fetch_url(const Endpoint& from, const Wanted& wanted, PullPolicy policy) {
        DownloadPlace place = {.data_dir = data_dir_,
                               .import = options_.import,
                               .keys = options_.keys,
                               .policy = policy,
                               .begun = begun_,
                               .tell = options_.tell};
        if (std::optional<StoredImage> known = find_known(place, from.image)) {
            check_is_wanted(*known, wanted);
            return std::move(*known);
        }
        if (const ImageName* name = wanted.image.name())
            keys_.prepare(name->name);
        return download(web(), place, from, wanted);
    }

    StoredImage fetch_name(const Wanted& wanted, PullPolicy policy) {
        bool elsewhere_first = policy == PullPolicy::Update && !wanted.id;
        if (!elsewhere_first)
            if (std::optional<StoredImage> found = known(wanted))
                return std::move(*found);
        if (policy == PullPolicy::Never)
            throw Error("image {} is not in the store", wanted.image.str());
        std::vector<std::string> failed;
        for (const Endpoint& endpoint : Discovery(web()).find_images(*wanted.image.name())) {
            try {
                // What is not in the store by its name is not there by its URL either.
                return fetch_url(endpoint, wanted, PullPolicy::Update);
            } catch (const Error& error) {
                failed.emplace_back(error.what());
            }
        }
        throw Error("{}", join(failed, "; "));
    }

    // Made when it is first needed: preparing for TLS takes some milliseconds.
    Web& web() {
        if (!web_) {
            WebOptions options = options_.web;
            options.auth = read_auth(options_.config);
            web_.emplace(std::move(options));
        }
        return *web_;
    }

    const std::filesystem::path& data_dir_;
    const FetchOptions& options_;
    KeySearch& keys_;
    Time begun_;
    std::optional<Web> web_ = {};
};

void act(Fetcher& fetcher, FetchQueue& queue, const FetchTask& task) {
    try {
        queue.finish(task, fetcher.fetch(task, queue));
    } catch (Error& error) {
        if (task.depth == 0)
            error.during("fetching {}", task.wanted.image.str());
        else
            error.during("fetching {}, on which image {} depends", task.wanted.image.str(), task.needed_by);
        throw;
    }
}

} // namespace

std::vector<Fetched> fetch(const std::filesystem::path& data_dir, std::span<const AskedImage> images,
                           const FetchOptions& options) {
    if (::geteuid() != 0)
        throw Error("storing an image gives its files to their owners, which takes root");
    FetchQueue queue(images, options.policy);
    KeySearch keys(options.keys, options.find_keys);
    Time begun = std::chrono::system_clock::now();
    queue.work([&](const auto& tasks) {
        Fetcher fetcher(data_dir, options, keys, begun);
        while (std::optional<FetchTask> task = tasks()) {
            try {
                act(fetcher, queue, *task);
            } catch (...) {
                queue.fail(*task, std::current_exception());
            }
        }
    });
    return queue.outcomes();
}

} // namespace rkt
