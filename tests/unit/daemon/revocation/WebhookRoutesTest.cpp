#include "changebank/daemon/revocation/WebhookRoutes.h"

#include <boost/test/unit_test.hpp>

#include <sstream>
#include <vector>

#include "changebank/base/handler/BlockingRequestHandler.h"
#include "changebank/base/text/Base64.h"
#include "tests/support/ManualClock.h"
#include "tests/support/TestKey.h"
#include "tests/unit/handlers/FakeExchange.h"

using namespace changebank;
using namespace changebank::daemon;
using namespace changebank::security;
using changebank::tests::TestKey;

namespace {

constexpr long long nowInMilliseconds = 1'790'000'000'000;

std::string eventOf(const std::string& type, long long createInstant = nowInMilliseconds,
                    const std::string& id = "e1") {
    return R"({"event":{"id":")" + id + R"(","type":")" + type + R"(","createInstant":)" +
           std::to_string(createInstant) + R"(,"user":{"id":"u1"}}})";
}

std::string signatureOf(const std::string& body) {
    return TestKey::shared(KeyFamily::p256)
        .token(Algorithm::es256, R"({"alg":"ES256","typ":"JWT"})",
               R"({"request_body_sha256":")" + encodeBase64(tests::sha256(body)) + "\"}");
}

/// A delivery of FusionAuth's.
class Delivery : public handlers::ContextFakeRequest {
public:
    explicit Delivery(const std::string& body, const std::string& method = "POST",
                      const std::string& target = "/webhooks/fusionauth")
        : ContextFakeRequest(method, target), _body(body) {}

    std::istream& stream() override { return _body; }

private:
    std::istringstream _body;
};

std::shared_ptr<const WebhookKeys> keysOf(std::shared_ptr<KeySource> issuer = nullptr) {
    const auto document = tests::keySetOf({TestKey::shared(KeyFamily::p256).jwk()});
    auto own = std::get<std::shared_ptr<const JwkSet>>(JwkSet::parse(document));
    return std::make_shared<WebhookKeys>(std::move(own), std::vector<std::string>{"pinned"},
                                         std::move(issuer));
}

/// The route, and what it did.
struct Webhook {
    tests::ManualClock clock;
    Revocations::Result result{Revocations::Outcome::kept};
    std::vector<std::string> log;
    std::shared_ptr<WebhookCounters> counters = std::make_shared<WebhookCounters>();
    std::shared_ptr<const WebhookKeys> keys = keysOf();
    std::shared_ptr<RecentEvents> recent = std::make_shared<RecentEvents>();

    Poco::Net::HTTPRequestHandlerFactory::Ptr routes() {
        const auto context = std::make_shared<WebhookContext>(WebhookContext{
            keys,
            [this](const Revocation& revocation) {
                log.push_back("revoke " + revocation.user + " " + std::to_string(revocation.issuedUpTo));
                return result;
            },
            counters, recent, [this] { log.emplace_back("refresh"); },
            [this](const Revocation& revocation, const std::string& id, const std::string& client) {
                log.push_back("kept " + revocation.user + " " + id + " " + client);
            },
            [this](EventOutcome outcome, const std::string& why, const std::string& client) {
                log.push_back("report " + std::string(nameOf(outcome)) + " " + client + ": " + why);
            },
            std::chrono::seconds(60), std::chrono::seconds(7), clock});
        return webhookRoutes(context);
    }

    /// Status and body of the answer.
    std::string answerTo(Delivery& delivery) {
        const auto& response = delivery.handledBy(routes()->createRequestHandler(delivery));
        return std::to_string(response.getStatus()) + " " + response.body();
    }

    std::string answerTo(const std::string& body) {
        Delivery delivery(body);
        delivery.set("X-FusionAuth-Signature-JWT", signatureOf(body));
        return answerTo(delivery);
    }

    std::uint64_t counted(EventOutcome outcome) const { return counters->of(outcome); }
};

