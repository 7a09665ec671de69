#include "changebank/kickstart/api/Apis.h"

#include "tests/unit/kickstart/OAuthFixture.h"

using namespace changebank;

namespace {

constexpr const char* scopeId = "55555555-0000-0000-0000-000000000000";
constexpr const char* makeScope = R"({"scope":{"name":"change:make","description":"Make change"}})";

struct Fixture : tests::OAuthFixture {
    Fixture() {
        createOAuthApplication();
        createTeller();
    }

    tests::Answer create(const std::string& body = makeScope) { return call("POST", path, body); }

    tests::Answer patchApplication(const std::string& oauth) {
        return call("PATCH", std::string("/api/application/") + applicationId,
                    R"({"application":{"oauthConfiguration":)" + oauth + "}}");
    }

    /// The claim `scope` of the access token of a login with that parameter `scope`.
    std::string granted(const std::string& scope) {
        const auto tokens = exchange(code({{"scope", scope}}));
        const auto claims = claimsOf(memberOf(tokens, "access_token"));
        BOOST_TEST(memberOf(tokens, "scope") == *claims.find("scope")->string());
        return *claims.find("scope")->string();
    }

    const std::string path = std::string("/api/application/") + applicationId + "/scope";
    const std::string ownPath = path + "/" + scopeId;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ScopeApiTest, Fixture)

BOOST_AUTO_TEST_CASE(CreatedScopesAreShownWithTheirApplication) {
    const auto created = call("POST", ownPath, makeScope);
    BOOST_REQUIRE_EQUAL(created.status, 200);
    BOOST_TEST(textAt(*created.body, "scope", "id") == scopeId);
    BOOST_TEST(textAt(*created.body, "scope", "applicationId") == applicationId);
    BOOST_TEST(textAt(*created.body, "scope", "name") == "change:make");
    BOOST_TEST(call("GET", ownPath).body->toText() == created.body->toText());
    BOOST_TEST(create(R"({"scope":{"name":"panic"}})").status == 200);
    const auto application = *call("GET", std::string("/api/application/") + applicationId).body;
    const auto& scopes = *application.find("application")->find("scopes")->array();
    BOOST_REQUIRE_EQUAL(scopes.size(), 2U);
    BOOST_TEST(textAt(scopes[0], "name") == "change:make");
    BOOST_TEST(textAt(scopes[1], "name") == "panic");
}

BOOST_AUTO_TEST_CASE(PatchChangesOnlyTheDescription) {
    call("POST", ownPath, makeScope);
    clock.advance(std::chrono::seconds(1));
    const auto changed = call("PATCH", ownPath, R"({"scope":{"name":"x","description":"new"}})");
    BOOST_TEST(textAt(*changed.body, "scope", "name") == "change:make");
    BOOST_TEST(textAt(*changed.body, "scope", "description") == "new");
    BOOST_TEST(textAt(*changed.body, "scope", "lastUpdateInstant") == "1790000001000");
    BOOST_TEST(onlyCode(call("PATCH", ownPath, R"({"scope":{"description":1}})")) ==
               "[couldNotConvert]scope.description");
    BOOST_TEST(textAt(*call("GET", ownPath).body, "scope", "description") == "new");
}

BOOST_AUTO_TEST_CASE(FaultsAreNamed) {
    BOOST_TEST(create().status == 200);
    BOOST_TEST(onlyCode(create()) == "[duplicate]scope.name");
    BOOST_TEST(onlyCode(create("{}")) == "[blank]scope.name");
    BOOST_TEST(onlyCode(create(R"({"scope":{"name":"openid"}})")) == "[reserved]scope.name");
    BOOST_TEST(onlyCode(create(R"({"scope":{"name":"a b"}})")) == "[invalid]scope.name");
    BOOST_TEST(call("POST", ownPath, R"({"scope":{"name":"panic"}})").status == 200);
    BOOST_TEST(onlyCode(call("POST", ownPath, R"({"scope":{"name":"other"}})")) == "[duplicate]scopeId");
    BOOST_TEST(callOpenly("POST", path, makeScope).status == 401);
    for (const auto& [method, at] :
         {std::pair("POST", std::string("/api/application/") + tellerId + "/scope"),
          std::pair("GET", path + "/" + tellerId), std::pair("PATCH", path + "/" + tellerId),
          std::pair("DELETE", path + "/" + tellerId),
          std::pair("GET", std::string("/api/application/") + tellerId + "/scope/" + scopeId)}) {
        BOOST_TEST(call(method, at, makeScope).status == 404, method << ' ' << at);
    }
}

BOOST_AUTO_TEST_CASE(AnApplicationsOwnScopesAreGranted) {
    BOOST_TEST(redirected(authorize({{"scope", "openid change:make"}})).text("error") == "invalid_scope");
    create();
    BOOST_TEST(granted("change:make openid  change:make") == "change:make openid");
    BOOST_TEST(redirected(authorize({{"scope", "panic"}})).text("error") == "invalid_scope");
    BOOST_TEST(granted("") == "");
}

BOOST_AUTO_TEST_CASE(ThePolicyMayAllowOrRemoveUnknownScopes) {
    BOOST_TEST(patchApplication(R"({"unknownScopePolicy":"Remove"})").status == 200);
    BOOST_TEST(granted("openid panic") == "openid");
    BOOST_TEST(patchApplication(R"({"unknownScopePolicy":"Allow"})").status == 200);
    BOOST_TEST(granted("openid panic") == "openid panic");
    BOOST_TEST(onlyCode(patchApplication(R"({"unknownScopePolicy":"x"})")) ==
               "[couldNotConvert]application.oauthConfiguration.unknownScopePolicy");
}

BOOST_AUTO_TEST_CASE(ARefreshTokenWithADeletedScopeIsRevoked) {
    call("POST", ownPath, makeScope);
    const Fields scopes{{"scope", "offline_access change:make"}};
    const auto first = memberOf(exchange(code(scopes)), "refresh_token");
    const auto second = memberOf(exchange(code(scopes)), "refresh_token");
    BOOST_TEST(memberOf(refresh(first), "scope") == "offline_access change:make");
    BOOST_TEST(call("DELETE", ownPath).status == 200);
    BOOST_TEST(call("GET", ownPath).status == 404);
    BOOST_TEST(errorOf(refresh(first)) == "400 invalid_scope/unknown_scope");
    BOOST_TEST(errorOf(refresh(first)) == "400 invalid_grant/refresh_token_not_found");
    patchApplication(R"({"unknownScopePolicy":"Allow"})");
    BOOST_TEST(memberOf(refresh(second), "scope") == "offline_access change:make");
}

BOOST_AUTO_TEST_SUITE_END()
