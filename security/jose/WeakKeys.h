#pragma once

#include <openssl/bn.h>

#include <string_view>

namespace changebank::security {

/// True if an RSA modulus looks as if it came from the library behind CVE-2017-15361 ("ROCA"): its residue
/// modulo each small prime is a power of 65537, which by chance happens to one modulus in 2^27 or fewer
/// (Nemec and others, "The Return of Coppersmith's Attack", CCS 2017, section 2.3).
bool hasRocaFingerprint(const BIGNUM& modulus);

/// True if 32 bytes are the encoding of a point of the curve edwards25519 (RFC 8032 section 5.1.3), which
/// OpenSSL does not look at before it verifies.
bool isEdwardsPoint(std::string_view encoded);

/// True if a 32-byte Ed25519 public key encodes one of the points of small order, canonically or not; under
/// such a key signatures can be made without a private key (RFC 8032 section 8.9 leaves the check to us).
bool isSmallOrderPoint(std::string_view encoded) noexcept;

}  // namespace changebank::security
