#include "changebank/daemon/control/RevokeCommand.h"

#include <boost/test/unit_test.hpp>

#include "tests/support/Contains.h"
#include "tests/unit/daemon/control/ScriptedDaemon.h"

using namespace changebank::daemon;
using changebank::tests::has;

namespace {

using Arguments = std::vector<std::string>;

constexpr auto kept =
    R"({"outcome":"kept","revocation":{"user":"u","issuedUpTo":"2026-11-30T10:00:00Z","reason":"r"},)"
    R"("shared":true,"audited":true})";

struct Fixture {
    PrintedText output{std::cout};
    PrintedText errors{std::cerr};

    /// Runs the command against a daemon with that response; returns the exit status.
    int run(ScriptedDaemon& daemon, Arguments arguments) const {
        arguments.push_back("--socket=" + daemon.path());
        return runRevokeCommand(arguments);
    }

    /// The body of the request.
    std::string bodyOf(const Arguments& arguments) const {
        ScriptedDaemon daemon(200, kept);
        if (run(daemon, arguments) != 0) return "failed";
        const auto request = daemon.request();
        if (request.find("POST /revocations HTTP/1.1\r\n") != 0) return request;
        return request.substr(request.find("\r\n\r\n") + 4);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(RevokeCommandTest, Fixture)

BOOST_AUTO_TEST_CASE(theRequestSaysWhatToRevoke) {
    BOOST_TEST(bodyOf({"user", "u"}) == R"({"user":"u"})");
    BOOST_TEST(bodyOf({"user", "u", "--application=a", "--reason=lost \"phone\""}) ==
               R"({"user":"u","application":"a","reason":"lost \"phone\""})");
    BOOST_TEST(bodyOf({"session", "s"}) == R"({"session":"s"})");
    BOOST_TEST(bodyOf({"application", "a", "--tenant=t"}) == R"({"application":"a","tenant":"t"})");
}

BOOST_AUTO_TEST_CASE(theOutcomeIsPrinted) {
    ScriptedDaemon daemon(200, kept);
    BOOST_TEST(run(daemon, {"user", "u"}) == 0);
    BOOST_TEST(has(output.text(), "revoked: user u; tokens issued up to 2026-11-30T10:00:00Z are refused\n"));
    BOOST_TEST(errors.text() == "");
}

BOOST_AUTO_TEST_CASE(jsonIsPrintedAsItIs) {
    ScriptedDaemon daemon(200, kept);
    BOOST_TEST(run(daemon, {"user", "u", "--json"}) == 0);
    BOOST_TEST(output.text() == std::string(kept) + "\n");
}

BOOST_AUTO_TEST_CASE(whatFailsHasItsStatus) {
    ScriptedDaemon off(409, R"({"error":"revocation is off"})");
    BOOST_TEST(run(off, {"user", "u"}) == 78);
    ScriptedDaemon full(503, R"({"error":"not revoked: full"})");
    BOOST_TEST(run(full, {"user", "u"}) == 69);
    ScriptedDaemon malformed(400, R"({"error":"too long"})");
    BOOST_TEST(run(malformed, {"user", "u"}) == 64);
    BOOST_TEST(
        errors.text() ==
        "changebankctl: revocation is off\nchangebankctl: not revoked: full\nchangebankctl: too long\n");
    BOOST_TEST(output.text() == "");
    const changebank::tests::TemporaryFolder folder;
    BOOST_TEST(runRevokeCommand({"user", "u", "--socket=" + folder.file("none")}) == 3);
}

BOOST_AUTO_TEST_CASE(whatMakesNoSenseIsAUsageError) {
    for (const auto& arguments : {Arguments{},
                                  {"user"},
                                  {"user", "u", "v"},
                                  {"users", "u"},
                                  {"session", "s", "--application=a"},
                                  {"application", "a", "--application=b"},
                                  {"user", "u", "--tenant=t"},
                                  {"user", "u", "--limit=1"}})
        BOOST_TEST(runRevokeCommand(arguments) == 64);
    BOOST_TEST(
        has(errors.text(), "changebankctl revoke: expected user, session or application, not \"users\";"));
    BOOST_TEST(has(errors.text(), "changebankctl revoke: --tenant is of no use with user;"));
}

BOOST_AUTO_TEST_CASE(anIdWithCapitalsThatFusionAuthDoesNotHaveIsWarnedOf) {
    const std::string warning = " has capital letters, which no id of FusionAuth has";
    bodyOf({"user", "e9fdb985-9173-4e01-9d73-ac2d60d1dc8e"});
    bodyOf({"user", "Alice"});
    bodyOf({"user", "E9FDB985x9173-4E01-9D73-AC2D60D1DC8E", "--reason=E9FDB985-9173-4E01-9D73-AC2D60D1DC8E"});
    BOOST_TEST(errors.text() == "");
    BOOST_TEST(has(bodyOf({"user", "E9FDB985-9173-4E01-9D73-AC2D60D1DC8E"}), "\"user\":\"E9FDB985-"));
    BOOST_TEST(has(errors.text(),
                   "changebankctl revoke: warning: \"E9FDB985-9173-4E01-9D73-AC2D60D1DC8E\"" + warning));
    bodyOf({"user", "u", "--application=e9fdb985-9173-4e01-9d73-ac2d60d1dc8F"});
    BOOST_TEST(has(errors.text(), "dc8F\"" + warning));
    bodyOf({"application", "a", "--tenant=e9fdb985-9173-4e01-9d73-ac2d60d1dc8D"});
    BOOST_TEST(has(errors.text(), "dc8D\"" + warning));
}

BOOST_AUTO_TEST_SUITE_END()
