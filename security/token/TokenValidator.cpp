#include "changebank/security/token/TokenValidator.h"

#include <chrono>
#include <utility>

#include "changebank/security/jose/JwsVerification.h"

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

/// Why other keys could change the verdict; std::nullopt if none could.
std::optional<FetchReason> reasonToFetch(Cause cause) {
    if (cause == Cause::signatureInvalid) return FetchReason::signatureInvalid;
    if (isOurFault(cause) || cause == Cause::noMatchingKey) return FetchReason::keyMissing;
    return std::nullopt;
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

std::variant<Verdict, TokenValidator::Undecided> TokenValidator::verify(std::string_view token) {
    const auto snapshot = _keys->current();
    auto verdict = judge(token, *snapshot);
    const auto* refusal = std::get_if<Refusal>(&verdict);
    const auto reason = refusal != nullptr ? reasonToFetch(refusal->cause) : std::nullopt;
    if (!reason || !_keys->mayRefetch(*reason)) return verdict;
    return Undecided{*reason, *refusal, snapshot->generation};
}

Verdict TokenValidator::decide(std::string_view token, const Undecided& undecided) {
    const auto snapshot = _keys->refetch(undecided.reason);
    if (snapshot->keys && snapshot->generation == undecided.generation) return undecided.refusal;
    return judge(token, *snapshot);
}

Verdict TokenValidator::validate(std::string_view token) {
    if (auto verdict = recall(token)) return std::move(*verdict);
    auto verified = verify(token);
    if (const auto* undecided = std::get_if<Undecided>(&verified)) return decide(token, *undecided);
    return std::get<Verdict>(std::move(verified));
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