const std::string unsignedAnswer = R"(401 {"error":"The signature is missing or not valid"})";

}  // namespace

BOOST_AUTO_TEST_SUITE(WebhookRoutesTest)

BOOST_FIXTURE_TEST_CASE(aRevocationIsKeptThenRecordedThenAnswered, Webhook) {
    BOOST_TEST(answerTo(eventOf("user.deactivate")) == R"(200 {"outcome":"kept"})");
    BOOST_REQUIRE(log.size() == 2U);
    BOOST_TEST(log[0] == "revoke u1 1790000000");
    BOOST_TEST(log[1] == "kept u1 e1 127.0.0.1:3000");
    BOOST_TEST(counted(EventOutcome::kept) == 1U);
}

BOOST_FIXTURE_TEST_CASE(anEventThatWasKeptIsADuplicateThen, Webhook) {
    answerTo(eventOf("user.deactivate"));
    BOOST_TEST(answerTo(eventOf("user.deactivate")) == R"(200 {"outcome":"duplicate"})");
    BOOST_TEST(log.size() == 2U);
    BOOST_TEST(counted(EventOutcome::duplicate) == 1U);
    BOOST_TEST(answerTo(eventOf("user.deactivate", nowInMilliseconds, "e2")) == R"(200 {"outcome":"kept"})");
}

BOOST_FIXTURE_TEST_CASE(whatWasNotKeptCanBeTriedAgain, Webhook) {
    result = {Revocations::Outcome::notWritten, "No space left on device"};
    BOOST_TEST(answerTo(eventOf("user.delete")) ==
               R"(503 {"error":"The revocation cannot be written down"})");
    BOOST_TEST(log.back() == "report not_written 127.0.0.1:3000: No space left on device");
    result = {Revocations::Outcome::kept};
    BOOST_TEST(answerTo(eventOf("user.delete")) == R"(200 {"outcome":"kept"})");
    BOOST_TEST(counted(EventOutcome::notWritten) == 1U);
    BOOST_TEST(counted(EventOutcome::kept) == 1U);
}

BOOST_FIXTURE_TEST_CASE(noRevocationIsDropped, Webhook) {
    result = {Revocations::Outcome::full};
    BOOST_TEST(answerTo(eventOf("user.delete")) ==
               R"(503 {"error":"There is no room for one more revocation"})");
    BOOST_TEST(counted(EventOutcome::full) == 1U);
    result = {Revocations::Outcome::off};
    BOOST_TEST(answerTo(eventOf("user.delete")).starts_with("503 "));
    result = {Revocations::Outcome::notWritten};
    BOOST_TEST(answerTo(eventOf("user.delete")).starts_with("503 "));
    for (const auto& line : log)
        BOOST_TEST(!line.starts_with("kept"));
}

BOOST_FIXTURE_TEST_CASE(anUnavailableAnswerSaysWhenToComeBack, Webhook) {
    result = {Revocations::Outcome::full};
    const auto body = eventOf("user.delete");
    Delivery delivery(body);
    delivery.set("X-FusionAuth-Signature-JWT", signatureOf(body));
    answerTo(delivery);
    BOOST_TEST(delivery.sentResponse().get("Retry-After") == "7");
    BOOST_TEST(delivery.denial == "full");
}

BOOST_FIXTURE_TEST_CASE(whatIsInEffectIsUnchangedAndNotRecorded, Webhook) {
    result = {Revocations::Outcome::unchanged};
    BOOST_TEST(answerTo(eventOf("user.delete")) == R"(200 {"outcome":"unchanged"})");
    BOOST_TEST(log.size() == 1U);
    BOOST_TEST(counted(EventOutcome::unchanged) == 1U);
}

