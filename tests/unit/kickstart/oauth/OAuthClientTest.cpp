#include "changebank/kickstart/oauth/OAuthClient.h"

#include <boost/test/unit_test.hpp>

using namespace changebank::kickstart;

BOOST_AUTO_TEST_SUITE(OAuthClientTest)

BOOST_AUTO_TEST_CASE(AClientWithoutASecretHasNone) {
    const Tenant tenant{Uuid::random(), "Default", "acme.com",
                        JwtConfiguration{Uuid::random(), Uuid::random()}};
    Application application{Uuid::random(), tenant.id, "App"};
    const OAuthClient client{application, tenant};
    application.oauth.clientSecret = "secret";
    BOOST_TEST(client.hasSecret("secret"));
    BOOST_TEST(!client.hasSecret("Secret"));
    BOOST_TEST(!client.hasSecret(""));
    application.oauth.clientSecret = "";
    BOOST_TEST(!client.hasSecret(""));
    BOOST_TEST(!client.hasSecret("secret"));
}

BOOST_AUTO_TEST_CASE(TheClientIsTheFirstOfTheAudience) {
    const auto clientOf = [](const char* claims) {
        return clientIdOfClaims(*changebank::Json::parse(claims));
    };
    BOOST_TEST(clientOf(R"({"aud":"a"})") == "a");
    BOOST_TEST(clientOf(R"({"aud":["a","b"]})") == "a");
    for (const char* other :
         {"{}", R"({"aud":[]})", R"({"aud":[1,"a"]})", R"({"aud":1})", R"({"aud":{"a":"b"}})"}) {
        BOOST_TEST(clientOf(other).empty(), other);
    }
}

BOOST_AUTO_TEST_SUITE_END()
