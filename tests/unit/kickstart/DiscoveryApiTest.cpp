#include "kickstart/DiscoveryApi.h"

#include "tests/unit/kickstart/ProviderFixture.h"

using namespace changebank;

BOOST_FIXTURE_TEST_SUITE(DiscoveryApiTest, tests::ProviderFixture)

BOOST_AUTO_TEST_CASE(NamesIssuerAndKeysByTheCallersOrigin) {
    createKey("ES256");
    const auto answer = callOpenly("GET", "/.well-known/openid-configuration");
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(
        answer.body->toText() ==
        R"({"id_token_signing_alg_values_supported":["ES256","RS256"],"issuer":"acme.com",)"
        R"("jwks_uri":"http://localhost:9011/.well-known/jwks.json","subject_types_supported":["public"]})");
}

BOOST_AUTO_TEST_CASE(EveryPublishedKeyIsUsable) {
    createKey("RS256");
    const auto set = security::JwkSet::parse(callOpenly("GET", "/.well-known/jwks.json").body->toText());
    BOOST_REQUIRE(std::holds_alternative<std::shared_ptr<const security::JwkSet>>(set));
    BOOST_TEST(std::get<0>(set)->keys().size() == 2U);
    BOOST_TEST(std::get<0>(set)->skipped().empty());
}

BOOST_AUTO_TEST_CASE(ItsStatusIsOpen) {
    const auto answer = callOpenly("GET", "/api/status");
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(answer.body->toText() == "{}");
}

BOOST_AUTO_TEST_SUITE_END()
