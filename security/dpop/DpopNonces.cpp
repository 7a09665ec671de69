#include "changebank/security/dpop/DpopNonces.h"

#include <Poco/Exception.h>
#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include <array>
#include <cmath>
#include <utility>

#include "changebank/base/system/OpenSsl.h"
#include "changebank/base/text/Base64Url.h"

namespace changebank::security {

DpopNonces::DpopNonces(std::string secret, std::chrono::seconds lifetime)
    : _secret(std::move(secret)), _lifetime(static_cast<double>(lifetime.count())) {
    if (_secret.size() < minSecretSize)
        throw Poco::InvalidArgumentException("the secret of nonces is too short");
    if (_lifetime <= 0) throw Poco::InvalidArgumentException("the lifetime of nonces is not above zero");
}

std::string DpopNonces::current(double now) const {
    return nonceOf(spanAt(now));
}

DpopNonces::Standing DpopNonces::standingOf(std::string_view nonce, double now) const {
    const auto span = spanAt(now);
    const auto equals = [nonce](const std::string& ours) {
        return nonce.size() == ours.size() && CRYPTO_memcmp(nonce.data(), ours.data(), ours.size()) == 0;
    };
    // The next one is that of a server whose clock is ahead.
    if (equals(nonceOf(span)) || equals(nonceOf(span + 1))) return Standing::current;
    return equals(nonceOf(span - 1)) ? Standing::ending : Standing::unknown;
}

std::string DpopNonces::nonceOf(std::int64_t span) const {
    const auto text = "dpop-nonce " + std::to_string(span);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (HMAC(EVP_sha256(), _secret.data(), static_cast<int>(_secret.size()), asBytes(text), text.size(),
             digest.data(), &size) == nullptr) {
        throw Poco::RuntimeException("OpenSSL cannot compute an HMAC");
    }
    return encodeBase64Url({reinterpret_cast<const char*>(digest.data()), size});
}

std::int64_t DpopNonces::spanAt(double now) const {
    return static_cast<std::int64_t>(std::floor(now / _lifetime));
}

}  // namespace changebank::security
