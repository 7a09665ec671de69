#include "changebank/kickstart/server/IdentityProvider.h"

#include <functional>
#include <thread>

#include "tests/unit/kickstart/OAuthFixture.h"

using namespace changebank;

namespace {

struct Fixture : tests::OAuthFixture {
    using Call = std::function<int()>;

    Fixture() {
        createOAuthApplication(
            R"("authorizedRedirectURLs":["http://localhost:3000"],"clientSecret":"the-secret-of-the-client",)"
            R"("enabledGrants":["authorization_code","refresh_token"],"generateRefreshTokens":true)");
        createTeller();
    }

    /// The statuses of concurrent calls, each on its own thread.
    static std::vector<int> atOnce(const std::vector<Call>& calls) {
        std::vector<int> statuses(calls.size());
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < calls.size(); ++i) {
            threads.emplace_back([&, i] { statuses[i] = calls[i](); });
        }
        for (auto& thread : threads) {
            thread.join();
        }
        return statuses;
    }

    /// The first status other than 200 of a repeated call; 200 if all succeed.
    static Call repeated(const Call& call) {
        return [call] {
            int status = 200;
            for (int i = 0; i < 8 && status == 200; ++i) {
                status = call();
            }
            return status;
        };
    }

    const std::string user = std::string("/api/user/") + tellerId;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(IdentityProviderTest, Fixture)

BOOST_AUTO_TEST_CASE(ServesConcurrentRequests) {
    std::size_t told = 0;
    provider.directory().observe(
        [&](const kickstart::DirectoryState&, const std::vector<kickstart::Event>& happened) {
            told += happened.size();
        });
    const auto refreshToken = memberOf(exchange(code()), "refresh_token");
    const std::vector<Call> calls{
        repeated([&] { return call("POST", "/api/login", loginBody()).status; }),
        repeated([&] { return call("PATCH", user, R"({"user":{"lastName":"T"}})").status; }),
        repeated([&] {
            return call("POST", "/api/key/generate", R"({"key":{"algorithm":"ES256","name":"x"}})").status;
        }),
        repeated([&] { return callOpenly("GET", "/.well-known/jwks.json").status; }),
        repeated([&] { return call("GET", user).status; }),
        repeated([&] { return refresh(refreshToken).status; })};
    BOOST_TEST(atOnce(calls) == std::vector<int>(calls.size(), 200), boost::test_tools::per_element());
    BOOST_TEST(told >= 8U);
}

BOOST_AUTO_TEST_CASE(CodeWorksForOneOfManyConcurrentRequests) {
    const auto granted = code();
    const auto statuses = atOnce(std::vector<Call>(6, [&] { return exchange(granted).status; }));
    BOOST_TEST(std::count(statuses.begin(), statuses.end(), 200) <= 1);
    BOOST_TEST(std::count(statuses.begin(), statuses.end(), 400) >= 5);
    provider.directory().read([](const kickstart::DirectoryState& state) {
        const kickstart::RefreshTokenSelection selection{.applicationId =
                                                             kickstart::Uuid::parse(applicationId)};
        BOOST_TEST(state.refreshTokens.select(selection, 0).empty());
    });
}

BOOST_AUTO_TEST_SUITE_END()
