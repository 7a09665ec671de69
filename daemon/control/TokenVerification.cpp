#include "changebank/daemon/control/TokenVerification.h"

#include <memory>
#include <utility>

#include "changebank/base/text/Base64Url.h"
#include "changebank/base/text/JsonText.h"
#include "changebank/security/jose/JwsVerification.h"
#include "changebank/security/token/ClaimsCheck.h"

namespace changebank::daemon {

using namespace security;

namespace {

/// What the message of a refusal leaves out, for people.
std::string hintOf(const Refusal& refusal, const Json* claims, bool hasProof) {
    const bool isAboutBinding =
        refusal.cause == Cause::dpopMissing ||
        (refusal.cause == Cause::claimUnexpected && refusal.parameter == "cnf" && !hasProof);
    const auto read = Confirmation::read(isAboutBinding && claims ? claims->find("cnf") : nullptr);
    const auto* confirmation = std::get_if<Confirmation>(&read);
    if (!confirmation || confirmation->keyThumbprint.empty()) return {};
    return "; the token is bound to the key " + confirmation->keyThumbprint +
           ": give the proof that came with it by --dpop, and the URL of its request by --url";
}

TokenFinding refused(const Refusal& refusal, const std::string& hint = {}) {
    const std::string code(traitsOf(refusal.cause).code);
    return {false, textOf(jsonObject({{"valid", false}, {"code", code}, {"error", refusal.message()}})),
            "invalid: " + code + ": " + quoteJson(refusal.message() + hint)};
}

TokenFinding accepted(const Json& header, const std::string& member, const std::string& json,
                      const std::string& subject) {
    return {true, "{\"valid\":true,\"header\":" + header.toText() + ",\"" + member + "\":" + json + "}",
            "valid" + (subject.empty() ? "" : ": subject " + quoteJson(subject))};
}

}  // namespace

TokenVerification::TokenVerification(TokenPolicy policy, ReadKeySet keys, bool signatureOnly,
                                     std::optional<ShownProof> proof)
    : _policy(std::move(policy)),
      _keys(std::move(keys)),
      _signatureOnly(signatureOnly),
      _proof(std::move(proof)) {
    // Who shows a proof wants to know more than that bound tokens are refused.
    if (_proof && _policy.dpop == DpopUse::off) _policy.dpop = DpopUse::allow;
}

TokenFinding TokenVerification::verify(std::string_view token, double now) const {
    if (const auto* refusal = std::get_if<Refusal>(&_keys)) return refused(*refusal);
    const auto& keys = *std::get<std::shared_ptr<const JwkSet>>(_keys);
    const auto allowed = _signatureOnly ? AllowedAlgorithms::anyOf(_policy.algorithms)
                                        : AllowedAlgorithms::oneForEachKey(_policy.algorithms);
    const auto verified = verifyJws(token, keys, allowed);
    if (const auto* refusal = std::get_if<Refusal>(&verified)) return refused(*refusal);
    const auto& jws = std::get<VerifiedJws>(verified);
    if (_signatureOnly) return accepted(jws.header, "payload", quoteJson(encodeBase64Url(jws.payload)), {});
    const auto claims = Json::parse(jws.payload);
    const auto* known = claims ? &*claims : nullptr;
    const auto checked = checkClaims(jws.header, known, jws.payload, _policy, now);
    if (const auto* refusal = std::get_if<Refusal>(&checked))
        return refused(*refusal, hintOf(*refusal, known, _proof.has_value()));
    const auto& principal = std::get<VerifiedToken>(checked).principal;
    if (const auto refusal = checkBinding(token, principal.confirmation))
        return refused(*refusal, hintOf(*refusal, known, _proof.has_value()));
    return accepted(jws.header, "claims", principal.claims, principal.subject);
}

std::optional<Refusal> TokenVerification::checkBinding(std::string_view token,
                                                       const Confirmation& confirmation) const {
    // There is no connection that could have the certificate.
    if (!confirmation.certificateThumbprint.empty()) return Refusal{Cause::certificateMissing};
    if (confirmation.keyThumbprint.empty())
        return _proof ? std::optional(Refusal{Cause::dpopTokenUnbound}) : std::nullopt;
    if (!_proof) return Refusal{Cause::dpopMissing};
    const DpopVerifier verifier(_proof->policy, std::make_shared<ReplayStore>(ReplayStore::Limits(), 0));
    const auto verified = verifier.verify({.proof = _proof->proof,
                                           .method = _proof->request.method,
                                           .uri = _proof->request.uri,
                                           .token = token},
                                          confirmation);
    const auto* refusal = std::get_if<Refusal>(&verified);
    return refusal ? std::optional(*refusal) : std::nullopt;
}

}  // namespace changebank::daemon
