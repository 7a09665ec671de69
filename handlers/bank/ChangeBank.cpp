#include "changebank/handlers/bank/ChangeBank.h"

#include <Poco/DeflatingStream.h>

#include <set>
#include <sstream>
#include <string_view>
#include <utility>

#include "changebank/handlers/bank/ExplainRoute.h"
#include "changebank/handlers/bank/LivenessHandler.h"
#include "changebank/handlers/bank/MakeChangeHandler.h"
#include "changebank/handlers/bank/MeHandler.h"
#include "changebank/handlers/bank/PageAsset.h"
#include "changebank/handlers/bank/PageConfiguration.h"
#include "changebank/handlers/bank/PanicHandler.h"
#include "changebank/handlers/bank/ReadinessHandler.h"
#include "changebank/handlers/bank/ResourceMetadataHandler.h"
#include "changebank/handlers/routing/CorsRequestHandlerFactory.h"
#include "changebank/handlers/routing/Protection.h"
#include "changebank/handlers/routing/Router.h"
#include "changebank/handlers/routing/StaticHandler.h"
#include "changebank/security/guard/AllowedOrigins.h"
#include "changebank/security/guard/TokenExtractor.h"

namespace changebank::handlers {

namespace {

constexpr std::string_view jsonType = "application/json; charset=utf-8";

/// A maker of handlers that need nothing but the request.
template <typename Handler>
Route::Maker makerOf() {
    return [](const auto&, const auto&) { return std::make_unique<Handler>(); };
}

/// The origin of an http or https address; empty for an empty one.
std::string originOf(const std::string& address) {
    const auto authority = address.find("://");
    return authority == std::string::npos ? std::string()
                                          : address.substr(0, address.find_first_of("/?#", authority + 3));
}

/// The other origins that the page calls: the login's server, which renews the session, and the one that
/// makes tokens with a fault.
std::string calledOrigins(const ChangeBankOptions& options) {
    const auto login = originOf(options.login);
    const auto broken = originOf(options.brokenTokens);
    return broken.empty() || broken == login ? login : login + (login.empty() ? "" : " ") + broken;
}

/// What keeps a browser from doing anything with the page that the page does not do itself.
std::vector<Response::Header> pageHeaders(const ChangeBankOptions& options) {
    return {{"Content-Security-Policy",
             "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' " +
                 calledOrigins(options) +
                 "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                 "require-trusted-types-for 'script'; trusted-types 'none'"},
            {"Cross-Origin-Opener-Policy", "same-origin"},
            {"Cross-Origin-Resource-Policy", "same-origin"},
            {"Permissions-Policy",
             "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), "
             "payment=(), usb=()"},
            {"Referrer-Policy", "no-referrer"}};
}

Route configurationRoute(const ChangeBankOptions& options) {
    using Kind = security::AccessRule::Kind;
    const PageConfiguration configuration{options.login,
                                          options.logout,
                                          options.cookie,
                                          options.access.makeChange.namesOf(Kind::roles),
                                          options.access.panic.namesOf(Kind::roles),
                                          options.brokenTokens,
                                          options.explains};
    auto headers = pageHeaders(options);
    headers.push_back({"Vary", "Cookie"});
    const auto respond = [&](bool hasToken) {
        return std::make_shared<const StaticResponse>(jsonType, configuration.toJson(hasToken), headers);
    };
    return {"/page/config.json",
            {"GET"},
            Everybody{},
            [signedOut = respond(false), signedIn = respond(true),
             extractor = security::TokenExtractor(options.cookie)](const auto& request, const auto&) {
                const auto found = extractor.extract(request);
                const auto* token = std::get_if<security::PresentedToken>(&found);
                return std::make_unique<StaticHandler>(token && token->fromCookie ? signedIn : signedOut);
            }};
}

/// The asset with the name of the cookie in its place.
std::string contentOf(const PageAsset& asset, const std::string& cookie) {
    constexpr std::string_view mark = "@cookie@";
    std::string content(asset.body);
    if (const auto place = content.find(mark); place != std::string::npos)
        content.replace(place, mark.size(), cookie);
    return content;
}

std::string gzipped(const std::string& content) {
    constexpr int bestCompression = 9;
    std::ostringstream compressed;
    Poco::DeflatingOutputStream stream(compressed, Poco::DeflatingStreamBuf::STREAM_GZIP, bestCompression);
    stream << content;
    stream.close();
    return compressed.str();
}

/// In the order of preference. The build cannot compress what has a setting in it.
std::vector<StaticResponse::Coded> codedContentsOf(const PageAsset& asset, const std::string& content) {
    std::vector<StaticResponse::Coded> coded;
    const bool isAsBuilt = content == asset.body;
    if (isAsBuilt && !asset.brotli.empty()) coded.push_back({"br", std::string(asset.brotli)});
    if (isAsBuilt && !asset.gzip.empty()) coded.push_back({"gzip", std::string(asset.gzip)});
    if (!isAsBuilt) coded.push_back({"gzip", gzipped(content)});
    return coded;
}

Route assetRoute(const PageAsset& asset, const ChangeBankOptions& options) {
    auto content = contentOf(asset, options.cookie);
    auto coded = codedContentsOf(asset, content);
    auto response = std::make_shared<const StaticResponse>(
        asset.contentType, std::move(content), pageHeaders(options), "no-cache", std::move(coded));
    return {std::string(asset.path), {"GET"}, Everybody{}, [response](const auto&, const auto&) {
                return std::make_unique<StaticHandler>(response);
            }};
}

/// The scopes of all rules.
std::vector<std::string> scopesOf(const std::vector<Route>& routes) {
    std::vector<std::string> all;
    for (const auto& route : routes) {
        const auto scopes = route.rule().namesOf(security::AccessRule::Kind::scopes);
        all.insert(all.end(), scopes.begin(), scopes.end());
    }
    return all;
}

Route metadataRoute(security::ProtectedResources::Document document) {
    auto response = ResourceMetadataHandler::responseWith(std::move(document.json));
    return {std::move(document.path), {"GET", "OPTIONS"}, Everybody{}, [response](const auto&, const auto&) {
                return std::make_unique<ResourceMetadataHandler>(response);
            }};
}

/// Every method that some route knows.
std::vector<std::string> methodsOf(const std::vector<Route>& routes) {
    std::set<std::string> methods{"HEAD"};
    for (const auto& route : routes)
        methods.insert(route.methods.begin(), route.methods.end());
    return {methods.begin(), methods.end()};
}

}  // namespace

std::vector<Route> changeBankRoutes(const ChangeBankOptions& options,
                                    const std::shared_ptr<const security::TokenValidator>& validator,
                                    const security::AuditTrail::Ptr& audit) {
    const auto& access = options.access;
    std::vector<Route> routes{
        {"/make-change", {"GET"}, access.makeChange, makerOf<MakeChangeHandler>()},
        {"/panic",
         {"POST"},
         access.panic,
         [audit](const auto&, auto principal) {
             return std::make_unique<PanicHandler>(std::move(principal), audit);
         },
         Waits::reserved},
        {"/me",
         {"GET"},
         AnyPrincipal{},
         [](const auto&, auto principal) { return std::make_unique<MeHandler>(std::move(principal)); }},
        {std::string(probeRoutes[0]), {"GET"}, Everybody{}, makerOf<LivenessHandler>(), {}, true},
        {std::string(probeRoutes[1]),
         {"GET"},
         Everybody{},
         [validator, isStopping = options.isStopping,
          required = std::make_shared<const std::vector<std::string>>(options.requiredIssuers)](const auto&,
                                                                                                const auto&) {
             return std::make_unique<ReadinessHandler>(validator, required, isStopping && isStopping());
         },
         {},
         true},
        configurationRoute(options),
    };
    for (const auto& asset : pageAssets())
        routes.push_back(assetRoute(asset, options));
    for (auto& document : security::ProtectedResources(options.resources).documents(scopesOf(routes)))
        routes.push_back(metadataRoute(std::move(document)));
    return routes;
}

Poco::Net::HTTPRequestHandlerFactory::Ptr makeChangeBank(
    const ChangeBankOptions& options, const std::shared_ptr<security::TokenValidator>& validator,
    const security::RefusalReporter::Ptr& reporter, const security::AuditTrail::Ptr& audit) {
    const ProtectionOptions protection{options.cookie, options.corsOrigins, options.resources, options.dpop,
                                       options.limits};
    auto routes = changeBankRoutes(options, validator, audit);
    if (options.explains) routes.push_back(explainRoute(routes, protection, validator, reporter->realm()));
    Poco::Net::HTTPRequestHandlerFactory::Ptr router(
        new Router(routes, makeProtection(protection, validator, reporter, audit)));
    const security::AllowedOrigins origins(options.corsOrigins);
    if (origins.empty()) return router;
    return new CorsRequestHandlerFactory(
        origins, methodsOf(routes), std::move(router),
        std::string(options.resources.identifiers.empty() ? ""
                                                          : security::ProtectedResources::wellKnownPath));
}

}  // namespace changebank::handlers
