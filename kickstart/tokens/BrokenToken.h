#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "changebank/kickstart/directory/Directory.h"

namespace changebank::kickstart {

/// A token with one fault, to show how it is refused: like an access token that a user has just got, but for
/// the fault. The user does not exist. Without its fault the token would be good: it has no roles.
struct BrokenToken {
    enum class Kind : unsigned char {
        changed,   ///< Somebody has given themselves the application's roles after it was signed.
        expired,   ///< An hour ago.
        audience,  ///< For an application that does not exist.
        key,       ///< Signed by a key that is not published.
        role,      ///< Good, without roles.
    };

    /// std::nullopt for any other text.
    static std::optional<Kind> kindNamed(std::string_view name) noexcept;

    /// The compact JWS for an application of the state, at `now`, in seconds since the epoch. Throws
    /// std::runtime_error if OpenSSL fails. The first of kind `key` for an algorithm makes the state's
    /// unpublished key.
    static std::string mint(DirectoryState& state, const Application& application, Kind kind,
                            std::int64_t now);
};

}  // namespace changebank::kickstart
