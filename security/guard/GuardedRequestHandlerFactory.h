#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <memory>

#include "changebank/security/guard/AllowedOrigins.h"
#include "changebank/security/guard/BindingCheck.h"
#include "changebank/security/guard/PrincipalRequestHandlerFactory.h"
#include "changebank/security/guard/RefusalReporter.h"
#include "changebank/security/guard/TokenExtractor.h"
#include "changebank/security/limit/CallerLimits.h"
#include "changebank/security/token/TokenValidator.h"

namespace changebank::security {

/// The guard: passes a request on to the factory behind it only with a token that the validator accepts;
/// otherwise returns a handler that answers with the refusal. Works with any server that speaks POCO's
/// handler interface. Notes the subject of each verified token (RequestContext). Immutable, usable from any
/// thread.
///
/// createRequestHandler() takes about a microsecond. It returns a DeferredRequestHandler for a token that is
/// not in the validator's cache, and that handler resolves to a SuspendedRequestHandler where only a fetch of
/// the keys can decide, or other servers with which the uses of proofs are shared.
///
/// A token from a cookie is accepted on an unsafe method (RFC 9110 section 9.2.1) only from the same site: by
/// Sec-Fetch-Site where the browser sends it, else by comparing Origin with Host. A request with neither does
/// not come from a browser's page and passes. Pages of the allowed origins pass as well.
///
/// A token passes only if it has not expired and was not revoked when the request is handed on, however long
/// it waited here.
///
/// With limits, a bad token counts for its client's network. Beyond them a token that is not in the cache is
/// refused with 429 without being verified; those in the cache pass, so that others of the network who call
/// with known tokens are not held up. A principal beyond the limit of its subject gets 429 instead of a
/// handler. Requests of clients are not counted here: see LimitedRequestHandlerFactory.
///
/// A token that is bound to its sender passes only with what `binding` demands; a proof is verified by a
/// DeferredRequestHandler as well. Refusals have the given challenge; nullptr: the reporter's own.
class GuardedRequestHandlerFactory : public Poco::Net::HTTPRequestHandlerFactory {
public:
    GuardedRequestHandlerFactory(TokenExtractor extractor, std::shared_ptr<TokenValidator> validator,
                                 PrincipalRequestHandlerFactory::Ptr next, RefusalReporter::Ptr reporter,
                                 AllowedOrigins origins = {}, Challenge::Ptr challenge = nullptr,
                                 BindingCheck binding = {},
                                 std::shared_ptr<const CallerLimits> limits = nullptr);
    ~GuardedRequestHandlerFactory() override;

    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest& request) override;

private:
    class Gate;
    class ProofHandler;
    class SharedUseHandler;
    class VerifyingHandler;
    class WaitingHandler;

    TokenExtractor _extractor;
    AllowedOrigins _origins;
    std::shared_ptr<const Gate> _gate;
};

}  // namespace changebank::security
