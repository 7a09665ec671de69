#include "changebank/daemon/service/ChangeBankService.h"

#include <algorithm>
#include <future>
#include <set>
#include <utility>

#include "changebank/base/system/Clock.h"
#include "changebank/base/system/FileFingerprint.h"
#include "changebank/base/system/RandomBytes.h"
#include "changebank/daemon/logging/Logging.h"
#include "changebank/daemon/logging/LoggingRefusalReporter.h"
#include "changebank/daemon/service/TracedJwksFetcher.h"
#include "changebank/handlers/bank/ChangeBank.h"
#include "changebank/handlers/decision/Decisions.h"

namespace changebank::daemon {

using security::RemoteJwkSet;
using security::VerifiedTokenCache;

namespace {

void logEvent(const std::string& address, const RemoteJwkSet::Event& event) {
    using Outcome = RemoteJwkSet::Event::Outcome;
    switch (event.outcome) {
        case Outcome::replaced:
            log(Poco::Message::PRIO_INFORMATION, "new keys from " + address + ": " + event.text);
            break;
        case Outcome::confirmed:
            log(Poco::Message::PRIO_DEBUG, "keys confirmed by " + address + ": " + event.text);
            break;
        case Outcome::restored:
            log(Poco::Message::PRIO_INFORMATION,
                "keys taken from the snapshot: " + event.text + "; they are those of " + address);
            break;
        case Outcome::failed:
            log(Poco::Message::PRIO_WARNING, "cannot fetch keys from " + address + ": " + event.text);
            break;
        case Outcome::dropped:
            log(Poco::Message::PRIO_ERROR, "no usable keys left: " + event.text + "; from " + address);
            break;
        case Outcome::snapshotFailed:
            log(Poco::Message::PRIO_WARNING, "key snapshot: " + event.text);
            break;
    }
}

security::RefreshSchedule::Options scheduleOf(const Settings::Jwks& jwks) {
    return {jwks.maxAge, jwks.minAge, jwks.cooldown, jwks.timeout, jwks.staleFor, {}};
}

using ServedIssuers = std::vector<ChangeBankService::ServedIssuer>;

/// Those of `all` whose keys none of the others has, each source once.
ServedIssuers differenceOf(const ServedIssuers& all, const ServedIssuers& others) {
    ServedIssuers difference;
    const auto isIn = [](const ServedIssuers& issuers, const auto& keys) {
        return std::any_of(issuers.begin(), issuers.end(),
                           [&](const auto& each) { return each.keys == keys; });
    };
    for (const auto& issuer : all) {
        if (!isIn(others, issuer.keys) && !isIn(difference, issuer.keys)) difference.push_back(issuer);
    }
    return difference;
}

/// Fetches the keys of all at the same time and returns why some could not be fetched.
std::optional<ChangeBankService::KeysUnavailable> refresh(const ServedIssuers& issuers) {
    const auto sources = differenceOf(issuers, {});
    std::vector<std::future<std::optional<std::string>>> fetches;
    fetches.reserve(sources.size());
    for (const auto& source : sources)
        fetches.push_back(
            std::async(std::launch::async, [&keys = *source.keys] { return keys.refreshNow(); }));
    std::optional<ChangeBankService::KeysUnavailable> failure;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        const auto why = fetches[i].get();
        if (!why) continue;
        // The first issuer's settings have no name in them.
        const bool isFirst = sources[i].name == Settings::Issuer().name;
        if (!failure) failure = {sources[i].uriKey, {}};
        failure->why += (failure->why.empty() ? "" : "; ") + (isFirst ? "" : sources[i].name + ": ") + *why;
    }
    return failure;
}

std::vector<security::TrustedIssuer> trustedIssuersOf(const ServedIssuers& served) {
    std::vector<security::TrustedIssuer> issuers;
    for (const auto& issuer : served)
        issuers.push_back({issuer.name, issuer.policy, issuer.keys, issuer.generation});
    return issuers;
}

handlers::DecisionOptions decisionOptionsOf(const Settings& settings,
                                            std::shared_ptr<const security::DpopVerifier> dpop,
                                            ChangeBankService::Decided decided) {
    return {.convention = settings.decision.convention,
            .rules = settings.decision.rules,
            .cookie = settings.auth.cookie,
            .corsOrigins = settings.corsOrigins,
            .resources = settings.resources,
            .dpop = std::move(dpop),
            .tokens = settings.decision.tokens,
            .decided = std::move(decided)};
}

std::shared_ptr<VerifiedTokenCache> cacheOf(std::size_t entries) {
    return entries == 0 ? nullptr : std::make_shared<VerifiedTokenCache>(entries);
}

}  // namespace

