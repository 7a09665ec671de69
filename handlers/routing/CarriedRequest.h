#pragma once

#include <Poco/Net/HTTPServerRequest.h>

#include <istream>
#include <optional>

#include "changebank/base/handler/RequestContext.h"

namespace changebank::handlers {

/// A request that was not sent itself: the one that was sent asks about it. It has no body. The client, the
/// response, the place in a trace and the notes for the log are those of the request that was sent. Derived
/// classes set method, target and fields.
class CarriedRequest : public Poco::Net::HTTPServerRequest, public RequestContext {
public:
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

protected:
    /// `outer` must outlive this.
    explicit CarriedRequest(const Poco::Net::HTTPServerRequest& outer);

    const Poco::Net::HTTPServerRequest& outer() const noexcept { return _outer; }
    /// nullptr on a server without contexts.
    const RequestContext* outerContext() const noexcept { return _context; }

private:
    const Poco::Net::HTTPServerRequest& _outer;
    const RequestContext* _context;
    std::optional<std::istream> _stream;
};

}  // namespace changebank::handlers
