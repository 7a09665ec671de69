#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "daemon/Settings.h"
#include "daemon/SnapshotHandlerFactory.h"
#include "security/RefusalReporter.h"
#include "security/RemoteJwkSet.h"
#include "security/VerifiedTokenCache.h"

namespace changebank::daemon {

/// What the daemon serves: the key set, the token cache and the chain of factories, built from settings and
/// replaced as a whole by others. To be used from one thread, except for the factory.
class ChangeBankService {
public:
    /// Starts to fetch the keys, and does not wait for them. The settings must be free of faults.
    explicit ChangeBankService(const Settings& settings);
    ~ChangeBankService();

    ChangeBankService(const ChangeBankService&) = delete;
    ChangeBankService& operator=(const ChangeBankService&) = delete;

    /// Serves by the current settings at every time; lives as long as somebody holds it.
    Poco::Net::HTTPRequestHandlerFactory::Ptr factory() const { return _factory; }

    /// Serves by other settings from the next request on. Where keys come from elsewhere now, they are
    /// fetched first; every other setting of the key set applies to the keys at hand without a fetch, so that
    /// it can be changed while the key server is down. Returns why the keys cannot be had, if so, and then
    /// goes on as before.
    std::optional<std::string> reload(const Settings& settings);

private:
    std::shared_ptr<security::RemoteJwkSet> startKeys(const Settings& settings);
    Poco::Net::HTTPRequestHandlerFactory::Ptr buildChain(const Settings& settings);

    Settings _settings;
    std::uint64_t _generation = 1;
    std::shared_ptr<security::RefusalCounters> _counters;
    std::shared_ptr<security::RemoteJwkSet> _keys;
    std::shared_ptr<security::VerifiedTokenCache> _cache;
    Poco::SharedPtr<SnapshotHandlerFactory> _factory;
};

}  // namespace changebank::daemon
