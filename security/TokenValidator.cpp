#include "security/TokenValidator.h"

#include <chrono>
#include <utility>

#include "security/JwsVerification.h"

namespace changebank::security {

namespace {

double secondsOf(Clock::Wall time) {
    return static_cast<double>(std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count());
}

std::variant<VerifiedToken, Refusal> verifyToken(std::string_view token, const JwkSet& keys,
                                                 const TokenPolicy& policy, double now) {
    auto verified = verifyJws(token, keys, policy.algorithms);
    if (auto* refusal = std::get_if<Refusal>(&verified)) return std::move(*refusal);
    auto& jws = std::get<VerifiedJws>(verified);
    return checkClaims(jws.header, std::move(jws.payload), policy, now);
}

/// Whether other keys could change the verdict.
bool dependsOnKeys(const Verdict& verdict) {
    const auto* refusal = std::get_if<Refusal>(&verdict);
    return refusal && (isOurFault(refusal->cause) || refusal->cause == Cause::noMatchingKey ||
                       refusal->cause == Cause::signatureInvalid);
}

bool isSignatureFailure(const Verdict& verdict) {
    const auto* refusal = std::get_if<Refusal>(&verdict);
    return refusal && refusal->cause == Cause::signatureInvalid;
}

}  // namespace

TokenValidator::TokenValidator(TokenPolicy policy, std::shared_ptr<KeySource> keys,
                               std::shared_ptr<VerifiedTokenCache> cache, std::uint64_t settingsGeneration,
                               Clock& clock)
    : _policy(std::move(policy)),
      _keys(std::move(keys)),
      _cache(std::move(cache)),
      _settingsGeneration(settingsGeneration),
      _clock(clock) {}

std::optional<Verdict> TokenValidator::tryVerify(std::string_view token) {
    auto verdict = judge(token, *_keys->current());
    if (dependsOnKeys(verdict) && _keys->mayRefetch(isSignatureFailure(verdict))) return std::nullopt;
    return verdict;
}

Verdict TokenValidator::validate(std::string_view token) {
    if (auto verdict = recall(token)) return std::move(*verdict);
    auto verdict = judge(token, *_keys->current());
    if (!dependsOnKeys(verdict) || !_keys->mayRefetch(isSignatureFailure(verdict))) return verdict;
    return judge(token, *_keys->refetch(isSignatureFailure(verdict)));
}

std::optional<Verdict> TokenValidator::recall(std::string_view token) {
    if (!_cache) return std::nullopt;
    auto known = _cache->find(token, {_keys->generation(), _settingsGeneration});
    if (!known) return std::nullopt;
    const auto leeway = static_cast<double>(_policy.leeway.count());
    if (auto refusal = known->period.check(secondsOf(_clock.wall()), leeway)) return std::move(*refusal);
    const auto* principal = &known->principal;
    return std::shared_ptr<const Principal>(std::move(known), principal);
}

Verdict TokenValidator::judge(std::string_view token, const KeySnapshot& snapshot) {
    if (!snapshot.keys) return Refusal{snapshot.cause};
    auto judged = verifyToken(token, *snapshot.keys, _policy, secondsOf(_clock.wall()));
    if (auto* refusal = std::get_if<Refusal>(&judged)) return std::move(*refusal);
    auto verified = std::make_shared<const VerifiedToken>(std::move(std::get<VerifiedToken>(judged)));
    if (_cache) _cache->remember(token, {snapshot.generation, _settingsGeneration}, verified);
    return std::shared_ptr<const Principal>(verified, &verified->principal);
}

}  // namespace changebank::security
