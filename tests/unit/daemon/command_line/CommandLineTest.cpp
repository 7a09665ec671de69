#include "changebank/daemon/command_line/CommandLine.h"

#include <boost/test/unit_test.hpp>

using namespace changebank;
using namespace changebank::daemon;

namespace {

using Poco::Util::Option;

const auto options = optionSet({
    Option("config", "", "read FILE").argument("FILE"),
    Option("define", "", "set KEY").repeatable(true).argument("KEY=VALUE"),
    Option("check", "", "check"),
});

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
    BOOST_TEST(parsed({"--config", ""}).value("config") == "");
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
         {"--conf=x", "--con", "--Check", "--config:x", "--checks", "--=x", "---check"}) {
        BOOST_TEST(fault({argument}).find("unknown option") == 0U, argument);
    }
    for (const std::string argument : {"-c", "-check", "-config=x"})
        BOOST_TEST(fault({argument}) == "Unknown option specified: " + argument.substr(1));
}

BOOST_AUTO_TEST_CASE(misuseIsNamed) {
    BOOST_TEST(fault({"--config"}) == "Missing option argument: config requires FILE");
    BOOST_TEST(fault({"--check=yes"}) == "Unexpected option argument: check=yes");
    BOOST_TEST(fault({"--config=a", "--config=b"}) == "Option must not be given more than once: config");
    BOOST_TEST(fault({"--check=\n"}) == "Unexpected option argument: check=\\u000a");
    BOOST_TEST(fault({"--x\n"}) == "unknown option \"--x\\u000a\"");
}

BOOST_AUTO_TEST_CASE(theHelpNamesEveryOption) {
    BOOST_TEST(helpText(options, "program [OPTION]...", "Does it.", "Exit status: 0.") ==
               "usage: program [OPTION]...\n"
               "Does it.\n\n"
               "--config=FILE       read FILE\n"
               "--define=KEY=VALUE  set KEY\n"
               "--check             check\n\n"
               "Exit status: 0.\n");
}

BOOST_AUTO_TEST_SUITE_END()
