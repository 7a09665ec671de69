#pragma once

#include <Poco/Net/HTTPServerParams.h>

#include "changebank/base/handler/AccessObserver.h"
#include "changebank/base/system/Clock.h"
#include "changebank/daemon/http/loop/ServerLimits.h"
#include "changebank/daemon/http/socket/PeerCredentials.h"
#include "changebank/daemon/http/socket/TlsContextSource.h"

namespace changebank::http {

/// POCO's parameters, extended. Set everything before the server is constructed, which reads them without a
/// lock. HTTPServer::setLimits() changes limits later.
class ServerParams : public Poco::Net::HTTPServerParams {
public:
    using Ptr = Poco::AutoPtr<ServerParams>;

    explicit ServerParams(const ServerLimits& limits = {});

    const ServerLimits& limits() const { return _limits; }

    /// The limits of a server with these parameters: those of a ServerParams; for POCO's own class
    /// getTimeout() for head, body and write, getKeepAliveTimeout() for idle connections, and the defaults.
    static ServerLimits limitsOf(const Poco::Net::HTTPServerParams& params);

    /// Called for every request; none by default.
    void setAccessObserver(AccessObserver::Ptr observer);
    const AccessObserver::Ptr& accessObserver() const { return _accessObserver; }

    /// Makes a plain listening socket speak TLS.
    void setTlsContextSource(TlsContextSource::Ptr source);
    const TlsContextSource::Ptr& tlsContextSource() const { return _tlsContextSource; }

    /// Restricts who may use a server on a Unix socket, beyond the socket file's mode; by default nobody is
    /// restricted. A peer that is not allowed, or that the kernel does not identify, gets a 403 and is
    /// closed.
    void setPeerCheck(PeerCheck check);
    const PeerCheck& peerCheck() const { return _peerCheck; }

    /// The listening socket goes on after this server, for example with systemd: a server that stops closes
    /// its descriptor, and leaves connections in the queue to the next process.
    void setSharedListener(bool isShared) { _isListenerShared = isShared; }
    bool isListenerShared() const { return _isListenerShared; }

    /// The clock for all deadlines; must outlive the server. By default Clock::system().
    void setClock(Clock& clock);
    Clock& clock() const { return *_clock; }

protected:
    ~ServerParams() override = default;

private:
    ServerLimits _limits;
    AccessObserver::Ptr _accessObserver;
    TlsContextSource::Ptr _tlsContextSource;
    PeerCheck _peerCheck;
    bool _isListenerShared = false;
    Clock* _clock = &Clock::system();
};

}  // namespace changebank::http
