#pragma once

#include <Poco/Util/Option.h>
#include <Poco/Util/OptionSet.h>

#include <initializer_list>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace changebank::daemon {

/// What is wrong with a command line, as one line for the user.
struct UsageFault {
    std::string why;
};

/// A command line, read by POCO's option processor: `--NAME=ARGUMENT` or `--NAME ARGUMENT`, each option at
/// most once unless it is repeatable; after `--` nothing is an option. Unlike POCO alone it takes no
/// abbreviations.
class CommandLine {
public:
    /// The options must have no short names.
    static std::variant<CommandLine, UsageFault> parse(const Poco::Util::OptionSet& options,
                                                       const std::vector<std::string>& arguments);

    bool has(const std::string& option) const { return _values.count(option) != 0; }

    /// The option's argument; empty if the option is not there.
    std::string value(const std::string& option) const;

    /// The arguments of a repeatable option, in their order.
    std::vector<std::string> values(const std::string& option) const;

    /// Everything that is not an option.
    const std::vector<std::string>& operands() const noexcept { return _operands; }

private:
    std::map<std::string, std::vector<std::string>> _values;
    std::vector<std::string> _operands;
};

Poco::Util::OptionSet optionSet(std::initializer_list<Poco::Util::Option> options);

/// A help text: how to call the program, what it does, its options, and what else there is to say.
std::string helpText(const Poco::Util::OptionSet& options, const std::string& usage,
                     const std::string& purpose, const std::string& more = {});

}  // namespace changebank::daemon
