#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServerParams.h>

#include <latch>
#include <string>

#include "daemon/http/AccessObserver.h"
#include "daemon/http/BlockingWorkers.h"
#include "daemon/http/ConnectionLimiter.h"
#include "daemon/http/PeerCredentials.h"
#include "daemon/http/ReplaceableLimits.h"
#include "daemon/http/TlsContextSource.h"
#include "security/Clock.h"

namespace changebank::http {

/// What all event loops of one server share. All of it is usable from any thread.
struct ServerContext {
    Poco::Net::HTTPRequestHandlerFactory::Ptr factory;
    const Poco::Net::HTTPServerParams::Ptr params;
    ReplaceableLimits limits;
    const AccessObserver::Ptr observer;
    const TlsContextSource::Ptr tls;  ///< Null for plain HTTP.
    const PeerCheck peerCheck;        ///< Empty: every peer may.
    security::Clock& clock;

    BlockingWorkers workers;
    ConnectionLimiter connections;
    /// Connections beyond the limit that are told so before they are closed.
    ConnectionLimiter refusals;
    /// Counts down the loops that still accept.
    std::latch accepting;
};

}  // namespace changebank::http
