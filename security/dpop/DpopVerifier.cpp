#include "changebank/security/dpop/DpopVerifier.h"

#include <algorithm>
#include <utility>

namespace changebank::security {

DpopVerifier::DpopVerifier(DpopPolicy policy, std::shared_ptr<ReplayStore> replays,
                           std::shared_ptr<const DpopNonces> nonces, Clock& clock, ReplaySharing sharing)
    : _policy(policy),
      _replays(std::move(replays)),
      _nonces(std::move(nonces)),
      _clock(clock),
      _sharing(std::move(sharing)) {}

std::variant<DpopVerifier::Verified, Refusal> DpopVerifier::verify(const Request& request,
                                                                   const Confirmation& confirmation) const {
    const auto now = std::chrono::duration<double>(_clock.wall().time_since_epoch()).count();
    auto parsed = DpopProof::parse(request.proof, _policy.algorithms);
    if (auto* refusal = std::get_if<Refusal>(&parsed)) return std::move(*refusal);
    const auto& proof = std::get<DpopProof>(parsed);
    if (proof.keyThumbprint() != confirmation.keyThumbprint) return Refusal{Cause::dpopKeyMismatch};
    if (auto refusal = proof.checkTime(now, _policy.maxAge, _policy.leeway)) return std::move(*refusal);
    if (auto refusal = proof.checkTarget(request.method, request.uri)) return std::move(*refusal);
    if (auto refusal = proof.checkTokenHash(request.token)) return std::move(*refusal);
    if (auto refusal = checkSignature(proof, confirmation)) return std::move(*refusal);

    auto standing = DpopNonces::Standing::current;
    if (_nonces) standing = _nonces->standingOf(proof.nonce(), now);
    if (standing == DpopNonces::Standing::unknown)
        return Refusal{.cause = Cause::dpopNonceMissing, .dpopNonce = _nonces->current(now)};
    const ReplayStore::Use use{.key = proof.keyThumbprint(),
                               .method = proof.method(),
                               .uri = request.uri,
                               .id = proof.id(),
                               .issuedAt = proof.issuedAt(),
                               .caller = request.caller.empty() ? proof.keyThumbprint() : request.caller};
    if (auto refusal = noteUse(use, now)) return std::move(*refusal);
    return Verified{standing == DpopNonces::Standing::ending ? _nonces->current(now) : std::string(),
                    sharedUse(use, now)};
}

std::optional<Refusal> DpopVerifier::checkSignature(const DpopProof& proof,
                                                    const Confirmation& confirmation) const {
    const auto* known = confirmation.key->get();
    if (known && known->verifierFor(proof.algorithm())) return proof.checkSignature(*known);
    const auto imported = proof.importKey();
    if (const auto* refusal = std::get_if<Refusal>(&imported)) return *refusal;
    const auto& key = std::get<std::shared_ptr<const JsonWebKey>>(imported);
    confirmation.key->keep(key);
    return proof.checkSignature(*key);
}

std::optional<Refusal> DpopVerifier::noteUse(const ReplayStore::Use& use, double now) const {
    const auto oldest = now - static_cast<double>((_policy.maxAge + _policy.leeway).count());
    switch (_replays->insert(use, oldest)) {
        case ReplayStore::Outcome::inserted:
            return std::nullopt;
        case ReplayStore::Outcome::replayed:
            return Refusal{Cause::dpopReplayed};
        case ReplayStore::Outcome::forgotten:
            return Refusal{Cause::dpopTimestampFailed, "iat"};
        case ReplayStore::Outcome::callerFull:
            return Refusal{Cause::dpopTooMany, {}, ReplayStore::span};
        case ReplayStore::Outcome::full:
            break;
    }
    return Refusal{Cause::dpopStoreFull, {}, ReplayStore::span};
}

std::optional<SharedUse> DpopVerifier::sharedUse(const ReplayStore::Use& use, double now) const {
    if (!_sharing.store) return std::nullopt;
    // The clocks of the others may be behind this one by the leeway.
    const std::chrono::duration<double> rest(
        use.issuedAt + static_cast<double>((_policy.maxAge + 2 * _policy.leeway).count()) - now);
    const auto lifetime =
        std::max(std::chrono::ceil<std::chrono::milliseconds>(rest), std::chrono::milliseconds(1000));
    return SharedUse(_sharing, SharedUse::describe(use, lifetime));
}

}  // namespace changebank::security
