#include "kickstart/WebhookDispatcher.h"

#include <Poco/Base64Encoder.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/StreamCopier.h>

#include <condition_variable>
#include <mutex>
#include <sstream>

#include "kickstart/Sha256.h"
#include "tests/support/ScriptedKeyServer.h"
#include "tests/unit/kickstart/ProviderFixture.h"

using namespace changebank;
using kickstart::WebhookDispatcher;

namespace {

constexpr std::chrono::seconds patience{20};

/// What webhooks were told or what was reported of them, for a test that waits for it.
template <typename Value>
class Inbox {
public:
    void put(Value value) {
        const std::lock_guard lock(_mutex);
        _values.push_back(std::move(value));
        _changed.notify_all();
    }

    /// The first that many, once they have come.
    std::vector<Value> take(std::size_t count) {
        std::unique_lock lock(_mutex);
        BOOST_REQUIRE(_changed.wait_for(lock, patience, [&] { return _values.size() >= count; }));
        return _values;
    }

private:
    std::mutex _mutex;
    std::condition_variable _changed;
    std::vector<Value> _values;
};

struct Told {
    std::string body;
    std::string signature;
    std::string authorization;
    std::string contentType;
};

/// Somebody's webhook on a free loopback port; answers with the statuses in their order, then with 200.
class Receiver : public Poco::Net::HTTPRequestHandlerFactory {
public:
    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest&) override {
        return new Handler(*this);
    }

    Inbox<Told> inbox;
    std::vector<int> statuses;

private:
    class Handler : public Poco::Net::HTTPRequestHandler {
    public:
        explicit Handler(Receiver& receiver) : _receiver(receiver) {}

        void handleRequest(Poco::Net::HTTPServerRequest& request,
                           Poco::Net::HTTPServerResponse& response) override {
            Told told;
            Poco::StreamCopier::copyToString(request.stream(), told.body);
            told.signature = request.get("X-FusionAuth-Signature-JWT", "");
            told.authorization = request.get("Authorization", "");
            told.contentType = request.getContentType();
            int status = 200;
            {
                const std::lock_guard lock(_receiver._mutex);
                if (!_receiver.statuses.empty()) {
                    status = _receiver.statuses.front();
                    _receiver.statuses.erase(_receiver.statuses.begin());
                }
            }
            response.setStatus(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(status));
            response.send();
            _receiver.inbox.put(told);
        }

    private:
        Receiver& _receiver;
    };

    std::mutex _mutex;
};

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

    void start(const WebhookDispatcher::Limits& limits = {}) {
        dispatcher.emplace([this](const std::string& line) { reports.put(line); }, limits);
        provider.directory().observe(
            [this](const kickstart::DirectoryState& state, const std::vector<kickstart::Event>& happened) {
                if (dispatcher) dispatcher->announce(state, happened);
            });
    }

    void createWebhook(const std::string& url, const std::string& more = "") {
        BOOST_REQUIRE_EQUAL(
            call("POST", "/api/webhook",
                 R"({"webhook":{"url":")" + url + R"(","eventsEnabled":{"user.update":true})" + more + "}}")
                .status,
            200);
    }

    void happen() {
        BOOST_REQUIRE_EQUAL(
            call("PATCH", std::string("/api/user/") + tellerId, R"({"user":{"lastName":"T"}})").status, 200);
    }

    std::string url() const { return "http://127.0.0.1:" + std::to_string(server.port()) + "/hook?a=b"; }

    Receiver* receiver = new Receiver;
    Poco::Net::HTTPServer server{receiver, Poco::Net::ServerSocket(Poco::Net::SocketAddress("127.0.0.1", 0)),
                                 new Poco::Net::HTTPServerParams};
    struct Running {
        explicit Running(Poco::Net::HTTPServer& started) : server(started) { server.start(); }
        ~Running() { server.stopAll(true); }
        Poco::Net::HTTPServer& server;
    } running{server};
    Inbox<std::string> reports;
    std::optional<WebhookDispatcher> dispatcher;
};

std::string base64(const std::string& octets) {
    std::ostringstream text;
    Poco::Base64Encoder encoder(text);
    encoder << octets;
    encoder.close();
    return text.str();
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(WebhookDispatcherTest, Fixture)

BOOST_AUTO_TEST_CASE(TellsAWebhookWithItsSignature) {
    start();
    createWebhook(
        url(),
        R"(,"headers":{"Authorization":"secret"},"signatureConfiguration":{"enabled":true,"signingKeyId":")" +
            std::string(keyId) + "\"}");
    happen();
    const auto told = receiver->inbox.take(1).front();
    BOOST_TEST(told.contentType == "application/json");
    BOOST_TEST(told.authorization == "secret");
    const auto event = *security::Json::parse(told.body)->find("event");
    BOOST_TEST(textAt(event, "type") == "user.update");
    BOOST_TEST(textAt(event, "user", "lastName") == "T");
    BOOST_TEST(kickstart::Uuid::parse(textAt(event, "id")).has_value());
    const auto claims = verified(told.signature).payload;
    BOOST_TEST(claims == R"({"request_body_sha256":")" + base64(kickstart::sha256(told.body)) + "\"}");
}

