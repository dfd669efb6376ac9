// SPDX-License-Identifier: Apache-2.0

#include "appc/isolator.h"

#include "appc/isolator-value.h"
#include "appc/limits.h"
#include "appc/reader.h"
#include "appc/writer.h"
#include "base/text.h"

#include <algorithm>
#include <map>

namespace rkt {

namespace {

// Of each pair an app or a pod may have only one.
constexpr std::pair<std::string_view, std::string_view> rivals[] = {
    {"os/linux/seccomp-remove-set", "os/linux/seccomp-retain-set"},
    {"os/linux/capabilities-remove-set", "os/linux/capabilities-retain-set"},
};

Isolator read_isolator(Reader& reader, IsolatorScope scope) {
    Isolator isolator{
        .name = reader.word<AcIdentifier>("name"), .value = reader.value("value"), .unknown = reader.rest()};
    const IsolatorKind* kind = find_isolator_kind(isolator.name.str());
    if (kind == nullptr)
        return isolator;
    if (scope == IsolatorScope::App && kind->owner == IsolatorOwner::Pod)
        reader.warn("name", fmt::format("{} is for pods, and ignored in an app", isolator.name));
    if (scope == IsolatorScope::Pod && kind->owner == IsolatorOwner::App)
        reader.warn("name", fmt::format("{} is for apps, and ignored in a pod", isolator.name));
    kind->check(reader);
    return isolator;
}

void check_repetition(Reader& reader, const std::vector<Isolator>& isolators) {
    std::map<std::string, int> counts;
    for (const Isolator& isolator : isolators)
        ++counts[isolator.name.str()];
    for (const auto& [name, count] : counts) {
        const IsolatorKind* kind = find_isolator_kind(name);
        if (count < 2 || kind == nullptr)
            continue;
        if (kind->repetition == Repetition::Refused)
            reader.fault("isolators", fmt::format("\"{}\" is there twice", name));
        else
            reader.warn("isolators", fmt::format("\"{}\" is there {} times: the last counts", name, count));
    }
    for (const auto& [one, other] : rivals)
        if (counts.contains(std::string(one)) && counts.contains(std::string(other)))
            reader.fault("isolators", fmt::format("{} and {} exclude each other", one, other));
}

} // namespace

Json Isolator::json() const {
    return Writer(unknown).set("name", name).set("value", value).take();
}

const Isolator* find_isolator(const std::vector<Isolator>& isolators, std::string_view name) {
    auto found = std::find_if(isolators.rbegin(), isolators.rend(),
                              [&](const Isolator& isolator) { return isolator.name == name; });
    return found == isolators.rend() ? nullptr : &*found;
}

bool is_known_isolator(std::string_view name) {
    return find_isolator_kind(name) != nullptr;
}

std::optional<Quantity> find_quantity(const Isolator& isolator, std::string_view member) {
    const Json* found = isolator.value.find(member);
    if (found == nullptr || found->is(Json::Kind::Null))
        return std::nullopt;
    std::string text = found->is(Json::Kind::String) ? found->string() : found->compact();
    return Quantity::parse(trim(text));
}

std::vector<Isolator> read_isolators(Reader& reader, IsolatorScope scope) {
    auto isolators = reader.list("isolators", limits::isolators,
                                 [scope](Reader& isolator) { return read_isolator(isolator, scope); });
    check_repetition(reader, isolators);
    return isolators;
}

} // namespace rkt
