#pragma once

#include <openssl/bn.h>

#include <string_view>

namespace changebank::security {

/// True if an RSA modulus has the fingerprint of CVE-2017-15361 ("ROCA"): its residue modulo each small prime
/// is a power of 65537. At most one random modulus in 2^27 has it (Nemec and others, "The Return of
/// Coppersmith's Attack", CCS 2017, section 2.3).
bool hasRocaFingerprint(const BIGNUM& modulus);

/// True if 32 bytes are a canonical encoding of a point of the curve edwards25519 (RFC 8032 section 5.1.3).
/// OpenSSL checks that only when it verifies.
bool isEdwardsPoint(std::string_view encoded);

/// True if 32 bytes are an encoding, canonical or not, of a point of small order. Signatures under such an
/// Ed25519 public key can be forged without a private key (RFC 8032 section 8.9 leaves the check to us).
bool isSmallOrderPoint(std::string_view encoded) noexcept;

}  // namespace changebank::security
