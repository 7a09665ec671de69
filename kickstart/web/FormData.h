#pragma once

#include <Poco/URI.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changebank::kickstart {

/// The parameters of a query or of a body of type application/x-www-form-urlencoded (RFC 6749 appendix B), in
/// order.
class FormData {
public:
    /// Max number of fields.
    static constexpr std::size_t maxFields = 100;

    /// Parses a query without its question mark, or a body. std::nullopt for an invalid percent escape,
    /// invalid UTF-8 after decoding, or too many fields.
    static std::optional<FormData> parse(const std::string& text);

    /// The value of this name, or nullptr. An empty value counts as absent (RFC 6749 section 3.1). Names are
    /// compared exactly.
    const std::string* find(std::string_view name) const;
    /// The same as a copy; empty if absent.
    std::string text(std::string_view name) const;

    /// Every value of this name, each once, in order; empty values are left out.
    std::vector<std::string> all(std::string_view name) const;

    /// The name of a repeated parameter, which RFC 6749 section 3.1 forbids, or nullptr. `resource` may be
    /// repeated (RFC 8707 section 2).
    const std::string* repeated() const;

    /// Adds a field unless its value is empty.
    void add(std::string name, std::string value);

    /// All fields, encoded: the inverse of parse().
    std::string toText() const;

private:
    Poco::URI::QueryParameters _fields;
};

/// `url` with `parameters` appended to its query, before its fragment.
std::string withQuery(const std::string& url, const FormData& parameters);

}  // namespace changebank::kickstart
