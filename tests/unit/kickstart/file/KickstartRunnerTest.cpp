#include "changebank/kickstart/file/KickstartRunner.h"

#include "tests/unit/kickstart/ProviderFixture.h"

using namespace changebank;
using kickstart::Kickstart;

namespace {

struct Fixture : tests::ProviderFixture {
    Fixture() { script.firstApiKey = apiKey; }

    void add(const std::string& method, const std::string& url, const std::string& body,
             std::optional<std::string> tenant = std::nullopt) {
        script.requests.push_back({"requests[" + std::to_string(script.requests.size()) + "]", method, url,
                                   std::move(tenant), body});
    }

    void run() {
        kickstart::runKickstart(script, provider.apis(),
                                [this](const std::string& line) { lines.push_back(line); });
    }

    /// The only line that a run reports.
    std::string onlyLine() {
        run();
        BOOST_REQUIRE_EQUAL(lines.size(), 1U);
        return lines[0];
    }

    std::string issuer() {
        return *callOpenly("GET", "/.well-known/openid-configuration").body->find("issuer")->string();
    }

    Kickstart script{"k.json", {}, {}, {}, {}};
    std::vector<std::string> lines;
    const std::string tenantPath = std::string("/api/tenant/") + tenantId;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(KickstartRunnerTest, Fixture)

BOOST_AUTO_TEST_CASE(RunsRequestsInOrder) {
    add("PATCH", tenantPath, R"({"tenant":{"issuer":"first"}})");
    add("PATCH", tenantPath + "?x=y", R"({"tenant":{"issuer":"second"}})");
    run();
    BOOST_TEST(issuer() == "second");
    BOOST_TEST(lines.empty());
}

BOOST_AUTO_TEST_CASE(MakesTenantsWithApplicationsAndUsersOfTheirOwn) {
    const std::string other = "22222222-0000-0000-0000-000000000000";
    const std::string application = "33333333-0000-0000-0000-000000000000";
    add("POST", "/api/tenant/" + other, R"({"tenant":{"name":"Other","issuer":"http://other.example"}})");
    for (const auto& [id, tenant] :
         {std::pair(std::string(applicationId), std::string(tenantId)), std::pair(application, other)}) {
        add("POST", "/api/application/" + id, R"({"application":{"name":"Bank"}})", tenant);
        add("POST", "/api/application/" + id + "/scope", R"({"scope":{"name":"change:make"}})", tenant);
        add("POST", "/api/user/registration",
            R"({"user":{"email":"a@example.com","password":"password"},"registration":{"applicationId":")" +
                id + "\"}}",
            tenant);
    }
    run();
    BOOST_TEST(lines.empty());
    const auto login =
        call("POST", "/api/login",
             R"({"loginId":"a@example.com","password":"password","applicationId":")" + application + "\"}");
    BOOST_REQUIRE_EQUAL(login.status, 200);
    BOOST_TEST(textAt(*login.body, "user", "tenantId") == other);
    const auto claims = *Json::parse(verified(textAt(*login.body, "token")).payload);
    BOOST_TEST(textAt(claims, "iss") == "http://other.example");
    BOOST_TEST(textAt(claims, "tid") == other);
}

BOOST_AUTO_TEST_CASE(ReportsAnInvalidQuery) {
    add("PATCH", tenantPath + "?x=%zz", "{}");
    BOOST_TEST(onlyLine() == "requests[0]: PATCH " + tenantPath +
                                 "?x=%zz: the query has an invalid percent escape; left out");
}

BOOST_AUTO_TEST_CASE(ReportsWhatTheKickstartLeavesOut) {
    script.omissions = {"k.json: requests[3]: unknown member \"x\"; left out"};
    BOOST_TEST(onlyLine() == script.omissions[0]);
}

BOOST_AUTO_TEST_CASE(ReportsAndSkipsUnsupportedRequests) {
    add("PATCH", "/api/system-configuration", "{}");
    add("POST", "/api/theme/\x1b[31m", "{}");
    add("PATCH", tenantPath, R"({"tenant":{"issuer":"after"}})");
    run();
    BOOST_REQUIRE_EQUAL(lines.size(), 2U);
    BOOST_TEST(lines[0] == "requests[0]: PATCH /api/system-configuration: not supported; skipped");
    BOOST_TEST(lines[1] == "requests[1]: POST /api/theme/\\u001b[31m: not supported; skipped");
    BOOST_TEST(issuer() == "after");
}

BOOST_AUTO_TEST_CASE(TenantOnAGlobalApiIsReportedAndIgnored) {
    add("POST", "/api/key/generate", R"({"key":{"algorithm":"ES256","name":"x"}})", tenantId);
    run();
    BOOST_REQUIRE_EQUAL(lines.size(), 1U);
    BOOST_TEST(lines[0].starts_with(
        "requests[0]: POST /api/key/generate: tenantId is ignored; a current FusionAuth answers 401"));
    BOOST_TEST(callOpenly("GET", "/.well-known/jwks.json").body->find("keys")->array()->size() == 2U);
}

BOOST_AUTO_TEST_CASE(ReportsUnsupportedGrants) {
    const auto bank = [](const char* grants) {
        return R"({"application":{"name":"Bank\n","oauthConfiguration":{"enabledGrants":)" +
               std::string(grants) + "}}}";
    };
    add("POST", "/api/application",
        bank(R"(["authorization_code","implicit","refresh_token","client_credentials"])"));
    run();
    provider.directory().read([&](const kickstart::DirectoryState& state) {
        kickstart::reportUnservedGrants(state, [this](const std::string& line) { lines.push_back(line); });
    });
    BOOST_REQUIRE_EQUAL(lines.size(), 2U);
    BOOST_TEST(
        lines[0] ==
        R"(application "Bank\u000a": enables the grant "implicit", which is not supported; requests for it fail)");
    BOOST_TEST(lines[1].find("client_credentials") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(ReportsAFailedRequestWithPlaceAndReasonAndGoesOn) {
    add("PATCH", tenantPath, R"({"tenant":{"issuer":"before"}})");
    add("PATCH", tenantPath, R"({"tenant":{"issuer":""}})");
    add("PATCH", tenantPath, R"({"tenant":{"issuer":"after"}})");
    BOOST_TEST(onlyLine() == "requests[1]: PATCH " + tenantPath + ": tenant.issuer: is required; left out");
    BOOST_TEST(issuer() == "after");
}

BOOST_AUTO_TEST_CASE(NamesAnUnknownId) {
    add("PATCH", std::string("/api/tenant/") + keyId, "{}");
    BOOST_TEST(onlyLine() ==
               "requests[0]: PATCH /api/tenant/" + std::string(keyId) + ": not found; left out");
}

BOOST_AUTO_TEST_CASE(NamesAnIdThatIsNotAUuid) {
    add("POST", "/api/application/1", R"({"application":{"name":"x"}})");
    BOOST_TEST(onlyLine() == "requests[0]: POST /api/application/1: applicationId: must be a UUID; left out");
}

BOOST_AUTO_TEST_CASE(NeverRepeatsAPassword) {
    add("POST", "/api/user/registration",
        R"({"user":{"email":"x@example.com","password":"secret"},"registration":{"applicationId":")" +
            std::string(kickstart::administrationApplicationId) + "\"}}");
    const auto text = onlyLine();
    BOOST_TEST(text.find("user.password: must have at least 8 characters") != std::string::npos);
    BOOST_TEST(text.find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(KnowsTheLoginsOfTheUsersThatItMakes) {
    add("POST", "/api/user/registration",
        R"({"user":{"email":"a@example.com","username":"a","password":"password-a"}})");
    add("POST", "/api/user", R"({"user":{"username":"b","password":"password-b"}})");
    add("POST", "/api/application", R"({"application":{"name":"x"}})");
    const auto logins = kickstart::sampleLoginsOf(script);
    BOOST_REQUIRE_EQUAL(logins.size(), 2U);
    BOOST_TEST(logins[0].loginId == "a@example.com");
    BOOST_TEST(logins[0].password == "password-a");
    BOOST_TEST(logins[1].loginId == "b");
    BOOST_TEST(logins[1].password == "password-b");
}

BOOST_AUTO_TEST_SUITE_END()
