// SPDX-License-Identifier: Apache-2.0
//
// Whole small files: read with a limit, written so that a crash leaves the old one or the new one.
//
// There is no database: what rkt remembers are files, and a file that could be half written
// would have to be doubted by every reader.

#pragma once

#include "os/fd.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace rkt {

// As large as a file of ours may grow (IMG-18 names the same limit for manifests).
inline constexpr std::size_t file_size_limit = 4 * 1024 * 1024;

// Opens for reading; nothing if there is no such file. A symlink in the last place is not followed.
std::optional<Fd> find_file(const std::filesystem::path& file);

// The whole content. Throws if there is no such file, or if it is larger than the limit.
std::string read_file(const std::filesystem::path& file, std::size_t limit = file_size_limit);

// Nothing if there is no such file.
std::optional<std::string> read_file_if_any(const std::filesystem::path& file,
                                            std::size_t limit = file_size_limit);

// What is left to read from an open descriptor, up to the limit; `name` is for the messages.
std::string read_rest(int fd, const std::filesystem::path& name, std::size_t limit = file_size_limit);

// Writes everything, however often it takes; `name` is for the messages.
void write_fully(int fd, std::string_view content, const std::filesystem::path& name);

// Appends everything that is left to read of one descriptor to another; `name` is for the messages.
void copy_file(int from, int to, const std::filesystem::path& name);

// Makes the file or replaces it in one step. When this returns, the content has reached the disk
// and so has its name. The mode holds whatever the umask says. An interrupted call can leave
// a file `.NAME-XXXXXX` beside it.
void write_atomically(const std::filesystem::path& file, std::string_view content, mode_t mode = 0644);

// The same without waiting for the disk: others find the old one or the new one, whatever becomes of us.
// After a crash of the kernel it may be empty.
void write_at_once(const std::filesystem::path& file, std::string_view content, mode_t mode = 0644);

// Makes the file or replaces its content, without waiting for the disk: for what nobody reads meanwhile, nor
// after a crash.
void write_plainly(const std::filesystem::path& file, std::string_view content, mode_t mode = 0644);

// Replaces the content of a file that is there, in place: who has it mounted sees the new one. Nothing is
// made where there is none.
void rewrite(const std::filesystem::path& file, std::string_view content);

// Makes the names in a directory durable: a rename lasts only when its directory has been synced.
void sync_dir(const std::filesystem::path& dir);

// What the file system of a directory still takes from us, in bytes.
std::uint64_t free_space(const std::filesystem::path& dir);

// Writes back everything on the file system that holds the descriptor, in one go.
void sync_file_system(int fd, const std::filesystem::path& name);

} // namespace rkt
