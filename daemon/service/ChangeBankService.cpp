#include "changebank/daemon/service/ChangeBankService.h"

#include <Poco/URI.h>

#include <utility>

#include "changebank/base/http/HttpClient.h"
#include "changebank/base/system/FileFingerprint.h"
#include "changebank/daemon/logging/Logging.h"
#include "changebank/daemon/logging/LoggingRefusalReporter.h"
#include "changebank/handlers/bank/ChangeBank.h"
#include "changebank/security/keys/HttpJwksFetcher.h"

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
            log(Poco::Message::PRIO_INFORMATION, "keys taken from the snapshot: " + event.text);
            break;
        case Outcome::failed:
            log(Poco::Message::PRIO_WARNING, "cannot fetch keys from " + address + ": " + event.text);
            break;
        case Outcome::dropped:
            log(Poco::Message::PRIO_ERROR, "no usable keys left: " + event.text);
            break;
        case Outcome::snapshotFailed:
            log(Poco::Message::PRIO_WARNING, "key snapshot: " + event.text);
            break;
    }
}

security::RefreshSchedule::Options scheduleOf(const Settings::Jwks& jwks) {
    return {jwks.maxAge, jwks.minAge, jwks.cooldown, jwks.timeout, jwks.staleFor, {}};
}

std::shared_ptr<VerifiedTokenCache> cacheOf(std::size_t entries) {
    return entries == 0 ? nullptr : std::make_shared<VerifiedTokenCache>(entries);
}

}  // namespace

ChangeBankService::ChangeBankService(std::shared_ptr<const Lifecycle> lifecycle,
                                     security::AuditTrail::Ptr audit)
    : _lifecycle(std::move(lifecycle)),
      _counters(std::make_shared<security::RefusalCounters>()),
      _audit(std::move(audit)),
      _factory(new SnapshotHandlerFactory) {}

ChangeBankService::~ChangeBankService() {
    if (_keys) _keys->stop();
}

std::variant<ChangeBankService::PendingUpdate, std::string> ChangeBankService::prepare(
    const Settings& settings) const {
    const auto& jwks = settings.auth.jwks;
    PendingUpdate pending{
        _keys, {jwks.uri, fileFingerprint(jwks.caFile), jwks.proxy, jwks.maxKeys}, _cache, {}};
    if (!_keys) {
        pending.keys = startKeys(settings);
    } else if (pending.origin != _origin) {
        pending.keys = startKeys(settings);
        if (auto failure = pending.keys->refreshNow()) return std::move(*failure);
    }
    if (!_keys || settings.auth.cacheEntries != _settings.auth.cacheEntries)
        pending.cache = cacheOf(settings.auth.cacheEntries);
    pending.chain = buildChain(settings, pending);
    return pending;
}

void ChangeBankService::commit(const Settings& settings, PendingUpdate pending) {
    {
        const std::lock_guard lock(_mutex);
        std::swap(_keys, pending.keys);
        std::swap(_cache, pending.cache);
    }
    if (pending.keys == _keys) {
        _keys->reconfigure(scheduleOf(settings.auth.jwks), settings.auth.jwks.snapshot);
        _keys->setMaxWaiters(settings.auth.jwks.maxWaiting);
    }
    _origin = std::move(pending.origin);
    ++_generation;
    _factory->replace(std::move(pending.chain));
    _settings = settings;
    if (pending.keys && pending.keys != _keys) pending.keys->stop();
}

std::shared_ptr<RemoteJwkSet> ChangeBankService::currentKeys() const {
    const std::lock_guard lock(_mutex);
    return _keys;
}

std::optional<VerifiedTokenCache::Counters> ChangeBankService::cache() const {
    std::shared_ptr<VerifiedTokenCache> cache;
    {
        const std::lock_guard lock(_mutex);
        cache = _cache;
    }
    return cache ? std::optional(cache->counters()) : std::nullopt;
}

std::shared_ptr<RemoteJwkSet> ChangeBankService::startKeys(const Settings& settings) {
    const auto& jwks = settings.auth.jwks;
    RemoteJwkSet::Options options;
    options.schedule = scheduleOf(jwks);
    options.snapshotFile = jwks.snapshot;
    options.maxWaiters = jwks.maxWaiting;
    options.address = jwks.uri;
    options.maxKeys = jwks.maxKeys;
    options.observer = [address = jwks.uri](const auto& event) { logEvent(address, event); };
    HttpClient::Options client{.caFile = jwks.caFile, .proxy = jwks.proxy};
    auto keys = std::make_shared<RemoteJwkSet>(
        std::move(options),
        std::make_unique<security::HttpJwksFetcher>(Poco::URI(jwks.uri), std::move(client)));
    keys->start();
    return keys;
}

Poco::Net::HTTPRequestHandlerFactory::Ptr ChangeBankService::buildChain(const Settings& settings,
                                                                        const PendingUpdate& pending) const {
    auto validator = std::make_shared<security::TokenValidator>(settings.auth.policy, pending.keys,
                                                                pending.cache, _generation + 1);
    return handlers::makeChangeBank(
        {.access = settings.access,
         .cookie = settings.auth.cookie,
         .login = settings.page.login,
         .logout = settings.page.logout,
         .corsOrigins = settings.corsOrigins,
         .resources = settings.resources,
         .isStopping = [lifecycle = _lifecycle] { return lifecycle->isDraining(); }},
        std::move(validator), std::make_shared<LoggingRefusalReporter>(settings.auth.errors, _counters),
        _audit);
}

}  // namespace changebank::daemon