ChangeBankService::ChangeBankService(std::shared_ptr<const Lifecycle> lifecycle,
                                     security::AuditTrail::Ptr audit,
                                     std::shared_ptr<const security::RevocationList> revocations,
                                     Decided decided, std::shared_ptr<Tracer> tracer)
    : _replays(std::make_shared<security::ReplayStore>(security::ReplayStore::Limits(),
                                                       wholeSeconds(Clock::system().wall()))),
      _nonceSecret(randomBytes(security::DpopNonces::minSecretSize)),
      _lifecycle(std::move(lifecycle)),
      _counters(std::make_shared<security::RefusalCounters>()),
      _denials(std::make_shared<RecentDenials>()),
      _audit(std::move(audit)),
      _revocations(std::move(revocations)),
      _decided(std::move(decided)),
      _tracer(std::move(tracer)),
      _factory(new SnapshotHandlerFactory),
      _decisions(new SnapshotHandlerFactory) {}

ChangeBankService::~ChangeBankService() {
    for (const auto& issuer : _issuers)
        issuer.keys->stop();
}

ChangeBankService::ServedIssuer ChangeBankService::prepare(const Settings::Issuer& issuer,
                                                           const std::vector<ServedIssuer>& prepared,
                                                           Authorities& authorities) const {
    const auto& jwks = issuer.jwks;
    ServedIssuer next{issuer.name,
                      issuer.policy,
                      {jwks.uri, issuer.discovery ? issuer.policy.issuer : std::string(),
                       issuer.discovery && jwks.allowHttp, fileFingerprint(jwks.caFile), jwks.tokenFile,
                       jwks.proxy, jwks.maxKeys},
                      nullptr,
                      0,
                      issuer.key("jwks.uri")};
    for (const auto* known : {&prepared, &_issuers}) {
        for (const auto& each : *known) {
            if (each.origin != next.origin) continue;
            if (!next.keys) next.keys = each.keys;
            if (each.name == next.name && each.policy == next.policy) next.generation = each.generation;
        }
    }
    // A reload may still fail: commit() names the snapshot file, which is the old keys' until then.
    if (!next.keys) {
        auto endpoint = issuer.endpoint();
        auto& trusted = authorities[jwks.caFile];
        if (!trusted) trusted = std::make_shared<const CertificateAuthorities>(jwks.caFile);
        endpoint.client.authorities = trusted;
        next.keys = startKeys(jwks, endpoint, _issuers.empty() ? jwks.snapshot : std::string());
    }
    if (next.generation == 0) next.generation = ++_generation;
    return next;
}

std::variant<ChangeBankService::PendingUpdate, ChangeBankService::KeysUnavailable> ChangeBankService::prepare(
    const Settings& settings) const {
    PendingUpdate pending{{}, _cache, nullptr, nullptr, {}, {}, nullptr};
    Authorities authorities;
    for (const auto& issuer : settings.auth.issuers)
        pending.issuers.push_back(prepare(issuer, pending.issuers, authorities));
    if (!_issuers.empty()) {
        if (auto failure = refresh(differenceOf(pending.issuers, _issuers))) return std::move(*failure);
    }
    if (_issuers.empty() || settings.auth.cacheEntries != _settings.auth.cacheEntries)
        pending.cache = cacheOf(settings.auth.cacheEntries);
    pending.sharedReplays = sharedReplaysFor(settings);
    pending.limits = limitsFor(settings);
    buildChains(settings, pending);
    return pending;
}

