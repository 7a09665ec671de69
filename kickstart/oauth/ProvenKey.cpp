#include "changebank/kickstart/oauth/ProvenKey.h"

#include <cmath>
#include <memory>
#include <optional>

#include "changebank/kickstart/values/Instant.h"
#include "changebank/security/dpop/DpopProof.h"
#include "changebank/security/dpop/TargetUri.h"

namespace changebank::kickstart {

namespace {

using security::Cause;
using security::DpopProof;
using security::JsonWebKey;
using security::Refusal;

std::optional<Refusal> faultOfSignature(const DpopProof& proof) {
    const auto key = proof.importKey();
    if (const auto* refusal = std::get_if<Refusal>(&key)) return *refusal;
    return proof.checkSignature(*std::get<std::shared_ptr<const JsonWebKey>>(key));
}

/// Checks all but whether the proof is new.
std::optional<Refusal> faultOf(const DpopProof& proof, const OAuthCall& call) {
    const auto now = static_cast<double>(call.now) / millisecondsPerSecond;
    if (auto refusal = proof.checkTime(now, ProvenKey::maxAge, ProvenKey::leeway)) return refusal;
    const auto url = security::targetUri(call.request.baseUrl + call.request.path);
    if (auto refusal = proof.checkTarget(call.request.method, url.value_or(""))) return refusal;
    return faultOfSignature(proof);
}

/// When a proof is too old.
std::int64_t endOf(const DpopProof& proof) {
    const auto lifetime = static_cast<double>((ProvenKey::maxAge + ProvenKey::leeway).count());
    return static_cast<std::int64_t>(std::floor((proof.issuedAt() + lifetime) * millisecondsPerSecond)) + 1;
}

OAuthError invalidProof(const Refusal& refusal) {
    return {"invalid_dpop_proof", "unknown", "The request has no good proof: " + refusal.message() + "."};
}

}  // namespace

std::variant<std::string, OAuthError> ProvenKey::of(const OAuthCall& call) {
    const auto& sent = call.request.dpopProofs;
    if (sent.empty()) return std::string();
    if (sent.size() > 1) return invalidProof({Cause::dpopRepeated});
    const auto parsed = DpopProof::parse(sent.front(), security::AlgorithmSet::all());
    if (const auto* refusal = std::get_if<Refusal>(&parsed)) return invalidProof(*refusal);
    const auto& proof = std::get<DpopProof>(parsed);
    if (const auto refusal = faultOf(proof, call)) return invalidProof(*refusal);
    if (!call.state.usedProofs.add(proof.keyThumbprint(), proof.id(), endOf(proof), call.now))
        return invalidProof({Cause::dpopReplayed});
    return proof.keyThumbprint();
}

}  // namespace changebank::kickstart
