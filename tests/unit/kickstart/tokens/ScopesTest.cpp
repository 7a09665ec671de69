#include "changebank/kickstart/tokens/Scopes.h"

#include <boost/test/unit_test.hpp>

using namespace changebank::kickstart;

namespace {

struct Fixture {
    Fixture() { application.scopes.push_back({Uuid::random(), application.id, "change:make"}); }

    Application application{Uuid::random(), Uuid::random(), "App"};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ScopesTest, Fixture)

BOOST_AUTO_TEST_CASE(GrantsEachScopeOnceInItsOrder) {
    BOOST_TEST(grantedScopes(application, "openid  change:make openid offline_access ").value() ==
               "openid change:make offline_access");
    BOOST_TEST(grantedScopes(application, "").value().empty());
    BOOST_TEST(grantedScopes(application, "openid offline_access profile email phone address").has_value());
}

BOOST_AUTO_TEST_CASE(ThePolicyDecidesOverUnknownScopes) {
    for (const char* unknown : {"openid panic", "OPENID", "change", "change:make:x"}) {
        BOOST_TEST(!grantedScopes(application, unknown), unknown);
    }
    application.oauth.unknownScopes = UnknownScopes::remove;
    BOOST_TEST(grantedScopes(application, "panic change:make x").value() == "change:make");
    application.oauth.unknownScopes = UnknownScopes::allow;
    BOOST_TEST(grantedScopes(application, "panic change:make").value() == "panic change:make");
}

BOOST_AUTO_TEST_CASE(SubsetsAreOfWholeNames) {
    BOOST_TEST(areScopesAmong("", "openid"));
    BOOST_TEST(areScopesAmong("email openid", "openid profile email"));
    BOOST_TEST(!areScopesAmong("open", "openid"));
    BOOST_TEST(hasScope("openid email", "email"));
    BOOST_TEST(!hasScope("openid email", "mail"));
}

BOOST_AUTO_TEST_SUITE_END()
