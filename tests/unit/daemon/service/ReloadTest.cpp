#include "changebank/daemon/service/Reload.h"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/ServerSocket.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <optional>

#include "changebank/daemon/logging/Logging.h"
#include "changebank/daemon/process/StartFailure.h"
#include "changebank/daemon/service/OpenResources.h"
#include "tests/support/ScriptedKeyServer.h"
#include "tests/support/TemporaryFolder.h"
#include "tests/support/TestKey.h"
#include "tests/unit/daemon/RecordingLog.h"

using namespace changebank;
using namespace changebank::daemon;
using changebank::tests::ScriptedKeyServer;
using changebank::tests::TemporaryFolder;
using changebank::tests::TestKey;

namespace {

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

    TemporaryFolder folder;
    ScriptedKeyServer keys{ScriptedKeyServer::document(
        tests::keySetOf({TestKey::shared(security::KeyFamily::rsa).jwk(R"("kid":"k1","use":"sig")")}))};
    RecordingLog log{Poco::Message::PRIO_NOTICE};
    SettingsSources sources{.file = write("")};
    std::shared_ptr<AuditLog> audit = std::make_shared<AuditLog>();
    AccessLog access{false};
    Revocations revocations;
    ChangeBankService service{std::make_shared<Lifecycle>(), audit, revocations.list()};
    EventReceiver events{{.revocations = revocations, .service = service, .audit = *audit}};
    Listeners listeners{{service.factory(), nullptr, nullptr, events.factory()}, nullptr};
    Reload reload{sources,
                  {.service = service,
                   .revocations = revocations,
                   .events = events,
                   .listeners = listeners,
                   .audit = *audit,
                   .access = access}};
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
    logOutput()->flush();
    std::ifstream stream(folder.file("log"));
    const std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
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
    write("revocation.file = " + folder.file("revocations") +
          "\nrevocation.listen = 127.0.0.1:0\nrevocation.webhook.kids = k1\n");
    const auto outcome = reload.run();
    for (const auto& fault : outcome.faults)
        BOOST_ERROR(fault.toText());
    const auto address = addressOf(ListenerPurpose::revocation);
    BOOST_REQUIRE(address.has_value());
    Poco::Net::HTTPClientSession session{Poco::Net::SocketAddress(*address)};
    Poco::Net::HTTPRequest request("POST", "/webhooks/fusionauth", "HTTP/1.1");
    request.setContentLength(2);
    session.sendRequest(request) << "{}";
    Poco::Net::HTTPResponse response;
    session.receiveResponse(response);
    BOOST_TEST(response.getStatus() == 401);
    BOOST_TEST(events.counters().of(EventOutcome::unsigned_) == 1U);
    BOOST_TEST(revocations.status().isOn);
    write("");
    BOOST_TEST(reload.run().ok());
    BOOST_TEST(!addressOf(ListenerPurpose::revocation).has_value());
    BOOST_TEST(!revocations.status().isOn);
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