void ChangeBankService::commit(const Settings& settings, PendingUpdate pending) {
    {
        const std::lock_guard lock(_mutex);
        std::swap(_issuers, pending.issuers);
        std::swap(_cache, pending.cache);
        std::swap(_sharedReplays, pending.sharedReplays);
        std::swap(_trials, pending.trials);
        std::swap(_limits, pending.limits);
    }
    std::set<const RemoteJwkSet*> configured;
    for (std::size_t i = 0; i < _issuers.size(); ++i) {
        // At the start they began with these settings.
        if (pending.issuers.empty() || !configured.insert(_issuers[i].keys.get()).second) continue;
        const auto& jwks = settings.auth.issuers[i].jwks;
        _issuers[i].keys->reconfigure(scheduleOf(jwks), jwks.snapshot);
        _issuers[i].keys->setMaxWaiters(jwks.maxWaiting);
    }
    _replays->setLimits(settings.auth.dpop.replays);
    _factory->replace(std::move(pending.chain));
    if (pending.decisions) _decisions->replace(std::move(pending.decisions));
    _settings = settings;
    for (const auto& left : differenceOf(pending.issuers, _issuers))
        left.keys->stop();
}

std::vector<ChangeBankService::ServedIssuer> ChangeBankService::served() const {
    const std::lock_guard lock(_mutex);
    return _issuers;
}

std::shared_ptr<const DecisionTrials> ChangeBankService::decisionTrials() const {
    const std::lock_guard lock(_mutex);
    return _trials;
}

std::vector<ChangeBankService::KeysStatus> ChangeBankService::keys() const {
    std::vector<KeysStatus> all;
    for (const auto& issuer : served())
        all.push_back({issuer.name, issuer.policy.issuer, issuer.origin.uri, issuer.keys->status()});
    return all;
}

std::shared_ptr<RemoteJwkSet> ChangeBankService::firstKeys() const {
    const std::lock_guard lock(_mutex);
    return _issuers.empty() ? nullptr : _issuers.front().keys;
}

void ChangeBankService::requestKeys() const {
    for (const auto& source : differenceOf(served(), {}))
        source.keys->requestRefresh();
}

std::optional<std::string> ChangeBankService::refreshKeys() const {
    auto failure = refresh(served());
    return failure ? std::optional(std::move(failure->why)) : std::nullopt;
}

std::optional<VerifiedTokenCache::Counters> ChangeBankService::cache() const {
    std::shared_ptr<VerifiedTokenCache> cache;
    {
        const std::lock_guard lock(_mutex);
        cache = _cache;
    }
    return cache ? std::optional(cache->counters()) : std::nullopt;
}

std::optional<RedisReplays::Status> ChangeBankService::sharedReplays() const {
    std::shared_ptr<RedisReplays> shared;
    {
        const std::lock_guard lock(_mutex);
        shared = _sharedReplays;
    }
    return shared ? std::optional(shared->status()) : std::nullopt;
}

/// The current ones, unless the settings have another Redis.
std::shared_ptr<RedisReplays> ChangeBankService::sharedReplaysFor(const Settings& settings) const {
    if (!settings.auth.usesDpop() || !settings.auth.dpop.sharesReplays) return nullptr;
    const auto& revocation = settings.revocation;
    RedisReplays::Options options{.address = *revocation.redis,
                                  .user = revocation.redisUser,
                                  .password = revocation.redisPassword,
                                  .caFile = revocation.redisCaFile,
                                  .timeout = revocation.redisTimeout};
    if (_sharedReplays && _sharedReplays->options() == options) return _sharedReplays;
    return std::make_shared<RedisReplays>(std::move(options), [](bool isWarning, const std::string& text) {
        log(isWarning ? Poco::Message::PRIO_WARNING : Poco::Message::PRIO_INFORMATION, text);
    });
}

std::vector<security::CallerLimits::Status> ChangeBankService::limits() const {
    std::shared_ptr<const security::CallerLimits> limits;
    {
        const std::lock_guard lock(_mutex);
        limits = _limits;
    }
    return limits ? limits->status() : std::vector<security::CallerLimits::Status>();
}

