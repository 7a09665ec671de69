#include "changebank/handlers/routing/Protection.h"

#include <utility>

#include "changebank/security/guard/GuardedRequestHandlerFactory.h"

namespace changebank::handlers {

security::TokenExtractor extractorOf(const ProtectionOptions& options) {
    using security::AcceptedSchemes;
    const auto schemes = options.dpop ? AcceptedSchemes::bearerAndDpop : AcceptedSchemes::bearer;
    return security::TokenExtractor(options.cookie, schemes);
}

Router::Protection makeProtection(const ProtectionOptions& options,
                                  const std::shared_ptr<security::TokenValidator>& validator,
                                  const security::RefusalReporter::Ptr& reporter,
                                  const security::AuditTrail::Ptr& audit) {
    const security::ProtectedResources resources(options.resources);
    const auto binding =
        options.dpop ? security::BindingCheck(options.dpop, resources) : security::BindingCheck();
    const security::AllowedOrigins origins(options.corsOrigins);
    auto guard = [extractor = extractorOf(options), validator, reporter, origins, binding,
                  limits = options.limits](security::PrincipalRequestHandlerFactory::Ptr next,
                                           security::Challenge::Ptr challenge) {
        return Poco::Net::HTTPRequestHandlerFactory::Ptr(new security::GuardedRequestHandlerFactory(
            extractor, validator, std::move(next), reporter, origins, std::move(challenge), binding, limits));
    };
    auto challenge = [resources, realm = reporter->realm(), algorithms = options.resources.dpopAlgorithms,
                      isDpopRequired = options.resources.isDpopRequired](std::string_view path,
                                                                         const security::AccessRule& rule) {
        return rule.challenge({.realm = realm,
                               .resourceMetadata = resources.metadataUrlFor(path),
                               .dpopAlgorithms = algorithms,
                               .isDpopRequired = isDpopRequired});
    };
    return {std::move(guard), reporter, audit, std::move(challenge), options.limits};
}

}  // namespace changebank::handlers
