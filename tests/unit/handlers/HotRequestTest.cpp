// How often a request with a token in steady use asks the general heap for memory.
#include <boost/test/unit_test.hpp>

#include "handlers/ChangeBank.h"
#include "tests/support/AllocationCount.h"
#include "tests/support/ManualClock.h"
#include "tests/support/TokenRecipe.h"
#include "tests/unit/handlers/FakeExchange.h"
#include "tests/unit/handlers/RecordingTrail.h"

namespace {

using namespace changebank::handlers;
using namespace changebank::security;
using changebank::tests::AllocationCount;
using changebank::tests::ManualClock;
using changebank::tests::TestKey;
using changebank::tests::TokenRecipe;

constexpr long long now = 1'790'000'000;

/// Takes an answer without memory of its own, so that what is counted is the service's.
class SilentResponse : public FakeResponse {
public:
    void sendBuffer(const void*, std::size_t) override {}
};

class SilentRequest : public FakeRequest {
public:
    using FakeRequest::FakeRequest;
    Poco::Net::HTTPServerResponse& response() const override { return _silent; }

private:
    mutable SilentResponse _silent;
};

struct GuardedChangeBank {
    ManualClock clock;
    const TestKey& key = TestKey::shared(KeyFamily::p256);
    std::string token = TokenRecipe(now).header("alg", "\"ES256\"").signedBy(key, Algorithm::es256);

    Poco::Net::HTTPRequestHandlerFactory::Ptr build() {
        TokenPolicy policy{TokenRecipe::issuer, {TokenRecipe::audience}};
        policy.algorithms = AlgorithmSet{Algorithm::es256};
        const auto set = JwkSet::parse(changebank::tests::keySetOf({key.jwk(R"("kid":"k1")")}));
        auto validator = std::make_shared<TokenValidator>(
            policy, std::make_shared<FixedKeySource>(std::get<std::shared_ptr<const JwkSet>>(set)),
            std::make_shared<VerifiedTokenCache>(100), 1, clock);
        return makeChangeBank(
            {{{"customer", "teller"}, {"teller"}}, "app.at"}, std::move(validator),
            std::make_shared<RefusalReporter>(ErrorDetail::detailed, std::make_shared<RefusalCounters>()),
            std::make_shared<RecordingTrail>());
    }
};

/// Of the factories and the handler, for one request.
std::size_t allocationsOf(Poco::Net::HTTPRequestHandlerFactory& factory, SilentRequest& request) {
    AllocationCount::includeThisThread();
    const auto before = AllocationCount::now();
    const std::unique_ptr<Poco::Net::HTTPRequestHandler> handler(factory.createRequestHandler(request));
    handler->handleRequest(request, request.response());
    BOOST_TEST(request.response().getStatus() == 200);
    return AllocationCount::now() - before;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(HotRequestTest)

BOOST_AUTO_TEST_CASE(allocatesTheHandlerAndWhatPocoNeedsForItsFields) {
    GuardedChangeBank bank;
    auto factory = bank.build();
    for (const auto& [name, value] :
         {std::pair<std::string, std::string>{"Authorization", "Bearer " + bank.token},
          {"Cookie", "app.at=" + bank.token}}) {
        std::size_t hot = 0;
        for (int i = 0; i < 5; ++i) {
            SilentRequest request("GET", "/make-change?total=1.02");
            request.set(name, value);
            hot = allocationsOf(*factory, request);
        }
        // The handler; and in POCO's list of fields a node for Cache-Control and one for Content-Type, whose
        // value is copied twice.
        BOOST_TEST_MESSAGE(name << ": " << hot << " allocations");
        BOOST_TEST(hot <= 5U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
