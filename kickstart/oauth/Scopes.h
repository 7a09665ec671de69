#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changebank::kickstart {

/// The scopes that a client asked for or was granted (RFC 6749 section 3.3), each one once, in their order.
class Scopes {
public:
    /// Reads the parameter `scope`. std::nullopt if it names one that is not offered: openid, offline_access,
    /// profile, email, phone and address are.
    static std::optional<Scopes> parse(std::string_view text);

    bool has(std::string_view name) const;
    /// Whether each of these is one of the others.
    bool areAmong(const Scopes& others) const;
    /// As the parameter `scope` and the claim say them: with blanks between them.
    std::string toText() const;

private:
    std::vector<std::string> _names;
};

}  // namespace changebank::kickstart
