#include "daemon/CommandLine.h"

#include <boost/test/unit_test.hpp>

using namespace changebank::daemon;

namespace {

const std::vector<CommandOption> options{
    {"config", "FILE", "read FILE"},
    {"define", "KEY=VALUE", "set KEY", true},
    {"check", "", "check"},
};

CommandLine parsed(const std::vector<std::string>& arguments) {
    return std::get<CommandLine>(CommandLine::parse(options, arguments));
}

std::string fault(const std::vector<std::string>& arguments) {
    const auto result = CommandLine::parse(options, arguments);
    const auto* usage = std::get_if<UsageFault>(&result);
    return usage == nullptr ? "" : usage->why;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(CommandLineTest)

BOOST_AUTO_TEST_CASE(argumentsFollowAnEqualsSignOrASpace) {
    BOOST_TEST(parsed({"--config=a"}).value("config") == "a");
    BOOST_TEST(parsed({"--config", "a"}).value("config") == "a");
    BOOST_TEST(parsed({"--config="}).value("config") == "");
    BOOST_TEST(parsed({"--config=a=b"}).value("config") == "a=b");
    BOOST_TEST(parsed({"--config", "--check"}).value("config") == "--check");
}

BOOST_AUTO_TEST_CASE(repeatableOptionsKeepTheirOrder) {
    const auto line = parsed({"--define=a=1", "--check", "--define", "b=2"});
    BOOST_TEST((line.values("define") == std::vector<std::string>{"a=1", "b=2"}));
    BOOST_TEST(line.has("check"));
    BOOST_TEST(!line.has("config"));
}

BOOST_AUTO_TEST_CASE(whatIsNoOptionIsAnOperand) {
    BOOST_TEST((parsed({"a", "--check", "-", "b"}).operands() == std::vector<std::string>{"a", "-", "b"}));
    BOOST_TEST((parsed({"--", "--check", "-x"}).operands() == std::vector<std::string>{"--check", "-x"}));
}

BOOST_AUTO_TEST_CASE(optionsAreKnownByTheirFullNamesAlone) {
    for (const std::string argument :
         {"--conf=x", "--con", "--Check", "--checks", "-c", "-check", "--=x", "---check"}) {
        BOOST_TEST(fault({argument}).find("unknown option") == 0U, argument);
    }
}

BOOST_AUTO_TEST_CASE(misuseIsNamed) {
    BOOST_TEST(fault({"--config"}) == "--config=FILE needs its argument");
    BOOST_TEST(fault({"--check=yes"}) == "--check takes no argument");
    BOOST_TEST(fault({"--config=a", "--config=b"}) == "--config comes twice");
    BOOST_TEST(fault({"--x\n"}) == "unknown option \"--x\\u000a\"");
}

BOOST_AUTO_TEST_CASE(theHelpNamesEveryOption) {
    BOOST_TEST(describeOptions(options) ==
               "  --config=FILE       read FILE\n"
               "  --define=KEY=VALUE  set KEY\n"
               "  --check             check\n");
}

BOOST_AUTO_TEST_SUITE_END()
