#include "changebank/daemon/service/Reload.h"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/ServerSocket.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <fstream>
#include <iterator>
#include <optional>

#include "changebank/base/text/Base64.h"
#include "changebank/daemon/logging/Logging.h"
#include "changebank/daemon/process/StartFailure.h"
#include "changebank/daemon/service/OpenResources.h"
#include "changebank/daemon/settings/SettingsReader.h"
#include "tests/support/ScriptedKeyServer.h"
#include "tests/support/TemporaryFolder.h"
#include "tests/support/TestKey.h"
#include "tests/unit/daemon/RecordingLog.h"

using namespace changebank;
using namespace changebank::daemon;
using namespace std::chrono_literals;
using changebank::tests::ScriptedKeyServer;
using changebank::tests::TemporaryFolder;
using changebank::tests::TestKey;

namespace {

/// The event of a deactivated user, at a time from now.
std::string eventIn(std::chrono::minutes ahead) {
    const auto at = std::chrono::duration_cast<std::chrono::milliseconds>(
        (std::chrono::system_clock::now() + ahead).time_since_epoch());
    return R"({"event":{"id":"e1","type":"user.deactivate","createInstant":)" + std::to_string(at.count()) +
           R"(,"user":{"id":"u1"}}})";
}

std::string signatureOf(const std::string& body) {
    return TestKey::shared(security::KeyFamily::rsa)
        .token(security::Algorithm::rs256, R"({"alg":"RS256","kid":"k1","typ":"JWT"})",
               R"({"request_body_sha256":")" + encodeBase64(tests::sha256(body)) + "\"}");
}

/// What a daemon exchanges in a reload, by the settings of a file.
struct Fixture {
    /// Writes the file, with these lines behind those that every test needs; returns its path.
    std::string write(const std::string& more) const { return write(keys.uri(), more); }
    std::string write(const std::string& uri, const std::string& more) const {
        return folder.write("settings",
                            "auth.jwks.uri = " + uri + "\nlog.target = file:" + folder.file("log") +
                                "\nserver.host = 127.0.0.1\nserver.port = 0\nadmin.socket =\n" + more);
    }

    void serve() { reload.start(readSettings(sources), {}); }

    std::optional<std::string> addressOf(ListenerPurpose purpose) const {
        for (const auto& status : listeners.status()) {
            if (status.purpose == purpose) return status.address;
        }
        return std::nullopt;
    }

    /// What was logged to the file.
    std::string logText() const {
        logOutput()->flush();
        std::ifstream stream(folder.file("log"));
        return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    }

    /// Receives events, with these settings in addition.
    void serveEvents(const std::string& more) {
        write("revocation.file = " + folder.file("revocations") +
              "\nrevocation.listen = 127.0.0.1:0\nrevocation.webhook.kids = k1\n" + more);
        const auto outcome = reload.run();
        for (const auto& fault : outcome.faults)
            BOOST_ERROR(fault.toText());
    }

    /// The status of the answer to an event.
    int answerTo(const std::string& body, const std::string& signature = "") const {
        const auto address = addressOf(ListenerPurpose::revocation);
        BOOST_REQUIRE(address.has_value());
        Poco::Net::HTTPClientSession session{Poco::Net::SocketAddress(*address)};
        Poco::Net::HTTPRequest request("POST", "/webhooks/fusionauth", "HTTP/1.1");
        request.setContentLength(static_cast<std::streamsize>(body.size()));
        if (!signature.empty()) request.set("X-FusionAuth-Signature-JWT", signature);
        session.sendRequest(request) << body;
        Poco::Net::HTTPResponse response;
        session.receiveResponse(response);
        return response.getStatus();
    }

    TemporaryFolder folder;
    ScriptedKeyServer keys{ScriptedKeyServer::document(
        tests::keySetOf({TestKey::shared(security::KeyFamily::rsa).jwk(R"("kid":"k1","use":"sig")")}))};
    RecordingLog log{Poco::Message::PRIO_NOTICE};
    SettingsSources sources{.file = write("")};
    std::shared_ptr<AuditLog> audit = std::make_shared<AuditLog>();
    AccessLog access{false};
    Tracer tracer;
    Revocations revocations;
    ChangeBankService service{std::make_shared<Lifecycle>(), audit, revocations.list()};
    EventReceiver events{{.revocations = revocations, .service = service, .audit = *audit}};
    Listeners listeners{{service.factory(), nullptr, nullptr, events.factory(), service.decisionFactory()},
                        {.revocation = events.observer()}};
    Reload reload{sources,
                  {.service = service,
                   .revocations = revocations,
                   .events = events,
                   .listeners = listeners,
                   .audit = *audit,
                   .access = access,
                   .tracer = tracer}};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ReloadTest, Fixture)

BOOST_AUTO_TEST_CASE(goodSettingsTakeThePlaceOfTheOldOnesAsTheNextGeneration) {
    serve();
    write("roles.panic = guard\nlog.level = notice\n");
    const auto outcome = reload.run();
    for (const auto& fault : outcome.faults)
        BOOST_ERROR(fault.toText());
    const auto status = reload.status();
    BOOST_TEST(status.generation == 2U);
    BOOST_TEST(status.succeeded == 1U);
    BOOST_TEST(status.failed == 0U);
    BOOST_REQUIRE(status.last.has_value());
    BOOST_TEST(status.last->ok());
    BOOST_TEST(reload.current()->effective.at("roles.panic").text == "guard");
}

