// SPDX-License-Identifier: Apache-2.0

#include "fetch/fetch.h"

#include "base/error.h"
#include "base/text.h"
#include "fetch/discovery.h"
#include "fetch/queue.h"
#include "fetch/wanted.h"

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
    Fetcher(const std::filesystem::path& data_dir, const FetchOptions& options, Time begun)
        : data_dir_(data_dir), options_(options), begun_(begun) {}

    Fetched fetch(const Wanted& wanted, PullPolicy policy) {
        std::optional<ImageId> before = known(wanted);
        Fetched fetched = {.id = find(wanted, policy)};
        if (wanted.image.path() != nullptr)
            fetched.is_new = store().source(*fetched.id).imported >= begun_;
        else
            fetched.is_new = before != fetched.id;
        return fetched;
    }

    ImageManifest manifest_of(const ImageId& id) const { return store().manifest(id); }

private:
    Store store() const { return Store::open(data_dir_); }

    std::optional<ImageId> known(const Wanted& wanted) const {
        Store open = store();
        if (const Url* url = wanted.image.url()) {
            std::optional<UrlRef> ref = find_url_ref(open, *url);
            return ref ? std::optional(ref->image) : std::nullopt;
        }
        if (wanted.id)
            return open.has(*wanted.id) ? wanted.id : std::nullopt;
        return open.find(wanted.image);
    }

    ImageId find(const Wanted& wanted, PullPolicy policy) {
        if (const std::filesystem::path* path = wanted.image.path())
            return fetch_path(*path, wanted);
        if (const Url* url = wanted.image.url())
            return fetch_url({.image = *url, .signature = signature_of(*url)}, wanted, policy);
        if (wanted.image.name() != nullptr)
            return fetch_name(wanted, policy);
        Store open = store();
        ImageId id = open.resolve(wanted.image);
        open.note_use(id);
        return id;
    }

    ImageId fetch_path(const std::filesystem::path& path, const Wanted& wanted) const {
        IncomingArchive archive = {
            .bytes = open_archive(path), .name = path, .reference = std::filesystem::absolute(path)};
        if (options_.keys)
            archive.verification = {.signature =
                                        read_signature(wanted.signature.value_or(signature_beside(path))),
                                    .keys = *options_.keys};
        return import_archive(data_dir_, std::move(archive), options_.import);
    }

    ImageId fetch_url(const Endpoint& from, const Wanted& wanted, PullPolicy policy) {
        DownloadPlace place = {.data_dir = data_dir_,
                               .import = options_.import,
                               .keys = options_.keys,
                               .policy = policy,
                               .begun = begun_,
                               .tell = options_.tell};
        if (std::optional<ImageId> known = find_known(place, from.image)) {
            check_is_wanted(*known, store().source(*known), wanted);
            return *known;
        }
        return download(web(), place, from, wanted);
    }

    ImageId fetch_name(const Wanted& wanted, PullPolicy policy) {
        bool elsewhere_first = policy == PullPolicy::Update && !wanted.id;
        if (std::optional<ImageId> found = known(wanted); found && !elsewhere_first)
            return *found;
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
    Time begun_;
    std::optional<Web> web_ = {};
};

void act(Fetcher& fetcher, FetchQueue& queue, const FetchTask& task, bool with_dependencies) {
    try {
        Fetched fetched = fetcher.fetch(task.wanted, task.policy);
        if (with_dependencies)
            queue.add_dependencies(task, fetcher.manifest_of(*fetched.id));
        queue.finish(task, fetched);
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
    Time begun = std::chrono::system_clock::now();
    queue.work([&](const auto& tasks) {
        Fetcher fetcher(data_dir, options, begun);
        while (std::optional<FetchTask> task = tasks()) {
            try {
                act(fetcher, queue, *task, options.dependencies);
            } catch (...) {
                queue.fail(*task, std::current_exception());
            }
        }
    });
    return queue.take_outcomes();
}

} // namespace rkt
