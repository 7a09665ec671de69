// How often a request with a token in steady use asks the general heap for memory and takes a lock.
#include <boost/test/unit_test.hpp>
#include <ctime>

#include "changebank/handlers/bank/ChangeBank.h"
#include "tests/support/AllocationCount.h"
#include "tests/support/LockCount.h"
#include "tests/support/OnlyIf.h"
#include "tests/support/TokenRecipe.h"
#include "tests/unit/handlers/FakeExchange.h"
#include "tests/unit/handlers/RecordingTrail.h"

namespace {

using namespace changebank;
using namespace changebank::handlers;
using namespace changebank::security;
using changebank::tests::AllocationCount;
using changebank::tests::LockCount;
using changebank::tests::TestKey;
using changebank::tests::TokenRecipe;

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
    const TestKey& key = TestKey::shared(KeyFamily::p256);
    std::string token =
        TokenRecipe(std::time(nullptr)).header("alg", "\"ES256\"").signedBy(key, Algorithm::es256);

    Poco::Net::HTTPRequestHandlerFactory::Ptr build() {
        TokenPolicy policy{TokenRecipe::issuer, {TokenRecipe::audience}};
        policy.algorithms = AlgorithmSet{Algorithm::es256};
        const auto set = JwkSet::parse(changebank::tests::keySetOf({key.jwk(R"("kid":"k1")")}));
        auto validator = std::make_shared<TokenValidator>(
            policy, std::make_shared<FixedKeySource>(std::get<std::shared_ptr<const JwkSet>>(set)),
            std::make_shared<VerifiedTokenCache>(100), 1, Clock::system());
        return makeChangeBank(
            {.access = {.makeChange = anyRole({"customer", "teller"}), .panic = anyRole({"teller"})},
             .cookie = "app.at"},
            std::move(validator),
            std::make_shared<RefusalReporter>(ErrorDetail::detailed, std::make_shared<RefusalCounters>()),
            std::make_shared<RecordingTrail>());
    }
};

/// What the factories and the handler do for one request, of what `Count` counts.
template <typename Count>
std::size_t countFor(Poco::Net::HTTPRequestHandlerFactory& factory, SilentRequest& request) {
    Count::includeThisThread();
    const auto before = Count::now();
    std::unique_ptr<Poco::Net::HTTPRequestHandler> handler(factory.createRequestHandler(request));
    handler->handleRequest(request, request.response());
    handler.reset();
    const auto after = Count::now();
    BOOST_TEST(request.response().getStatus() == 200);
    return after - before;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(HotRequestTest)

BOOST_AUTO_TEST_CASE(allocatesWhatPocoNeedsForItsFields) {
    GuardedChangeBank bank;
    auto factory = bank.build();
    for (const auto& [name, value] :
         {std::pair<std::string, std::string>{"Authorization", "Bearer " + bank.token},
          {"Cookie", "app.at=" + bank.token}}) {
        std::size_t hot = 0;
        for (int i = 0; i < 5; ++i) {
            SilentRequest request("GET", "/make-change?total=1.02");
            request.set(name, value);
            hot = countFor<AllocationCount>(*factory, request);
        }
        // The handler; in POCO's list of fields a node for Cache-Control and one for Content-Type, whose
        // value is copied twice.
        BOOST_TEST_MESSAGE(name << ": " << hot << " allocations");
        BOOST_TEST(hot <= 5U);
    }
}

BOOST_AUTO_TEST_CASE(takesTheLockOfItsTokensSet,
                     *changebank::tests::onlyIf(LockCount::isCounting,
                                                "sanitizers have locks of their own")) {
    GuardedChangeBank bank;
    auto factory = bank.build();
    const auto locksOfNext = [&] {
        SilentRequest request("GET", "/make-change?total=1.02");
        request.set("Authorization", "Bearer " + bank.token);
        return countFor<LockCount>(*factory, request);
    };
    // The first one is verified and cached.
    BOOST_TEST(locksOfNext() > 1U);
    for (int use = 0; use < 3; ++use)
        BOOST_TEST(locksOfNext() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
