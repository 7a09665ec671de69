#include "changebank/daemon/command_line/DaemonOptions.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>

using namespace changebank;
using namespace changebank::daemon;

namespace {

DaemonOptions parsed(const std::vector<std::string>& arguments) {
    return std::get<DaemonOptions>(DaemonOptions::parse(arguments));
}

bool isRefused(const std::vector<std::string>& arguments) {
    return std::holds_alternative<UsageFault>(DaemonOptions::parse(arguments));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(DaemonOptionsTest)

BOOST_AUTO_TEST_CASE(withoutArgumentsItServesInTheForeground) {
    const auto options = parsed({});
    BOOST_TEST((options.task == DaemonOptions::Task::serve));
    BOOST_TEST(!options.detach);
    BOOST_TEST(options.pidFile == "");
    BOOST_TEST(!options.umask);
}

BOOST_AUTO_TEST_CASE(pathsBecomeAbsolute) {
    const auto here = std::filesystem::current_path().string();
    const auto options = parsed({"--config=x.properties", "--pidfile=x.pid"});
    BOOST_TEST(options.sources.file == here + "/x.properties");
    BOOST_TEST(options.pidFile == here + "/x.pid");
    BOOST_TEST(parsed({"--config=/etc/x"}).sources.file == "/etc/x");
}

BOOST_AUTO_TEST_CASE(theFolderGoesWithTheDefaultFileUnlessItIsNamed) {
    const auto here = std::filesystem::current_path().string();
    BOOST_TEST(parsed({}).sources.folder == "/etc/changebank/conf.d");
    BOOST_TEST((parsed({}).sources.pieces == Pieces::optional));
    BOOST_TEST(parsed({"--config=/etc/x"}).sources.folder == "");
    for (const auto& arguments : {std::vector<std::string>{"--config-dir=pieces"},
                                  {"--config=/etc/x", "--config-dir=pieces"},
                                  {"--config-dir=pieces", "--config=/etc/x"}}) {
        BOOST_TEST(parsed(arguments).sources.folder == here + "/pieces");
        BOOST_TEST((parsed(arguments).sources.pieces == Pieces::required));
    }
    BOOST_TEST(parsed({"--config=/etc/x", "--config-dir=/d"}).sources.file == "/etc/x");
    BOOST_TEST(isRefused({"--config-dir="}));
}

BOOST_AUTO_TEST_CASE(theMaskIsOctal) {
    BOOST_TEST(parsed({"--umask=022"}).umask.value() == 022U);
    BOOST_TEST(parsed({"--umask=0"}).umask.value() == 0U);
    BOOST_TEST(parsed({"--daemon"}).umask.value() == 027U);
    BOOST_TEST(parsed({"--daemon", "--umask=077"}).umask.value() == 077U);
    for (const std::string mask : {"", "8", "1000", "-1", "0x1", "22 "})
        BOOST_TEST(isRefused({"--umask=" + mask}), mask);
}

BOOST_AUTO_TEST_CASE(definesAreKeptInOrder) {
    BOOST_TEST(
        (parsed({"--define=a=1", "--define=b=2"}).sources.defines == std::vector<std::string>{"a=1", "b=2"}));
}

BOOST_AUTO_TEST_CASE(eachTaskHasItsOption) {
    using Task = DaemonOptions::Task;
    BOOST_TEST((parsed({"--check"}).task == Task::check));
    BOOST_TEST((parsed({"--print-config"}).task == Task::printConfig));
    BOOST_TEST((parsed({"--print-defaults"}).task == Task::printDefaults));
    BOOST_TEST((parsed({"--version", "--check"}).task == Task::version));
    BOOST_TEST((parsed({"--help", "--check"}).task == Task::help));
    BOOST_TEST(isRefused({"--check", "--print-config"}));
}

BOOST_AUTO_TEST_CASE(misuseIsRefused) {
    BOOST_TEST(isRefused({"start"}));
    BOOST_TEST(isRefused({"--config="}));
    BOOST_TEST(isRefused({"--conf=x"}));
    BOOST_TEST(isRefused({"--daemon=yes"}));
}

BOOST_AUTO_TEST_SUITE_END()
