// SPDX-License-Identifier: Apache-2.0
//
// For tests: archives made byte by byte, so that they can be wrong in any way.

#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace rkt::test {

struct Member {
    std::string name;
    char type = '0'; // ustar's: 0 file, 1 hard link, 2 symlink, 3 and 4 devices, 5 directory, 6 FIFO
    std::string content = {};
    std::string target = {};
    unsigned mode = 0644;
    unsigned uid = 0;
    unsigned gid = 0;
    unsigned mtime = 42;
    unsigned major = 0;
    unsigned minor = 0;
};

inline void put(std::string& header, std::size_t offset, std::size_t width, std::uint64_t value) {
    header.replace(offset, width, fmt::format("{:0{}o}", value, width));
}

// A header of ustar (POSIX.1-1988), and the content rounded up to blocks of 512 bytes.
inline std::string tar(const Member& member) {
    std::string header(512, '\0');
    header.replace(0, member.name.size(), member.name);
    put(header, 100, 7, member.mode);
    put(header, 108, 7, member.uid);
    put(header, 116, 7, member.gid);
    put(header, 124, 11, member.content.size());
    put(header, 136, 11, member.mtime);
    header[156] = member.type;
    header.replace(157, member.target.size(), member.target);
    header.replace(257, 8, std::string("ustar\00000", 8));
    put(header, 329, 7, member.major);
    put(header, 337, 7, member.minor);
    header.replace(148, 8, "        ");
    unsigned sum = 0;
    for (char c : header)
        sum += static_cast<unsigned char>(c);
    header.replace(148, 7, fmt::format("{:06o}", sum) + '\0');
    std::string padded = member.content;
    padded.resize((padded.size() + 511) / 512 * 512);
    return header + padded;
}

// What an archive ends with.
inline const std::string tar_end(1024, '\0');

// The length counts itself.
inline std::string pax_record(const std::string& key, const std::string& value) {
    std::string rest = fmt::format(" {}={}\n", key, value);
    std::size_t length = rest.size();
    while (length != rest.size() + std::to_string(length).size())
        length = rest.size() + std::to_string(length).size();
    return std::to_string(length) + rest;
}

// Goes before the member that it says more about.
inline std::string pax(const std::string& records) {
    return tar({.name = "PaxHeader", .type = 'x', .content = records});
}

inline std::string little_endian(std::uint64_t value, int size) {
    std::string bytes;
    for (int i = 0; i < size; ++i, value >>= 8)
        bytes += static_cast<char>(value & 0xff);
    return bytes;
}

inline std::uint32_t crc32(const std::string& data) {
    std::uint32_t crc = 0xffffffff;
    for (char c : data) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc & 1) != 0 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
    }
    return ~crc;
}

// A gzip file (RFC 1952) whose blocks are not compressed.
inline std::string gzip(const std::string& data) {
    std::string result("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
    constexpr std::size_t largest = 0xffff;
    for (std::size_t at = 0; at <= data.size(); at += largest) {
        std::string block = data.substr(at, largest);
        result += at + largest > data.size() ? '\1' : '\0';
        result += little_endian(block.size(), 2) + little_endian(~block.size(), 2) + block;
    }
    return result + little_endian(crc32(data), 4) + little_endian(data.size(), 4);
}

// A zstd frame (RFC 8878) whose blocks are not compressed, for a window of 128 KiB.
inline std::string zstd(const std::string& data) {
    std::string result = "\x28\xb5\x2f\xfd" + std::string("\0\x38", 2);
    constexpr std::size_t largest = 0x10000;
    for (std::size_t at = 0; at <= data.size(); at += largest) {
        std::string block = data.substr(at, largest);
        unsigned last = at + largest > data.size() ? 1 : 0;
        result += little_endian(block.size() << 3 | last, 3) + block;
    }
    return result;
}

} // namespace rkt::test
