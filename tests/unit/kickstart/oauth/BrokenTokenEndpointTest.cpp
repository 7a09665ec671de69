#include "changebank/kickstart/oauth/OAuthEndpoints.h"

#include "changebank/security/token/TokenValidator.h"
#include "tests/unit/kickstart/OAuthFixture.h"

using namespace changebank;
using security::Cause;

namespace {

struct Fixture : tests::OAuthFixture {
    Fixture() {
        createOAuthApplication();
        createTeller();
    }

    kickstart::WebResponse broken(const std::string& kind, const std::string& origin = "",
                                  const std::string& method = "GET",
                                  const std::string& clientId = applicationId) {
        auto request = requestOf(method, "/kickstartd/broken-token?kind=" + kind + "&client_id=" + clientId);
        request.origin = origin;
        return send(request);
    }

    std::string tokenOf(const std::string& kind) {
        const auto response = broken(kind);
        BOOST_REQUIRE_EQUAL(response.status, 200);
        const auto body = Json::parse(response.body);
        BOOST_REQUIRE(body && body->find("token") && body->object()->size() == 1U);
        return *body->find("token")->string();
    }

    /// The published keys.
    std::shared_ptr<const security::JwkSet> keys() {
        const auto response = call("GET", "/.well-known/jwks.json");
        return std::get<std::shared_ptr<const security::JwkSet>>(
            security::JwkSet::parse(response.body->toText()));
    }

    security::ValidationResult judged(const std::string& token) {
        security::TokenPolicy policy{issuer(), {applicationId}};
        policy.algorithms = security::AlgorithmSet{security::Algorithm::es256};
        security::TokenValidator validator(policy, std::make_shared<security::FixedKeySource>(keys()),
                                           nullptr, 1, clock);
        return validator.validate(token);
    }

    std::string issuer() {
        return provider.directory().read(
            [](const auto& state) { return state.tenants.at(state.defaultTenantId).issuer; });
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(BrokenTokenEndpointTest, Fixture)

BOOST_AUTO_TEST_CASE(EachFaultIsTheOnlyOne) {
    for (const auto& [kind, cause, parameter] :
         std::vector<std::tuple<std::string, Cause, std::string>>{{"changed", Cause::signatureInvalid, ""},
                                                                  {"expired", Cause::expired, ""},
                                                                  {"audience", Cause::claimUnexpected, "aud"},
                                                                  {"key", Cause::noMatchingKey, ""}}) {
        const auto result = judged(tokenOf(kind));
        const auto* refusal = std::get_if<security::Refusal>(&result);
        BOOST_TEST_REQUIRE(refusal != nullptr, kind);
        BOOST_TEST(security::traitsOf(refusal->cause).name == security::traitsOf(cause).name, kind);
        BOOST_TEST(refusal->parameter == parameter, kind);
    }
    const auto result = judged(tokenOf("role"));
    const auto* principal = std::get_if<std::shared_ptr<const security::Principal>>(&result);
    BOOST_TEST_REQUIRE(principal != nullptr);
    BOOST_TEST((*principal)->roles.empty());
}

// Whoever changed it has all roles of the application.
BOOST_AUTO_TEST_CASE(TheChangedOneHasRolesAndTheSignatureOfOneWithout) {
    const auto token = tokenOf("changed");
    const auto first = token.find('.') + 1;
    const auto claims = Json::parse(decodeBase64Url(token.substr(first, token.rfind('.') - first)).value());
    BOOST_TEST_REQUIRE(claims.has_value());
    BOOST_TEST(claims->find("roles")->toText() == R"(["teller"])");
}

BOOST_AUTO_TEST_CASE(TheExpiredOneEndedAnHourAgo) {
    const auto token = tokenOf("expired");
    const auto result = judged(token);
    BOOST_TEST(std::get<security::Refusal>(result).found == "3600 s ago");
}

BOOST_AUTO_TEST_CASE(NobodyHasThem) {
    std::set<std::string> subjects;
    for (const auto* kind : {"role", "expired", "audience", "key"}) {
        const auto token = tokenOf(kind);
        const auto first = token.find('.') + 1;
        const auto claims =
            Json::parse(decodeBase64Url(token.substr(first, token.rfind('.') - first)).value());
        const auto subject = *claims->find("sub")->string();
        BOOST_TEST(subjects.insert(subject).second);
        const auto id = kickstart::Uuid::parse(subject);
        BOOST_TEST_REQUIRE(id.has_value());
        BOOST_TEST(provider.directory().read([&](const auto& state) { return state.users.count(*id); }) ==
                   0U);
    }
}

// One key for all of them: making one takes long.
BOOST_AUTO_TEST_CASE(TheUnpublishedKeyIsMadeOnceAndNeverPublished) {
    const auto before = keys()->keys().size();
    const auto headerOf = [](const std::string& token) { return token.substr(0, token.find('.')); };
    const auto first = tokenOf("key");
    BOOST_TEST(headerOf(first) == headerOf(tokenOf("key")));
    BOOST_TEST(headerOf(first) != headerOf(tokenOf("role")));
    BOOST_TEST(keys()->keys().size() == before);
}

BOOST_AUTO_TEST_CASE(PagesOfTheApplicationMayReadThem) {
    for (const auto* origin : {"http://localhost:3000", "https://app.example.com"}) {
        for (const auto* method : {"GET", "OPTIONS"}) {
            const auto response = broken("role", origin, method);
            BOOST_TEST(response.status == (method == std::string("GET") ? 200 : 204));
            BOOST_TEST(response.header("Access-Control-Allow-Origin") == origin);
            BOOST_TEST(response.header("Vary") == "Origin");
        }
    }
    for (const auto* origin : {"http://evil.com", "null", "http://localhost:3001"}) {
        const auto response = broken("role", origin);
        BOOST_TEST(response.status == 403, origin);
        BOOST_TEST(response.body.empty(), origin);
        BOOST_TEST(response.header("Access-Control-Allow-Origin").empty(), origin);
    }
}

BOOST_AUTO_TEST_CASE(OtherKindsAndClientsAreRejected) {
    for (const auto* kind : {"", "other", "Changed", "changed%20"})
        BOOST_TEST(broken(kind).status == 400, kind);
    for (const auto* client : {"", "x", "00000000-0000-0000-0000-000000000001"})
        BOOST_TEST(broken("role", "", "GET", client).status == 400, client);
    BOOST_TEST(broken("role&kind=key").status == 400);
    BOOST_TEST(broken("role", "", "POST").status == 405);
    BOOST_TEST(get("/kickstartd/other").status == 404);
}

BOOST_AUTO_TEST_SUITE_END()
