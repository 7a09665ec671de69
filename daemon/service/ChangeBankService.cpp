#include "changebank/daemon/service/ChangeBankService.h"

#include <Poco/URI.h>

#include <utility>

#include "changebank/base/http/HttpClient.h"
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

bool haveOneSource(const Settings::Jwks& one, const Settings::Jwks& other) {
    return one.uri == other.uri && one.caFile == other.caFile && one.proxy == other.proxy &&
           one.maxKeys == other.maxKeys;
}

security::RefreshSchedule::Options scheduleOf(const Settings::Jwks& jwks) {
    return {jwks.maxAge, jwks.minAge, jwks.cooldown, jwks.timeout, jwks.staleFor, {}};
}

std::shared_ptr<VerifiedTokenCache> cacheOf(std::size_t entries) {
    return entries == 0 ? nullptr : std::make_shared<VerifiedTokenCache>(entries);
}

}  // namespace

ChangeBankService::ChangeBankService(const Settings& settings, security::AuditTrail::Ptr audit)
    : _settings(settings),
      _counters(std::make_shared<security::RefusalCounters>()),
      _audit(std::move(audit)),
      _keys(startKeys(settings)),
      _cache(cacheOf(settings.auth.cacheEntries)),
      _factory(new SnapshotHandlerFactory(buildChain(settings))) {}

ChangeBankService::~ChangeBankService() {
    _keys->stop();
}

std::variant<ChangeBankService::PendingUpdate, std::string> ChangeBankService::prepare(
    const Settings& settings) const {
    PendingUpdate pending{_keys, _cache};
    if (!haveOneSource(settings.auth.jwks, _settings.auth.jwks)) {
        pending.keys = startKeys(settings);
        if (auto failure = pending.keys->refreshNow()) return std::move(*failure);
    }
    if (settings.auth.cacheEntries != _settings.auth.cacheEntries)
        pending.cache = cacheOf(settings.auth.cacheEntries);
    return pending;
}

void ChangeBankService::commit(const Settings& settings, PendingUpdate pending) {
    {
        const std::lock_guard lock(_mutex);
        std::swap(_keys, pending.keys);
        std::swap(_cache, pending.cache);
    }
    const auto& jwks = settings.auth.jwks;
    if (pending.keys == _keys && jwks != _settings.auth.jwks)
        _keys->reconfigure(scheduleOf(jwks), jwks.snapshot);
    ++_generation;
    _factory->replace(buildChain(settings));
    _settings = settings;
    if (pending.keys != _keys) pending.keys->stop();
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

Poco::Net::HTTPRequestHandlerFactory::Ptr ChangeBankService::buildChain(const Settings& settings) {
    auto validator =
        std::make_shared<security::TokenValidator>(settings.auth.policy, _keys, _cache, _generation);
    return handlers::makeChangeBank({.roles = settings.roles,
                                     .cookie = settings.auth.cookie,
                                     .login = settings.page.login,
                                     .logout = settings.page.logout,
                                     .corsOrigins = settings.corsOrigins},
                                    std::move(validator),
                                    std::make_shared<LoggingRefusalReporter>(settings.auth.errors, _counters),
                                    _audit);
}

}  // namespace changebank::daemon
