// SPDX-License-Identifier: Apache-2.0
//
// How much a manifest, a key or a signature may ask of us. What is above is refused, never cut.
//
// They are written by strangers. The limits are far above what real ones need, and low enough
// that one of them can exhaust neither the memory nor the patience of a host.

#pragma once

#include <cstddef>

namespace rkt::limits {

// The text of a manifest in bytes (IMG-18), and objects and lists inside each other.
inline constexpr std::size_t manifest_size = 4 << 20;
inline constexpr std::size_t manifest_depth = 32;

// Characters of words (AC-TYPE-3). An app's name becomes the name of a unit and of files, which may
// have 255 with what is added.
inline constexpr std::size_t identifier_length = 512;
inline constexpr std::size_t name_length = 128;
inline constexpr std::size_t version_length = 256;
inline constexpr std::size_t quantity_length = 64;
inline constexpr std::size_t path_length = 4095;

// Entries of lists.
inline constexpr std::size_t labels = 256;
inline constexpr std::size_t annotations = 1024;
inline constexpr std::size_t dependencies = 256;
inline constexpr std::size_t path_whitelist = 200000;
inline constexpr std::size_t exec_words = 4096;
inline constexpr std::size_t environment = 4096;
inline constexpr std::size_t supplementary_gids = 65536;
inline constexpr std::size_t event_handlers = 16;
inline constexpr std::size_t isolators = 256;
inline constexpr std::size_t isolator_set = 1024;
inline constexpr std::size_t mount_points = 1024;
inline constexpr std::size_t ports = 1024;
inline constexpr std::size_t user_pairs = 1024;
inline constexpr std::size_t apps = 256;
inline constexpr std::size_t mounts = 1024;
inline constexpr std::size_t volumes = 1024;

// Files of keys and of signatures (IMG-16, IMG-17) in bytes, and keys in one file.
inline constexpr std::size_t key_file_size = 1 << 20;
inline constexpr std::size_t signature_size = 1 << 20;
inline constexpr std::size_t keys_in_file = 64;

// Faults and warnings that are told one by one.
inline constexpr std::size_t findings = 64;

} // namespace rkt::limits
