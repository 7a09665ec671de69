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

/// Why a fetch could change the result; std::nullopt if it could not.
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

std::variant<ValidationResult, TokenValidator::KeyFetchNeeded> TokenValidator::verify(
    std::string_view token) {
    const auto snapshot = _keys->current();
    auto result = verifyUnder(*snapshot, token);
    const auto* refusal = std::get_if<Refusal>(&result);
    const auto reason = refusal != nullptr ? reasonToFetch(refusal->cause) : std::nullopt;
    if (!reason || !_keys->mayRefetch(*reason)) return result;
    return KeyFetchNeeded{*reason, *refusal, snapshot->generation};
}

ValidationResult TokenValidator::fetchKeysAndVerify(std::string_view token, KeyFetchNeeded needed) {
    if (auto result = verifyUnderNewer(token, needed)) return std::move(*result);
    return verifyUnderFetched(*_keys->refetch(needed.reason), token, needed);
}

TokenValidator::Joined TokenValidator::joinFetch(std::string_view token, KeyFetchNeeded& needed,
                                                 std::function<void()> ended) {
    if (auto result = verifyUnderNewer(token, needed)) return std::move(*result);
    auto joined = _keys->join(needed.reason, std::move(ended));
    if (auto* place = std::get_if<std::unique_ptr<KeySource::Place>>(&joined)) return std::move(*place);
    return verifyUnderFetched(*std::get<std::shared_ptr<const KeySnapshot>>(joined), token, needed);
}

ValidationResult TokenValidator::verifyAfterFetch(std::string_view token, const KeyFetchNeeded& needed) {
    return verifyUnderFetched(*_keys->current(), token, needed);
}

/// The result if other keys have come since the last one, and save the fetch; else `needed` is up to date.
std::optional<ValidationResult> TokenValidator::verifyUnderNewer(std::string_view token,
                                                                 KeyFetchNeeded& needed) {
    if (_keys->generation() == needed.generation) return std::nullopt;
    auto verified = verify(token);
    if (auto* result = std::get_if<ValidationResult>(&verified)) return std::move(*result);
    needed = std::get<KeyFetchNeeded>(std::move(verified));
    return std::nullopt;
}

ValidationResult TokenValidator::verifyUnderFetched(const KeySnapshot& snapshot, std::string_view token,
                                                    const KeyFetchNeeded& needed) {
    if (snapshot.keys && snapshot.generation == needed.generation) return needed.refusal;
    return verifyUnder(snapshot, token);
}

ValidationResult TokenValidator::validate(std::string_view token) {
    if (auto result = lookUp(token)) return std::move(*result);
    auto verified = verify(token);
    if (const auto* needed = std::get_if<KeyFetchNeeded>(&verified))
        return fetchKeysAndVerify(token, *needed);
    return std::get<ValidationResult>(std::move(verified));
}

std::optional<ValidationResult> TokenValidator::lookUp(std::string_view token) {
    if (!_cache) return std::nullopt;
    auto known = _cache->lookUp(token, {_keys->generation(), _settingsGeneration});
    if (!known) return std::nullopt;
    const auto leeway = static_cast<double>(_policy.leeway.count());
    if (auto refusal = known->period.check(secondsOf(_clock.wall()), leeway)) return std::move(*refusal);
    const auto* principal = &known->principal;
    return std::shared_ptr<const Principal>(std::move(known), principal);
}

ValidationResult TokenValidator::verifyUnder(const KeySnapshot& snapshot, std::string_view token) {
    if (!snapshot.keys) return Refusal{snapshot.cause};
    auto checked = verifyToken(token, *snapshot.keys, _policy, secondsOf(_clock.wall()));
    if (auto* refusal = std::get_if<Refusal>(&checked)) return std::move(*refusal);
    auto verified = std::make_shared<const VerifiedToken>(std::move(std::get<VerifiedToken>(checked)));
    if (_cache) _cache->insert(token, {snapshot.generation, _settingsGeneration}, verified);
    return std::shared_ptr<const Principal>(verified, &verified->principal);
}

}  // namespace changebank::security
