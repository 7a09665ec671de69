#include "changebank/security/limit/CallerLimits.h"

#include <algorithm>
#include <utility>

namespace changebank::security {

using std::chrono::ceil;
using std::chrono::microseconds;
using std::chrono::seconds;

namespace {

unsigned burstOf(const CallerLimits::Rate& rate) {
    return rate.burst > 0 ? rate.burst : rate.rate;
}

}  // namespace

CallerLimits::Limit CallerLimits::makeLimit(std::string_view name, Cause cause, const Rate& rate) {
    const TokenBucketRate fill(rate.rate, burstOf(rate));
    return {name,
            cause,
            rate,
            fill,
            nullptr,
            '"' + std::string(name) + "\";q=" + std::to_string(fill.burst()) +
                ";w=" + std::to_string(ceil<seconds>(fill.window()).count())};
}

Refusal CallerLimits::Limit::refusalFor(microseconds wait) const {
    Refusal refusal{cause, {}, ceil<seconds>(wait)};
    refusal.rateLimitPolicy = policy;
    refusal.rateLimit = '"' + std::string(name) + "\";r=0;t=" + std::to_string(refusal.retryAfter.count());
    return std::move(refusal).withEvidence(
        std::to_string(fill.burst()) + " at once, then " + std::to_string(rate.rate) + " a second", "more");
}

CallerLimits::CallerLimits(const Options& options, const CallerLimits* before, Clock& clock)
    : _prefixes(options.prefixes),
      _entries(options.entries),
      _clock(clock),
      _key(before != nullptr ? before->_key : SipKey::random()),
      _limits{makeLimit("client", Cause::clientRateExceeded, options.client),
              makeLimit("subject", Cause::subjectRateExceeded, options.subject),
              makeLimit("refused", Cause::badTokenRateExceeded, options.refused)} {
    for (std::size_t i = 0; i < kinds; ++i) {
        auto& limit = _limits[i];
        if (limit.rate.rate == 0) continue;
        const auto& known =
            before != nullptr && before->_entries == _entries ? before->_limits[i].table : nullptr;
        limit.table = known ? known : std::make_shared<TokenBucketTable>(_entries, clock.monotonic());
    }
}

std::optional<std::uint64_t> CallerLimits::hashOf(const Poco::Net::SocketAddress& address) const {
    const auto network = ClientNetwork::of(address, _prefixes);
    return network ? std::optional(sipHash(network->bytes(), _key)) : std::nullopt;
}

std::optional<Refusal> CallerLimits::takeOfClient(const Poco::Net::SocketAddress& client) const {
    const auto& limit = _limits[ofClients];
    if (!limit.table) return std::nullopt;
    const auto hash = hashOf(client);
    if (!hash) return std::nullopt;
    const auto wait = limit.table->take(*hash, limit.fill, _clock.monotonic());
    return wait.count() > 0 ? std::optional(limit.refusalFor(wait)) : std::nullopt;
}

std::optional<Refusal> CallerLimits::takeOfSubject(const Principal& principal) const {
    const auto& limit = _limits[ofSubjects];
    if (!limit.table) return std::nullopt;
    // The issuer's hash is part of the key, so that no two pairs are one text.
    const SipKey key{_key.first ^ sipHash(principal.issuer, _key), _key.second};
    const auto wait = limit.table->take(sipHash(principal.subject, key), limit.fill, _clock.monotonic());
    return wait.count() > 0 ? std::optional(limit.refusalFor(wait)) : std::nullopt;
}

std::optional<Refusal> CallerLimits::tooManyBadTokens(const Poco::Net::SocketAddress& client) const {
    const auto& limit = _limits[ofBadTokens];
    if (!limit.table) return std::nullopt;
    const auto hash = hashOf(client);
    if (!hash) return std::nullopt;
    const auto wait = limit.table->waitFor(*hash, limit.fill, _clock.monotonic());
    return wait.count() > 0 ? std::optional(limit.refusalFor(wait)) : std::nullopt;
}

void CallerLimits::noteRefusal(const Poco::Net::SocketAddress& client, Cause cause) const {
    const auto& limit = _limits[ofBadTokens];
    if (!limit.table || !isBadToken(cause)) return;
    if (const auto hash = hashOf(client)) limit.table->take(*hash, limit.fill, _clock.monotonic());
}

bool CallerLimits::isBadToken(Cause cause) noexcept {
    return traitsOf(cause).status == 401 && cause != Cause::missingToken &&
           cause != Cause::dpopNonceMissing && cause != Cause::insufficientAuthentication;
}

std::vector<CallerLimits::Status> CallerLimits::status() const {
    std::vector<Status> all;
    const auto now = _clock.monotonic();
    for (const auto& limit : _limits) {
        if (!limit.table) continue;
        all.push_back({limit.name,
                       {limit.rate.rate, limit.fill.burst()},
                       limit.table->used(now),
                       limit.table->capacity(),
                       limit.table->crowded()});
    }
    return all;
}

}  // namespace changebank::security
