// SPDX-License-Identifier: Apache-2.0

#include "pod/state.h"

namespace rkt {

std::string_view str(PodPlace place) noexcept {
    switch (place) {
    case PodPlace::Embryo:
        return "embryo";
    case PodPlace::Prepare:
        return "prepare";
    case PodPlace::Prepared:
        return "prepared";
    case PodPlace::Run:
        return "run";
    case PodPlace::ExitedGarbage:
        return "exited-garbage";
    case PodPlace::Garbage:
        return "garbage";
    }
    return "";
}

std::string_view str(PodState state) noexcept {
    constexpr std::array<std::string_view, 10> words = {
        "embryo", "preparing",      "aborted prepare", "prepared", "running",
        "exited", "exited garbage", "exited deleting", "garbage",  "deleting"};
    return words[static_cast<std::size_t>(state)];
}

PodState state_of(PodPlace place, bool locked, bool populated) noexcept {
    switch (place) {
    case PodPlace::Embryo:
        return PodState::Embryo;
    case PodPlace::Prepare:
        return locked ? PodState::Preparing : PodState::AbortedPrepare;
    case PodPlace::Prepared:
        return PodState::Prepared;
    case PodPlace::Run:
        return locked || populated ? PodState::Running : PodState::Exited;
    case PodPlace::ExitedGarbage:
        return locked ? PodState::ExitedDeleting : PodState::ExitedGarbage;
    case PodPlace::Garbage:
        return locked ? PodState::Deleting : PodState::Garbage;
    }
    return PodState::Garbage;
}

bool is_living(PodState state) noexcept {
    return state == PodState::Embryo || state == PodState::Preparing || state == PodState::Prepared ||
           state == PodState::Running;
}

} // namespace rkt
