// SPDX-License-Identifier: Apache-2.0
//
// What nspawn tells its supervisor (sd_notify(3)): the pod's leader, and that the pod is ready.

#pragma once

#include "os/fd.h"
#include "pod/layout.h"

#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace rkt {

struct Notice {
    std::optional<pid_t> leader = {};
    bool ready = false;
};

Notice parse_notice(std::string_view text);

class NotifySocket {
public:
    explicit NotifySocket(const PodLayout& pod);

    // For stage1's environment: NOTIFY_SOCKET.
    std::string address() const;

    int fd() const noexcept { return socket_.get(); }

    // What has come; nothing if there is no more.
    std::optional<Notice> receive();

private:
    Fd dir_;
    Fd socket_;
};

} // namespace rkt
