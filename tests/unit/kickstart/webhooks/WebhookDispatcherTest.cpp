#include "changebank/kickstart/webhooks/WebhookDispatcher.h"

#include <Poco/Base64Encoder.h>

#include <chrono>
#include <numeric>
#include <sstream>

#include "changebank/kickstart/values/Digest.h"
#include "tests/support/ScriptedKeyServer.h"
#include "tests/support/WebhookReceiver.h"
#include "tests/unit/kickstart/ProviderFixture.h"

using namespace changebank;
using namespace std::chrono_literals;
using kickstart::WebhookDispatcher;

namespace {

struct Fixture : tests::ProviderFixture {
    Fixture() {
        createKey("ES256");
        createApplication();
        createTeller();
        BOOST_REQUIRE_EQUAL(
            call("PATCH", std::string("/api/tenant/") + tenantId,
                 R"({"tenant":{"eventConfiguration":{"events":{"user.update":{"enabled":true}}}}})")
                .status,
            200);
    }

    /// Tries again at once, unless the pauses say otherwise.
    void start(const kickstart::WebhookCourier::Pauses& pauses = {0ms, 0ms, 0ms}) {
        dispatcher.emplace([this](const std::string& line) { reports.put(line); }, pauses);
        provider.directory().observe(
            [this](const kickstart::DirectoryState& state, const std::vector<kickstart::Event>& happened) {
                if (dispatcher) dispatcher->announce(state, happened);
            });
    }

    void createWebhook(const std::string& url, const std::string& more = "") {
        BOOST_REQUIRE_EQUAL(
            call("POST", "/api/webhook",
                 R"({"webhook":{"url":")" + url +
                     R"(","eventsEnabled":{"user.update":true,"user.deactivate":true})" + more + "}}")
                .status,
            200);
    }

    void happen() {
        BOOST_REQUIRE_EQUAL(
            call("PATCH", std::string("/api/user/") + tellerId, R"({"user":{"lastName":"T"}})").status, 200);
    }

    tests::WebhookReceiver receiver;
    tests::Inbox<std::string> reports;
    std::optional<WebhookDispatcher> dispatcher;
};

std::string base64(const std::string& bytes) {
    std::ostringstream text;
    Poco::Base64Encoder encoder(text);
    encoder << bytes;
    encoder.close();
    return text.str();
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(WebhookDispatcherTest, Fixture)

BOOST_AUTO_TEST_CASE(SendsAnEventWithItsSignature) {
    start();
    createWebhook(
        receiver.url(),
        R"(,"headers":{"Authorization":"secret"},"signatureConfiguration":{"enabled":true,"signingKeyId":")" +
            std::string(keyId) + "\"}");
    happen();
    const auto told = receiver.take(1).front();
    BOOST_TEST(told.contentType == "application/json");
    BOOST_TEST(told.authorization == "secret");
    const auto event = *Json::parse(told.body)->find("event");
    BOOST_TEST(textAt(event, "type") == "user.update");
    BOOST_TEST(textAt(event, "user", "lastName") == "T");
    BOOST_TEST(kickstart::Uuid::parse(textAt(event, "id")).has_value());
    const auto claims = verified(told.signature).payload;
    BOOST_TEST(claims == R"({"request_body_sha256":")" + base64(kickstart::sha256(told.body)) + "\"}");
}

BOOST_AUTO_TEST_CASE(TenantAndWebhookMustBothEnableTheEvent) {
    start();
    createWebhook(receiver.url());
    BOOST_REQUIRE_EQUAL(call("DELETE", std::string("/api/user/") + tellerId).status, 200);
    call("PATCH", std::string("/api/tenant/") + tenantId,
         R"({"tenant":{"eventConfiguration":{"events":{"user.reactivate":{"enabled":true}}}}})");
    callWith("PUT", std::string("/api/user/") + tellerId, {{"reactivate", "true"}});
    happen();
    // In their order: what was wanted by one of the two alone would have come before.
    const auto told = receiver.take(1).front();
    BOOST_TEST(textAt(*Json::parse(told.body), "event", "type") == "user.update");
    BOOST_TEST(told.signature.empty());
}

