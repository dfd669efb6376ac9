// SPDX-License-Identifier: Apache-2.0

#include "appc/platform.h"

#include <algorithm>

namespace rkt {

namespace {

struct Row {
    std::string_view os;
    std::string_view arch;
    std::string_view go_arch; // empty: Go has no name for it
    std::string_view go_variant = {};
};

// The first row that fits is taken, so an ARM of no stated version is the oldest.
constexpr Row table[] = {
    {"linux", "amd64", "amd64"},   {"linux", "i386", "386"},        {"linux", "aarch64", "arm64"},
    {"linux", "aarch64_be", ""},   {"linux", "armv6l", "arm", "6"}, {"linux", "armv7l", "arm", "7"},
    {"linux", "armv7b", ""},       {"linux", "ppc64", "ppc64"},     {"linux", "ppc64le", "ppc64le"},
    {"linux", "s390x", "s390x"},   {"linux", "riscv64", "riscv64"}, {"linux", "loong64", "loong64"},
    {"freebsd", "amd64", "amd64"}, {"freebsd", "i386", "386"},      {"freebsd", "arm", "arm"},
    {"darwin", "x86_64", "amd64"}, {"darwin", "i386", "386"},
};

constexpr std::string_view host_arch() noexcept {
#if defined(__x86_64__)
    return "amd64";
#elif defined(__i386__)
    return "i386";
#elif defined(__aarch64__) && defined(__AARCH64EB__)
    return "aarch64_be";
#elif defined(__aarch64__)
    return "aarch64";
#elif defined(__ARM_ARCH) && __ARM_ARCH >= 7 && defined(__ARMEB__)
    return "armv7b";
#elif defined(__ARM_ARCH) && __ARM_ARCH >= 7
    return "armv7l";
#elif defined(__ARM_ARCH)
    return "armv6l";
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
    return "ppc64le";
#elif defined(__powerpc64__)
    return "ppc64";
#elif defined(__s390x__)
    return "s390x";
#elif defined(__riscv)
    return "riscv64";
#elif defined(__loongarch__)
    return "loong64";
#else
#error "the App Container spec has no name for this machine"
#endif
}

// Registries write the version as "v7" and Go's environment as "7"; the only one of arm64 is "v8".
std::string_view bare_variant(const GoPlatform& platform) noexcept {
    std::string_view variant = platform.variant;
    if (platform.arch == "arm64")
        return {};
    if (variant.starts_with('v'))
        variant.remove_prefix(1);
    return variant;
}

bool has_variant(const Row& row, std::string_view variant) noexcept {
    bool all_the_same = row.os == "freebsd" && row.go_arch == "arm";
    return variant.empty() || variant == row.go_variant || all_the_same;
}

} // namespace

Platform host_platform() noexcept {
    return {"linux", host_arch()};
}

bool is_known_os(std::string_view os) noexcept {
    return std::ranges::find(table, os, &Row::os) != std::end(table);
}

bool is_known_platform(const Platform& platform) noexcept {
    return std::ranges::any_of(
        table, [&](const Row& row) { return row.os == platform.os && row.arch == platform.arch; });
}

std::optional<Platform> from_go(const GoPlatform& platform) noexcept {
    std::string_view variant = bare_variant(platform);
    for (const Row& row : table)
        if (!row.go_arch.empty() && row.os == platform.os && row.go_arch == platform.arch &&
            has_variant(row, variant))
            return Platform{row.os, row.arch};
    return std::nullopt;
}

std::optional<GoPlatform> to_go(const Platform& platform) noexcept {
    for (const Row& row : table)
        if (row.os == platform.os && row.arch == platform.arch && !row.go_arch.empty())
            return GoPlatform{row.os, row.go_arch, row.go_variant};
    return std::nullopt;
}

} // namespace rkt
