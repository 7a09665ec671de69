#include "handlers/ChangeBank.h"

#include "handlers/AnswerHandler.h"
#include "handlers/LivenessHandler.h"
#include "handlers/MakeChangeHandler.h"
#include "handlers/PageAsset.h"
#include "handlers/PanicHandler.h"
#include "handlers/ProtectedRoutes.h"
#include "handlers/PublicRoutes.h"
#include "handlers/ReadinessHandler.h"
#include "security/GuardedRequestHandlerFactory.h"

namespace changebank::handlers {

using Poco::Net::HTTPResponse;

namespace {

/// A maker of handlers that need nothing but the request.
template <typename Handler>
Route::Maker makerOf() {
    return [](const auto&, const auto&) { return new Handler; };
}

Answer answerWith(const PageAsset& asset) {
    return Answer{HTTPResponse::HTTP_OK, std::string(asset.contentType), std::string(asset.body)}
        .with("Cache-Control", "no-cache")
        .with("Content-Security-Policy",
              "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
              "frame-ancestors 'none'")
        .with("Referrer-Policy", "no-referrer")
        .with("X-Content-Type-Options", "nosniff");
}

Route routeOf(const PageAsset& asset) {
    return {std::string(asset.path),
            {"GET"},
            std::nullopt,
            [answer = answerWith(asset)](const auto&, const auto&) { return new AnswerHandler(answer); }};
}

}  // namespace

std::vector<Route> changeBankRoutes(const ChangeBankRoles& roles,
                                    const std::shared_ptr<const security::TokenValidator>& validator,
                                    const security::AuditTrail::Ptr& audit) {
    std::vector<Route> routes{
        {"/make-change", {"GET"}, roles.makeChange, makerOf<MakeChangeHandler>()},
        {"/panic",
         {"POST"},
         roles.panic,
         [audit](const auto&, auto principal) { return new PanicHandler(std::move(principal), audit); }},
        {"/livez", {"GET"}, std::nullopt, makerOf<LivenessHandler>()},
        {"/readyz",
         {"GET"},
         std::nullopt,
         [validator](const auto&, const auto&) { return new ReadinessHandler(validator); }},
    };
    for (const auto& asset : pageAssets())
        routes.push_back(routeOf(asset));
    return routes;
}

Poco::Net::HTTPRequestHandlerFactory::Ptr makeChangeBank(const ChangeBankRoles& roles,
                                                         security::TokenExtractor extractor,
                                                         std::shared_ptr<security::TokenValidator> validator,
                                                         const security::RefusalReporter::Ptr& reporter,
                                                         const security::AuditTrail::Ptr& audit) {
    const auto table = std::make_shared<const RouteTable>(changeBankRoutes(roles, validator, audit));
    const auto behindGuard = std::make_shared<ProtectedRoutes>(table, reporter, audit);
    return new PublicRoutes(table, new security::GuardedRequestHandlerFactory(
                                       std::move(extractor), std::move(validator), behindGuard, reporter));
}

}  // namespace changebank::handlers
