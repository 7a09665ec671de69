#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "changebank/base/text/Json.h"
#include "changebank/kickstart/values/Errors.h"
#include "changebank/kickstart/values/Uuid.h"

namespace changebank::kickstart {

/// Reads the members of an object in a request body. Returns std::nullopt for a member that is absent or
/// null, and for one of the wrong type, which also adds an error under its path ("user.email"). The object
/// and the errors must outlive the reader.
class BodyReader {
public:
    /// `path` is the object's place in the body; empty for the body itself.
    BodyReader(const Json& object, std::string path, Errors& errors)
        : _object(object), _path(std::move(path)), _errors(errors) {}

    std::optional<std::string> string(std::string_view name) const;
    /// A required string. If it is absent or empty, adds an error and returns an empty string.
    std::string requiredString(std::string_view name) const;
    std::optional<Uuid> uuid(std::string_view name) const;
    /// Accepts the strings "true" and "false" as well, as FusionAuth does.
    std::optional<bool> boolean(std::string_view name) const;
    /// A whole number from 1 to 2147483647, FusionAuth's range.
    std::optional<std::int64_t> positive(std::string_view name) const;
    /// An array of objects or strings; empty if absent.
    const Json::Array& array(std::string_view name) const;
    /// An array of strings.
    std::optional<std::vector<std::string>> strings(std::string_view name) const;
    /// One of a list of names; returns its index, as an enumerator or a boolean.
    template <typename Choice, typename Names>
    std::optional<Choice> oneOf(std::string_view name, const Names& names) const {
        const auto text = string(name);
        if (!text) return std::nullopt;
        const auto found = std::find(names.begin(), names.end(), *text);
        if (found != names.end()) return static_cast<Choice>(found - names.begin());
        addChoiceError(name, std::vector<std::string_view>(names.begin(), names.end()));
        return std::nullopt;
    }
    /// The object with this name; an empty one if absent.
    BodyReader object(std::string_view name) const;

    bool has(std::string_view name) const { return find(name) != nullptr; }
    const Json& json() const noexcept { return _object; }

    /// The member's place in the body.
    std::string pathOf(std::string_view name) const;

    /// Adds an error for this member.
    void addError(std::string_view name, std::string_view kind, std::string_view message) const;

private:
    void addChoiceError(std::string_view name, const std::vector<std::string_view>& names) const;
    const Json* find(std::string_view name) const;

    const Json& _object;
    std::string _path;
    Errors& _errors;
};

}  // namespace changebank::kickstart
