// SPDX-License-Identifier: Apache-2.0
//
// Compares what two stacks of system call filters answer, call by call: compare OURS... -- THEIRS...
//
// Every number of every way into an x86-64 kernel is asked, once plainly and once with the arguments that
// open the kernel's audit socket. Says where the answers differ, and fails if a call is allowed by one of
// them only.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <sys/socket.h>

namespace {

using Program = std::vector<sock_filter>;
using Stack = std::vector<Program>;

Program read_program(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::vector<char> bytes(std::istreambuf_iterator<char>(file), {});
    if (bytes.empty() || bytes.size() % sizeof(sock_filter) != 0)
        throw std::runtime_error(fmt::format("{} is no filter program", path));
    Program program(bytes.size() / sizeof(sock_filter));
    std::memcpy(program.data(), bytes.data(), bytes.size());
    return program;
}

bool holds(std::uint16_t code, std::uint32_t value, std::uint32_t operand) {
    switch (BPF_OP(code)) {
    case BPF_JEQ:
        return value == operand;
    case BPF_JGT:
        return value > operand;
    case BPF_JGE:
        return value >= operand;
    case BPF_JSET:
        return (value & operand) != 0;
    default:
        throw std::runtime_error(fmt::format("unknown jump {:#x}", code));
    }
}

std::uint32_t load(const seccomp_data& call, std::uint32_t offset) {
    std::uint32_t word = 0;
    std::memcpy(&word, reinterpret_cast<const char*>(&call) + offset, sizeof word);
    return word;
}

// The part of BPF that libseccomp makes use of.
std::uint32_t answer(const Program& program, const seccomp_data& call) {
    std::uint32_t accumulator = 0;
    for (std::size_t next = 0;;) {
        const sock_filter& step = program.at(next++);
        switch (BPF_CLASS(step.code)) {
        case BPF_LD:
            accumulator = load(call, step.k);
            break;
        case BPF_ALU:
            accumulator &= step.k;
            break;
        case BPF_RET:
            return step.k;
        case BPF_JMP:
            next += BPF_OP(step.code) == BPF_JA             ? step.k
                    : holds(step.code, accumulator, step.k) ? step.jt
                                                            : step.jf;
            break;
        default:
            throw std::runtime_error(fmt::format("unknown instruction {:#x}", step.code));
        }
    }
}

// The kernel takes the strictest, which is the smallest number.
std::uint32_t answer(const Stack& stack, const seccomp_data& call) {
    std::uint32_t strictest = SECCOMP_RET_ALLOW;
    for (const Program& program : stack) {
        std::uint32_t its = answer(program, call);
        if ((its & SECCOMP_RET_ACTION_FULL) < (strictest & SECCOMP_RET_ACTION_FULL))
            strictest = its;
    }
    return strictest;
}

struct Entrance {
    const char* name;
    std::uint32_t architecture;
    int first;
};

constexpr std::array entrances = {Entrance{"x86-64", AUDIT_ARCH_X86_64, 0},
                                  Entrance{"i386", AUDIT_ARCH_I386, 0},
                                  Entrance{"x32", AUDIT_ARCH_X86_64, 0x40000000}};
constexpr int numbers = 1024;

struct Outcome {
    int allowed = 0;    // by both
    int refused = 0;    // by both, in other words
    int difference = 0; // allowed by one only
};

void compare(const Stack& ours, const Stack& theirs, const seccomp_data& call, Outcome& outcome) {
    std::uint32_t a = answer(ours, call);
    std::uint32_t b = answer(theirs, call);
    if (a == b) {
        outcome.allowed += a == SECCOMP_RET_ALLOW ? 1 : 0;
        return;
    }
    bool one_allows = a == SECCOMP_RET_ALLOW || b == SECCOMP_RET_ALLOW;
    ++(one_allows ? outcome.difference : outcome.refused);
    fmt::print("call {:#x}: {:#x} and {:#x}\n", call.nr, a, b);
}

Outcome compare(const Stack& ours, const Stack& theirs, const Entrance& entrance) {
    Outcome outcome;
    for (int number = entrance.first; number < entrance.first + numbers; ++number) {
        seccomp_data call = {
            .nr = number, .arch = entrance.architecture, .instruction_pointer = 0, .args = {}};
        compare(ours, theirs, call, outcome);
        call.args[0] = AF_NETLINK;
        call.args[2] = NETLINK_AUDIT;
        compare(ours, theirs, call, outcome);
    }
    fmt::print("{}: {} allowed, {} refused in other words, {} different\n", entrance.name, outcome.allowed,
               outcome.refused, outcome.difference);
    return outcome;
}

int run(const std::vector<std::string>& words) {
    auto middle = std::ranges::find(words, "--");
    Stack ours;
    Stack theirs;
    std::transform(words.begin(), middle, std::back_inserter(ours), read_program);
    if (middle != words.end())
        std::transform(middle + 1, words.end(), std::back_inserter(theirs), read_program);
    if (ours.empty() || theirs.empty())
        throw std::runtime_error("usage: compare OURS... -- THEIRS...");
    bool same = true;
    for (const Entrance& entrance : entrances) {
        Outcome outcome = compare(ours, theirs, entrance);
        same = same && outcome.difference == 0 && outcome.allowed > 0;
    }
    return same ? 0 : 1;
}

} // namespace

int main(int argc, char* argv[]) {
    try {
        return run({argv + 1, argv + argc});
    } catch (const std::exception& error) {
        fmt::print(stderr, "compare: {}\n", error.what());
        return 2;
    }
}
