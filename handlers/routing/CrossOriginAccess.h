#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <string>
#include <vector>

#include "changebank/security/guard/AllowedOrigins.h"

namespace changebank::handlers {

/// Lets the pages of some other origins call with the user's credentials and read every answer, refusals
/// included (Fetch standard, CORS protocol). Answers preflights by itself, since those carry no token, and
/// the same for every path; hands every other request on, marked with `Access-Control-Allow-Origin` for the
/// allowed origins alone, and all with `Vary: Origin`. Immutable, usable from any thread.
class CrossOriginAccess : public Poco::Net::HTTPRequestHandlerFactory {
public:
    /// `methods` are those that pages may use.
    CrossOriginAccess(security::AllowedOrigins origins, const std::vector<std::string>& methods,
                      Poco::Net::HTTPRequestHandlerFactory::Ptr next);

    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest& request) override;

private:
    security::AllowedOrigins _origins;
    std::string _methods;
    Poco::Net::HTTPRequestHandlerFactory::Ptr _next;
};

}  // namespace changebank::handlers
