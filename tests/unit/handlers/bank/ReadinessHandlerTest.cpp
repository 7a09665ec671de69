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
    std::shared_ptr<const KeySnapshot> refetch(FetchReason) override { return current(); }
    std::chrono::seconds retryAfter() const override { return std::chrono::seconds(7); }
};

std::shared_ptr<TokenValidator> validatorWith(std::shared_ptr<KeySource> keys) {
    return std::make_shared<TokenValidator>(TokenPolicy{"issuer", {"audience"}}, std::move(keys), nullptr, 1);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ReadinessHandlerTest)

BOOST_AUTO_TEST_CASE(withoutKeysItIsNotReadyAndSaysWhy) {
    FakeRequest request("GET", "/readyz");
    const auto& response =
        request.handledBy(new ReadinessHandler(validatorWith(std::make_shared<NoKeys>()), false));
    BOOST_TEST(response.getStatus() == 503);
    BOOST_TEST(response.get("Retry-After") == "7");
    BOOST_TEST(response.get("Cache-Control") == "no-store");
    BOOST_TEST(response.body() == R"({"error":"request timed out","code":"ERR_JWKS_TIMEOUT"})");
}

BOOST_AUTO_TEST_CASE(withKeysItIsReady) {
    FakeRequest request("GET", "/readyz");
    const auto keys = std::make_shared<FixedKeySource>(std::make_shared<JwkSet>());
    const auto& response = request.handledBy(new ReadinessHandler(validatorWith(keys), false));
    BOOST_TEST(response.getStatus() == 200);
    BOOST_TEST(response.body() == R"({"status":"ready"})");
    BOOST_TEST(!response.has("Retry-After"));
}

BOOST_AUTO_TEST_CASE(withKeysItIsNotReadyWhileTheServerStops) {
    FakeRequest request("GET", "/readyz");
    const auto keys = std::make_shared<FixedKeySource>(std::make_shared<JwkSet>());
    const auto& response = request.handledBy(new ReadinessHandler(validatorWith(keys), true));
    BOOST_TEST(response.getStatus() == 503);
    BOOST_TEST(response.get("Cache-Control") == "no-store");
    BOOST_TEST(response.body() == R"({"error":"the server is stopping"})");
}

BOOST_AUTO_TEST_SUITE_END()
