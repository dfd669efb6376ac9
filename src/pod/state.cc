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

bool depends_on_lock(PodPlace place) noexcept {
    return place != PodPlace::Embryo && place != PodPlace::Prepared;
}

PodState state_of(PodPlace place, Held held, std::optional<bool> populated) noexcept {
    switch (place) {
    case PodPlace::Embryo:
        return PodState::Embryo;
    case PodPlace::Prepare:
        return held == Held::No ? PodState::AbortedPrepare : PodState::Preparing;
    case PodPlace::Prepared:
        return PodState::Prepared;
    case PodPlace::Run:
        return held == Held::Yes || populated.value_or(held == Held::Unknown) ? PodState::Running
                                                                              : PodState::Exited;
    case PodPlace::ExitedGarbage:
        return held == Held::Yes ? PodState::ExitedDeleting : PodState::ExitedGarbage;
    case PodPlace::Garbage:
        return held == Held::Yes ? PodState::Deleting : PodState::Garbage;
    }
    return PodState::Garbage;
}

bool is_living(PodState state) noexcept {
    return state == PodState::Embryo || state == PodState::Preparing || state == PodState::Prepared ||
           state == PodState::Running;
}

} // namespace rkt
