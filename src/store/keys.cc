// SPDX-License-Identifier: Apache-2.0

#include "store/keys.h"

#include "appc/limits.h"
#include "base/error.h"
#include "os/fd.h"
#include "os/file.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rkt {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t fingerprint_length = 40;
constexpr mode_t dir_mode = 0755;

fs::path directory_of(const fs::path& config, const std::optional<AcIdentifier>& prefix) {
    fs::path keys = config / "trustedkeys";
    return prefix ? keys / "prefix.d" / prefix->str() : keys / "root.d";
}

// Reads one configuration's directories, and notes what is no key in them.
class Reading {
public:
    Reading(KeyFiles& result, KeyOrigin origin) : result_(result), origin_(origin) {}

    void read_root(const fs::path& dir) {
        for (const fs::path& path : entries(dir))
            take_file(path, std::nullopt);
    }

    // The files of a directory before those of the directories in it, in the order of names.
    void read_prefixes(const fs::path& dir, const std::optional<AcIdentifier>& prefix) {
        std::vector<fs::path> dirs;
        for (const fs::path& path : entries(dir))
            if (fs::is_directory(fs::symlink_status(path)))
                dirs.push_back(path);
            else if (prefix)
                take_file(path, prefix);
            else
                refuse(path, "a key lies in the directory of its prefix");
        for (const fs::path& path : dirs)
            read_below(path, prefix);
    }

private:
    std::vector<fs::path> entries(const fs::path& dir) {
        std::vector<fs::path> paths;
        std::error_code error;
        for (fs::directory_iterator at(dir, error), end; !error && at != end; at.increment(error))
            if (!at->path().filename().native().starts_with('.')) // a file that is being written
                paths.push_back(at->path());
        if (error && error != std::errc::no_such_file_or_directory)
            refuse(dir, error.message());
        std::ranges::sort(paths);
        return paths;
    }

    void read_below(const fs::path& dir, const std::optional<AcIdentifier>& prefix) {
        std::string name = dir.filename();
        try {
            read_prefixes(dir, AcIdentifier::parse(prefix ? prefix->str() + "/" + name : name));
        } catch (const Error& error) {
            refuse(dir, error.what());
        }
    }

    void take_file(const fs::path& path, const std::optional<AcIdentifier>& prefix) {
        std::string name = path.filename();
        struct stat status = {};
        if (!is_fingerprint(name))
            return refuse(path, "its name is not the fingerprint of a key");
        if (::stat(path.c_str(), &status) != 0)
            return refuse(path, std::generic_category().message(errno));
        if (!S_ISREG(status.st_mode) && !S_ISCHR(status.st_mode))
            return refuse(path, "it is no file");
        result_.files.push_back({.fingerprint = name,
                                 .prefix = prefix,
                                 .origin = origin_,
                                 .path = path,
                                 .is_mask = status.st_size == 0});
    }

    void refuse(const fs::path& path, std::string_view why) {
        result_.warnings.push_back(fmt::format("{} is not used as a key: {}", path, why));
    }

    KeyFiles& result_;
    KeyOrigin origin_;
};

// Directories that everybody may enter, whatever the umask.
void make_dirs(const fs::path& dir) {
    if (fs::is_directory(dir))
        return;
    make_dirs(dir.parent_path());
    if (::mkdir(dir.c_str(), dir_mode) != 0 && errno != EEXIST)
        throw SystemError(errno, "making {}", dir);
    if (::chmod(dir.c_str(), dir_mode) != 0)
        throw SystemError(errno, "making {}", dir);
}

const KeyFile* find(const KeyFiles& list, const std::string& fingerprint,
                    const std::optional<AcIdentifier>& prefix, KeyOrigin origin) {
    auto found = std::ranges::find_if(list.files, [&](const KeyFile& file) {
        return file.fingerprint == fingerprint && file.prefix == prefix && file.origin == origin;
    });
    return found == list.files.end() ? nullptr : &*found;
}

} // namespace

bool KeyFile::covers(const AcIdentifier& name) const {
    return !prefix || name.is_below(prefix->str());
}

std::string KeyFile::read() const {
    Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!fd)
        throw SystemError(errno, "opening {}", path);
    return read_rest(fd.get(), path, limits::key_file_size);
}

bool is_fingerprint(std::string_view text) noexcept {
    return text.size() == fingerprint_length &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string describe_place(const std::optional<AcIdentifier>& prefix) {
    return prefix ? "images of " + prefix->str() : "every image";
}

std::vector<KeyFile> trusted_for(const std::vector<KeyFile>& files, const AcIdentifier& name) {
    std::vector<KeyFile> trusted;
    for (const KeyFile& file : files) {
        if (!file.covers(name))
            continue;
        if (file.is_mask)
            std::erase_if(trusted,
                          [&](const KeyFile& other) { return other.fingerprint == file.fingerprint; });
        else
            trusted.push_back(file);
    }
    return trusted;
}

bool is_masked(const std::vector<KeyFile>& files, const KeyFile& key) {
    bool later = false;
    for (const KeyFile& file : files) {
        if (later && file.is_mask && file.fingerprint == key.fingerprint &&
            (key.prefix ? file.covers(*key.prefix) : !file.prefix))
            return true;
        later = later || file.path == key.path;
    }
    return false;
}

KeyFiles TrustedKeys::list() const {
    KeyFiles list;
    Reading vendor(list, KeyOrigin::System);
    Reading local(list, KeyOrigin::Local);
    vendor.read_root(directory_of(system_, {}));
    local.read_root(directory_of(local_, {}));
    vendor.read_prefixes(system_ / "trustedkeys" / "prefix.d", {});
    local.read_prefixes(local_ / "trustedkeys" / "prefix.d", {});
    return list;
}

fs::path TrustedKeys::add(const std::string& fingerprint, std::string_view armored,
                          const std::optional<AcIdentifier>& prefix) const {
    fs::path dir = directory_of(local_, prefix);
    make_dirs(dir);
    write_atomically(dir / fingerprint, armored, 0644);
    return dir / fingerprint;
}

std::optional<fs::path> TrustedKeys::remove(const std::string& fingerprint,
                                            const std::optional<AcIdentifier>& prefix) const {
    KeyFiles all = list();
    const KeyFile* system = find(all, fingerprint, prefix, KeyOrigin::System);
    const KeyFile* local = find(all, fingerprint, prefix, KeyOrigin::Local);
    bool by_system = system != nullptr && !system->is_mask;
    if (local != nullptr ? local->is_mask : !by_system)
        throw Error("key {} is not trusted for {}", fingerprint, describe_place(prefix));
    if (by_system)
        return add(fingerprint, "", prefix);
    if (::unlink(local->path.c_str()) != 0)
        throw SystemError(errno, "removing {}", local->path);
    return std::nullopt;
}

} // namespace rkt
