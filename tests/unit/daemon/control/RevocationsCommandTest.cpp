#include "changebank/daemon/control/RevocationsCommand.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/daemon/control/ScriptedDaemon.h"

using namespace changebank::daemon;

namespace {

using Arguments = std::vector<std::string>;

constexpr auto one =
    R"({"revocations":[{"user":"u","issuedUpTo":"2026-11-30T10:00:00Z","reason":"r"}],"total":1})";

struct Fixture {
    PrintedText output{std::cout};
    PrintedText errors{std::cerr};

    /// The first line of the request.
    std::string requestLineOf(Arguments arguments) const {
        ScriptedDaemon daemon(200, one);
        arguments.push_back("--socket=" + daemon.path());
        if (runRevocationsCommand(arguments) != 0) return "failed";
        const auto request = daemon.request();
        return request.substr(0, request.find("\r\n"));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(RevocationsCommandTest, Fixture)

BOOST_AUTO_TEST_CASE(theRequestHasTheFilters) {
    BOOST_TEST(requestLineOf({}) == "GET /revocations HTTP/1.1");
    BOOST_TEST(requestLineOf({"--user=u", "--limit=5"}) == "GET /revocations?user=u&limit=5 HTTP/1.1");
    BOOST_TEST(requestLineOf({"--session=s"}) == "GET /revocations?session=s HTTP/1.1");
    BOOST_TEST(requestLineOf({"--application=a", "--tenant=t"}) ==
               "GET /revocations?application=a&tenant=t HTTP/1.1");
}

BOOST_AUTO_TEST_CASE(idsAreEncoded) {
    BOOST_TEST(requestLineOf({"--user=a&limit=1 +%\r\n#?"}) ==
               "GET /revocations?user=a%26limit%3D1%20%2B%25%0D%0A%23%3F HTTP/1.1");
}

BOOST_AUTO_TEST_CASE(theListIsATableOrJson) {
    BOOST_TEST(requestLineOf({}) != "failed");
    BOOST_TEST(output.text().find("ISSUED UP TO ") == 0U);
    BOOST_TEST(requestLineOf({"--json"}) != "failed");
    BOOST_TEST(output.text().find(std::string(one) + "\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(revocationThatIsOffIsNoEmptyList) {
    ScriptedDaemon daemon(409, R"({"error":"revocation is off"})");
    BOOST_TEST(runRevocationsCommand({"--socket=" + daemon.path()}) == 78);
    BOOST_TEST(output.text() == "");
    BOOST_TEST(errors.text() == "changebankctl: revocation is off\n");
}

BOOST_AUTO_TEST_CASE(operandsAreAUsageError) {
    BOOST_TEST(runRevocationsCommand({"user"}) == 64);
}

BOOST_AUTO_TEST_CASE(aFilterWithCapitalsThatFusionAuthDoesNotHaveIsWarnedOf) {
    requestLineOf({"--user=e9fdb985-9173-4e01-9d73-ac2d60d1dc8e"});
    BOOST_TEST(errors.text() == "");
    requestLineOf({"--user=E9FDB985-9173-4E01-9D73-AC2D60D1DC8E"});
    BOOST_TEST(errors.text().find("changebankctl revocations: warning: \"E9FDB985-") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
