#include "changebank/handlers/bank/ChangeBank.h"

#include <boost/test/unit_test.hpp>

#include "changebank/handlers/bank/PageAsset.h"
#include "tests/unit/handlers/FakeExchange.h"
#include "tests/unit/handlers/RecordingTrail.h"

using namespace changebank;
using namespace changebank::handlers;
using namespace changebank::security;

namespace {

/// ChangeBank with an empty key set, so that no token is good.
Poco::Net::HTTPRequestHandlerFactory::Ptr changeBank() {
    auto validator = std::make_shared<TokenValidator>(
        TokenPolicy{"issuer", {"audience"}}, std::make_shared<FixedKeySource>(std::make_shared<JwkSet>()),
        nullptr, 1);
    return makeChangeBank(
        {.roles = {.makeChange = {"customer", "teller"}, .panic = {"teller"}}, .cookie = "app.at"},
        std::move(validator),
        std::make_shared<RefusalReporter>(ErrorDetail::detailed, std::make_shared<RefusalCounters>()),
        std::make_shared<RecordingTrail>());
}

const FakeResponse& responseTo(FakeRequest& request) {
    return request.handledBy(changeBank()->createRequestHandler(request));
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
                       R"(,"roles":{"makeChange":["customer","teller"],"panic":["teller"]}})");
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

BOOST_AUTO_TEST_SUITE_END()
