#include "changebank/daemon/control/live/DenialsCommand.h"

#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "tests/unit/daemon/control/ScriptedDaemon.h"

using namespace changebank::daemon;

namespace {

using Arguments = std::vector<std::string>;

std::string listOf(const std::string& startedAt, int last, std::vector<std::string> paths) {
    std::string denials;
    for (const auto& path : paths)
        denials += (denials.empty() ? "" : ",") +
                   (R"({"time":"T","status":401,"cause":"c","method":"GET","path":")" + path + "\"}");
    return R"({"startedAt":")" + startedAt + R"(","last":)" + std::to_string(last) + R"(,"denials":[)" +
           denials + "]}";
}

/// True that many times.
std::function<bool()> times(int count) {
    return [count]() mutable { return count-- > 0; };
}

/// The first lines of requests.
std::string requestLinesOf(const std::string& requests) {
    std::string lines;
    for (auto at = requests.find("GET "); at != std::string::npos; at = requests.find("GET ", at + 1))
        lines += requests.substr(at, requests.find(" HTTP", at) - at) + "\n";
    return lines;
}

struct Fixture {
    PrintedText output{std::cout};
    PrintedText errors{std::cerr};

    std::string requestLineOf(Arguments arguments) const {
        ScriptedDaemon daemon(200, listOf("A", 1, {"/a"}));
        arguments.push_back("--socket=" + daemon.path());
        if (runDenialsCommand(arguments) != 0) return "failed";
        return requestLinesOf(daemon.request());
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DenialsCommandTest, Fixture)

BOOST_AUTO_TEST_CASE(theLastTenAreShownOrAsManyAsWanted) {
    BOOST_TEST(requestLineOf({}) == "GET /denials?limit=10\n");
    BOOST_TEST(output.text() == "T  401 c  GET /a\n");
    BOOST_TEST(requestLineOf({"-n", "5"}) == "GET /denials?limit=5\n");
    BOOST_TEST(requestLineOf({"-n7"}) == "GET /denials?limit=7\n");
    BOOST_TEST(requestLineOf({"--lines=1000"}) == "GET /denials?limit=1000\n");
    for (const std::string bad : {"0", "1001", "ten", "-1"})
        BOOST_TEST(runDenialsCommand({"--lines=" + bad}) == 64, bad);
    BOOST_TEST(runDenialsCommand({"all"}) == 64);
}

BOOST_AUTO_TEST_CASE(jsonIsTheResponse) {
    BOOST_TEST(requestLineOf({"--json"}) != "failed");
    BOOST_TEST(output.text() == listOf("A", 1, {"/a"}) + "\n");
}

BOOST_AUTO_TEST_CASE(followingShowsEachOnce) {
    ScriptedDaemon daemon({listOf("A", 3, {"/b", "/c"}), listOf("A", 3, {}), listOf("A", 4, {"/d"})});
    BOOST_TEST(followDenials(daemon.path(), 2, false, times(2)) == 0);
    BOOST_TEST(output.text() == "T  401 c  GET /b\nT  401 c  GET /c\nT  401 c  GET /d\n");
    BOOST_TEST(errors.text() == "");
    BOOST_TEST(
        requestLinesOf(daemon.request()) ==
        "GET /denials?after=0&limit=2\nGET /denials?after=3&limit=1000\nGET /denials?after=3&limit=1000\n");
}

BOOST_AUTO_TEST_CASE(followingAsJsonIsALineForEach) {
    ScriptedDaemon daemon({listOf("A", 2, {"/a", "/b"})});
    BOOST_TEST(followDenials(daemon.path(), 2, true, times(0)) == 0);
    BOOST_TEST(output.text() == R"({"time":"T","status":401,"cause":"c","method":"GET","path":"/a"})"
                                "\n"
                                R"({"time":"T","status":401,"cause":"c","method":"GET","path":"/b"})"
                                "\n");
}

BOOST_AUTO_TEST_CASE(followingSaysWhatItCouldNotShow) {
    ScriptedDaemon daemon({listOf("A", 3, {"/c"}), listOf("A", 1'505, {"/d", "/e"})});
    BOOST_TEST(followDenials(daemon.path(), 1, false, times(1)) == 0);
    BOOST_TEST(errors.text() ==
               "changebankctl: 1500 denials are not shown: the daemon keeps the last 1000\n");
}

BOOST_AUTO_TEST_CASE(followingGoesOnAfterARestart) {
    ScriptedDaemon daemon(
        {listOf("A", 3, {"/c"}), listOf("B", 4, {"/x"}), listOf("B", 4, {"/u", "/v", "/w", "/x"})});
    BOOST_TEST(followDenials(daemon.path(), 1, false, times(1)) == 0);
    BOOST_TEST(output.text() ==
               "T  401 c  GET /c\nT  401 c  GET /u\nT  401 c  GET /v\nT  401 c  GET /w\nT  401 c  GET /x\n");
    BOOST_TEST(errors.text() == "changebankctl: changebankd was started again\n");
}

BOOST_AUTO_TEST_CASE(anAbsenceIsSaidOnceAndTheFirstOneEnds) {
    std::string path;
    {
        ScriptedDaemon daemon({listOf("A", 1, {"/a"})});
        path = daemon.path();
        int waits = 0;
        const auto status = followDenials(path, 1, false, [&] {
            if (waits == 0) ::unlink(path.c_str());
            return waits++ < 2;
        });
        BOOST_TEST(status == 0);
        BOOST_TEST(errors.text().find("changebankctl: ") == 0U);
        BOOST_TEST(errors.text().find("changebankctl: ", 1) == std::string::npos, errors.text());
    }
    BOOST_TEST(followDenials(path, 1, false, times(5)) == 3);
}

BOOST_AUTO_TEST_SUITE_END()
