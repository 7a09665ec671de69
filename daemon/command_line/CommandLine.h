#pragma once

#include <Poco/Util/Option.h>
#include <Poco/Util/OptionSet.h>

#include <initializer_list>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace changebank::daemon {

/// A usage error, as one line for the user.
struct UsageFault {
    std::string why;
};

/// A command line parsed by POCO's option processor: `--NAME=ARGUMENT` or `--NAME ARGUMENT`, each option at
/// most once unless it is repeatable; `--` ends the options. Unlike POCO, it accepts no abbreviations.
class CommandLine {
public:
    /// The option's argument; empty if the option was not given.
    static std::variant<CommandLine, UsageFault> parse(const Poco::Util::OptionSet& options,
                                                       const std::vector<std::string>& arguments);

    bool has(const std::string& option) const { return _values.count(option) != 0; }

    /// The option's argument; empty if the option is not there.
    std::string value(const std::string& option) const;

    /// The arguments of a repeatable option, in order.
    std::vector<std::string> values(const std::string& option) const;

    /// Everything that is not an option.
    const std::vector<std::string>& operands() const noexcept { return _operands; }

private:
    std::map<std::string, std::vector<std::string>> _values;
    std::vector<std::string> _operands;
};

Poco::Util::OptionSet optionSet(std::initializer_list<Poco::Util::Option> options);

/// A help text: usage line, purpose, options, and further text.
std::string helpText(const Poco::Util::OptionSet& options, const std::string& usage,
                     const std::string& purpose, const std::string& more = {});

}  // namespace changebank::daemon
