#include "kickstart/TwoFactorMethod.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

#include "kickstart/JsonValues.h"
#include "security/OpenSsl.h"

namespace changebank::kickstart {

using security::Json;

namespace {

constexpr std::int64_t stepSeconds = 30;
constexpr std::size_t digits = 6;

/// RFC 4226 section 5.3.
std::string codeOfStep(const std::string& secret, std::int64_t step) {
    std::array<unsigned char, 8> counter{};
    for (std::size_t i = 0; i < counter.size(); ++i) {
        counter[counter.size() - 1 - i] = static_cast<unsigned char>(step >> (8 * i));
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned length = 0;
    if (HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(), counter.size(),
             mac.data(), &length) == nullptr) {
        throw std::runtime_error("OpenSSL could not make a one-time password");
    }
    const std::size_t offset = mac[length - 1] & 0x0FU;
    const auto number = ((mac[offset] & 0x7FU) << 24U) | (static_cast<unsigned>(mac[offset + 1]) << 16U) |
                        (static_cast<unsigned>(mac[offset + 2]) << 8U) | mac[offset + 3];
    auto text = std::to_string(number % 1'000'000);
    return text.insert(0, digits - text.size(), '0');
}

}  // namespace

std::string TwoFactorMethod::codeAt(const std::string& secret, std::int64_t second) {
    return codeOfStep(secret, second / stepSeconds);
}

bool TwoFactorMethod::accept(const std::string& code, std::int64_t second) {
    if (code.size() != digits) return false;
    const auto present = second / stepSeconds;
    for (auto step = present - 1; step <= present + 1; ++step) {
        if (step <= lastStep || CRYPTO_memcmp(codeOfStep(secret, step).data(), code.data(), digits) != 0) {
            continue;
        }
        lastStep = step;
        return true;
    }
    return false;
}

Json TwoFactorMethod::toJson() const {
    return Json(Json::Object{{"id", jsonText(id)}, {"method", jsonText("authenticator")}});
}

Json toJson(const std::vector<TwoFactorMethod>& methods) {
    Json::Array elements;
    for (const auto& method : methods) {
        elements.push_back(method.toJson());
    }
    return Json(std::move(elements));
}

}  // namespace changebank::kickstart
