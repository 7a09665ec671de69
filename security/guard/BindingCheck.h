#pragma once

#include <Poco/Net/HTTPServerRequest.h>

#include <memory>
#include <optional>
#include <variant>

#include "changebank/security/dpop/DpopVerifier.h"
#include "changebank/security/dpop/SharedUse.h"
#include "changebank/security/guard/ProtectedResources.h"
#include "changebank/security/guard/TokenExtractor.h"
#include "changebank/security/refusal/Refusal.h"
#include "changebank/security/token/Principal.h"

namespace changebank::security {

/// Checks that the sender of a request is the one that the token is bound to, by the client certificate of
/// the connection (RFC 8705 section 3), by a DPoP proof (RFC 9449 section 7), or by both. Immutable, usable
/// from any thread.
class BindingCheck {
public:
    /// Without DPoP.
    BindingCheck() = default;

    /// `resources`, of which there is one at least, are what proofs may be for: the request's host is
    /// whatever its sender writes. `verifier` must not be nullptr.
    BindingCheck(std::shared_ptr<const DpopVerifier> verifier, ProtectedResources resources);

    /// The sender may use the token.
    struct Passed {};
    /// With a SharedUse the sender may use the token if the proof was not used at another server.
    using Result = std::variant<Passed, SharedUse, Refusal>;

    /// A token that is bound to a key passes only with a proof and the scheme DPoP, and another token only
    /// without that scheme. A proof that passes is used up, and a new nonce is set in the request's response
    /// if the client needs one soon. Never waits; takes as long as verifying a signature if there is a proof,
    /// else less than a microsecond.
    Result check(const Poco::Net::HTTPServerRequest& request, const PresentedToken& presented,
                 const Principal& principal) const;

private:
    Result checkProof(const Poco::Net::HTTPServerRequest& request, std::string_view token,
                      const Principal& principal) const;

    std::shared_ptr<const DpopVerifier> _verifier;
    ProtectedResources _resources;
};

}  // namespace changebank::security
