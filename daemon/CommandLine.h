#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

namespace changebank::daemon {

/// An option of a program, `--NAME` or `--NAME=ARGUMENT`.
struct CommandOption {
    std::string name;
    /// What stands for the argument in the help; empty: the option has none.
    std::string argument;
    std::string meaning;
    bool repeatable = false;
};

/// What is wrong with a command line, as one line for the user.
struct UsageFault {
    std::string why;
};

/// A command line, read strictly: options by their full names only, each at most once unless it is
/// repeatable,
/// `--NAME=ARGUMENT` or `--NAME ARGUMENT`; after `--` nothing is an option.
class CommandLine {
public:
    static std::variant<CommandLine, UsageFault> parse(const std::vector<CommandOption>& options,
                                                       const std::vector<std::string>& arguments);

    bool has(const std::string& option) const { return _values.count(option) != 0; }

    /// The option's argument; empty if the option is not there.
    std::string value(const std::string& option) const;

    /// The arguments of a repeatable option, in their order.
    std::vector<std::string> values(const std::string& option) const;

    /// What is no option.
    const std::vector<std::string>& operands() const noexcept { return _operands; }

private:
    std::map<std::string, std::vector<std::string>> _values;
    std::vector<std::string> _operands;
};

/// The options as lines of a help text.
std::string describeOptions(const std::vector<CommandOption>& options);

}  // namespace changebank::daemon
