// SPDX-License-Identifier: Apache-2.0

#include "cmd-image/verb.h"

#include "base/error.h"
#include "base/table.h"

#include <unistd.h>

namespace rkt {

namespace {

// rkt ended so when there was no verb.
constexpr int no_verb = 2;

void print_verbs(const std::string& program, std::span<const Verb> verbs) {
    std::vector<Row> rows;
    for (const Verb& verb : verbs)
        rows.push_back({"    " + std::string(verb.name), verb.summary});
    fmt::print("Usage: {} [FLAGS] VERB …\n\n{}", program, align(rows));
}

} // namespace

VerbLine::VerbLine(const std::string& usage, const std::string& description) : line(usage, description) {
    globals_.declare(line);
}

std::optional<Globals> VerbLine::read(const Words& words) {
    line.parse(words);
    if (!line.help_asked())
        return globals_.read();
    fmt::print("{}", line.help());
    return std::nullopt;
}

int act_on_verb(const std::string& program, std::span<const Verb> verbs, const Words& words) {
    VerbLine before(program + " [FLAGS] VERB …", "");
    before.line.stop_at_first_word();
    Words rest = before.line.parse(words);
    if (before.line.help_asked() || rest.empty()) {
        print_verbs(program, verbs);
        return before.line.help_asked() ? 0 : no_verb;
    }
    Words all(words.begin(), words.end() - static_cast<std::ptrdiff_t>(rest.size()));
    all.insert(all.end(), rest.begin() + 1, rest.end());
    return find_verb(verbs, rest.front()).act(all);
}

void require_root(const char* verb, const char* why) {
    if (::geteuid() != 0)
        throw Error("{} {}: run it as root", verb, why);
}

void require_archive_name(const std::filesystem::path& file) {
    if (file.extension() != ".aci")
        throw UsageError("the name of an archive ends in .aci, and {} does not", file);
}

} // namespace rkt
