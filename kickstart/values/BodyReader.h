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

/// Reads the members of an object out of a request body. A member that is absent or null is std::nullopt; one
/// of the wrong kind is std::nullopt too, and noted in the errors under its path ("user.email"). The object
/// and the errors must outlive the reader.
class BodyReader {
public:
    /// `path` is where the object stands in the body; empty for the body itself.
    BodyReader(const Json& object, std::string path, Errors& errors)
        : _object(object), _path(std::move(path)), _errors(errors) {}

    std::optional<std::string> string(std::string_view name) const;
    /// A string that must be there and not be empty; where it is not, that is noted and the result is empty.
    std::string requiredString(std::string_view name) const;
    std::optional<Uuid> uuid(std::string_view name) const;
    /// Accepts the strings "true" and "false" as well, as FusionAuth does.
    std::optional<bool> boolean(std::string_view name) const;
    /// A whole number from 1 to 2147483647, which is what FusionAuth keeps such numbers in.
    std::optional<std::int64_t> positive(std::string_view name) const;
    /// An array of objects or texts; empty where absent.
    const Json::Array& array(std::string_view name) const;
    /// An array of texts.
    std::optional<std::vector<std::string>> strings(std::string_view name) const;
    /// One of a list of names; the result is its place in the list, as an enumerator or a boolean.
    template <typename Choice, typename Names>
    std::optional<Choice> oneOf(std::string_view name, const Names& names) const {
        const auto text = string(name);
        if (!text) return std::nullopt;
        const auto found = std::find(names.begin(), names.end(), *text);
        if (found != names.end()) return static_cast<Choice>(found - names.begin());
        addChoiceError(name, std::vector<std::string_view>(names.begin(), names.end()));
        return std::nullopt;
    }
    /// The object under that name; one without members where absent.
    BodyReader object(std::string_view name) const;

    bool has(std::string_view name) const { return find(name) != nullptr; }
    const Json& json() const noexcept { return _object; }

    /// Where that member stands in the body.
    std::string pathOf(std::string_view name) const;

    /// Notes an error of that member.
    void addError(std::string_view name, std::string_view kind, std::string_view message) const;

private:
    void addChoiceError(std::string_view name, const std::vector<std::string_view>& names) const;
    const Json* find(std::string_view name) const;

    const Json& _object;
    std::string _path;
    Errors& _errors;
};

}  // namespace changebank::kickstart
