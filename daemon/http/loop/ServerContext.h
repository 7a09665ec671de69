#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServerParams.h>

#include <atomic>
#include <latch>
#include <string>

#include "changebank/base/handler/AccessObserver.h"
#include "changebank/base/handler/BlockingRequestHandler.h"
#include "changebank/base/handler/ErrorResponder.h"
#include "changebank/base/system/Clock.h"
#include "changebank/daemon/http/loop/BlockingWorkers.h"
#include "changebank/daemon/http/loop/ConnectionLimiter.h"
#include "changebank/daemon/http/loop/MemoryBudget.h"
#include "changebank/daemon/http/loop/ReplaceableLimits.h"
#include "changebank/daemon/http/socket/PeerCredentials.h"
#include "changebank/daemon/http/socket/TlsContextSource.h"

namespace changebank::http {

/// Shared by all event loops of one server. Usable from any thread.
struct ServerContext {
    Poco::Net::HTTPRequestHandlerFactory::Ptr factory;
    const Poco::Net::HTTPServerParams::Ptr params;
    ReplaceableLimits limits;
    const AccessObserver::Ptr observer;
    const TlsContextSource::Ptr tls;  ///< Null for plain HTTP.
    const PeerCheck peerCheck;        ///< Empty: every peer is allowed.
    Clock& clock;

    /// Run the blocking handlers of each BlockingRequestHandler::Capacity.
    BlockingWorkers workers;
    BlockingWorkers reservedWorkers;
    ConnectionLimiter connections;
    /// Connections beyond the limit that get a response before they are closed.
    ConnectionLimiter rejections;
    MemoryBudget memory;
    /// The factory's other interface; null if it has none.
    ErrorResponder* const errors;
    /// Counts down the loops that still accept connections.
    std::latch accepting;
    /// Others accept from the listener too, so that a loop that stops accepting leaves its queue alone.
    std::atomic<bool> isListenerShared{false};

    BlockingWorkers& workersOf(BlockingRequestHandler::Capacity capacity) {
        return capacity == BlockingRequestHandler::Capacity::shared ? workers : reservedWorkers;
    }
};

}  // namespace changebank::http
