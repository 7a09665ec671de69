#include "changebank/daemon/control/live/StatusWatch.h"

#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "tests/unit/daemon/control/ScriptedDaemon.h"

using namespace changebank::daemon;

namespace {

std::string statusOf(const std::string& version) {
    return R"({"version":")" + version + "\"}";
}

std::function<bool()> times(int count) {
    return [count]() mutable { return count-- > 0; };
}

struct Fixture {
    PrintedText output{std::cout};
    PrintedText errors{std::cerr};

    bool has(const std::string& part) const { return output.text().find(part) != std::string::npos; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(StatusWatchTest, Fixture)

BOOST_AUTO_TEST_CASE(withoutAScreenTheTablesFollowEachOther) {
    ScriptedDaemon daemon({statusOf("1"), statusOf("2")});
    BOOST_TEST(watchStatus(daemon.path(), false, false, times(1)) == 0);
    BOOST_TEST(output.text().find("changebankd   1, ") == 0U);
    BOOST_TEST(has("\n\nchangebankd   2, "), output.text());
    BOOST_TEST(!has("\x1b"));
}

BOOST_AUTO_TEST_CASE(onAScreenEachIsDrawnOverTheOneBefore) {
    ScriptedDaemon daemon({statusOf("1"), statusOf("2")});
    BOOST_TEST(watchStatus(daemon.path(), false, true, times(1)) == 0);
    BOOST_TEST(output.text().find("\x1b[Hchangebankd   1, ") == 0U);
    BOOST_TEST(has("\x1b[J\x1b[Hchangebankd   2, "), output.text());
}

BOOST_AUTO_TEST_CASE(asJsonEachIsALineAlsoOnAScreen) {
    ScriptedDaemon daemon({statusOf("1"), statusOf("2")});
    BOOST_TEST(watchStatus(daemon.path(), true, true, times(1)) == 0);
    BOOST_TEST(output.text() == statusOf("1") + "\n" + statusOf("2") + "\n");
}

BOOST_AUTO_TEST_CASE(aDaemonThatIsGoneIsWaitedFor) {
    ScriptedDaemon daemon(std::vector<std::string>{statusOf("1")});
    int waits = 0;
    const auto wait = [&] {
        if (waits == 0) ::unlink(daemon.path().c_str());
        return waits++ < 2;
    };
    BOOST_TEST(watchStatus(daemon.path(), false, true, wait) == 0);
    BOOST_TEST(has("changebankd is not running"), output.text());
    BOOST_TEST(has("\x1b[K\ntrying again\x1b[K\n"));
    BOOST_TEST(errors.text() == "");
    // One that was never there is not.
    BOOST_TEST(watchStatus(daemon.path(), false, true, times(9)) == 3);
}

BOOST_AUTO_TEST_SUITE_END()
