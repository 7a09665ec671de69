#pragma once

#include <Poco/UUID.h>
#include <Poco/UUIDGenerator.h>

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace changebank::kickstart {

/// A universally unique identifier (RFC 9562), held as its 36 lower-case characters.
class Uuid {
public:
    /// Reads the form 8-4-4-4-12 in either case; std::nullopt for every other text.
    static std::optional<Uuid> parse(std::string_view text) {
        constexpr std::size_t textLength = 36;
        Poco::UUID id;
        if (text.size() != textLength || !id.tryParse(std::string(text))) return std::nullopt;
        return Uuid(id);
    }

    /// A new identifier of version 4.
    static Uuid random() { return Uuid(Poco::UUIDGenerator::defaultGenerator().createRandom()); }

    const std::string& toText() const noexcept { return _text; }

    friend auto operator<=>(const Uuid&, const Uuid&) = default;

private:
    explicit Uuid(const Poco::UUID& id) : _text(id.toString()) {}

    std::string _text;
};

}  // namespace changebank::kickstart
