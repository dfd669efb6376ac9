// SPDX-License-Identifier: Apache-2.0
//
// What the pod's systemd becomes at the very end, in place of systemd-shutdown: shutdown VERB [--exit-code N]
// …
//
// systemd-shutdown asks what is left to end, waits for it, and unmounts. In a pod nothing is left by then but
// journald, which has been synchronized at each app's end, and the mounts go with their namespace. So this
// only gives the pod's status; the kernel ends the rest with the first process of its namespace.

#include <cstdlib>
#include <cstring>

namespace {

// As two words or as one: systemd has written both.
int exit_code(int count, char** words) {
    constexpr const char* flag = "--exit-code";
    constexpr std::size_t length = 11;
    for (int i = 1; i < count; ++i) {
        if (std::strncmp(words[i], flag, length) != 0)
            continue;
        if (words[i][length] == '=')
            return std::atoi(words[i] + length + 1);
        if (words[i][length] == '\0' && i + 1 < count)
            return std::atoi(words[i + 1]);
    }
    return EXIT_SUCCESS;
}

} // namespace

int main(int count, char* words[]) {
    std::_Exit(exit_code(count, words));
}
