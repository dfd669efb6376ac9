// SPDX-License-Identifier: Apache-2.0
//
// rkt fetch: from what was asked for to images in the store.

#include "cmd-image/verb.h"

#include "appc/quantity.h"
#include "base/duration.h"
#include "base/error.h"
#include "base/log.h"
#include "cmd-image/key-review.h"
#include "cmd-image/progress.h"
#include "config/pull-policy.h"
#include "fetch/fetch.h"
#include "fetch/key-document.h"
#include "os/terminal.h"

#include <algorithm>
#include <exception>

#include <unistd.h>

namespace rkt {

namespace {

// With --exit-changed: everything is as it was.
constexpr int unchanged_status = 3;

struct FetchFlags {
    bool full = false;
    bool no_archive = false;
    bool no_dependencies = false;
    bool exit_changed = false;
    PullFlags pull{PullPolicy::Update};
    std::optional<std::string> stall_timeout = {};
    std::optional<std::string> max_bytes = {};
    std::optional<std::string> max_entries = {};
};

void declare(CommandLine& line, FetchFlags& flags) {
    line.flag("--full", flags.full, "Print whole image IDs");
    flags.pull.declare(line);
    line.flag("--no-dependencies", flags.no_dependencies, "Do not fetch what the images depend on");
    line.flag("--exit-changed", flags.exit_changed, "Exit with 0 if anything has changed, and with 3 if not");
    line.option("--stall-timeout", flags.stall_timeout,
                "Give a server up that sends less than 1 KiB a second for so long (30s)");
    line.option("--max-unpacked-bytes", flags.max_bytes,
                "Refuse an image that unpacks to more (free space less 5 %)");
    line.option("--max-entries", flags.max_entries, "Refuse an image of more files (1000000)");
    line.flag("--no-archive", flags.no_archive, "Do not keep the file the image was unpacked from");
}

std::optional<std::uint64_t> read_limit(const char* flag, const std::optional<std::string>& text) {
    if (!text)
        return std::nullopt;
    try {
        Quantity limit = Quantity::parse(*text);
        if (!limit.is_negative())
            return static_cast<std::uint64_t>(limit.whole());
    } catch (const Error&) {
        // Said below.
    }
    throw UsageError("{} takes a number like 1000 or 2Gi, not {}", flag, *text);
}

std::chrono::seconds read_stall_timeout(const std::optional<std::string>& text) {
    if (!text)
        return WebOptions().stall_timeout;
    std::chrono::seconds timeout = parse_duration("--stall-timeout", *text);
    if (timeout.count() == 0)
        throw UsageError("--stall-timeout takes a second at least");
    return timeout;
}

FetchOptions options_of(const FetchFlags& flags, const Globals& globals) {
    FetchOptions options = {.import = {.keep_archive = !flags.no_archive,
                                       .max_bytes = read_limit("--max-unpacked-bytes", flags.max_bytes),
                                       .max_entries = read_limit("--max-entries", flags.max_entries)},
                            .policy = flags.pull.read(),
                            .dependencies = !flags.no_dependencies,
                            .web = {.verify_tls = !globals.is_insecure("tls"),
                                    .allow_http = globals.is_insecure("http"),
                                    .stall_timeout = read_stall_timeout(flags.stall_timeout)},
                            .config = globals.config};
    if (!globals.is_insecure("image"))
        options.keys = TrustedKeys(globals.config.system, globals.config.local);
    options.installed = stage1_image_dirs(globals.config);
    return options;
}

void declare(CommandLine& line, std::vector<AskedImage>& asked) {
    line.words(
        "IMAGE", [&](const std::string& word) { asked.push_back({ImageRef::parse(word)}); },
        "A path, a URL, an ID or a name");
    line.each(
        "--signature",
        [&](const std::string& file) {
            if (asked.empty())
                throw UsageError("--signature belongs to an image, and there is none before it");
            asked.back().signature = file;
        },
        "The file with the signature of the image before it (IMAGE.asc)");
}

// Nobody is trusted for images of that name so far: their keys are looked for where the images are, and
// trusted if they are certain and that is enough (--trust-keys-from-https), or if somebody at a terminal says
// so. What fails is told; the signature is refused then, with what can be done.
void find_keys(const AcIdentifier& name, const FetchOptions& options, const Globals& globals, bool can_ask) {
    try {
        bool insecure = globals.is_insecure("pubkey");
        Web web({.verify_tls = options.web.verify_tls || !insecure,
                 .allow_http = options.web.allow_http && insecure,
                 .auth = read_auth(options.config)});
        for (const KeyDocument& document : discover_keys(web, name)) {
            bool unasked = globals.trust_keys_from_https && document.is_certain;
            if (unasked || can_ask)
                for (const std::filesystem::path& file : trust_keys(*options.keys, document, name, unasked))
                    note("{} is trusted from here on", file);
        }
    } catch (const Error& error) {
        note("looking for the keys of {}: {}", name.str(), error.what());
    }
}

// Nothing where nobody could say that a key is to be trusted.
FindKeys key_finder(const FetchOptions& options, const Globals& globals, Progress& progress) {
    bool can_ask = is_terminal(STDIN_FILENO) && is_terminal(STDERR_FILENO);
    if (!globals.trust_keys_from_https && !can_ask)
        return {};
    return [&, can_ask](const AcIdentifier& name) {
        progress.pause([&] { find_keys(name, options, globals, can_ask); });
    };
}

// As many as there are before the first that was not fetched.
void print_ids(const std::vector<Fetched>& images, bool full) {
    for (const Fetched& image : images) {
        if (image.fault)
            break;
        fmt::print("{}\n", full ? image.id->str() : image.id->brief());
    }
    std::fflush(stdout);
}

void tell(const std::exception_ptr& fault) {
    try {
        std::rethrow_exception(fault);
    } catch (const std::exception& error) {
        note("{}", error.what());
    }
}

// The last is thrown, and those before it are told. Images that depend on the same have the same fault.
void throw_faults(const std::vector<Fetched>& images) {
    std::vector<std::exception_ptr> faults;
    for (const Fetched& image : images)
        if (image.fault && std::ranges::find(faults, image.fault) == faults.end())
            faults.push_back(image.fault);
    if (faults.empty())
        return;
    std::for_each(faults.begin(), faults.end() - 1, tell);
    std::rethrow_exception(faults.back());
}

} // namespace

int fetch_images(const Words& words) {
    VerbLine verb("rkt fetch [FLAGS] IMAGE…", "Puts images into the store, and prints their IDs.");
    FetchFlags flags;
    std::vector<AskedImage> asked;
    declare(verb.line, flags);
    declare(verb.line, asked);
    std::optional<Globals> globals = verb.read(words);
    if (!globals)
        return 0;
    if (asked.empty())
        throw UsageError("fetch takes at least one image");
    FetchOptions options = options_of(flags, *globals);
    Progress progress;
    options.tell = [&](const DownloadNews& news) { progress.take(news); };
    options.find_keys = key_finder(options, *globals, progress);
    std::vector<Fetched> images = fetch(globals->data_dir, asked, options);
    print_ids(images, flags.full);
    throw_faults(images);
    bool is_changed = std::ranges::any_of(images, &Fetched::is_new);
    return flags.exit_changed && !is_changed ? unchanged_status : 0;
}

} // namespace rkt
