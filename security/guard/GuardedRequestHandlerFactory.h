#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <memory>

#include "changebank/security/guard/AllowedOrigins.h"
#include "changebank/security/guard/PrincipalRequestHandlerFactory.h"
#include "changebank/security/guard/RefusalReporter.h"
#include "changebank/security/guard/TokenExtractor.h"
#include "changebank/security/token/TokenValidator.h"

namespace changebank::security {

/// The guard: a Poco::Net::HTTPRequestHandlerFactory that lets a request through to the factory behind it
/// only with a token that the validator accepts, and otherwise answers the refusal. Works with any server
/// that speaks POCO's handler interface. Notes the subject of each token that it accepts
/// (RequestContext). Immutable, usable from any thread.
///
/// createRequestHandler() takes about a microsecond: a token that the validator does not remember is verified
/// by the handler that is returned (DeferredRequestHandler), and a verdict that needs a fetch of the keys is
/// reached by one that may wait (BlockingRequestHandler).
///
/// A cookie-borne token on an unsafe method (RFC 9110 section 9.2.1) is accepted from the same site alone: by
/// Sec-Fetch-Site where the browser sends it, else by comparing Origin with Host; a request with neither
/// comes from no browser's page and passes. Pages of the allowed origins pass as well.
class GuardedRequestHandlerFactory : public Poco::Net::HTTPRequestHandlerFactory {
public:
    GuardedRequestHandlerFactory(TokenExtractor extractor, std::shared_ptr<TokenValidator> validator,
                                 PrincipalRequestHandlerFactory::Ptr next, RefusalReporter::Ptr reporter,
                                 AllowedOrigins origins = {});
    ~GuardedRequestHandlerFactory() override;

    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest& request) override;

private:
    class Gate;
    class VerifyingHandler;
    class WaitingHandler;

    TokenExtractor _extractor;
    AllowedOrigins _origins;
    std::shared_ptr<const Gate> _gate;
};

}  // namespace changebank::security
