// SPDX-License-Identifier: Apache-2.0
//
// Control groups of the unified hierarchy (cgroups(7), version 2), named by their path below its root.
//
// A cgroup knows what no lock and no pid file can: whether any process of a pod is alive.

#pragma once

#include "os/fd.h"

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <sys/types.h>

namespace rkt {

class Cgroup {
public:
    // `path` as in /proc/PID/cgroup: "/machine.slice/rkt-web.scope". Nothing is made or checked.
    explicit Cgroup(std::string path) : path_(std::move(path)) {}

    // The one we are in. Nothing where no unified hierarchy is mounted.
    static std::optional<Cgroup> own();

    // The one a process is in. Nothing if there is no such process.
    static std::optional<Cgroup> of(pid_t pid);

    const std::string& path() const noexcept { return path_; }
    Cgroup child(const std::string& name) const {
        return Cgroup(path_ == "/" ? "/" + name : path_ + "/" + name);
    }

    // Makes the group, and is content if it is there.
    void make() const;

    // Removes the group and those below it, which must be empty of processes. Gives false if some are not.
    bool remove() const noexcept;

    // Moves the calling process into the group.
    void join() const;

    // Moves another process into it.
    void adopt(pid_t process) const;

    // For starting a process inside the group.
    Fd open() const;

    // For moving processes into it: its cgroup.procs, to be written.
    Fd open_processes() const;

    // The one that this one is in; of the root, itself.
    Cgroup parent() const;

    // Those in the group itself, by number. A group that is gone has none.
    std::vector<pid_t> processes() const;

    // Which controllers can be used in it: "memory", "cpu", … (cgroups(7)).
    std::set<std::string> controllers() const;

    // Whether any process lives in it or below it. A group that is gone has none.
    bool populated() const;

    // Whether the process lives in it or below it.
    bool contains(pid_t pid) const;

    // Kills every process in it and below it, kernel 5.14 and later: cgroup.kill
    // and waits until they are gone. A group that is gone is content.
    void kill_all() const;

    // Whether systemd has handed the group over to us (systemd.exec(5): Delegate=).
    bool delegated() const noexcept;

private:
    std::filesystem::path directory() const;

    std::string path_;
};

} // namespace rkt
