#include "changebank/handlers/bank/ChangeBank.h"

#include <Poco/InflatingStream.h>
#include <Poco/StreamCopier.h>

#include <boost/test/unit_test.hpp>
#include <sstream>

#include "changebank/handlers/bank/PageAsset.h"
#include "tests/unit/handlers/FakeExchange.h"
#include "tests/unit/handlers/RecordingTrail.h"

using namespace changebank;
using namespace changebank::handlers;
using namespace changebank::security;

namespace {

/// ChangeBank with an empty key set, so that no token is good.
Poco::Net::HTTPRequestHandlerFactory::Ptr changeBank(ChangeBankOptions options) {
    options.cookie = "app.at";
    auto validator = std::make_shared<TokenValidator>(
        TokenPolicy{"issuer", {"audience"}}, std::make_shared<FixedKeySource>(std::make_shared<JwkSet>()),
        nullptr, 1);
    return makeChangeBank(
        options, std::move(validator),
        std::make_shared<RefusalReporter>(ErrorDetail::detailed, std::make_shared<RefusalCounters>()),
        std::make_shared<RecordingTrail>());
}

ChangeBankOptions byRoles() {
    return {.access = {.makeChange = anyRole({"customer", "teller"}), .panic = anyRole({"teller"})}};
}

/// With scopes, and resources that clients can discover.
ChangeBankOptions discoverable() {
    return {.access = {.makeChange = allScopes({"change:make"}),
                       .panic = (anyRole({"teller"}) && allScopes({"panic", "change:make"}))},
            .resources = {.identifiers = {"https://bank.example/", "https://bank.example/panic"},
                          .authorizationServers = {"https://id.example"}}};
}

const FakeResponse& responseTo(const ChangeBankOptions& options, FakeRequest& request) {
    return request.handledBy(changeBank(options)->createRequestHandler(request));
}

const FakeResponse& responseTo(FakeRequest& request) {
    return responseTo(byRoles(), request);
}

std::string unzipped(const std::string& content) {
    std::istringstream compressed(content);
    Poco::InflatingInputStream stream(compressed, Poco::InflatingStreamBuf::STREAM_GZIP);
    std::string plain;
    Poco::StreamCopier::copyToString(stream, plain);
    return plain;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ChangeBankTest)

BOOST_AUTO_TEST_CASE(thePageIsPublicAndGuardsItself) {
    std::vector<std::string> paths{"/page/config.json"};
    for (const auto& asset : pageAssets())
        paths.emplace_back(asset.path);
    for (const auto& path : paths) {
        FakeRequest request("GET", path);
        const auto& response = responseTo(request);
        BOOST_TEST(response.getStatus() == 200, path);
        BOOST_TEST(response.get("X-Content-Type-Options") == "nosniff");
        BOOST_TEST(response.get("Referrer-Policy") == "no-referrer");
        BOOST_TEST(response.get("Cross-Origin-Opener-Policy") == "same-origin");
        BOOST_TEST(response.get("Cross-Origin-Resource-Policy") == "same-origin");
        BOOST_TEST(response.get("Permissions-Policy").find("camera=()") != std::string::npos);
        const auto& policy = response.get("Content-Security-Policy");
        BOOST_TEST(policy.find("default-src 'none'; script-src 'self'; style-src 'self';") == 0U);
        BOOST_TEST(policy.find("frame-ancestors 'none'") != std::string::npos);
        BOOST_TEST(policy.find("unsafe") == std::string::npos);
        BOOST_TEST(response.get("ETag").size() == 45U);

        FakeRequest again("GET", path);
        again.set("If-None-Match", response.get("ETag"));
        BOOST_TEST(responseTo(again).getStatus() == 304, path);
    }
}

BOOST_AUTO_TEST_CASE(theFilesOfThePageHaveTheirTypesAndContents) {
    for (const auto& asset : pageAssets()) {
        FakeRequest request("GET", std::string(asset.path));
        const auto& response = responseTo(request);
        BOOST_TEST(response.getContentType() == std::string(asset.contentType));
        if (asset.path != "/openapi.json") BOOST_TEST(response.body() == std::string(asset.body));
    }
}

BOOST_AUTO_TEST_CASE(theFilesOfThePageAreCompressedForThoseWhoLike) {
    for (const auto& asset : pageAssets()) {
        FakeRequest request("GET", std::string(asset.path));
        request.set("Accept-Encoding", "gzip");
        const auto& response = responseTo(request);
        BOOST_TEST(response.get("Content-Encoding") == "gzip", asset.path);
        BOOST_TEST(response.get("Vary") == "Accept-Encoding");
        BOOST_TEST(response.body().size() < asset.body.size());
        FakeRequest plain("GET", std::string(asset.path));
        BOOST_TEST(unzipped(response.body()) == responseTo(plain).body(), asset.path);
    }
}

BOOST_AUTO_TEST_CASE(theDescriptionNamesTheCookieOfTheSettings) {
    FakeRequest request("GET", "/openapi.json");
    const auto& body = responseTo(request).body();
    BOOST_TEST(body.find(R"("name": "app.at")") != std::string::npos);
    BOOST_TEST(body.find('@') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(whatThePageMustKnowIsPublic) {
    const auto configurationFor = [this](const std::string& cookie) {
        FakeRequest request("GET", "/page/config.json");
        if (!cookie.empty()) request.set("Cookie", cookie);
        const auto& response = responseTo(request);
        BOOST_TEST(response.get("Vary") == "Cookie");
        return response.body();
    };
    for (const auto& [cookie, token] :
         {std::pair("", "false"), std::pair("app.at=x", "true"), std::pair("app.at=", "false")}) {
        BOOST_TEST(configurationFor(cookie) ==
                   R"({"login":"","logout":"","cookie":"app.at","token":)" + std::string(token) +
                       R"(,"roles":{"makeChange":["customer","teller"],"panic":["teller"]},)"
                       R"("brokenTokens":"","explain":false})");
    }
}

BOOST_AUTO_TEST_CASE(thePageMayAskTheServerOfBrokenTokens) {
    const auto connectSources = [](const std::string& login, const std::string& broken) {
        auto options = byRoles();
        options.login = login;
        options.brokenTokens = broken;
        FakeRequest request("GET", "/");
        const auto policy = responseTo(options, request).get("Content-Security-Policy");
        const auto start = policy.find("connect-src ");
        return policy.substr(start, policy.find(';', start) - start);
    };
    const std::string broken = "http://localhost:9011/kickstartd/broken-token?kind={kind}";
    BOOST_TEST(connectSources("https://id.example/in", "") == "connect-src 'self' https://id.example");
    BOOST_TEST(connectSources("https://id.example/in", broken) ==
               "connect-src 'self' https://id.example http://localhost:9011");
    BOOST_TEST(connectSources("http://localhost:9011/in", broken) ==
               "connect-src 'self' http://localhost:9011");
    BOOST_TEST(connectSources("", broken) == "connect-src 'self' http://localhost:9011");
}

BOOST_AUTO_TEST_CASE(itExplainsOnlyIfItIsTold) {
    for (const bool explains : {false, true}) {
        auto options = byRoles();
        options.explains = explains;
        FakeRequest request("GET", "/explain");
        BOOST_TEST(responseTo(options, request).getStatus() == (explains ? 200 : 401));
        FakeRequest configuration("GET", "/page/config.json");
        BOOST_TEST(responseTo(options, configuration)
                       .body()
                       .ends_with(explains ? R"("explain":true})" : R"("explain":false})"));
    }
}

BOOST_AUTO_TEST_CASE(panicAloneWaitsAndHasThreadsOfItsOwn) {
    for (const auto& route : changeBankRoutes({}, nullptr, nullptr)) {
        const auto expected = route.path == "/panic" ? std::optional(Waits::reserved) : std::nullopt;
        BOOST_TEST((route.waits == expected), route.path);
    }
}

BOOST_AUTO_TEST_CASE(probesArePublic) {
    for (const std::string target : {"/livez", "/readyz", "/LIVEZ/"}) {
        FakeRequest request("GET", target);
        BOOST_TEST(responseTo(request).getStatus() == 200);
    }
}

BOOST_AUTO_TEST_CASE(everyOtherPathAndMethodNeedsATokenFirst) {
    for (const std::string target :
         {"/make-change?total=1.02", "/panic", "/unknown", "/stylesheets", "//livez", "*"}) {
        for (const std::string method : {"GET", "HEAD", "POST", "OPTIONS", "BREW"}) {
            FakeRequest request(method, target);
            const auto& response = responseTo(request);
            BOOST_TEST(response.getStatus() == 401, method << " " << target << " got through");
            BOOST_TEST(response.body() == R"({"error":"Missing token cookie and Authorization header"})");
            BOOST_TEST(response.get("WWW-Authenticate") == R"(Bearer realm="changebank")");
            BOOST_TEST(response.get("Cache-Control") == "no-store");
        }
    }
}

BOOST_AUTO_TEST_CASE(aMalformedTokenIsRefused) {
    FakeRequest request("GET", "/make-change?total=1.02");
    request.set("Authorization", "Bearer abc");
    const auto& response = responseTo(request);
    BOOST_TEST(response.getStatus() == 401);
    BOOST_TEST(response.body() == R"({"error":"Invalid Compact JWS","code":"ERR_JWS_INVALID"})");
}

BOOST_AUTO_TEST_CASE(aRefusalIsNotedWithItsRoute) {
    ContextFakeRequest request("GET", "/make-change?total=1.02");
    responseTo(request);
    BOOST_TEST(request.route == "/make-change");
    BOOST_TEST(request.denial == "missing_token");
    BOOST_TEST(request.subject == "");
}

BOOST_AUTO_TEST_CASE(challengesSayWhatARouteWantsAndWhereToFindOut) {
    const std::string metadata = "https://bank.example/.well-known/oauth-protected-resource";
    for (const auto& [target, challenge] : std::vector<std::pair<std::string, std::string>>{
             {"/make-change",
              R"(Bearer realm="changebank", scope="change:make", resource_metadata=")" + metadata + '"'},
             {"/panic", R"(Bearer realm="changebank", scope="panic change:make", resource_metadata=")" +
                            metadata + R"(/panic")"},
             {"/me", R"(Bearer realm="changebank", resource_metadata=")" + metadata + '"'},
             {"/unknown", R"(Bearer realm="changebank", resource_metadata=")" + metadata + '"'}}) {
        FakeRequest request("GET", target);
        request.set("X-Forwarded-Host", "evil.example");
        request.setHost("evil.example");
        BOOST_TEST(responseTo(discoverable(), request).get("WWW-Authenticate") == challenge, target);
    }
}

BOOST_AUTO_TEST_CASE(resourcesCanBeDiscovered) {
    for (const auto& [target, resource] : std::vector<std::pair<std::string, std::string>>{
             {"/.well-known/oauth-protected-resource", "https://bank.example/"},
             {"/.well-known/oauth-protected-resource/", "https://bank.example/"},
             {"/.well-known/oauth-protected-resource/panic", "https://bank.example/panic"}}) {
        FakeRequest request("GET", target);
        const auto& response = responseTo(discoverable(), request);
        BOOST_TEST(response.getStatus() == 200);
        BOOST_TEST(response.getContentType() == "application/json");
        BOOST_TEST(response.get("Cache-Control") == "public, max-age=3600");
        BOOST_TEST(response.get("Access-Control-Allow-Origin") == "*");
        BOOST_TEST(
            response.body() ==
            R"({"resource":")" + resource +
                R"(","authorization_servers":["https://id.example"],)"
                R"("scopes_supported":["change:make","panic"],"bearer_methods_supported":["header"]})");
    }
    FakeRequest request("GET", "/.well-known/oauth-protected-resource");
    BOOST_TEST(responseTo(request).getStatus() == 401);
}

BOOST_AUTO_TEST_CASE(pagesOfEveryOriginMayDiscoverResources) {
    auto options = discoverable();
    options.corsOrigins = {"https://app.example"};
    for (const auto& [origin, allowed] : std::vector<std::pair<std::string, std::string>>{
             {"https://app.example", "https://app.example"}, {"https://other.example", "*"}, {"", "*"}}) {
        FakeRequest request("GET", "/.well-known/oauth-protected-resource");
        if (!origin.empty()) request.set("Origin", origin);
        BOOST_TEST(responseTo(options, request).get("Access-Control-Allow-Origin") == allowed, origin);
    }
    FakeRequest request("GET", "/me");
    request.set("Origin", "https://other.example");
    BOOST_TEST(!responseTo(options, request).has("Access-Control-Allow-Origin"));
}

BOOST_AUTO_TEST_CASE(thePageKnowsTheRolesOfRules) {
    FakeRequest request("GET", "/page/config.json");
    BOOST_TEST(
        responseTo(discoverable(), request).body().find(R"("roles":{"makeChange":[],"panic":["teller"]},)") !=
        std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
