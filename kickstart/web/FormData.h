#pragma once

#include <Poco/URI.h>

#include <optional>
#include <string>
#include <string_view>

namespace changebank::kickstart {

/// The parameters of a query or of a body of the type application/x-www-form-urlencoded (RFC 6749
/// appendix B), in their order.
class FormData {
public:
    /// More fields than that are refused.
    static constexpr std::size_t maxFields = 100;

    /// Reads a query without its question mark, or a body. std::nullopt for a broken escape, for bytes that
    /// are not UTF-8 once decoded, and for too many fields.
    static std::optional<FormData> parse(const std::string& text);

    /// The value of that name, or nullptr. A parameter without a value counts as left out (RFC 6749 section
    /// 3.1). The name is compared exactly.
    const std::string* find(std::string_view name) const;
    /// The same as a copy; empty where there is none.
    std::string text(std::string_view name) const;

    /// The name of a parameter that is there more than once, which RFC 6749 section 3.1 forbids, or nullptr.
    /// `resource` may be (RFC 8707 section 2).
    const std::string* repeated() const;

    /// Adds a field; one that is empty is left out.
    void add(std::string name, std::string value);

    /// All fields, encoded: the inverse of parse().
    std::string toText() const;

private:
    Poco::URI::QueryParameters _fields;
};

/// `url` with `parameters` behind it: after its own query, and before its fragment.
std::string withQuery(const std::string& url, const FormData& parameters);

}  // namespace changebank::kickstart
