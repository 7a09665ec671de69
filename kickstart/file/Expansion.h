#pragma once

#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace changebank::kickstart {

/// Why a text cannot be expanded, as a message for users.
class ExpansionFault : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The expressions in the strings of a kickstart: `#{name}` is a variable, `#{ENV.NAME}` an environment
/// variable, `#{UUID()}` a new UUID, `@{file}` the text of a file. A backslash escapes one of these; two are
/// one backslash. `${…}` is not an expression and stays, and so does `&{file}`, which only replaces a whole
/// string, by JSON: Kickstart does that. [FusionAuth's documentation, "Kickstart"]
class Expansion {
public:
    /// Returns a text by name: an environment variable, or a file relative to the kickstart. std::nullopt if
    /// it does not exist.
    using Source = std::function<std::optional<std::string>(const std::string& name)>;

    Expansion(Source environment, Source files)
        : _environment(std::move(environment)), _files(std::move(files)) {}

    /// Sets a variable; its value is not expanded.
    void define(const std::string& name, std::string value) { _variables[name] = std::move(value); }

    /// The value of a variable, or nullptr.
    const std::string* find(const std::string& name) const;

    /// The text with every expression replaced. Throws ExpansionFault for an unknown name or a missing brace.
    std::string expand(std::string_view text) const;

private:
    std::string valueOf(char kind, const std::string& name) const;

    Source _environment;
    Source _files;
    std::map<std::string, std::string> _variables;
};

}  // namespace changebank::kickstart