BOOST_AUTO_TEST_CASE(theStartIsTheFirstGenerationAndNoReload) {
    BOOST_TEST(reload.status().generation == 0U);
    serve();
    const auto status = reload.status();
    BOOST_TEST(status.generation == 1U);
    BOOST_TEST(status.succeeded == 0U);
    BOOST_TEST(!status.last.has_value());
    BOOST_TEST(listeners.status().size() == 1U);
}

BOOST_AUTO_TEST_CASE(aStartThatFailsSaysEverythingThatIsMissingAndServesNothing) {
    const Poco::Net::ServerSocket taken(Poco::Net::SocketAddress("127.0.0.1", 0));
    // These pass every check of the settings.
    auto parsed = readSettings(sources);
    parsed.settings.server.port = taken.address().port();
    parsed.settings.auditFile = "/proc/audit";
    const auto isComplete = [](const StartFailure& failure) {
        const std::string why = failure.what();
        return failure.exitStatus() == exitUnavailable &&
               why.find("cannot listen on 127.0.0.1:") != std::string::npos &&
               why.find("; cannot write the audit log: ") != std::string::npos;
    };
    BOOST_CHECK_EXCEPTION(reload.start(std::move(parsed), {}), StartFailure, isComplete);
    BOOST_TEST(reload.status().generation == 0U);
    BOOST_TEST(listeners.status().empty());
    BOOST_TEST(keys.hits() == 0U);
}

BOOST_AUTO_TEST_CASE(settingsWithAFaultChangeNothingAndAreCountedAsFailed) {
    serve();
    write("roles.panic = guard\nlog.level = loud\n");
    const auto outcome = reload.run();
    BOOST_REQUIRE(outcome.faults.size() == 1U);
    BOOST_TEST(outcome.faults[0].toText().find("log.level") != std::string::npos);
    const auto status = reload.status();
    BOOST_TEST(status.generation == 1U);
    BOOST_TEST(status.succeeded == 0U);
    BOOST_TEST(status.failed == 1U);
    BOOST_TEST(reload.current()->effective.at("roles.panic").text == "teller");
    const auto text = logText();
    BOOST_TEST(text.find("settings not reloaded; the old ones stay in effect") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(keysThatCannotBeHadLeaveTheOldSettings) {
    serve();
    const ScriptedKeyServer bad(ScriptedKeyServer::status(500));
    write(bad.uri(), "");
    const auto outcome = reload.run();
    BOOST_REQUIRE(outcome.faults.size() == 1U);
    BOOST_TEST(outcome.faults[0].toText().find("auth.jwks.uri") != std::string::npos);
    BOOST_TEST(reload.status().generation == 1U);
}

BOOST_AUTO_TEST_CASE(theAuditFileAndTheAccessLogAreExchangedToo) {
    serve();
    BOOST_TEST(audit->file() == nullptr);
    const auto path = folder.file("audit");
    write("audit.file = " + path + "\n");
    BOOST_TEST(reload.run().ok());
    BOOST_REQUIRE(audit->file() != nullptr);
    BOOST_TEST(audit->file()->path() == path);
    write("");
    BOOST_TEST(reload.run().ok());
    BOOST_TEST(audit->file() == nullptr);
    BOOST_TEST(reload.status().generation == 3U);
}

BOOST_AUTO_TEST_CASE(eventsAreReceivedByTheSettings) {
    serve();
    BOOST_TEST(!addressOf(ListenerPurpose::revocation).has_value());
    serveEvents("");
    BOOST_TEST(answerTo("{}") == 401);
    BOOST_TEST(events.counters().of(EventOutcome::unsigned_) == 1U);
    BOOST_TEST(revocations.status().isOn);
    write("");
    BOOST_TEST(reload.run().ok());
    BOOST_TEST(!addressOf(ListenerPurpose::revocation).has_value());
    BOOST_TEST(!revocations.status().isOn);
}

BOOST_AUTO_TEST_CASE(howFarAheadAnEventMayBeIsASetting) {
    serve();
    const auto event = eventIn(10min);
    serveEvents("revocation.webhook.leeway = 5m\n");
    BOOST_TEST(answerTo(event, signatureOf(event)) == 400);
    BOOST_TEST(events.counters().of(EventOutcome::future) == 1U);
    serveEvents("revocation.webhook.leeway = 15m\n");
    BOOST_TEST(answerTo(event, signatureOf(event)) == 200);
    BOOST_TEST(events.counters().of(EventOutcome::kept) == 1U);
}

BOOST_AUTO_TEST_CASE(anEventThatTheServerDoesNotReadIsCountedAndLogged) {
    serve();
    serveEvents("revocation.webhook.maxBodyBytes = 1KiB\n");
    BOOST_TEST(answerTo(std::string(1025, ' ')) == 413);
    BOOST_TEST(events.counters().of(EventOutcome::tooLarge) == 1U);
    BOOST_TEST(answerTo("{}") == 401);
    BOOST_TEST(events.counters().of(EventOutcome::unread) == 0U);
    const auto text = logText();
    BOOST_TEST(text.find("event from 127.0.0.1:") != std::string::npos, text);
    BOOST_TEST(text.find("too_large: answered with 413") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(aDamagedFileOfRevocationsLeavesTheOldSettings) {
    serve();
    write("revocation.file = " + folder.write("revocations", "nonsense\nnonsense\n") + "\n");
    const auto outcome = reload.run();
    BOOST_REQUIRE(outcome.faults.size() == 1U);
    BOOST_TEST(outcome.faults[0].toText().find("revocation.file") != std::string::npos);
    BOOST_TEST(reload.status().generation == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
