#pragma once

#include <Poco/Net/HTTPServerRequest.h>

#include <istream>
#include <optional>

#include "changebank/base/handler/RequestContext.h"
#include "changebank/handlers/decision/RequestConvention.h"

namespace changebank::handlers {

/// The request that a proxy asks about: its method, target and host, and the fields of the proxy's own
/// request but those of the convention. It has no body. The client, the response and the notes for the log
/// are those of the proxy's request. A client certificate is the proxy's, not that of its client, so there is
/// none.
class ForwardedRequest : public Poco::Net::HTTPServerRequest, public RequestContext {
public:
    /// `outer` must outlive this.
    ForwardedRequest(const Poco::Net::HTTPServerRequest& outer, const ReceivedRequest& received);

    std::istream& stream() override;
    const Poco::Net::SocketAddress& clientAddress() const override { return _outer.clientAddress(); }
    const Poco::Net::SocketAddress& serverAddress() const override { return _outer.serverAddress(); }
    const Poco::Net::HTTPServerParams& serverParams() const override { return _outer.serverParams(); }
    Poco::Net::HTTPServerResponse& response() const override { return _outer.response(); }
    /// False: not known.
    bool secure() const override { return false; }

    std::string_view path() const override;
    std::string_view query() const override;

    std::string_view traceId() const override;
    std::string_view spanId() const override;
    std::string_view traceParent() const override;
    std::string traceState() const override;
    void noteGuarded() const override;

    void noteReceived(std::string_view method, std::string_view path) const override;
    void noteRoute(std::string_view pattern) const override;
    std::string_view notedRoute() const override;
    void noteSubject(std::string_view subject) const override;
    void noteDenial(std::string_view cause) const override;

    /// The number of the rule that decides; 0: none. A note as well.
    void noteRule(unsigned number) const { _rule = number; }
    unsigned rule() const { return _rule; }

private:
    const Poco::Net::HTTPServerRequest& _outer;
    const RequestContext* _context;
    mutable unsigned _rule = 0;
    std::optional<std::istream> _stream;
};

}  // namespace changebank::handlers
