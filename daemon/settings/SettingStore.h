#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/settings/SettingDefinition.h"
#include "changebank/daemon/settings/values/ListenerAddress.h"
#include "changebank/daemon/settings/values/SettingType.h"
#include "changebank/security/jose/Algorithm.h"

/// How the definitions of settings say where a value goes.
namespace changebank::daemon {

/// Why a value is not stored; std::nullopt if it is.
using Reason = std::optional<std::string>;
inline constexpr auto accepted = std::nullopt;

/// Combines a type with its destination in the settings. `store` receives the settings and a value, and
/// either stores it or returns the reason against it.
template <typename Type, typename Store>
SettingDefinition define(std::string key, Type type, std::string_view defaultValue, Applies applies,
                         std::string_view meaning, Store store) {
    auto read = [type, store](std::string_view text, Settings& settings) -> std::optional<std::string> {
        auto value = type.read(text);
        if (const auto* bad = std::get_if<BadValue>(&value)) return bad->why;
        return store(settings, std::get<0>(std::move(value)));
    };
    return {std::move(key), type.name(), type.range(), defaultValue, applies, meaning, std::move(read)};
}

/// A store that accepts every value of its type; `place` returns the address of the destination.
template <typename Place>
auto keepIn(Place place) {
    return [place](Settings& settings, auto value) -> Reason {
        auto& kept = *place(settings);
        kept = static_cast<std::remove_reference_t<decltype(kept)>>(std::move(value));
        return accepted;
    };
}

/// A store of a duration without fractions of a second.
template <typename Place>
auto secondsIn(Place place) {
    return [place](Settings& settings, std::chrono::milliseconds value) -> Reason {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(value);
        if (seconds != value) return inQuotes(DurationType::toText(value)) + " has a fraction of a second";
        *place(settings) = seconds;
        return accepted;
    };
}

/// A store of a list of algorithms.
template <typename Place>
auto algorithmsIn(Place place) {
    return [place](Settings& settings, const std::string& value) -> Reason {
        const auto algorithms = security::AlgorithmSet::parse(value);
        if (!algorithms) return inQuotes(value) + " is not a list of supported algorithms";
        *place(settings) = *algorithms;
        return accepted;
    };
}

/// A store of a listener's address; an empty text is none.
template <typename Place>
auto addressIn(Place place) {
    return [place](Settings& settings, const std::string& value) -> Reason {
        auto& address = *place(settings);
        address.reset();
        if (value.empty()) return accepted;
        address = ListenerAddress::parse(value);
        return address ? accepted : Reason(inQuotes(value) + " is neither HOST:PORT nor an absolute path");
    };
}

}  // namespace changebank::daemon