BOOST_AUTO_TEST_CASE(TenantAndWebhookMustBothWantIt) {
    start();
    createWebhook(url());
    BOOST_REQUIRE_EQUAL(call("DELETE", std::string("/api/user/") + tellerId).status, 200);
    call("PATCH", std::string("/api/tenant/") + tenantId,
         R"({"tenant":{"eventConfiguration":{"events":{"user.reactivate":{"enabled":true}}}}})");
    callWith("PUT", std::string("/api/user/") + tellerId, {{"reactivate", "true"}});
    happen();
    // In their order: what was wanted by one of the two alone would have come before.
    const auto told = receiver->inbox.take(1).front();
    BOOST_TEST(textAt(*security::Json::parse(told.body), "event", "type") == "user.update");
    BOOST_TEST(told.signature.empty());
}

BOOST_AUTO_TEST_CASE(AFailedEventIsTriedAgain) {
    receiver->statuses = {500, 302, 200};
    start();
    createWebhook(url());
    happen();
    const auto told = receiver->inbox.take(3);
    BOOST_TEST(told[0].body == told[1].body);
    BOOST_TEST(told[0].body == told[2].body);
    const auto said = reports.take(2);
    BOOST_TEST(said[0].find("the answer has status 500; tried again") != std::string::npos, said[0]);
    BOOST_TEST(said[1].find("status 302; tried again") != std::string::npos, said[1]);
}

BOOST_AUTO_TEST_CASE(ItIsGivenUpAfterFourTimes) {
    receiver->statuses = {500, 500, 500, 500};
    start();
    createWebhook(url());
    happen();
    BOOST_TEST(reports.take(4).back().find("; given up") != std::string::npos);
    happen();
    BOOST_TEST(receiver->inbox.take(5).size() == 5U);
}

BOOST_AUTO_TEST_CASE(ASilentWebhookCostsItsTimeOut) {
    tests::ScriptedKeyServer silent(tests::ScriptedKeyServer::silence());
    start();
    createWebhook("http://127.0.0.1:" + std::to_string(silent.port()) + "/",
                  R"(,"connectTimeout":20,"readTimeout":30)");
    happen();
    const auto said = reports.take(1).front();
    BOOST_TEST(said.find("no answer within 50 ms") != std::string::npos, said);
}

BOOST_AUTO_TEST_CASE(ATricklingWebhookCostsNoMore) {
    tests::ScriptedKeyServer trickling(tests::ScriptedKeyServer::drip(std::chrono::milliseconds(5)));
    start();
    createWebhook("http://127.0.0.1:" + std::to_string(trickling.port()) + "/",
                  R"(,"connectTimeout":20,"readTimeout":30)");
    happen();
    createWebhook(url());
    happen();
    BOOST_TEST(receiver->inbox.take(1).size() >= 1U);
}

BOOST_AUTO_TEST_CASE(WhatIsNoHttpIsAFailure) {
    tests::ScriptedKeyServer odd(tests::ScriptedKeyServer::raw("nonsense\r\n\r\n"));
    start();
    createWebhook("http://127.0.0.1:" + std::to_string(odd.port()) + "/");
    happen();
    BOOST_TEST(reports.take(1).front().find("is not HTTP") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(TheQueueIsBoundedAndNobodyWaitsForIt) {
    tests::ScriptedKeyServer silent(tests::ScriptedKeyServer::silence());
    start({2, 4});
    createWebhook("http://127.0.0.1:" + std::to_string(silent.port()) + "/",
                  R"(,"connectTimeout":100,"readTimeout":100)");
    for (int i = 0; i < 4; ++i) {
        happen();
    }
    BOOST_TEST(reports.take(1).front().find("dropped, too many are waiting") != std::string::npos);
    dispatcher.reset();
    bool isTold = false;
    for (const auto& line : reports.take(2)) {
        isTold = isTold || line.find("events were not told to their webhooks") != std::string::npos;
    }
    BOOST_TEST(isTold);
}

BOOST_AUTO_TEST_SUITE_END()
