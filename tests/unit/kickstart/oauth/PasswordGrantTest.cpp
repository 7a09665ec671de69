#include "changebank/kickstart/oauth/TokenGrants.h"

#include "tests/unit/kickstart/ProofFixture.h"

using namespace changebank;

namespace {

/// The grant of RFC 6749 section 4.3.
struct Fixture : tests::ProofFixture {
    Fixture() {
        change(R"({"oauthConfiguration":{"enabledGrants":["password","refresh_token"],)"
               R"("authorizedResourceUris":["https://bank.example/"]}})");
    }

    void change(const std::string& application) {
        BOOST_REQUIRE_EQUAL(call("PATCH", std::string("/api/application/") + applicationId,
                                 R"({"application":)" + application + "}")
                                .status,
                            200);
    }

    kickstart::WebResponse ask(const Fields& changes = {}, const std::vector<std::string>& headers = {}) {
        return tokenWith(headers, changed({{"grant_type", "password"},
                                           {"client_id", applicationId},
                                           {"client_secret", clientSecret},
                                           {"username", "teller@example.com"},
                                           {"password", "password"}},
                                          changes));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(PasswordGrantTest, Fixture)

BOOST_AUTO_TEST_CASE(APasswordYieldsTheTokensOfALogin) {
    clock.advance(std::chrono::seconds(100));
    const auto tokens = ask({{"scope", "openid offline_access"}});
    BOOST_TEST(tokens.status == 200);
    BOOST_TEST(memberOf(tokens, "token_type") == "Bearer");
    BOOST_TEST(memberOf(tokens, "scope") == "openid offline_access");
    const auto claims = claimsOf(memberOf(tokens, "access_token"));
    BOOST_TEST(*claims.find("sub")->string() == tellerId);
    BOOST_TEST(claims.find("gty")->toText() == R"(["password"])");
    BOOST_TEST(claims.find("roles")->toText() == R"(["teller"])");
    BOOST_TEST(claims.find("auth_time")->number()->text == "1790000100");
    BOOST_TEST(*claims.find("sid")->string() == memberOf(tokens, "refresh_token_id"));
    BOOST_TEST(claimsOf(memberOf(tokens, "id_token")).find("sub")->toText() ==
               '"' + std::string(tellerId) + '"');
    const auto again = refresh(memberOf(tokens, "refresh_token"));
    BOOST_TEST(claimsOf(memberOf(again, "access_token")).find("gty")->toText() ==
               R"(["password","refresh_token"])");
    BOOST_TEST(textAt(*call("GET", std::string("/api/user/") + tellerId).body, "user", "lastLoginInstant") ==
               "1790000100000");
}

BOOST_AUTO_TEST_CASE(WithoutScopesThereIsOnlyAnAccessToken) {
    const auto tokens = ask();
    BOOST_TEST(tokens.status == 200);
    BOOST_TEST(memberOf(tokens, "id_token").empty());
    BOOST_TEST(memberOf(tokens, "refresh_token").empty());
}

BOOST_AUTO_TEST_CASE(FaultsAreTold) {
    struct Case {
        Fields changes;
        const char* error;
    };
    const std::vector<Case> cases{
        {{{"password", "wrong"}}, "400 invalid_grant/invalid_user_credentials"},
        {{{"username", "nobody"}}, "400 invalid_grant/invalid_user_credentials"},
        {{{"username", ""}}, "400 invalid_request/missing_username"},
        {{{"password", ""}}, "400 invalid_request/missing_password"},
        {{{"scope", "nonsense"}}, "400 invalid_scope/unknown_scope"},
        {{{"resource", "https://other.example/"}}, "400 invalid_target/unknown"},
        {{{"client_secret", ""}}, "401 invalid_client/client_authentication_missing"},
    };
    for (const auto& [changes, error] : cases) {
        BOOST_TEST(errorOf(ask(changes)) == error);
    }
}

BOOST_AUTO_TEST_CASE(NeitherLockedNorUnregisteredUsersLogIn) {
    provider.directory().change([](kickstart::DirectoryState& state) {
        for (auto& entry : state.users)
            entry.second.registrations.clear();
    });
    BOOST_TEST(errorOf(ask()) == "400 invalid_grant/registration_required");
    provider.directory().change([](kickstart::DirectoryState& state) {
        for (auto& entry : state.users)
            entry.second.active = false;
    });
    BOOST_TEST(errorOf(ask()) == "400 invalid_grant/login_prevented");
    BOOST_TEST(errorOf(ask({{"password", "wrong"}})) == "400 invalid_grant/invalid_user_credentials");
}

// The policy is about the grant authorization_code.
BOOST_AUTO_TEST_CASE(ACodeVerifierDoesNotReplaceTheSecret) {
    change(R"({"oauthConfiguration":{"clientAuthenticationPolicy":"NotRequiredWhenUsingPKCE"}})");
    BOOST_TEST(errorOf(ask({{"client_secret", ""}, {"code_verifier", verifier}})) ==
               "401 invalid_client/client_authentication_missing");
    change(R"({"oauthConfiguration":{"clientAuthenticationPolicy":"NotRequired"}})");
    BOOST_TEST(ask({{"client_secret", ""}}).status == 200);
}

BOOST_AUTO_TEST_CASE(AResourceBecomesPartOfTheAudience) {
    const auto tokens = ask({{"resource", "https://bank.example/"}});
    BOOST_TEST(claimsOf(memberOf(tokens, "access_token")).find("aud")->toText() ==
               "[\"" + std::string(applicationId) + R"(","https://bank.example/"])");
}

BOOST_AUTO_TEST_CASE(AProofBindsTheTokens) {
    const auto tokens = ask({{"scope", "offline_access"}}, {proof()});
    BOOST_TEST(memberOf(tokens, "token_type") == "DPoP");
    BOOST_TEST(confirmationOf(tokens) == confirmation);
    const auto refreshToken = memberOf(tokens, "refresh_token");
    BOOST_TEST(errorOf(refresh(refreshToken)) == "400 invalid_grant/unknown");
    BOOST_TEST(refreshWith({proof()}, refreshToken).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
