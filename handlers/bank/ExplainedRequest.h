#pragma once

#include <memory>
#include <optional>
#include <string>

#include "changebank/handlers/routing/CapturedResponse.h"
#include "changebank/handlers/routing/CarriedRequest.h"
#include "changebank/security/refusal/Refusal.h"
#include "changebank/security/token/Principal.h"

namespace changebank::handlers {

/// A request that its sender asks about: like the one that was sent, with its fields, but with another method
/// and path. Its response is not sent, and the access log gets neither its route nor its denial. Keeps what
/// came of it.
class ExplainedRequest : public CarriedRequest {
public:
    /// `outer` must outlive this.
    ExplainedRequest(const Poco::Net::HTTPServerRequest& outer, const std::string& method,
                     const std::string& path);

    CapturedResponse& response() const override { return _response; }
    bool secure() const override { return outer().secure(); }
    std::string_view clientCertificateThumbprint() const override;
    /// A proof that comes with the question is for the question.
    const Poco::Net::HTTPServerRequest* sent() const override { return &outer(); }

    void noteReceived(std::string_view, std::string_view) const override {}
    void noteRoute(std::string_view pattern) const override { _verdict.route = pattern; }
    std::string_view notedRoute() const override { return _verdict.route; }
    void noteDenial(std::string_view) const override {}

    /// What came of it; all of it is empty at first.
    struct Verdict {
        /// As the Router notes it.
        std::string route{};
        std::optional<security::Refusal> refusal{};
        /// The caller, if the guard let the request pass.
        std::shared_ptr<const security::Principal> principal{};
        /// It came to the handler of its route.
        bool isHandled = false;
    };
    /// Notes, as those of RequestContext.
    Verdict& verdict() const { return _verdict; }

private:
    mutable CapturedResponse _response;
    mutable Verdict _verdict;
};

}  // namespace changebank::handlers
