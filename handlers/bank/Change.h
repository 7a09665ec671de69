#pragma once

#include <boost/static_string/static_string.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace changebank::handlers {

/// An amount of money in nickels and pennies. Exact: counts whole cents and never uses binary floating point.
/// An immutable value.
class Change {
public:
    /// The maximum number of digits before the point, including leading zeros. With two more digits for the
    /// cents a total has at most 15, so that readers of JSON that use IEEE doubles get every number exactly
    /// (RFC 8259 section 6).
    static constexpr std::size_t maxDollarDigits = 13;

    /// Parses an amount in dollars: ASCII digits with an optional fraction ("12", "1.02", "5."), or a point
    /// and digits (".5"). Leading zeros are allowed; fractions of a cent are cut off. std::nullopt for any
    /// other text, and for more than maxDollarDigits digits before the point.
    static std::optional<Change> parse(std::string_view dollars);

    explicit constexpr Change(std::uint64_t cents) noexcept : _cents(cents) {}

    constexpr std::uint64_t cents() const noexcept { return _cents; }
    constexpr std::uint64_t nickels() const noexcept { return _cents / centsPerNickel; }
    /// The cents left over after the nickels: 0 to 4.
    constexpr std::uint64_t pennies() const noexcept { return _cents % centsPerNickel; }

    /// Large enough for any amount, without the heap.
    using DollarsText = boost::static_string<24>;
    using JsonText = boost::static_string<96>;

    /// The amount in dollars as a JSON number in its shortest exact form: "1", "1.5", "0.05".
    DollarsText dollars() const;

    /// `{"total":1.02,"nickels":20,"pennies":2}`
    JsonText toJson() const;

private:
    static constexpr std::uint64_t centsPerNickel = 5;

    std::uint64_t _cents;
};

}  // namespace changebank::handlers
