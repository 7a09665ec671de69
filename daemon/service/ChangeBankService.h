#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>

#include "changebank/daemon/service/SnapshotHandlerFactory.h"
#include "changebank/daemon/settings/Settings.h"
#include "changebank/security/guard/AuditTrail.h"
#include "changebank/security/guard/RefusalReporter.h"
#include "changebank/security/keys/RemoteJwkSet.h"
#include "changebank/security/token/VerifiedTokenCache.h"

namespace changebank::daemon {

/// What the daemon serves: the key set, the token cache and the chain of factories, built from settings and
/// replaced as a whole by others. Settings are exchanged from one thread; what it shows may be asked from
/// any.
class ChangeBankService {
public:
    /// Starts to fetch the keys, and does not wait for them. The settings must be free of faults.
    ChangeBankService(const Settings& settings, security::AuditTrail::Ptr audit);
    ~ChangeBankService();

    ChangeBankService(const ChangeBankService&) = delete;
    ChangeBankService& operator=(const ChangeBankService&) = delete;

    /// Serves by the current settings at every time; lives as long as somebody holds it.
    Poco::Net::HTTPRequestHandlerFactory::Ptr factory() const { return _factory; }

    /// What other settings need that is not there yet; to be handed to commit(), or dropped.
    struct PendingUpdate {
        std::shared_ptr<security::RemoteJwkSet> keys;
        std::shared_ptr<security::VerifiedTokenCache> cache;
    };

    /// Gets ready for other settings, and changes nothing: where keys come from elsewhere now, they are
    /// fetched. Returns why they cannot be had, if so. Every other setting of the key set applies to the keys
    /// at hand without a fetch, so that it can be changed while the key server is down.
    std::variant<PendingUpdate, std::string> prepare(const Settings& settings) const;

    /// Serves by other settings from the next request on.
    void commit(const Settings& settings, PendingUpdate pending);

    security::RemoteJwkSetStatus keys() const { return currentKeys()->status(); }
    /// Fetches the keys now; returns why it failed, if so. Waits for the key server.
    std::optional<std::string> refreshKeys() const { return currentKeys()->refreshNow(); }
    /// std::nullopt where nothing is remembered.
    std::optional<security::VerifiedTokenCache::Counters> cache() const;
    const security::RefusalCounters& refusals() const noexcept { return *_counters; }

private:
    std::shared_ptr<security::RemoteJwkSet> currentKeys() const;
    static std::shared_ptr<security::RemoteJwkSet> startKeys(const Settings& settings);
    Poco::Net::HTTPRequestHandlerFactory::Ptr buildChain(const Settings& settings);

    Settings _settings;
    std::uint64_t _generation = 1;
    std::shared_ptr<security::RefusalCounters> _counters;
    security::AuditTrail::Ptr _audit;
    /// Guards the two pointers below.
    mutable std::mutex _mutex;
    std::shared_ptr<security::RemoteJwkSet> _keys;
    std::shared_ptr<security::VerifiedTokenCache> _cache;
    Poco::SharedPtr<SnapshotHandlerFactory> _factory;
};

}  // namespace changebank::daemon
