#pragma once

namespace changebank::http {

/// In which field of a request a proxy names its client.
enum class ForwardedField : unsigned char {
    xForwardedFor,  ///< X-Forwarded-For
    forwarded,      ///< Forwarded (RFC 7239), its parameter `for`
};

}  // namespace changebank::http
