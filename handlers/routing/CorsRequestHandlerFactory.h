#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <string>
#include <vector>

#include "changebank/base/handler/ErrorResponder.h"
#include "changebank/security/guard/AllowedOrigins.h"

namespace changebank::handlers {

/// Lets pages of the allowed origins call with the user's credentials and read every response, refusals
/// included (Fetch standard, CORS protocol). Responds to preflights itself, in the same way for every path,
/// since they carry no token; passes on every other request. Adds `Access-Control-Allow-Origin` for allowed
/// origins only, and `Vary: Origin` always; the server's own responses get them too. Immutable, usable from
/// any thread.
class CorsRequestHandlerFactory : public Poco::Net::HTTPRequestHandlerFactory, public ErrorResponder {
public:
    /// `methods` are the methods that pages may use. Paths that begin with `openPath` are for the pages of
    /// all origins and get their preflights themselves; empty: none do.
    CorsRequestHandlerFactory(security::AllowedOrigins origins, const std::vector<std::string>& methods,
                              Poco::Net::HTTPRequestHandlerFactory::Ptr next, std::string openPath = {});

    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest& request) override;

    /// Passes the response on to `next`, if that is an ErrorResponder.
    void completeError(const Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override;

private:
    bool isOpen(const Poco::Net::HTTPServerRequest& request) const;

    security::AllowedOrigins _origins;
    std::string _methods;
    Poco::Net::HTTPRequestHandlerFactory::Ptr _next;
    std::string _openPath;
};

}  // namespace changebank::handlers
