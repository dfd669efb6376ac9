// SPDX-License-Identifier: Apache-2.0
//
// The names of everything in a pod's directory: what stage0 and stage1 know of each other.
//
// The directory itself may be read by everyone, so that anyone can list pods; the files that may hold secrets
// may not.

#pragma once

#include <filesystem>
#include <string>

#include <sys/types.h>

namespace rkt {

// Of files that may hold secrets.
inline constexpr mode_t secret_mode = 0640;

struct PodLayout {
    std::filesystem::path dir;

    // Read by everyone.
    std::filesystem::path lock() const { return dir / "lock"; }           // but opened by root alone
    std::filesystem::path created() const { return dir / "pod-created"; } // its time is the pod's
    std::filesystem::path name() const { return dir / "name"; } // one line; missing if the pod has none
    // A line an app: NAME IMAGE-ID IMAGE-NAME[:VERSION]
    std::filesystem::path apps() const { return dir / "apps"; }
    std::filesystem::path cgroup() const { return dir / "cgroup"; } // the path of the cgroup of its processes
    std::filesystem::path ready() const { return dir / "ready"; }   // empty; there from when the pod is
    // "SHIFT:COUNT"; missing if the pod has no user namespace
    std::filesystem::path user_range() const { return dir / "private-users"; }
    // "none", "host", or a line for each network: NAME INTERFACE ADDRESS/BITS…
    std::filesystem::path networks() const { return dir / "net"; }
    // A line each (port_lines); missing if no port of the host leads into the pod
    std::filesystem::path ports() const { return dir / "ports"; }
    std::filesystem::path etc() const { return dir / "etc"; }
    std::filesystem::path etc_lock() const {
        return etc() / ".lock";
    } // held by who writes a hosts file; 0600
    std::filesystem::path resolv_conf() const { return etc() / "resolv.conf"; } // missing: the image's stays
    std::filesystem::path hosts() const { return etc() / "hosts"; } // that of its apps, without the images'
    std::filesystem::path own_hosts() const { return etc() / "hosts-own"; } // and without the pods beside it
    // One line, as others call it: NAME…; missing if there is no network, or no pod any more
    std::filesystem::path names() const { return etc() / "names"; }
    std::filesystem::path pid() const { return dir / "pid"; }   // the leader's; its time is the pod's start
    std::filesystem::path ppid() const { return dir / "ppid"; } // nspawn's

    // For root: 0700 or 0640.
    // JSON: all that is needed to give the networks back; missing when that is done
    std::filesystem::path network_record() const { return dir / "network"; }
    // One line; there before what it opens is published, and until that is removed
    std::filesystem::path metadata_token() const { return dir / "metadata-token"; }
    // JSON: the flags that say how the pod is run; missing if none was given when it was made
    std::filesystem::path launch_flags() const { return dir / "launch"; }
    std::filesystem::path manifest() const { return dir / "pod"; }
    std::filesystem::path app_infos() const { return dir / "appsinfo"; } // a directory for each app
    std::filesystem::path app_info(const std::string& app) const { return app_infos() / app; }
    std::filesystem::path image_manifest(const std::string& app) const { return app_info(app) / "manifest"; }
    // What its root is stacked of: a path a line, relative to the data directory, uppermost first
    std::filesystem::path app_layers(const std::string& app) const { return app_info(app) / "layers"; }
    // Of a mutable pod: what of the pod's pin is for this app
    std::filesystem::path app_pin(const std::string& app) const { return app_info(app) / "pin"; }
    // What it sees as /etc/hosts: written in place
    std::filesystem::path app_hosts(const std::string& app) const { return app_info(app) / "hosts"; }
    // The part that its image has; missing if that has none
    std::filesystem::path image_hosts(const std::string& app) const { return app_info(app) / "image-hosts"; }
    std::filesystem::path stage1_manifest() const { return dir / "stage1" / "manifest"; }
    // What of the pod's pin is for stage1; missing if it is none of the store
    std::filesystem::path stage1_pin() const { return dir / "stage1" / "pin"; }
    std::filesystem::path stage1_rootfs() const { return dir / "stage1" / "rootfs"; } // a mount point
    // One line: the tree it is of
    std::filesystem::path stage1_source() const { return dir / "stage1" / "source"; }
    std::filesystem::path app_rootfs(const std::string& app) const {
        return stage1_rootfs() / "opt" / "stage2" / app / "rootfs";
    }
    // upper/ and work/; locked by who traces a process of the pod, which cannot see it
    std::filesystem::path stage1_overlay() const { return dir / "overlay" / "stage1"; }
    // A mount point: a layer as the pod's users see it
    std::filesystem::path mapped_layer(std::size_t number) const {
        return dir / "overlay" / "mapped" / std::to_string(number);
    }
    // Below all layers of each app: the empty files over which the pod's are mounted
    std::filesystem::path bare_layer() const { return dir / "overlay" / "bare"; }
    std::filesystem::path app_overlay(const std::string& app) const { return dir / "overlay" / "apps" / app; }
    std::filesystem::path journal() const { return dir / "journal"; }
    // Of the kind empty
    std::filesystem::path volume(const std::string& name) const { return dir / "sharedVolumes" / name; }
    // A line each: APP (or "-" for the pod) ISOLATOR enforced|changed|ignored [REASON]
    std::filesystem::path isolators() const { return dir / "isolators"; }
    // Of a mutable pod, a line each: "capabilities", "paths", "seccomp" if apps are not restricted so;
    // "strict-isolators"
    std::filesystem::path restrictions() const { return dir / "restrictions"; }

    std::filesystem::path attach() const { return dir / "attach"; } // a socket, while streams are carried
    // A socket by which stage1 gives rkt the other ends of an app's streams
    std::filesystem::path streams(const std::string& app) const {
        return stage1_rootfs() / "rkt" / "streams" / app;
    }

    // Written by stage1 through its root, and read below the overlay (pod/record.h), where they stand when
    // nothing is mounted.
    std::filesystem::path statuses() const { return stage1_overlay() / "upper" / "rkt" / "status"; }
    // Decimal exit status
    std::filesystem::path status(const std::string& app) const { return statuses() / app; }
    std::filesystem::path app_started(const std::string& app) const {
        return statuses() / (app + "-started");
    }
    // Struct sock_filter …: what its isolators forbid; missing if they forbid nothing
    std::filesystem::path app_filter(const std::string& app) const {
        return stage1_overlay() / "upper" / "rkt" / "filters" / app;
    }
    // FIFO: "ending APP" when an app's end begins to be recorded, "ended APP" when it is
    std::filesystem::path events() const { return stage1_rootfs() / "rkt" / "events"; }
};

} // namespace rkt