BOOST_FIXTURE_TEST_CASE(changedKeysAreRefreshedOnceAnEvent, Webhook) {
    BOOST_TEST(answerTo(eventOf("jwt.public-key.update")) == R"(200 {"outcome":"kept"})");
    BOOST_TEST(answerTo(eventOf("jwt.public-key.update")) == R"(200 {"outcome":"duplicate"})");
    BOOST_TEST(log == std::vector<std::string>{"refresh"}, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(otherTypesAreIgnored, Webhook) {
    BOOST_TEST(answerTo(eventOf("user.login.success")) == R"(200 {"outcome":"ignored"})");
    BOOST_TEST(answerTo(eventOf("user.login.success", nowInMilliseconds * 2)) ==
               R"(200 {"outcome":"ignored"})");
    BOOST_TEST(answerTo(R"({"event":{"type":"test"}})") == R"(200 {"outcome":"ignored"})");
    BOOST_TEST(log.empty());
    BOOST_TEST(counted(EventOutcome::ignored) == 3U);
}

BOOST_FIXTURE_TEST_CASE(aTimeAheadOfOurClockIsBounded, Webhook) {
    constexpr long long leeway = 60'000;
    BOOST_TEST(answerTo(eventOf("user.delete", nowInMilliseconds + leeway)) == R"(200 {"outcome":"kept"})");
    log.clear();
    const auto ahead = eventOf("user.delete", nowInMilliseconds + leeway + 1, "e2");
    BOOST_TEST(answerTo(ahead) == R"(400 {"error":"\"event.createInstant\" is in the future"})");
    BOOST_REQUIRE(log.size() == 1U);
    BOOST_TEST(log[0].starts_with("report future "));
    clock.advance(std::chrono::milliseconds(1));
    BOOST_TEST(answerTo(ahead) == R"(200 {"outcome":"kept"})");
    BOOST_TEST(answerTo(eventOf("jwt.public-key.update", nowInMilliseconds * 2, "e3")).starts_with("400 "));
    BOOST_TEST(counted(EventOutcome::future) == 2U);
}

BOOST_FIXTURE_TEST_CASE(whatIsNotUnderstoodIsMalformed, Webhook) {
    BOOST_TEST(answerTo(R"({"event":{"id":"e1","type":"user.delete","createInstant":1,"user":{}}})") ==
               R"(400 {"error":"\"event.user.id\" is missing"})");
    BOOST_REQUIRE(log.size() == 1U);
    BOOST_TEST(log[0] == "report malformed 127.0.0.1:3000: \"event.user.id\" is missing");
    const auto good = eventOf("user.delete");
    for (const auto& body : {std::string(), good + "x", good + std::string(1, '\0'), "\xEF\xBB\xBF" + good,
                             std::string("[]"), good.substr(1)})
        BOOST_TEST(answerTo(body).starts_with("400 "));
    BOOST_TEST(counted(EventOutcome::malformed) == 7U);
}

BOOST_FIXTURE_TEST_CASE(anUnsignedEventIsNotRead, Webhook) {
    for (const auto& body : {eventOf("user.delete"), eventOf("test"), std::string("{"), std::string()}) {
        Delivery delivery(body);
        BOOST_TEST(answerTo(delivery) == unsignedAnswer);
        BOOST_TEST(delivery.sentResponse().has("WWW-Authenticate"));
        BOOST_TEST(delivery.sentResponse().get("Cache-Control") == "no-store");
        BOOST_TEST(delivery.denial == "unsigned");
    }
    BOOST_TEST(log.size() == 4U);
    BOOST_TEST(log[0] == "report unsigned 127.0.0.1:3000: X-FusionAuth-Signature-JWT is missing");
    BOOST_TEST(counted(EventOutcome::unsigned_) == 4U);
}

