#pragma once

#include <cstddef>
#include <string_view>

namespace changebank::http {

/// What the first bytes that a client sends to a TLS port are.
enum class RequestBeginning {
    Request,    ///< A method and a blank: the client speaks HTTP without TLS (RFC 9112 section 3).
    Undecided,  ///< May become a method and a blank.
    Other       ///< Anything else, such as TLS: the first byte of its records is no letter.
};

/// The bytes of a method and its blank that are looked for at most.
inline constexpr std::size_t maxRequestBeginning = 32;

/// Looks at the first maxRequestBeginning bytes, or at those that have come.
RequestBeginning requestBeginning(std::string_view bytes) noexcept;

}  // namespace changebank::http
