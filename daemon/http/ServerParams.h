#pragma once

#include <Poco/Net/HTTPServerParams.h>

#include "changebank/base/handler/AccessObserver.h"
#include "changebank/base/system/Clock.h"
#include "changebank/daemon/http/loop/ServerLimits.h"
#include "changebank/daemon/http/socket/PeerCredentials.h"
#include "changebank/daemon/http/socket/TlsContextSource.h"

namespace changebank::http {

/// POCO's parameters with what this server knows beyond them. Set everything before the server is
/// constructed: it reads them without a lock. Limits can be changed later by HTTPServer::setLimits().
class ServerParams : public Poco::Net::HTTPServerParams {
public:
    using Ptr = Poco::AutoPtr<ServerParams>;

    explicit ServerParams(const ServerLimits& limits = {});

    const ServerLimits& limits() const { return _limits; }

    /// The limits that a server with these parameters works with: those of a ServerParams as they are; of
    /// POCO's own class the timeout for head, body and write, and the keep-alive timeout for idle
    /// connections.
    static ServerLimits limitsOf(const Poco::Net::HTTPServerParams& params);

    /// Who hears of every request; by default nobody.
    void setAccessObserver(AccessObserver::Ptr observer);
    const AccessObserver::Ptr& accessObserver() const { return _accessObserver; }

    /// Makes a plain listening socket speak TLS.
    void setTlsContextSource(TlsContextSource::Ptr source);
    const TlsContextSource::Ptr& tlsContextSource() const { return _tlsContextSource; }

    /// Who may talk to a server on a Unix socket, besides what the socket file's mode says; by default
    /// everybody. A peer that may not, or of whom the kernel says nothing, is answered with 403 and closed.
    void setPeerCheck(PeerCheck check);
    const PeerCheck& peerCheck() const { return _peerCheck; }

    /// The clock for all deadlines; must outlive the server. By default the machine's.
    void setClock(Clock& clock);
    Clock& clock() const { return *_clock; }

protected:
    ~ServerParams() override = default;

private:
    ServerLimits _limits;
    AccessObserver::Ptr _accessObserver;
    TlsContextSource::Ptr _tlsContextSource;
    PeerCheck _peerCheck;
    Clock* _clock = &Clock::system();
};

}  // namespace changebank::http
