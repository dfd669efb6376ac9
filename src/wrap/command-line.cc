// SPDX-License-Identifier: Apache-2.0

#include "wrap/command-line.h"

#include "base/error.h"

#include <CLI/CLI.hpp>

#include <utility>

namespace rkt {

CommandLine::CommandLine(const std::string& usage, const std::string& description)
    : app_(std::make_unique<CLI::App>(description, usage)) {
    app_->set_help_flag("-h,--help", "Print this help");
    app_->allow_windows_style_options(false);
}

CommandLine::~CommandLine() = default;

void CommandLine::flag(const std::string& name, bool& value, const std::string& help) {
    app_->add_flag(name, value, help)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

void CommandLine::option(const std::string& name, std::string& value, const std::string& help) {
    app_->add_option(name, value, help)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

void CommandLine::option(const std::string& name, std::optional<std::string>& value,
                         const std::string& help) {
    app_->add_option_function<std::string>(
            name, [&value](const std::string& word) { value = word; }, help)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

void CommandLine::each(const std::string& name, Take take, const std::string& help) {
    CLI::Option* option = app_->add_option(name, help)->type_name("VALUE")->type_size(1)->expected(1);
    takers_[option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)] = std::move(take);
}

void CommandLine::each_unseen(const std::string& name, Take take) {
    each(name, std::move(take), "");
    app_->get_option(name)->group(""); // CLI11's way to say so
}

void CommandLine::maybe(const std::string& name, Take take, const std::string& help) {
    // What CLI11 calls a flag takes a value only behind "=", and "true" stands for none.
    CLI::Option* option = app_->add_flag(name, help);
    takers_[option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)] =
        [take = std::move(take)](const std::string& value) { take(value == "true" ? std::string() : value); };
}

void CommandLine::words(const std::string& name, Take take, const std::string& help) {
    takers_[app_->add_option(name, words_, help)] = std::move(take);
}

void CommandLine::stop_at_first_word() {
    app_->prefix_command();
}

std::vector<std::string> CommandLine::parse(const std::vector<std::string>& arguments) {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend()); // as CLI11 wants it
    try {
        app_->parse(reversed);
    } catch (const CLI::CallForHelp&) {
        help_asked_ = true;
    } catch (const CLI::ParseError& error) {
        throw UsageError("{}", error.what());
    }
    hand_out();
    return app_->remaining();
}

// CLI11 remembers the order of the options, and of each option the values: together they are the line.
void CommandLine::hand_out() {
    std::map<const CLI::Option*, std::size_t> handed;
    for (const CLI::Option* option : app_->parse_order())
        if (auto taker = takers_.find(option); taker != takers_.end())
            taker->second(option->results().at(handed[option]++));
}

std::string CommandLine::help() const {
    return app_->help();
}

} // namespace rkt