BOOST_FIXTURE_TEST_CASE(exactlyOneSignatureIsWanted, Webhook) {
    const auto body = eventOf("user.delete");
    const auto good = signatureOf(body);
    for (const auto* second : {"x-fusionauth-signature-jwt", "X-FusionAuth-Signature-JWT"}) {
        for (const auto& value : {good, std::string("x"), std::string()}) {
            Delivery delivery(body);
            delivery.add("X-FusionAuth-Signature-JWT", good);
            delivery.add(second, value);
            BOOST_TEST(answerTo(delivery) == unsignedAnswer);
        }
    }
    Delivery empty(body);
    empty.set("X-FusionAuth-Signature-JWT", "");
    BOOST_TEST(answerTo(empty) == unsignedAnswer);
    for (const auto& line : log)
        BOOST_TEST(line.ends_with(": X-FusionAuth-Signature-JWT is empty or repeated"));
    Delivery lower(body);
    lower.set("x-fusionauth-signature-jwt", good);
    BOOST_TEST(answerTo(lower) == R"(200 {"outcome":"kept"})");
}

BOOST_FIXTURE_TEST_CASE(aSignatureOfAnotherBodyIsRefusedLikeNone, Webhook) {
    const auto signature = signatureOf(eventOf("user.delete"));
    for (const auto& body : {eventOf("user.deactivate"), eventOf("user.delete") + " ", std::string()}) {
        Delivery delivery(body);
        delivery.set("X-FusionAuth-Signature-JWT", signature);
        BOOST_TEST(answerTo(delivery) == unsignedAnswer);
    }
    BOOST_TEST(log.size() == 3U);
    for (const auto& line : log)
        BOOST_TEST(line == "report unsigned 127.0.0.1:3000: another body was signed");
}

BOOST_FIXTURE_TEST_CASE(missingKeysAreUnavailable, Webhook) {
    keys = keysOf(std::make_shared<FixedKeySource>(nullptr));
    const auto body = eventOf("user.delete");
    Delivery delivery(body);
    delivery.set("X-FusionAuth-Signature-JWT",
                 TestKey::generate(KeyFamily::p256)
                     .token(Algorithm::es256, R"({"alg":"ES256","typ":"JWT","kid":"pinned"})", "{}"));
    BOOST_TEST(answerTo(delivery) == R"(503 {"error":"The keys that sign events cannot be fetched"})");
    BOOST_TEST(delivery.sentResponse().get("Retry-After") == "7");
    BOOST_TEST(counted(EventOutcome::keysUnavailable) == 1U);
}

BOOST_FIXTURE_TEST_CASE(reportsShowNeitherBodyNorSignature, Webhook) {
    const std::string body = R"({"event":{"id":"secret","type":"user.delete","user":["secret"]}})";
    answerTo(body);
    Delivery forged(body);
    forged.set("X-FusionAuth-Signature-JWT", signatureOf("another body"));
    answerTo(forged);
    BOOST_TEST(log.size() == 2U);
    for (const auto& line : log) {
        BOOST_TEST(line.find("secret") == std::string::npos);
        BOOST_TEST(line.find("eyJ") == std::string::npos);
    }
}

BOOST_FIXTURE_TEST_CASE(onlyAPostToThePathIsAnEvent, Webhook) {
    const auto body = eventOf("user.delete");
    for (const auto* method : {"GET", "PUT", "DELETE", "HEAD"}) {
        Delivery delivery(body, method);
        delivery.set("X-FusionAuth-Signature-JWT", signatureOf(body));
        BOOST_TEST(answerTo(delivery).starts_with("405 "));
        BOOST_TEST(delivery.sentResponse().get("Allow").find("POST") != std::string::npos);
    }
    for (const auto* target : {"/", "/webhooks", "/webhooks/fusionauth/x", "/webhooks//fusionauth"}) {
        Delivery delivery(body, "POST", target);
        delivery.set("X-FusionAuth-Signature-JWT", signatureOf(body));
        BOOST_TEST(answerTo(delivery).starts_with("404 "));
    }
    BOOST_TEST(log.empty());
}

BOOST_FIXTURE_TEST_CASE(theHandlerMayWait, Webhook) {
    Delivery delivery("");
    const std::unique_ptr<Poco::Net::HTTPRequestHandler> handler(routes()->createRequestHandler(delivery));
    BOOST_TEST(dynamic_cast<BlockingRequestHandler*>(handler.get()) != nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
