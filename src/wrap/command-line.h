// SPDX-License-Identifier: Apache-2.0
//
// Reading a command line (CLI11, which is seen by the source of this header alone).
//
// What is read goes where the caller says, in the order in which it was written: rkt's lines mix
// images with flags that belong to the image before them.

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace rkt {

class CommandLine {
public:
    // `usage` is what follows "Usage: " in the help.
    CommandLine(const std::string& usage, const std::string& description);
    CommandLine(const CommandLine&) = delete;
    CommandLine& operator=(const CommandLine&) = delete;
    ~CommandLine();

    // Names are as typed: "--full", or "-f,--follow". What is not given is left as it was.
    void flag(const std::string& name, bool& value, const std::string& help);
    void option(const std::string& name, std::string& value, const std::string& help);
    void option(const std::string& name, std::optional<std::string>& value, const std::string& help);

    // May be given several times; called for each, where it stands.
    using Take = std::function<void(const std::string&)>;
    void each(const std::string& name, Take take, const std::string& help);

    // The same, and not in the help: for what a program writes into a line itself.
    void each_unseen(const std::string& name, Take take);

    // With or without a value: "" stands for none, as in --wait and --wait=5s.
    void maybe(const std::string& name, Take take, const std::string& help);

    // The words that are no flags; called for each, where it stands.
    void words(const std::string& name, Take take, const std::string& help);

    // Everything from the first word that is no flag on is left alone, and given back by parse().
    void stop_at_first_word();

    // Throws UsageError. Gives what was left alone.
    std::vector<std::string> parse(const std::vector<std::string>& arguments);

    // Whether --help was among the arguments; nothing else of them counts then.
    bool help_asked() const noexcept { return help_asked_; }
    std::string help() const;

private:
    void hand_out();

    std::unique_ptr<CLI::App> app_;
    std::map<const CLI::Option*, Take> takers_ = {};
    std::vector<std::string> words_ = {}; // CLI11 takes any number of words only into a list
    bool help_asked_ = false;
};

} // namespace rkt
