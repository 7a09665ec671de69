#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "changebank/base/system/OpenSsl.h"

namespace changebank::security {

/// A block of a PEM text (RFC 7468).
struct PemBlock {
    /// Such as `PUBLIC KEY`.
    std::string name;
    std::string bytes;
    /// Has a header (RFC 1421 section 4.6), as traditional private keys with a passphrase do.
    bool hasHeader = false;
};

/// The complete blocks, in the order of the text, up to the first that is malformed. Leaves OpenSSL's error
/// queue empty.
std::vector<PemBlock> pemBlocksIn(std::string_view text);

/// The first private key that needs no passphrase, in any form that OpenSSL reads; nullptr if there is none.
/// Leaves OpenSSL's error queue empty.
EvpKey privateKeyIn(std::string_view pem);

}  // namespace changebank::security
