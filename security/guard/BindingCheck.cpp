#include "changebank/security/guard/BindingCheck.h"

#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/String.h>

#include <utility>

#include "changebank/base/handler/RequestContext.h"
#include "changebank/security/dpop/TargetUri.h"
#include "changebank/security/guard/RequestPath.h"

namespace changebank::security {

namespace {

std::optional<Refusal> checkCertificate(const Poco::Net::HTTPServerRequest& request,
                                        const std::string& thumbprint) {
    if (thumbprint.empty()) return std::nullopt;
    const auto* context = RequestContext::of(request);
    const auto presented = context ? context->clientCertificateThumbprint() : std::string_view();
    if (presented.empty()) return Refusal{Cause::certificateMissing};
    if (presented != thumbprint) return Refusal{Cause::certificateMismatch};
    return std::nullopt;
}

}  // namespace

BindingCheck::BindingCheck(std::shared_ptr<const DpopVerifier> verifier, ProtectedResources resources)
    : _verifier(std::move(verifier)), _resources(std::move(resources)) {}

BindingCheck::Result BindingCheck::check(const Poco::Net::HTTPServerRequest& request,
                                         const PresentedToken& presented, const Principal& principal) const {
    const auto& confirmation = principal.confirmation;
    if (auto refusal = checkCertificate(request, confirmation.certificateThumbprint))
        return std::move(*refusal);
    const bool isBound = !confirmation.keyThumbprint.empty();
    if (presented.scheme != AuthenticationScheme::dpop || !_verifier)
        return isBound ? Result(Refusal{Cause::dpopTokenAsBearer}) : Passed{};
    if (!isBound) return Refusal{Cause::dpopTokenUnbound};
    return checkProof(request, presented.text, principal);
}

BindingCheck::Result BindingCheck::checkProof(const Poco::Net::HTTPServerRequest& request,
                                              std::string_view token, const Principal& principal) const {
    const std::string* proof = nullptr;
    for (const auto& [name, value] : request) {
        if (Poco::icompare(name, "DPoP") != 0) continue;
        if (proof) return Refusal{Cause::dpopRepeated};
        proof = &value;
    }
    if (!proof) return Refusal{Cause::dpopMissing};
    const auto* context = RequestContext::of(request);
    const auto* carrier = context ? context->sent() : nullptr;
    const auto& sent = carrier ? *carrier : request;
    const auto path = requestPath(sent);
    const auto uri = targetUri(_resources.originFor(path) + std::string(path));
    if (!uri) return Refusal{Cause::dpopClaimUnexpected, "htu"};
    const auto caller =
        principal.subject.empty() ? std::string() : principal.issuer + '\n' + principal.subject;
    auto verified =
        _verifier->verify({*proof, sent.getMethod(), *uri, token, caller}, principal.confirmation);
    if (auto* refusal = std::get_if<Refusal>(&verified)) return std::move(*refusal);
    auto& [nonce, sharedUse] = std::get<DpopVerifier::Verified>(verified);
    if (!nonce.empty()) request.response().set("DPoP-Nonce", nonce);
    return sharedUse ? Result(std::move(*sharedUse)) : Passed{};
}

}  // namespace changebank::security
