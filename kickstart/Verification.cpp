#include "kickstart/Verification.h"

#include "kickstart/Instant.h"
#include "kickstart/RandomOctets.h"
#include "kickstart/Sha256.h"
#include "kickstart/Tenant.h"

namespace changebank::kickstart {

namespace {

constexpr std::size_t codeLength = 6;

std::string newCode() {
    std::string code;
    while (code.size() < codeLength) {
        // Octets above 249 would make some digits likelier than others.
        const auto octet = static_cast<unsigned char>(randomOctets(1).front());
        if (octet < 250) code += static_cast<char>('0' + octet % 10);
    }
    return code;
}

}  // namespace

Verification Verification::begin(const Tenant& tenant, std::int64_t now) {
    return {Uuid::random(), newCode(), now + tenant.lifetimes.verification * millisecondsPerSecond,
            tenant.failedAuthentication.tooManyAttempts};
}

bool Verification::accept(const Uuid& givenId, const std::string& givenCode, bool asksForCode,
                          std::int64_t now) {
    if (givenId != id || now >= expiry || attemptsLeft == 0) return false;
    if (!asksForCode || sha256(givenCode) == sha256(code)) return true;
    --attemptsLeft;
    return false;
}

}  // namespace changebank::kickstart
