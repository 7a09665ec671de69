#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace changebank::kickstart {

/// A universally unique identifier (RFC 9562), held as its 36 lower-case characters.
class Uuid {
public:
    /// Reads the form 8-4-4-4-12 in either case; std::nullopt for every other text, also for UUIDs with
    /// left-out zeros.
    static std::optional<Uuid> parse(std::string_view text);

    /// A new identifier of version 4, from OpenSSL's random numbers.
    static Uuid random();

    const std::string& toText() const noexcept { return _text; }

    friend auto operator<=>(const Uuid&, const Uuid&) = default;

private:
    explicit Uuid(std::string text) : _text(std::move(text)) {}

    std::string _text;
};

}  // namespace changebank::kickstart
