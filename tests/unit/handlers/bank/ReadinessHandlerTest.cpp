#include "changebank/handlers/bank/ReadinessHandler.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/handlers/FakeExchange.h"

using changebank::handlers::FakeRequest;
using changebank::handlers::ReadinessHandler;
using namespace changebank;
using namespace changebank::security;

namespace {

/// No keys, for a stated reason.
class NoKeys : public KeySource {
public:
    std::shared_ptr<const KeySnapshot> current() const override {
        return std::make_shared<KeySnapshot>(KeySnapshot{nullptr, 0, Cause::keysTimedOut});
    }
    bool mayRefetch(FetchReason) const override { return false; }
    std::shared_ptr<const KeySnapshot> refetch(FetchReason, std::uint64_t) override { return current(); }
    std::chrono::seconds retryAfter() const override { return std::chrono::seconds(7); }
};

std::shared_ptr<TokenValidator> validatorWith(std::shared_ptr<KeySource> keys) {
    return std::make_shared<TokenValidator>(TokenPolicy{"issuer", {"audience"}}, std::move(keys));
}

using Names = std::vector<std::string>;

ReadinessHandler* handlerOf(std::shared_ptr<const TokenValidator> validator, bool isStopping = false,
                            Names required = {"default"}) {
    return new ReadinessHandler(std::move(validator), std::make_shared<const Names>(std::move(required)),
                                isStopping);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ReadinessHandlerTest)

BOOST_AUTO_TEST_CASE(withoutKeysItIsNotReadyAndSaysWhy) {
    FakeRequest request("GET", "/readyz");
    const auto& response = request.handledBy(handlerOf(validatorWith(std::make_shared<NoKeys>())));
    BOOST_TEST(response.getStatus() == 503);
    BOOST_TEST(response.get("Retry-After") == "7");
    BOOST_TEST(response.get("Cache-Control") == "no-store");
    BOOST_TEST(response.body() == R"({"error":"request timed out","code":"ERR_JWKS_TIMEOUT"})");
}

BOOST_AUTO_TEST_CASE(withKeysItIsReady) {
    FakeRequest request("GET", "/readyz");
    const auto keys = std::make_shared<FixedKeySource>(std::make_shared<JwkSet>());
    const auto& response = request.handledBy(handlerOf(validatorWith(keys)));
    BOOST_TEST(response.getStatus() == 200);
    BOOST_TEST(response.body() == R"({"status":"ready"})");
    BOOST_TEST(!response.has("Retry-After"));
}

BOOST_AUTO_TEST_CASE(withKeysItIsNotReadyWhileTheServerStops) {
    FakeRequest request("GET", "/readyz");
    const auto keys = std::make_shared<FixedKeySource>(std::make_shared<JwkSet>());
    const auto& response = request.handledBy(handlerOf(validatorWith(keys), true));
    BOOST_TEST(response.getStatus() == 503);
    BOOST_TEST(response.get("Cache-Control") == "no-store");
    BOOST_TEST(response.body() == R"({"error":"the server is stopping"})");
}

BOOST_AUTO_TEST_CASE(itIsNotReadyWhileItDoesNotKnowWhichTokensAreRevoked) {
    FakeRequest request("GET", "/readyz");
    const auto keys = std::make_shared<FixedKeySource>(std::make_shared<JwkSet>());
    const auto revocations = std::make_shared<RevocationList>(RevocationList::Limits());
    const auto validator = std::make_shared<TokenValidator>(TokenPolicy{"issuer", {"audience"}}, keys,
                                                            nullptr, 1, Clock::system(), revocations);
    BOOST_TEST(request.handledBy(handlerOf(validator)).getStatus() == 200);
    revocations->setAvailable(false);
    FakeRequest later("GET", "/readyz");
    const auto& response = later.handledBy(handlerOf(validator));
    BOOST_TEST(response.getStatus() == 503);
    BOOST_TEST(response.get("Retry-After") == "5");
    BOOST_TEST(response.body() ==
               R"({"error":"revocations cannot be checked","code":"ERR_REVOCATIONS_UNAVAILABLE"})");
}

BOOST_AUTO_TEST_CASE(itNeedsTheRequiredIssuersAlone) {
    const auto keys = std::make_shared<FixedKeySource>(std::make_shared<JwkSet>());
    const auto validator = std::make_shared<TokenValidator>(
        std::vector<TrustedIssuer>{{"default", {"one", {"audience"}}, keys, 1},
                                   {"ci", {"two", {"audience"}}, std::make_shared<NoKeys>(), 2}});
    const auto respond = [&](Names required) {
        FakeRequest request("GET", "/readyz");
        const auto& response = request.handledBy(handlerOf(validator, false, std::move(required)));
        return std::to_string(response.getStatus()) + ' ' + response.body();
    };
    const std::string state = R"("issuers":{"default":"ready","ci":"ERR_JWKS_TIMEOUT"}})";
    const auto ready = R"(200 {"status":"ready",)" + state;
    const auto missing = R"(503 {"error":"request timed out","code":"ERR_JWKS_TIMEOUT",)" + state;
    BOOST_TEST(respond({}) == ready);
    BOOST_TEST(respond({"nobody"}) == ready);
    BOOST_TEST(respond({"default"}) == ready);
    BOOST_TEST(respond({"default", "ci"}) == missing);
    BOOST_TEST(respond({"ci"}) == missing);
}

BOOST_AUTO_TEST_SUITE_END()
