#pragma once

#include <memory>
#include <string>
#include <variant>

#include "changebank/security/jose/TokenSigner.h"

namespace changebank::daemon {

/// Why a private key cannot be used, as the end of a sentence that begins with the file's name. Never shows
/// content.
struct BadSigningKey {
    std::string why;
};

/// The private key in a PEM file of 16 KiB at most: see security::TokenSigner::fromPem(). Everybody but the
/// owner and the group must be kept from reading the file.
std::variant<std::shared_ptr<const security::TokenSigner>, BadSigningKey> readSigningKey(
    const std::string& path);

}  // namespace changebank::daemon