/// With what callers have used up so far.
std::shared_ptr<const security::CallerLimits> ChangeBankService::limitsFor(const Settings& settings) const {
    if (!settings.limits.isOn()) return nullptr;
    return std::make_shared<const security::CallerLimits>(settings.limits, _limits.get());
}

std::shared_ptr<RemoteJwkSet> ChangeBankService::startKeys(const Settings::Jwks& jwks,
                                                           const security::JwksEndpoint& endpoint,
                                                           const std::string& snapshotFile) const {
    RemoteJwkSet::Options options;
    options.schedule = scheduleOf(jwks);
    options.snapshotFile = snapshotFile;
    options.maxWaiters = jwks.maxWaiting;
    // The keys of an issuer are not those of another whose configuration has the same address.
    options.address = endpoint.uri + (endpoint.issuer.empty() ? "" : " of " + endpoint.issuer);
    options.maxKeys = jwks.maxKeys;
    options.observer = [address = jwks.uri](const auto& event) { logEvent(address, event); };
    auto keys = std::make_shared<RemoteJwkSet>(
        std::move(options),
        std::make_unique<TracedJwksFetcher>(endpoint.makeFetcher(), endpoint.uri, _tracer));
    keys->start();
    return keys;
}

std::shared_ptr<const security::DpopVerifier> ChangeBankService::makeVerifier(
    const Settings::Auth& auth, std::shared_ptr<RedisReplays> sharedReplays) const {
    if (!auth.usesDpop()) return nullptr;
    std::shared_ptr<const security::DpopNonces> nonces;
    if (auth.dpop.needsNonce) {
        nonces = std::make_shared<security::DpopNonces>(
            auth.dpop.nonceSecret.empty() ? _nonceSecret : auth.dpop.nonceSecret, auth.dpop.nonceLifetime);
    }
    return std::make_shared<const security::DpopVerifier>(
        auth.dpop.policy, _replays, std::move(nonces), Clock::system(),
        security::ReplaySharing{std::move(sharedReplays), auth.dpop.passesWhenUnavailable});
}

void ChangeBankService::buildChains(const Settings& settings, PendingUpdate& pending) const {
    const auto issuers = trustedIssuersOf(pending.issuers);
    const auto revocations = settings.revocation.isOn() ? _revocations : nullptr;
    const auto validator =
        std::make_shared<security::TokenValidator>(issuers, pending.cache, Clock::system(), revocations);
    const auto reporter = std::make_shared<LoggingRefusalReporter>(settings.auth.errors, _counters, _denials);
    const auto dpop = makeVerifier(settings.auth, pending.sharedReplays);
    pending.chain = buildApi(settings, validator, reporter, dpop, pending.limits);
    auto options = decisionOptionsOf(settings, dpop, _decided);
    options.limits = pending.limits;
    pending.decisions = handlers::makeDecisionEndpoint(
        options, handlers::makeDecisions(options, validator, reporter, _audit), reporter);
    options.limits = nullptr;
    if (!options.rules.empty())
        pending.trials = std::make_shared<const DecisionTrials>(options, issuers, revocations);
}

Poco::Net::HTTPRequestHandlerFactory::Ptr ChangeBankService::buildApi(
    const Settings& settings, const std::shared_ptr<security::TokenValidator>& validator,
    const security::RefusalReporter::Ptr& reporter, std::shared_ptr<const security::DpopVerifier> dpop,
    std::shared_ptr<const security::CallerLimits> limits) const {
    return handlers::makeChangeBank(
        {.access = settings.access,
         .cookie = settings.auth.cookie,
         .login = settings.page.login,
         .logout = settings.page.logout,
         .brokenTokens = settings.page.brokenTokens,
         .explains = settings.page.explain && settings.auth.errors == security::ErrorDetail::detailed,
         .corsOrigins = settings.corsOrigins,
         .requiredIssuers = settings.auth.requiredIssuers,
         .resources = settings.resources,
         .dpop = std::move(dpop),
         .limits = std::move(limits),
         .isStopping = [lifecycle = _lifecycle] { return lifecycle->isDraining(); }},
        validator, reporter, _audit);
}

}  // namespace changebank::daemon
