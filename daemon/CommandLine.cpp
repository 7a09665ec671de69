#include "daemon/CommandLine.h"

#include <algorithm>

#include "daemon/SettingType.h"

namespace changebank::daemon {

namespace {

std::string spelling(const CommandOption& option) {
    return "--" + option.name + (option.argument.empty() ? "" : "=" + option.argument);
}

const CommandOption* findOption(const std::vector<CommandOption>& options, const std::string& name) {
    const auto found =
        std::find_if(options.begin(), options.end(), [&](const auto& option) { return option.name == name; });
    return found == options.end() ? nullptr : &*found;
}

}  // namespace

std::variant<CommandLine, UsageFault> CommandLine::parse(const std::vector<CommandOption>& options,
                                                         const std::vector<std::string>& arguments) {
    CommandLine line;
    for (auto argument = arguments.begin(); argument != arguments.end(); ++argument) {
        if (*argument == "--") {
            line._operands.insert(line._operands.end(), std::next(argument), arguments.end());
            break;
        }
        if (argument->size() < 2 || argument->front() != '-') {
            line._operands.push_back(*argument);
            continue;
        }
        const auto equals = argument->find('=');
        const auto name = argument->substr(0, equals);
        const auto* option = name.rfind("--", 0) == 0 ? findOption(options, name.substr(2)) : nullptr;
        if (option == nullptr) return UsageFault{"unknown option " + inQuotes(name)};
        auto& values = line._values[option->name];
        if (!values.empty() && !option->repeatable) return UsageFault{"--" + option->name + " comes twice"};
        if (option->argument.empty()) {
            if (equals != std::string::npos) return UsageFault{"--" + option->name + " takes no argument"};
            values.emplace_back();
        } else if (equals != std::string::npos) {
            values.push_back(argument->substr(equals + 1));
        } else if (std::next(argument) != arguments.end()) {
            values.push_back(*++argument);
        } else {
            return UsageFault{spelling(*option) + " needs its argument"};
        }
    }
    return line;
}

std::string CommandLine::value(const std::string& option) const {
    const auto found = _values.find(option);
    return found == _values.end() ? std::string{} : found->second.back();
}

std::vector<std::string> CommandLine::values(const std::string& option) const {
    const auto found = _values.find(option);
    return found == _values.end() ? std::vector<std::string>{} : found->second;
}

std::string describeOptions(const std::vector<CommandOption>& options) {
    std::size_t width = 0;
    for (const auto& option : options)
        width = std::max(width, spelling(option).size());
    std::string text;
    for (const auto& option : options) {
        auto name = spelling(option);
        name.resize(width, ' ');
        text += "  " + name + "  " + option.meaning + "\n";
    }
    return text;
}

}  // namespace changebank::daemon
