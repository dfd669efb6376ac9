// SPDX-License-Identifier: Apache-2.0

#include "fetch/download.h"

#include "base/error.h"
#include "base/log.h"
#include "fetch/arrival.h"
#include "fetch/cache-control.h"
#include "fetch/validators.h"
#include "store/layout.h"
#include "store/partial.h"

#include <array>
#include <cerrno>

#include <unistd.h>

namespace rkt {

namespace {

// How often a download that breaks off is continued, and how often of these with next to nothing new.
constexpr int most_attempts = 20;
constexpr int most_idle_attempts = 3;
constexpr std::uint64_t worth_counting = 64 * 1024;

// The server continues something else than what we have.
class OtherVersion : public Error {
public:
    using Error::Error;
};

class Download {
public:
    Download(Web& web, const DownloadPlace& place, const Endpoint& from, const Wanted& wanted,
             Partial partial)
        : web_(web), place_(place), from_(from), url_(from.image), wanted_(wanted),
          partial_(std::move(partial)), known_(find_url_ref(Store::open(place.data_dir), from.image)) {}
    Download(const Download&) = delete;
    Download& operator=(const Download&) = delete;
    ~Download() {
        if (place_.tell)
            place_.tell({.url = url_, .bytes = bytes_, .total = total_, .has_ended = true});
    }

    StoredImage run();

private:
    StoredImage try_once();
    HttpRequest request();
    void take_head(const HttpHead& head);
    void check_range(const HttpHead& head);
    void check_size(std::uint64_t size) const;
    std::optional<SignatureText> find_signature();
    void begin_anew();
    void begin_arrival();
    void feed_what_is_there();
    void take_bytes(std::span<const std::byte> bytes);
    void verify_late();
    StoredImage finish(const HttpHead& head);
    StoredImage take_unchanged(const HttpHead& head);
    bool may_continue();
    bool is_verifiable() const { return signature_ || !place_.keys; }
    void tell() const;

