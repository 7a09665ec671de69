#include "changebank/security/guard/GuardedRequestHandlerFactory.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/StreamCopier.h>

#include <boost/test/unit_test.hpp>
#include <initializer_list>

#include "changebank/base/handler/SuspendedRequestHandler.h"
#include "changebank/security/guard/AccessGuard.h"
#include "tests/support/ManualClock.h"
#include "tests/support/TokenRecipe.h"
#include "tests/unit/handlers/FakeExchange.h"
#include "tests/unit/security/guard/GreetingFactory.h"

using namespace changebank;
using namespace changebank::security;
using namespace changebank::tests;

namespace {

constexpr long long now = 1'790'000'000;

class RecordingReporter : public RefusalReporter {
public:
    using RefusalReporter::RefusalReporter;
    std::vector<Cause> causes;
    std::string lastSubject;

protected:
    void refused(const Poco::Net::HTTPServerRequest&, const Refusal& refusal,
                 const Principal* principal) override {
        causes.push_back(refusal.cause);
        lastSubject = principal ? principal->subject : "";
    }
};

/// The keys cannot be had, and asking again may take a while.
class WaitingKeySource : public KeySource {
public:
    explicit WaitingKeySource(std::shared_ptr<const JwkSet> later) : _later(std::move(later)) {}
    std::shared_ptr<const KeySnapshot> current() const override { return std::make_shared<KeySnapshot>(); }
    bool mayRefetch(FetchReason) const override { return _later != nullptr; }
    std::shared_ptr<const KeySnapshot> refetch(FetchReason, std::uint64_t) override {
        return std::make_shared<KeySnapshot>(KeySnapshot{_later, 1, Cause::keysUnreachable});
    }
    std::chrono::seconds retryAfter() const override { return std::chrono::seconds(7); }

private:
    std::shared_ptr<const JwkSet> _later;
};

/// Notes of each handler whether it is deferred.
class DeferralNotingFactory : public Poco::Net::HTTPRequestHandlerFactory {
public:
    DeferralNotingFactory(Poco::Net::HTTPRequestHandlerFactory::Ptr guard, std::vector<bool>& deferred)
        : _guard(std::move(guard)), _deferred(deferred) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(
        const Poco::Net::HTTPServerRequest& request) override {
        auto* handler = _guard->createRequestHandler(request);
        _deferred.push_back(dynamic_cast<DeferredRequestHandler*>(handler) != nullptr);
        return handler;
    }

private:
    Poco::Net::HTTPRequestHandlerFactory::Ptr _guard;
    std::vector<bool>& _deferred;
};

using Headers = std::initializer_list<std::pair<const char*, std::string>>;

struct Answer {
    int status;
    std::string body;
    Poco::Net::HTTPResponse head;
};

/// POCO's own server with the guard in front of somebody's handlers.
struct Fixture {
    void serve(std::shared_ptr<KeySource> keys, ErrorDetail detail = ErrorDetail::detailed,
               std::shared_ptr<VerifiedTokenCache> cache = nullptr) {
        reporter = std::make_shared<RecordingReporter>(detail, counters, realm);
        TokenPolicy policy;
        policy.issuer = TokenRecipe::issuer;
        policy.audiences = {TokenRecipe::audience};
        const auto validator = std::make_shared<TokenValidator>(policy, std::move(keys), std::move(cache), 1,
                                                                clock, revocations);
        const auto guarded =
            std::make_shared<AccessGuard>(anyRole({"teller"}), std::make_shared<GreetingFactory>(), reporter);
        guard.assign(
            new GuardedRequestHandlerFactory(TokenExtractor("app.at"), validator, guarded, reporter));
        server = std::make_unique<Poco::Net::HTTPServer>(new DeferralNotingFactory(guard, deferred), socket,
                                                         new Poco::Net::HTTPServerParams);
        server->start();
    }

