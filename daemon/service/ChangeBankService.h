#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>

#include "changebank/daemon/service/Lifecycle.h"
#include "changebank/daemon/service/SnapshotHandlerFactory.h"
#include "changebank/daemon/settings/Settings.h"
#include "changebank/security/guard/AuditTrail.h"
#include "changebank/security/guard/RefusalReporter.h"
#include "changebank/security/keys/RemoteJwkSet.h"
#include "changebank/security/token/VerifiedTokenCache.h"

namespace changebank::daemon {

/// The API: key set, token cache and the chain of handler factories, built from the settings and replaced as
/// a whole. It serves from the first commit() on; until then only factory() and refusals() may be used.
/// Settings are exchanged on one thread; queries are thread-safe.
class ChangeBankService {
public:
    ChangeBankService(std::shared_ptr<const Lifecycle> lifecycle, security::AuditTrail::Ptr audit);
    ~ChangeBankService();

    ChangeBankService(const ChangeBankService&) = delete;
    ChangeBankService& operator=(const ChangeBankService&) = delete;

    /// Always serves with the current settings; shared, so it outlives this object if needed.
    Poco::Net::HTTPRequestHandlerFactory::Ptr factory() const { return _factory; }

    /// Where keys come from, and how many. Files count by their content.
    struct KeyOrigin {
        std::string uri;
        /// fileFingerprint() of the trusted authorities.
        std::string authorities;
        std::string proxy;
        std::size_t maxKeys = 0;

        friend bool operator==(const KeyOrigin&, const KeyOrigin&) = default;
    };

    /// New parts that other settings need; pass it to commit() or drop it.
    struct PendingUpdate {
        std::shared_ptr<security::RemoteJwkSet> keys;
        KeyOrigin origin;
        std::shared_ptr<security::VerifiedTokenCache> cache;
        Poco::Net::HTTPRequestHandlerFactory::Ptr chain;
    };

    /// Prepares settings, which must have no faults, without changing anything. The first settings start to
    /// fetch the keys and do not wait for them. Later, if the source of the keys changed, or the content of
    /// the file of authorities, fetches them and returns the reason for a failure. All other settings of the
    /// key set apply to the current keys without a fetch, so that they can be changed while the key server is
    /// down.
    std::variant<PendingUpdate, std::string> prepare(const Settings& settings) const;

    /// Switches to the prepared settings, from the next request on.
    void commit(const Settings& settings, PendingUpdate pending);

    security::RemoteJwkSetStatus keys() const { return currentKeys()->status(); }
    /// Fetches the keys now; returns why it failed, if so. Waits for the key server.
    std::optional<std::string> refreshKeys() const { return currentKeys()->refreshNow(); }
    /// std::nullopt if the cache is disabled.
    std::optional<security::VerifiedTokenCache::Counters> cache() const;
    const security::RefusalCounters& refusals() const noexcept { return *_counters; }

private:
    std::shared_ptr<security::RemoteJwkSet> currentKeys() const;
    static std::shared_ptr<security::RemoteJwkSet> startKeys(const Settings& settings);
    Poco::Net::HTTPRequestHandlerFactory::Ptr buildChain(const Settings& settings,
                                                         const PendingUpdate& pending) const;

    Settings _settings;
    KeyOrigin _origin;
    std::uint64_t _generation = 0;
    std::shared_ptr<const Lifecycle> _lifecycle;
    std::shared_ptr<security::RefusalCounters> _counters;
    security::AuditTrail::Ptr _audit;
    /// Guards the two pointers below.
    mutable std::mutex _mutex;
    std::shared_ptr<security::RemoteJwkSet> _keys;
    std::shared_ptr<security::VerifiedTokenCache> _cache;
    Poco::SharedPtr<SnapshotHandlerFactory> _factory;
};

}  // namespace changebank::daemon
