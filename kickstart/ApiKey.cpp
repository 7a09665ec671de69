#include "kickstart/ApiKey.h"

#include <openssl/crypto.h>

#include "kickstart/Sha256.h"

namespace changebank::kickstart {

ApiKey::ApiKey(std::string_view key) : _digest(sha256(key)) {}

bool ApiKey::matches(std::string_view key) const {
    const auto digest = sha256(key);
    return digest.size() == _digest.size() &&
           CRYPTO_memcmp(digest.data(), _digest.data(), _digest.size()) == 0;
}

bool ApiKey::permits(const std::string& api, const std::string& method) const {
    if (!_permissions) return true;
    const auto found = _permissions->find(api);
    return found != _permissions->end() && found->second.contains(method);
}

}  // namespace changebank::kickstart