BOOST_AUTO_TEST_CASE(FailedEventIsRetried) {
    receiver.answerWith({500, 302, 200});
    start();
    createWebhook(receiver.url());
    happen();
    const auto told = receiver.take(3);
    BOOST_TEST(told[0].body == told[1].body);
    BOOST_TEST(told[0].body == told[2].body);
    const auto said = reports.take(2);
    BOOST_TEST(said[0].find("the response has status 500; retrying") != std::string::npos, said[0]);
    BOOST_TEST(said[1].find("status 302; retrying") != std::string::npos, said[1]);
}

BOOST_AUTO_TEST_CASE(GivesUpAfterFourAttempts) {
    receiver.answerWith({500, 500, 500, 500});
    start();
    createWebhook(receiver.url());
    happen();
    BOOST_TEST(reports.take(4).back().find("; giving up") != std::string::npos);
    happen();
    BOOST_TEST(receiver.take(5).size() == 5U);
}

BOOST_AUTO_TEST_CASE(ReceiverThatIsBeingRestartedGetsTheEvent) {
    std::optional<tests::WebhookReceiver> restarted(std::in_place);
    const auto port = restarted->port();
    start(WebhookDispatcher::usualPauses());
    createWebhook(restarted->url());
    restarted.reset();
    happen();
    const auto said = reports.take(1).front();
    BOOST_TEST(said.find("; retrying in 200 ms") != std::string::npos, said);
    restarted.emplace(port);
    BOOST_TEST(restarted->take(1).size() == 1U);
}

BOOST_AUTO_TEST_CASE(PausesGrowToSomeSeconds) {
    const auto pauses = WebhookDispatcher::usualPauses();
    BOOST_TEST(pauses.size() == 3U);
    BOOST_TEST(std::is_sorted(pauses.begin(), pauses.end()));
    const auto all = std::accumulate(pauses.begin(), pauses.end(), 0ms);
    BOOST_TEST((all >= 3s && all <= 10s));
}

BOOST_AUTO_TEST_CASE(NoWebhookWaitsForAnother) {
    tests::WebhookReceiver failing;
    failing.answerWith({500});
    start({1h});
    createWebhook(failing.url());
    createWebhook(receiver.url());
    happen();
    BOOST_TEST(reports.take(1).front().find("; retrying in 3600000 ms") != std::string::npos);
    happen();
    BOOST_TEST(receiver.take(2).size() == 2U);
    // What its own order demands: the second event waits behind the first one.
    BOOST_TEST(failing.take(1).size() == 1U);
    dispatcher.reset();
    BOOST_TEST(reports.take(3).back().find(": 1 events were not delivered") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(SilentWebhookTimesOut) {
    tests::ScriptedKeyServer silent(tests::ScriptedKeyServer::silence());
    start();
    createWebhook("http://127.0.0.1:" + std::to_string(silent.port()) + "/",
                  R"(,"connectTimeout":20,"readTimeout":30)");
    happen();
    const auto said = reports.take(1).front();
    BOOST_TEST(said.find("no response within 50 ms: ") != std::string::npos, said);
    BOOST_TEST(said.find("; retrying") != std::string::npos, said);
}

BOOST_AUTO_TEST_CASE(InvalidHttpIsAFailure) {
    tests::ScriptedKeyServer odd(tests::ScriptedKeyServer::raw("nonsense\r\n\r\n"));
    start();
    createWebhook("http://127.0.0.1:" + std::to_string(odd.port()) + "/");
    happen();
    BOOST_TEST(reports.take(4).back().find("; giving up") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(QueueIsBoundedAndAnnounceDoesNotBlock) {
    tests::ScriptedKeyServer silent(tests::ScriptedKeyServer::silence());
    start();
    createWebhook("http://127.0.0.1:" + std::to_string(silent.port()) + "/",
                  R"(,"connectTimeout":1000,"readTimeout":1000)");
    // One may be under way.
    const std::vector<kickstart::Event> many(
        kickstart::WebhookCourier::capacity + 2,
        kickstart::Event{"user.update", *kickstart::Uuid::parse(tenantId), 1'790'000'000'000});
    provider.directory().read(
        [&](const kickstart::DirectoryState& state) { dispatcher->announce(state, many); });
    BOOST_TEST(reports.take(1).front().find("dropped: the queue is full") != std::string::npos);
    dispatcher.reset();
    BOOST_TEST(reports.take(1).back().find("events were not delivered") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