    Answer send(const std::string& method, Headers headers) {
        Poco::Net::HTTPClientSession session("127.0.0.1", socket.address().port());
        Poco::Net::HTTPRequest request(method, "/anything", Poco::Net::HTTPMessage::HTTP_1_1);
        for (const auto& [name, value] : headers)
            request.add(name, value);
        session.sendRequest(request);
        Answer answer;
        auto& stream = session.receiveResponse(answer.head);
        Poco::StreamCopier::copyToString(stream, answer.body);
        answer.status = answer.head.getStatus();
        return answer;
    }

    ~Fixture() {
        if (server) server->stopAll(true);
    }

    std::shared_ptr<const JwkSet> keySet() const {
        const auto parsed = JwkSet::parse(keySetOf({TestKey::shared(KeyFamily::rsa).jwk(R"("kid":"k1")")}));
        return std::get<std::shared_ptr<const JwkSet>>(parsed);
    }

    std::string good() const { return TokenRecipe(now).signedBy(TestKey::shared(KeyFamily::rsa)); }

    ManualClock clock;
    std::shared_ptr<RevocationList> revocations =
        std::make_shared<RevocationList>(RevocationList::Limits(), clock);
    std::shared_ptr<RefusalCounters> counters = std::make_shared<RefusalCounters>();
    std::shared_ptr<RecordingReporter> reporter;
    std::string realm{defaultRealm};
    std::vector<bool> deferred;
    Poco::Net::ServerSocket socket{Poco::Net::SocketAddress("127.0.0.1", 0)};
    Poco::Net::HTTPRequestHandlerFactory::Ptr guard;
    std::unique_ptr<Poco::Net::HTTPServer> server;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(GuardedRequestHandlerFactoryTest, Fixture)

BOOST_AUTO_TEST_CASE(letsAGoodTokenThrough) {
    serve(std::make_shared<FixedKeySource>(keySet()));
    const std::string expected = "hello 00000000-0000-0000-0000-000000000001";
    BOOST_TEST(send("GET", {{"Authorization", "Bearer " + good()}}).body == expected);
    BOOST_TEST(send("GET", {{"Cookie", "app.at=" + good()}}).body == expected);
    BOOST_TEST(reporter->causes.empty());
}

BOOST_AUTO_TEST_CASE(theServerIsToldWhoCallsAndWhyACallerIsRefused) {
    serve(std::make_shared<FixedKeySource>(keySet()));
    handlers::ContextFakeRequest known("GET", "/anything");
    known.set("Authorization", "Bearer " + good());
    known.handledBy(guard->createRequestHandler(known));
    BOOST_TEST(known.subject == "00000000-0000-0000-0000-000000000001");
    BOOST_TEST(known.denial.empty());
    handlers::ContextFakeRequest unknown("GET", "/anything");
    unknown.handledBy(guard->createRequestHandler(unknown));
    BOOST_TEST(unknown.subject.empty());
    BOOST_TEST(unknown.denial == "missing_token");
}

BOOST_AUTO_TEST_CASE(onlyATokenThatIsNotRememberedIsCostly) {
    serve(std::make_shared<FixedKeySource>(keySet()), ErrorDetail::detailed,
          std::make_shared<VerifiedTokenCache>(100));
    const std::string forged = TokenRecipe(now).signedBy(TestKey::generate(KeyFamily::rsa));
    for (const auto& token : {good(), good(), forged, forged})
        send("GET", {{"Authorization", "Bearer " + token}});
    send("GET", {});
    const std::vector<bool> expected{true, false, true, true, false};
    BOOST_TEST(deferred == expected, boost::test_tools::per_element());
    BOOST_TEST(counters->of(Cause::signatureInvalid) == 2U);
}

BOOST_AUTO_TEST_CASE(aRequestWithoutATokenGets401) {
    serve(std::make_shared<FixedKeySource>(keySet()));
    const auto answer = send("GET", {});
    BOOST_TEST(answer.status == 401);
    BOOST_TEST(answer.body == R"({"error":"Missing token cookie and Authorization header"})");
    BOOST_TEST(answer.head.get("WWW-Authenticate") == R"(Bearer realm="changebank")");
    BOOST_TEST(answer.head.get("Content-Type") == "application/json; charset=utf-8");
    BOOST_TEST(answer.head.get("Cache-Control") == "no-store");
    BOOST_TEST(counters->of(Cause::missingToken) == 1U);
}

BOOST_AUTO_TEST_CASE(aBadTokenGets401) {
    serve(std::make_shared<FixedKeySource>(keySet()));
    const auto answer = send("GET", {{"Authorization", "Bearer abc"}});
    BOOST_TEST(answer.status == 401);
    BOOST_TEST(answer.body == R"({"error":"Invalid Compact JWS","code":"ERR_JWS_INVALID"})");
    BOOST_TEST(answer.head.get("WWW-Authenticate") == R"(Bearer realm="changebank", error="invalid_token")");
}

BOOST_AUTO_TEST_CASE(twoAuthorizationHeadersGet400) {
    serve(std::make_shared<FixedKeySource>(keySet()));
    const auto answer =
        send("GET", {{"Authorization", "Bearer " + good()}, {"Authorization", "Bearer " + good()}});
    BOOST_TEST(answer.status == 400);
    BOOST_TEST(answer.head.get("WWW-Authenticate") ==
               R"(Bearer realm="changebank", error="invalid_request")");
}

BOOST_AUTO_TEST_CASE(anotherWordAfterTheTokenGets400) {
    serve(std::make_shared<FixedKeySource>(keySet()));
    const auto answer = send("GET", {{"Authorization", "Bearer " + good() + " extra"}});
    BOOST_TEST(answer.status == 400);
    BOOST_TEST(
        answer.body ==
        R"({"error":"the Authorization header has more than one word after Bearer","code":"ERR_INVALID_REQUEST"})");
    BOOST_TEST(answer.head.get("WWW-Authenticate") ==
               R"(Bearer realm="changebank", error="invalid_request")");
    BOOST_TEST(send("GET", {{"Authorization", "Bearer   " + good()}}).status == 200);
}

BOOST_AUTO_TEST_CASE(aMissingRoleGets403AndTheReporterLearnsTheCaller) {
    serve(std::make_shared<FixedKeySource>(keySet()));
    const auto token =
        TokenRecipe(now).claim("roles", R"(["customer"])").signedBy(TestKey::shared(KeyFamily::rsa));
    const auto answer = send("GET", {{"Authorization", "Bearer " + token}});
    BOOST_TEST(answer.status == 403);
    BOOST_TEST(answer.body == R"({"error":"You do not have a role with permissions to do this."})");
    BOOST_TEST(answer.head.get("WWW-Authenticate") ==
               R"(Bearer realm="changebank", error="insufficient_scope")");
    BOOST_TEST(reporter->lastSubject == "00000000-0000-0000-0000-000000000001");
}

BOOST_AUTO_TEST_CASE(aCookieFromAnotherSiteDoesNotWrite) {
    serve(std::make_shared<FixedKeySource>(keySet()));
    const auto cookie = "app.at=" + good();
    const auto answer = send("POST", {{"Cookie", cookie}, {"Sec-Fetch-Site", "cross-site"}});
    BOOST_TEST(answer.status == 403);
    BOOST_TEST(
        answer.body ==
        R"({"error":"a token cookie is not accepted on a cross-site request","code":"ERR_CROSS_SITE_REQUEST"})");
    BOOST_TEST(!answer.head.has("WWW-Authenticate"));
    BOOST_TEST(send("POST", {{"Cookie", cookie}, {"Origin", "null"}}).status == 403);
    BOOST_TEST(send("POST", {{"Cookie", cookie}, {"Sec-Fetch-Site", "same-origin"}}).status == 200);
    BOOST_TEST(send("POST", {{"Cookie", cookie}}).status == 200);
    BOOST_TEST(send("GET", {{"Cookie", cookie}, {"Sec-Fetch-Site", "cross-site"}}).status == 200);
    // A header is sent by no browser on its own.
    BOOST_TEST(
        send("POST", {{"Authorization", "Bearer " + good()}, {"Sec-Fetch-Site", "cross-site"}}).status ==
        200);
}

BOOST_AUTO_TEST_CASE(minimalErrorsTellNothingApart) {
    serve(std::make_shared<FixedKeySource>(keySet()), ErrorDetail::minimal);
    const auto expired = TokenRecipe(now).claim("exp", "1").signedBy(TestKey::shared(KeyFamily::rsa));
    const auto first = send("GET", {{"Authorization", "Bearer " + expired}});
    const auto second = send("GET", {{"Authorization", "Bearer abc"}});
    BOOST_TEST(first.status == 401);
    BOOST_TEST(first.body == second.body);
    BOOST_TEST(first.body == R"({"error":"invalid token","code":"ERR_INVALID_TOKEN"})");
    BOOST_TEST(send("GET", {}).body == R"({"error":"Missing token cookie and Authorization header"})");
    // The operator still sees the causes.
    BOOST_TEST(counters->of(Cause::expired) == 1U);
    BOOST_TEST(counters->of(Cause::notCompact) == 1U);
}

BOOST_AUTO_TEST_CASE(aServiceHasARealmOfItsOwn) {
    realm = "a shop";
    serve(std::make_shared<FixedKeySource>(keySet()));
    BOOST_TEST(send("GET", {}).head.get("WWW-Authenticate") == R"(Bearer realm="a shop")");
    for (const std::string bad : {"a\"b", "a\\", "a\r\nb", "\x7F", "caf\xC3\xA9"})
        BOOST_CHECK_THROW(RefusalReporter(ErrorDetail::detailed, counters, bad),
                          Poco::InvalidArgumentException);
}

BOOST_AUTO_TEST_CASE(missingKeysAreA503) {
    serve(std::make_shared<WaitingKeySource>(nullptr));
    const auto answer = send("GET", {{"Authorization", "Bearer " + good()}});
    BOOST_TEST(answer.status == 503);
    BOOST_TEST(answer.head.get("Retry-After") == "7");
    BOOST_TEST(!answer.head.has("WWW-Authenticate"));
    BOOST_TEST(answer.body ==
               R"({"error":"the JSON Web Key Set cannot be reached","code":"ERR_JWKS_UNREACHABLE"})");
}

BOOST_AUTO_TEST_CASE(aResultThatNeedsAFetchIsReachedInTheHandler) {
    serve(std::make_shared<WaitingKeySource>(keySet()));
    BOOST_TEST(send("GET", {{"Authorization", "Bearer " + good()}}).status == 200);
    BOOST_TEST(send("GET", {{"Authorization", "Bearer abc"}}).status == 401);
}

/// Has keys that bring no end to any wait, until a fetch ends.
class PendingKeySource : public KeySource {
public:
    explicit PendingKeySource(std::shared_ptr<const JwkSet> later) : _later(std::move(later)) {}
    std::shared_ptr<const KeySnapshot> current() const override {
        return std::make_shared<KeySnapshot>(
            KeySnapshot{hasEnded ? _later : nullptr, hasEnded ? 1U : 0U, Cause::keysUnreachable});
    }
    bool mayRefetch(FetchReason) const override { return true; }
    std::shared_ptr<const KeySnapshot> refetch(FetchReason, std::uint64_t) override {
        BOOST_ERROR("waits on the thread of an event loop");
        return current();
    }
    Joined join(FetchReason, std::uint64_t, std::function<void()> ended) override {
        if (isBusy) return std::make_shared<const KeySnapshot>(KeySnapshot{nullptr, 0, Cause::keysBusy});
        end = std::move(ended);
        return std::make_unique<Place>();
    }
    std::chrono::milliseconds maxWait() const override { return std::chrono::milliseconds(1234); }
    std::chrono::seconds retryAfter() const override { return std::chrono::seconds(7); }

