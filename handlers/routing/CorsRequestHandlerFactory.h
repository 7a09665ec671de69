#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <string>
#include <vector>

#include "changebank/security/guard/AllowedOrigins.h"

namespace changebank::handlers {

/// Lets pages of the allowed origins call with the user's credentials and read every response, refusals
/// included (Fetch standard, CORS protocol). Responds to preflights itself, in the same way for every path,
/// since they carry no token; passes on every other request. Adds `Access-Control-Allow-Origin` for allowed
/// origins only, and `Vary: Origin` always. Immutable, usable from any thread.
class CorsRequestHandlerFactory : public Poco::Net::HTTPRequestHandlerFactory {
public:
    /// `methods` are the methods that pages may use.
    CorsRequestHandlerFactory(security::AllowedOrigins origins, const std::vector<std::string>& methods,
                              Poco::Net::HTTPRequestHandlerFactory::Ptr next);

    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest& request) override;

private:
    security::AllowedOrigins _origins;
    std::string _methods;
    Poco::Net::HTTPRequestHandlerFactory::Ptr _next;
};

}  // namespace changebank::handlers
