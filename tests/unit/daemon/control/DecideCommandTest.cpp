#include "changebank/daemon/control/DecideCommand.h"

#include <boost/test/unit_test.hpp>

#include "tests/support/Contains.h"
#include "tests/unit/daemon/control/ScriptedDaemon.h"

using namespace changebank::daemon;
using changebank::tests::has;

namespace {

using Arguments = std::vector<std::string>;

constexpr auto allowed =
    R"({"allowed":true,"status":200,"rule":1,"methods":"GET","pattern":"/x","who":"public"})";
constexpr auto refused = R"({"allowed":false,"status":403,"rule":null,"cause":"rule_missing","error":"No."})";

/// Standard input while this lives.
class TypedText {
public:
    explicit TypedText(const std::string& text) : _text(text), _before(std::cin.rdbuf(_text.rdbuf())) {
        std::cin.clear();
    }
    ~TypedText() {
        std::cin.rdbuf(_before);
        std::cin.clear();
    }
    TypedText(const TypedText&) = delete;
    TypedText& operator=(const TypedText&) = delete;

private:
    std::istringstream _text;
    std::streambuf* _before;
};

struct Fixture {
    PrintedText output{std::cout};
    PrintedText errors{std::cerr};

    int run(ScriptedDaemon& daemon, Arguments arguments) const {
        arguments.push_back("--socket=" + daemon.path());
        return runDecideCommand(arguments);
    }

    /// The body of the request.
    std::string bodyOf(const Arguments& arguments) const {
        ScriptedDaemon daemon(200, allowed);
        if (run(daemon, arguments) != 0) return "failed";
        const auto request = daemon.request();
        if (request.find("POST /decide HTTP/1.1\r\n") != 0) return request;
        return request.substr(request.find("\r\n\r\n") + 4);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DecideCommandTest, Fixture)

BOOST_AUTO_TEST_CASE(theRequestToTryIsSent) {
    BOOST_TEST(bodyOf({"GET", "/x"}) == R"({"method":"GET","target":"/x"})");
    BOOST_TEST(bodyOf({"GET", "/x?a=b", "to.ken", "--host=api.example"}) ==
               R"({"method":"GET","target":"/x?a=b","host":"api.example","token":"to.ken"})");
}

BOOST_AUTO_TEST_CASE(aTokenComesFromTheFirstLineOfInput) {
    const TypedText input("to.ken\r\nanother\n");
    BOOST_TEST(bodyOf({"GET", "/x", "-"}) == R"({"method":"GET","target":"/x","token":"to.ken"})");
}

BOOST_AUTO_TEST_CASE(theStatusSaysWhetherItIsAllowed) {
    ScriptedDaemon yes(200, allowed);
    BOOST_TEST(run(yes, {"GET", "/x"}) == 0);
    ScriptedDaemon no(200, refused);
    BOOST_TEST(run(no, {"GET", "/y"}) == 1);
    BOOST_TEST(output.text() == "allowed by rule 1: GET /x public\nrefused: no rule matches GET /y (403)\n");
    BOOST_TEST(errors.text() == "");
}

BOOST_AUTO_TEST_CASE(jsonIsPrintedAsItIs) {
    ScriptedDaemon daemon(200, refused);
    BOOST_TEST(run(daemon, {"GET", "/x", "--json"}) == 1);
    BOOST_TEST(output.text() == std::string(refused) + "\n");
}

BOOST_AUTO_TEST_CASE(theTokenIsShownNowhere) {
    ScriptedDaemon fine(200, allowed);
    BOOST_TEST(run(fine, {"GET", "/x", "to.ken"}) == 0);
    ScriptedDaemon malformed(400, R"({"error":"the method must be one in upper case"})");
    BOOST_TEST(run(malformed, {"get", "/x", "to.ken"}) == 64);
    BOOST_TEST(!has(output.text() + errors.text(), "to.ken"));
}

BOOST_AUTO_TEST_CASE(whatFailsHasItsStatus) {
    ScriptedDaemon without(409, R"({"error":"no decision.rule.N is set"})");
    BOOST_TEST(run(without, {"GET", "/x"}) == 78);
    const changebank::tests::TemporaryFolder folder;
    BOOST_TEST(runDecideCommand({"GET", "/x", "--socket=" + folder.file("none")}) == 3);
    BOOST_TEST(output.text() == "");
}

BOOST_AUTO_TEST_CASE(whatMakesNoSenseIsAUsageError) {
    const TypedText input("\n");
    for (const auto& arguments :
         {Arguments{}, {"GET"}, {"GET", "/x", "a", "b"}, {"GET", "/x", "-"}, {"GET", "/x", "--user=u"}})
        BOOST_TEST(runDecideCommand(arguments) == 64);
    BOOST_TEST(
        has(errors.text(), "changebankctl decide: expected a METHOD, a PATH and perhaps a TOKEN or -;"));
    BOOST_TEST(has(errors.text(), "changebankctl decide: there is no token on standard input;"));
}

BOOST_AUTO_TEST_SUITE_END()
