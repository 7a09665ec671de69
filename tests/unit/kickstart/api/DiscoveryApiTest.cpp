#include "changebank/kickstart/api/Apis.h"

#include "tests/unit/kickstart/ProviderFixture.h"

using namespace changebank;

BOOST_FIXTURE_TEST_SUITE(DiscoveryApiTest, tests::ProviderFixture)

BOOST_AUTO_TEST_CASE(NamesIssuerAndKeysByTheCallersOrigin) {
    createKey("ES256");
    const auto response = callOpenly("GET", "/.well-known/openid-configuration");
    BOOST_TEST(response.status == 200);
    BOOST_TEST(textAt(*response.body, "issuer") == "acme.com");
    BOOST_TEST(textAt(*response.body, "id_token_signing_alg_values_supported") == R"(["ES256","RS256"])");
    const std::vector<std::pair<const char*, const char*>> endpoints{
        {"jwks_uri", "/.well-known/jwks.json"},
        {"authorization_endpoint", "/oauth2/authorize"},
        {"token_endpoint", "/oauth2/token"},
        {"userinfo_endpoint", "/oauth2/userinfo"},
        {"end_session_endpoint", "/oauth2/logout"}};
    for (const auto& [name, path] : endpoints) {
        BOOST_TEST(textAt(*response.body, name) == std::string("http://localhost:9011") + path);
    }
}

BOOST_AUTO_TEST_CASE(ATenantMayBeNamedInPathOrQuery) {
    const auto plain = callOpenly("GET", "/.well-known/openid-configuration").body->toText();
    const auto prefix = std::string("/") + tenantId + "/.well-known/";
    BOOST_TEST(callOpenly("GET", prefix + "openid-configuration").body->toText() == plain);
    BOOST_TEST(
        callWith("GET", "/.well-known/openid-configuration", {{"tenantId", tenantId}}).body->toText() ==
        plain);
    BOOST_TEST(callOpenly("GET", prefix + "jwks.json").body->toText() ==
               callOpenly("GET", "/.well-known/jwks.json").body->toText());
    BOOST_TEST(callOpenly("GET", std::string("/") + keyId + "/.well-known/openid-configuration").status ==
               404);
    BOOST_TEST(callOpenly("GET", std::string("/") + keyId + "/.well-known/jwks.json").status == 404);
    for (const auto* unknown : {keyId, "x"}) {
        BOOST_TEST(callWith("GET", "/.well-known/openid-configuration", {{"tenantId", unknown}}).status ==
                   404);
    }
}

BOOST_AUTO_TEST_CASE(EveryPublishedKeyIsUsable) {
    createKey("RS256");
    const auto set = security::JwkSet::parse(callOpenly("GET", "/.well-known/jwks.json").body->toText());
    BOOST_REQUIRE(std::holds_alternative<std::shared_ptr<const security::JwkSet>>(set));
    BOOST_TEST(std::get<0>(set)->keys().size() == 2U);
    BOOST_TEST(std::get<0>(set)->skipped().empty());
}

BOOST_AUTO_TEST_CASE(StatusNeedsNoApiKey) {
    const auto response = callOpenly("GET", "/api/status");
    BOOST_TEST(response.status == 200);
    BOOST_TEST(response.body->toText() == "{}");
    BOOST_TEST(callOpenly("GET", "/api/health").status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