    std::function<void()> end;
    bool hasEnded = false;
    bool isBusy = false;

private:
    std::shared_ptr<const JwkSet> _later;
};

struct PendingFixture : Fixture {
    PendingFixture() { serve(keys); }

    /// The handler that waits for the keys.
    std::unique_ptr<Poco::Net::HTTPRequestHandler> waiting() {
        request.set("Authorization", "Bearer " + good());
        const std::unique_ptr<Poco::Net::HTTPRequestHandler> first(guard->createRequestHandler(request));
        return dynamic_cast<DeferredRequestHandler&>(*first).resolve(request);
    }

    std::shared_ptr<PendingKeySource> keys = std::make_shared<PendingKeySource>(keySet());
    handlers::FakeRequest request{"GET", "/anything"};
};

BOOST_FIXTURE_TEST_CASE(aTokenThatNeedsKeysIsSuspendedUntilTheFetchEnds, PendingFixture) {
    const auto handler = waiting();
    auto& suspended = dynamic_cast<SuspendedRequestHandler&>(*handler);
    bool isResumed = false;
    BOOST_TEST(suspended.suspend([&] { isResumed = true; }));
    BOOST_TEST((suspended.maxWait() == std::chrono::milliseconds(1234)));
    keys->hasEnded = true;
    keys->end();
    BOOST_TEST(isResumed);
    BOOST_TEST(request.handledBy(suspended.resolve(request)).getStatus() == 200);
}

// Then it waits for its turn, as long as others go first.
BOOST_FIXTURE_TEST_CASE(aTokenThatIsRevokedAfterOtherKeysSavedTheFetchIsRefused, PendingFixture) {
    const auto handler = waiting();
    auto& suspended = dynamic_cast<SuspendedRequestHandler&>(*handler);
    keys->hasEnded = true;
    BOOST_TEST(!suspended.suspend([] {}));
    revocations->add({.user = "00000000-0000-0000-0000-000000000001", .issuedUpTo = now});
    BOOST_TEST(request.handledBy(suspended.resolve(request)).getStatus() == 401);
    BOOST_TEST(counters->of(Cause::revoked) == 1U);
}

BOOST_FIXTURE_TEST_CASE(aTokenThatIsRevokedDuringTheFetchIsRefused, PendingFixture) {
    const auto handler = waiting();
    auto& suspended = dynamic_cast<SuspendedRequestHandler&>(*handler);
    BOOST_TEST(suspended.suspend([] {}));
    keys->hasEnded = true;
    keys->end();
    revocations->add({.user = "00000000-0000-0000-0000-000000000001", .issuedUpTo = now});
    BOOST_TEST(request.handledBy(suspended.resolve(request)).getStatus() == 401);
    BOOST_TEST(counters->of(Cause::revoked) == 1U);
}

BOOST_FIXTURE_TEST_CASE(aFetchThatDoesNotEndInTimeIsA503, PendingFixture) {
    const auto handler = waiting();
    auto& suspended = dynamic_cast<SuspendedRequestHandler&>(*handler);
    BOOST_TEST(suspended.suspend([] {}));
    const auto& response = request.handledBy(suspended.resolve(request));
    BOOST_TEST(response.getStatus() == 503);
    BOOST_TEST(response.get("Retry-After") == "7");
}

BOOST_FIXTURE_TEST_CASE(beyondTheLimitOfWaitingRequestsIsA503, PendingFixture) {
    keys->isBusy = true;
    const auto handler = waiting();
    auto& suspended = dynamic_cast<SuspendedRequestHandler&>(*handler);
    BOOST_TEST(!suspended.suspend([] {}));
    const auto& response = request.handledBy(suspended.resolve(request));
    BOOST_TEST(response.getStatus() == 503);
    BOOST_TEST(response.get("Retry-After") == "7");
    BOOST_TEST(response.body() ==
               R"({"error":"too many requests wait for the JSON Web Key Set","code":"ERR_JWKS_BUSY"})");
    BOOST_TEST(!response.has("WWW-Authenticate"));
}

BOOST_AUTO_TEST_SUITE_END()
