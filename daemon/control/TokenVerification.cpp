#include "changebank/daemon/control/TokenVerification.h"

#include <utility>

#include "changebank/base/text/Base64Url.h"
#include "changebank/base/text/JsonText.h"
#include "changebank/security/jose/JwsVerification.h"
#include "changebank/security/token/ClaimsCheck.h"

namespace changebank::daemon {

using namespace security;

namespace {

TokenFinding refused(const Refusal& refusal) {
    const std::string code(traitsOf(refusal.cause).code);
    return {false, textOf(jsonObject({{"valid", false}, {"code", code}, {"error", refusal.message()}})),
            "invalid: " + code + ": " + quoteJson(refusal.message())};
}

TokenFinding accepted(const Json& header, const std::string& member, const std::string& json,
                      const std::string& subject) {
    return {true, "{\"valid\":true,\"header\":" + header.toText() + ",\"" + member + "\":" + json + "}",
            "valid" + (subject.empty() ? "" : ": subject " + quoteJson(subject))};
}

}  // namespace

TokenVerification::TokenVerification(TokenPolicy policy, ReadKeySet keys, bool signatureOnly)
    : _policy(std::move(policy)), _keys(std::move(keys)), _signatureOnly(signatureOnly) {}

TokenFinding TokenVerification::verify(std::string_view token, double now) const {
    if (const auto* refusal = std::get_if<Refusal>(&_keys)) return refused(*refusal);
    const auto& keys = *std::get<std::shared_ptr<const JwkSet>>(_keys);
    const auto allowed = _signatureOnly ? AllowedAlgorithms::anyOf(_policy.algorithms)
                                        : AllowedAlgorithms::oneForEachKey(_policy.algorithms);
    const auto verified = verifyJws(token, keys, allowed);
    if (const auto* refusal = std::get_if<Refusal>(&verified)) return refused(*refusal);
    const auto& jws = std::get<VerifiedJws>(verified);
    if (_signatureOnly) return accepted(jws.header, "payload", quoteJson(encodeBase64Url(jws.payload)), {});
    const auto checked = checkClaims(jws.header, jws.payload, _policy, now);
    if (const auto* refusal = std::get_if<Refusal>(&checked)) return refused(*refusal);
    const auto& principal = std::get<VerifiedToken>(checked).principal;
    return accepted(jws.header, "claims", principal.claims, principal.subject);
}

}  // namespace changebank::daemon
