#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include "changebank/base/system/Snapshot.h"

namespace changebank::daemon {

/// Hands every request to the factory that serves at that moment, and lets another take its place between two
/// requests. A handler must not refer to the factory that made it, which may be gone before the answer is. A
/// thread keeps the factory that it used last alive until it uses another or ends. Usable from any thread.
class SnapshotHandlerFactory : public Poco::Net::HTTPRequestHandlerFactory {
public:
    explicit SnapshotHandlerFactory(Poco::Net::HTTPRequestHandlerFactory::Ptr first);

    /// Every request that comes after this goes to `next`.
    void replace(Poco::Net::HTTPRequestHandlerFactory::Ptr next);

    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest& request) override;

private:
    Snapshot<Poco::Net::HTTPRequestHandlerFactory> _serving;
};

}  // namespace changebank::daemon
