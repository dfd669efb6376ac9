// SPDX-License-Identifier: Apache-2.0
//
// A file that is being fetched. What breaks off stays, so that it can be continued; one that nobody has
// continued for a day goes with the next collection.

#pragma once

#include "os/dir.h"
#include "os/lock.h"
#include "store/store.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace rkt {

class Partial {
public:
    // Of that URL. Waits while somebody else fetches it: whoever has the Partial has it alone, until its end
    // or the process's. The store must not be held, since that would let nobody collect for as long.
    static Partial take(const std::filesystem::path& data_dir, const std::string& url);

    Partial(Partial&&) noexcept = default;
    Partial& operator=(Partial&&) = delete;

    // What cannot be continued is removed.
    ~Partial();

    std::uint64_t size() const noexcept { return size_; }

    // Which version of the file this is the beginning of, in the server's words: an ETag or a date. Empty if
    // there is no beginning.
    const std::string& version() const noexcept { return version_; }

    // From the beginning, and of which version. An empty one can never be continued.
    void begin(const std::string& version);

    void append(std::span<const std::byte> bytes);

    // To read what is there, from the beginning.
    Fd reader() const;

    // The whole file becomes that of the directory; nothing is copied. Nothing is left here then.
    void move_to(const Dir& target, const std::string& name);

    // What is here is not to be continued.
    void drop();

private:
    Partial(Dir tmp, std::string name, Dir dir, Lock lock);

    void read_state();

    Dir tmp_;
    std::string name_;
    Dir dir_;
    Lock lock_;
    Fd file_ = {};
    std::uint64_t size_ = 0;
    std::string version_ = {};
};

// Whether a directory of tmp/ is one of these, and worth keeping although nobody works in it.
bool is_to_be_continued(const Dir& tmp, const std::string& name);

} // namespace rkt