    Web& web_;
    const DownloadPlace& place_;
    const Endpoint& from_;
    const Url& url_;
    const Wanted& wanted_;
    Partial partial_;
    std::optional<UrlRef> known_;
    std::optional<SignatureText> signature_ = {};
    std::optional<Arrival> arrival_ = {};
    std::optional<std::uint64_t> total_ = {};
    std::uint64_t bytes_ = 0;
    std::uint64_t bytes_at_last_attempt_ = 0;
    int attempts_ = 0;
    int idle_attempts_ = 0;
};

HttpRequest Download::request() {
    HttpRequest request = web_.request(url_);
    if (partial_.size() > 0) {
        request.headers.push_back(fmt::format("Range: bytes={}-", partial_.size()));
        request.headers.push_back("If-Range: " + partial_.version());
    }
    if (known_ && place_.policy == PullPolicy::Update && !known_->etag.empty())
        request.headers.push_back("If-None-Match: " + known_->etag);
    if (known_ && place_.policy == PullPolicy::Update && !known_->last_modified.empty())
        request.headers.push_back("If-Modified-Since: " + known_->last_modified);
    request.most_bytes = wanted_.size.value_or(most_of_free_space(place_.data_dir));
    request.head = [this](const HttpHead& head) { take_head(head); };
    request.body = [this](std::span<const std::byte> bytes) { take_bytes(bytes); };
    return request;
}

void Download::check_size(std::uint64_t size) const {
    if (wanted_.size && size != *wanted_.size)
        throw Error("it has {} bytes, and {} are what the image that depends on it says", size,
                    *wanted_.size);
}

void Download::check_range(const HttpHead& head) {
    if (partial_.size() == 0)
        throw Error("{} sends a part (status 206), and was asked for the whole", head.url.host);
    std::optional<ContentRange> range = content_range_of(head);
    bool is_same = !partial_.version().empty() && validators_of(head).version() == partial_.version();
    if (!range || range->first != partial_.size() || !is_same)
        throw OtherVersion("{} does not continue what has come so far", head.url.host);
    total_ = range->total;
}

void Download::take_head(const HttpHead& head) {
    if (head.status == 206) {
        check_range(head);
    } else {
        arrival_.reset();
        partial_.begin(validators_of(head).version());
        total_ = head.number("content-length");
    }
    if (total_)
        check_size(*total_);
    if (!arrival_ && is_verifiable())
        begin_arrival();
    tell();
}

void Download::begin_anew() {
    arrival_.reset();
    partial_.drop();
}

// Nothing if it is to come later.
std::optional<SignatureText> Download::find_signature() {
    if (wanted_.signature)
        return read_signature(*wanted_.signature);
    std::optional<std::string> text = web_.find_text(from_.signature);
    if (!text)
        return std::nullopt;
    return SignatureText{.text = std::move(*text), .origin = from_.signature.str()};
}

void Download::begin_arrival() {
    IncomingArchive archive = {.bytes = {}, .name = url_.str(), .reference = url_.str()};
    if (place_.keys)
        archive.verification = {.signature = signature_.value(), .keys = *place_.keys};
    archive.accept = [this](const NewImage& image) { check_is_wanted(image.id, image.source, wanted_); };
    archive.place = [this](const Dir& layer) { partial_.move_to(layer, store_layout::layer_archive); };
    arrival_.emplace(place_.data_dir, std::move(archive), place_.import);
    if (partial_.size() > 0)
        feed_what_is_there();
}

void Download::feed_what_is_there() {
    std::vector<std::byte> buffer(256 * 1024);
    Fd reader = partial_.reader();
    for (;;) {
        ssize_t count = ::read(reader.get(), buffer.data(), buffer.size());
        if (count < 0 && errno != EINTR)
            throw SystemError(errno, "reading what has come so far");
        if (count == 0)
            return;
        if (count > 0)
            arrival_->feed(std::span(buffer).first(static_cast<std::size_t>(count)));
    }
}

void Download::take_bytes(std::span<const std::byte> bytes) {
    partial_.append(bytes);
    if (arrival_)
        arrival_->feed(bytes);
    bytes_ = partial_.size();
    tell();
}

void Download::tell() const {
    if (place_.tell)
        place_.tell({.url = url_, .bytes = partial_.size(), .total = total_});
}

void Download::verify_late() {
    signature_ = find_signature();
    if (!signature_)
        throw Error("the signature {} is still to come, although the image is there", from_.signature.str());
    begin_arrival();
}

StoredImage Download::finish(const HttpHead& head) {
    if (total_ && partial_.size() != *total_)
        throw BrokenOff("{} has sent {} of {} bytes", head.url.host, partial_.size(), *total_);
    check_size(partial_.size());
    if (!arrival_)
        verify_late();
    StoredImage image = arrival_->finish();
    partial_.drop();
    CacheControl control = cache_control_of(head);
    UrlRef ref = {.url = url_, .image = image.id, .checked = std::chrono::system_clock::now()};
    if (control.may_be_noted) {
        Validators validators = validators_of(head);
        ref.etag = std::move(validators.etag);
        ref.last_modified = std::move(validators.last_modified);
        ref.max_age = control.max_age;
    }
    put_url_ref(image.store, ref);
    return image;
}

StoredImage Download::take_unchanged(const HttpHead& head) {
    if (!known_)
        throw Error("{} says that nothing has changed, and was not asked that", head.url.host);
    StoredImage image = {.id = known_->image, .store = Store::open(place_.data_dir)};
    if (!image.store.has(image.id)) {
        known_.reset();
        throw OtherVersion("the image that has not changed was removed meanwhile");
    }
    partial_.drop();
    known_->checked = std::chrono::system_clock::now();
    if (head.find("cache-control") != nullptr)
        known_->max_age = cache_control_of(head).max_age;
    check_is_wanted(image, wanted_);
    put_url_ref(image.store, *known_);
    return image;
}

StoredImage Download::try_once() {
    HttpHead head = web_.get(request());
    if (head.has_body())
        return finish(head);
    if (head.status == 304)
        return take_unchanged(head);
    if (head.status == 416 && partial_.size() > 0)
        throw OtherVersion("{} has nothing behind what has come so far", head.url.host);
    refuse_status(head);
}

bool Download::may_continue() {
    bool is_idle = partial_.size() < bytes_at_last_attempt_ + worth_counting;
    bytes_at_last_attempt_ = partial_.size();
    idle_attempts_ = is_idle ? idle_attempts_ + 1 : 0;
    return ++attempts_ < most_attempts && idle_attempts_ < most_idle_attempts;
}

// What has broken off stays to be continued; what was refused does not.
StoredImage Download::run() {
    if (place_.keys)
        signature_ = find_signature();
    for (;;) {
        try {
            return try_once();
        } catch (const OtherVersion& error) {
            trace("{}; beginning anew", error.what());
            begin_anew();
            if (!may_continue())
                throw;
        } catch (const BrokenOff& error) {
            if (!may_continue())
                throw;
            if (partial_.version().empty()) // what comes next might be of another one
                begin_anew();
            trace("{}; going on after {} bytes", error.what(), partial_.size());
        } catch (const ConnectError&) {
            throw;
        } catch (...) {
            begin_anew();
            throw;
        }
    }
}

} // namespace

std::optional<StoredImage> find_known(const DownloadPlace& place, const Url& url) {
    Store store = Store::open(place.data_dir);
    std::optional<UrlRef> ref = find_url_ref(store, url);
    Time now = std::chrono::system_clock::now();
    bool is_good =
        ref && (place.policy != PullPolicy::Update || ref->is_fresh(now) || ref->checked >= place.begun);
    if (is_good)
        return StoredImage{.id = ref->image, .store = std::move(store)};
    if (place.policy == PullPolicy::Never)
        throw Error("what it stands for is not in the store, and it is not to be looked for elsewhere");
    return std::nullopt;
}

StoredImage download(Web& web, const DownloadPlace& place, const Endpoint& from, const Wanted& wanted) {
    try {
        Partial partial = Partial::take(place.data_dir, from.image.str());
        if (std::optional<StoredImage> known = find_known(place, from.image)) { // somebody else was faster
            check_is_wanted(*known, wanted);
            return std::move(*known);
        }
        return Download(web, place, from, wanted, std::move(partial)).run();
    } catch (Error& error) {
        error.during("getting {}", from.image.str());
        throw;
    }
}

} // namespace rkt
