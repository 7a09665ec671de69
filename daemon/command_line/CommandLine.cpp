#include "changebank/daemon/command_line/CommandLine.h"

#include <Poco/Util/HelpFormatter.h>
#include <Poco/Util/OptionException.h>
#include <Poco/Util/OptionProcessor.h>

#include <algorithm>
#include <sstream>

#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/settings/values/SettingType.h"

namespace changebank::daemon {

using Poco::Util::Option;
using Poco::Util::OptionSet;

namespace {

constexpr int helpWidth = 100;

bool isNameOf(const std::string& name, const OptionSet& options) {
    return std::any_of(options.begin(), options.end(),
                       [&](const Option& option) { return name == "--" + option.fullName(); });
}

}  // namespace

std::variant<CommandLine, UsageFault> CommandLine::parse(const OptionSet& options,
                                                         const std::vector<std::string>& arguments) {
    CommandLine line;
    Poco::Util::OptionProcessor processor(options);
    // False where the argument of an option is awaited, and behind `--`.
    bool mayBeOption = true;
    try {
        for (const auto& argument : arguments) {
            const auto spelling = argument.substr(0, argument.find('='));
            if (mayBeOption && argument.starts_with("--") && argument != "--" && !isNameOf(spelling, options))
                return UsageFault{"unknown option " + inQuotes(spelling)};
            std::string name;
            std::string value;
            if (processor.process(argument, name, value)) {
                mayBeOption = !name.empty();
                if (!name.empty()) line._values[name].push_back(value);
            } else {
                line._operands.push_back(argument);
            }
        }
        processor.checkRequired();
    } catch (const Poco::Util::OptionException& error) {
        return UsageFault{oneLine(error.displayText())};
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

OptionSet optionSet(std::initializer_list<Option> options) {
    OptionSet set;
    for (const auto& option : options)
        set.addOption(option);
    return set;
}

std::string helpText(const OptionSet& options, const std::string& usage, const std::string& purpose,
                     const std::string& more) {
    Poco::Util::HelpFormatter formatter(options);
    formatter.setUnixStyle(true);
    formatter.setWidth(helpWidth);
    formatter.setCommand(usage);
    formatter.setHeader(purpose);
    formatter.setFooter(more);
    std::ostringstream text;
    formatter.format(text);
    return text.str();
}

}  // namespace changebank::daemon
