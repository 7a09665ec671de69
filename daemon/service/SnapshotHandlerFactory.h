#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include "changebank/base/handler/ErrorResponder.h"
#include "changebank/base/system/Snapshot.h"

namespace changebank::daemon {

/// Forwards every request to the current factory, which can be replaced between two requests. A handler must
/// not refer to the factory that created it, which may be destroyed first. Each thread keeps the last factory
/// that it used alive until it uses another one or ends. Thread-safe.
class SnapshotHandlerFactory : public Poco::Net::HTTPRequestHandlerFactory, public ErrorResponder {
public:
    /// Without `first`, no request may come before replace().
    explicit SnapshotHandlerFactory(Poco::Net::HTTPRequestHandlerFactory::Ptr first = {});

    /// All later requests go to `next`.
    void replace(Poco::Net::HTTPRequestHandlerFactory::Ptr next);

    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest& request) override;

    /// Forwards to the current factory if it is an ErrorResponder.
    void completeError(const Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override;

private:
    Snapshot<Poco::Net::HTTPRequestHandlerFactory> _serving;
};

}  // namespace changebank::daemon
