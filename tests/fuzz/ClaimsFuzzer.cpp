#include <cstdint>
#include <string>

#include "changebank/base/text/Utf8.h"
#include "changebank/security/jose/NumericDate.h"
#include "changebank/security/token/ClaimsCheck.h"
#include "tests/fuzz/Expect.h"

using namespace changebank;
using namespace changebank::security;
using changebank::fuzz::expect;

/// The input is the payload of a token of a fixed policy at a fixed time.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr double now = 1'790'000'000;
    TokenPolicy policy;
    policy.issuer = "i";
    policy.audiences = {"a"};
    const std::string payload(reinterpret_cast<const char*>(data), size);
    const auto checked = checkClaims(Json(Json::Object{}), payload, policy, now);
    if (const auto* refusal = std::get_if<Refusal>(&checked)) {
        expect(Json::parse(refusal->body()).has_value(), "a refusal's body is JSON");
        return 0;
    }
    const auto& token = std::get<VerifiedToken>(checked);
    const auto claims =
        Json::parse(token.principal.claims, {8 * JsonLimits{}.size, JsonLimits{}.depth, JsonLimits{}.values});
    expect(claims.has_value() && claims->object(), "accepted claims are an object");
    expect(claims->toText() == Json::parse(payload)->toText(), "a principal has the token's claims");
    expect(!hasControl(token.principal.claims), "a principal's claims are one line");
    expect(*claims->find("iss")->string() == "i", "an accepted token is of our issuer");
    expect(token.period.expires > now && token.period.expires <= latestNumericDate,
           "an accepted token has not expired");
    expect(token.period.notBefore <= now && token.period.issuedAt <= now,
           "an accepted token is not of the future");
    for (const char* name : {"nonce", "at_hash", "c_hash", "cnf"}) {
        expect(!claims->find(name), "an accepted token is an access token for bearers");
    }
    return 0;
}
