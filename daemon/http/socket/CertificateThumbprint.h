#pragma once

#include <openssl/types.h>

#include <string>

namespace changebank::http {

/// The `x5t#S256` of a certificate (RFC 8705 section 3.1, RFC 7515 section 4.1.8): the SHA-256 of its DER, as
/// base64url without padding, 43 characters. Throws Poco::Net::SSLException if OpenSSL cannot compute it.
std::string certificateThumbprint(const X509& certificate);

}  // namespace changebank::http
