// SPDX-License-Identifier: Apache-2.0
//
// A pod's state is never written down: it is the directory the pod stands in, whether someone
// holds its lock, and whether its cgroup is populated. A crash of anything is thereby handled.

#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace rkt {

// The directories below pods/, in the order of a pod's life.
enum class PodPlace { Embryo, Prepare, Prepared, Run, ExitedGarbage, Garbage };

inline constexpr std::array pod_places = {PodPlace::Embryo, PodPlace::Prepare,       PodPlace::Prepared,
                                          PodPlace::Run,    PodPlace::ExitedGarbage, PodPlace::Garbage};

std::string_view str(PodPlace place) noexcept; // the directory's name

enum class PodState {
    Embryo,
    Preparing,
    AbortedPrepare,
    Prepared,
    Running,
    Exited,
    ExitedGarbage,
    ExitedDeleting,
    Garbage,
    Deleting
};

std::string_view str(PodState state) noexcept; // as `rkt list` says it

// Who may not open a pod's lock does not know whether somebody holds it.
enum class Held { No, Yes, Unknown };

// Whether the lock says anything of a pod there.
bool depends_on_lock(PodPlace place) noexcept;

// `populated` is nothing if no cgroup is recorded, and counts only in run/: whoever killed rkt and nspawn has
// not thereby ended the pod. Where the lock is unknown a pod has not ended as long as nothing shows that it
// has.
PodState state_of(PodPlace place, Held held, std::optional<bool> populated) noexcept;

// Whether a pod of this state still has, or may yet get, processes: its name is not free.
bool is_living(PodState state) noexcept;

} // namespace rkt
