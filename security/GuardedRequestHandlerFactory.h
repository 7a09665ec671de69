#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <memory>

#include "security/AllowedOrigins.h"
#include "security/PrincipalRequestHandlerFactory.h"
#include "security/RefusalReporter.h"
#include "security/TokenExtractor.h"
#include "security/TokenValidator.h"

namespace changebank::security {

/// The guard: a Poco::Net::HTTPRequestHandlerFactory that lets a request through to the factory behind it
/// only with a token that the validator accepts, and otherwise answers the refusal. Works with any server
/// that speaks POCO's handler interface. Notes the subject of each token that it accepts
/// (RequestAnnotations). Immutable, usable from any thread.
///
/// A verdict that needs a fetch of the keys is reached inside the handler that is returned, which is marked
/// as blocking (BlockingRequestHandler), never inside createRequestHandler().
///
/// A cookie-borne token on an unsafe method (RFC 9110 section 9.2.1) is accepted from the same site alone: by
/// Sec-Fetch-Site where the browser sends it, else by comparing Origin with Host; a request with neither
/// comes from no browser's page and passes. Pages of the allowed origins pass as well.
class GuardedRequestHandlerFactory : public Poco::Net::HTTPRequestHandlerFactory {
public:
    GuardedRequestHandlerFactory(TokenExtractor extractor, std::shared_ptr<TokenValidator> validator,
                                 PrincipalRequestHandlerFactory::Ptr next, RefusalReporter::Ptr reporter,
                                 AllowedOrigins origins = {});

    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest& request) override;

private:
    TokenExtractor _extractor;
    std::shared_ptr<TokenValidator> _validator;
    PrincipalRequestHandlerFactory::Ptr _next;
    RefusalReporter::Ptr _reporter;
    AllowedOrigins _origins;
};

}  // namespace changebank::security
