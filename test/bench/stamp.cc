// SPDX-License-Identifier: Apache-2.0
//
// The app of the start benchmark: says when it was executed, and ends at once with a status that nothing
// else gives. With an argument it stays, so that what a pod needs beside its app can be weighed.

#include <cstdio>
#include <ctime>
#include <unistd.h>

int main(int argc, char**) {
    timespec now = {};
    clock_gettime(CLOCK_REALTIME, &now);
    std::printf("%lld.%06ld\n", static_cast<long long>(now.tv_sec), now.tv_nsec / 1000);
    std::fflush(stdout);
    if (argc > 1)
        pause();
    return 7;
}
