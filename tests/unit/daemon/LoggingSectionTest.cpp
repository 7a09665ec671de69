#include "daemon/LoggingSection.h"

#include <boost/test/unit_test.hpp>

#include "tests/support/TemporaryFolder.h"

using namespace changebank::daemon;
using changebank::tests::TemporaryFolder;

namespace {

using Properties = std::map<std::string, std::string>;

/// Keys are given and named without `logging.`.
std::vector<LoggingFault> faultsOf(const Properties& properties) {
    Settings settings;
    for (const auto& [key, value] : properties)
        settings.logging["logging." + key] = value;
    LoggingSection section(settings);
    section.apply();
    auto faults = section.faults();
    for (auto& fault : faults)
        fault.key.erase(0, std::string("logging.").size());
    return faults;
}

/// The keys of faults, a line each. Most of the words are POCO's, which differ from version to version.
std::string keysOf(const std::vector<LoggingFault>& faults) {
    std::string lines;
    for (const auto& fault : faults)
        lines += fault.key + "\n";
    return lines;
}

bool allSay(const std::vector<LoggingFault>& faults, const std::string& why) {
    return std::all_of(faults.begin(), faults.end(), [&](const auto& fault) { return fault.why == why; });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(LoggingSectionTest)

BOOST_AUTO_TEST_CASE(goodSectionsHaveNoFaults) {
    const TemporaryFolder folder;
    BOOST_TEST(keysOf(faultsOf({})) == "");
    BOOST_TEST(keysOf(faultsOf({{"channels.file.class", "FileChannel"},
                                {"channels.file.path", folder.file("log")},
                                {"channels.file.rotation", "daily"},
                                {"channels.file.formatter", "short"},
                                {"channels.later.class", "AsyncChannel"},
                                {"channels.later.channel", "file"},
                                {"channels.both.class", "SplitterChannel"},
                                {"channels.both.channels", "console,later"},
                                {"channels.plain.class", "ConsoleChannel"},
                                {"channels.plain.pattern", "%t"},
                                {"formatters.short.class", "PatternFormatter"},
                                {"formatters.short.pattern", "%s: %t"},
                                {"loggers.root.channel", "both"},
                                {"loggers.audit.name", "audit"},
                                {"loggers.audit.level", "notice"},
                                {"loggers.audit.channel.class", "FileChannel"},
                                {"loggers.audit.channel.path", folder.file("audit")},
                                {"loggers.audit.channel.formatter.class", "JsonLineFormatter"}})) == "");
}

BOOST_AUTO_TEST_CASE(everyFaultIsNamed) {
    const auto faults = faultsOf({{"channels.remote.class", "RemoteSyslogChannel"},
                                  {"channels.remote.host", "localhost"},
                                  {"channels.other.class", "RemoteSyslogChannel"},
                                  {"channels.file.class", "FileChannel"},
                                  {"channels.file.path", "/nonexistent/log"},
                                  {"channels.file.rotation", "sometimes"},
                                  {"channels.later.class", "AsyncChannel"},
                                  {"channels.later.channel", "nowhere"},
                                  {"channels.later.formatter.class", "NoFormatter"},
                                  {"channels.later.formatter.pattern", "%t"},
                                  {"formatters.json.class", "JsonLineFormatter"},
                                  {"formatters.json.pattern", "%t"},
                                  {"loggers.root.channel", "remote"},
                                  {"loggers.root.level", "loud"},
                                  {"loggers.audit.name", "audit"},
                                  {"loggers.audit.channel.class", "NoChannel"},
                                  {"loggers.audit.channel.path", "/nonexistent/audit"}});
    BOOST_TEST(keysOf(faults) ==
               "formatters.json.pattern\nchannels.later.formatter.class\nchannels.other.class\n"
               "channels.remote.class\nchannels.file.rotation\nchannels.later.channel\nloggers.root.level\n"
               "loggers.audit.channel.class\nchannels.file.path\n");
    for (const auto& fault : faults)
        BOOST_TEST((!fault.why.empty() && fault.why != "is missing"), fault.key << ": " << fault.why);
}

BOOST_AUTO_TEST_CASE(whatIsMissingIsNamed) {
    const auto faults = faultsOf({{"channels.file.path", "/tmp/log"},
                                  {"channels.later.class", "AsyncChannel"},
                                  {"channels.later.formatter.pattern", "%t"},
                                  {"channels.other.class", "FileChannel"},
                                  {"formatters.f.pattern", "%t"},
                                  {"loggers.audit.name", "audit"},
                                  {"loggers.audit.channel.path", "/tmp/audit"}});
    BOOST_TEST(keysOf(faults) ==
               "formatters.f.class\nchannels.file.class\nchannels.later.formatter\nloggers.audit.channel\n"
               "channels.other.path\n");
    BOOST_TEST(allSay(faults, "is missing"));
}

BOOST_AUTO_TEST_CASE(whatPocoPassesOverIsNamed) {
    const auto faults = faultsOf({{"chanels.file.class", "FileChannel"},
                                  {"channels.file", "FileChannel"},
                                  {"channels.file.class", "NullChannel"},
                                  {"loggers.nameless.channel", "file"}});
    BOOST_TEST(keysOf(faults) == "chanels.file.class\nchannels.file\nloggers.nameless.channel\n");
    BOOST_TEST(allSay(faults, "means nothing to POCO's logging"));
}

BOOST_AUTO_TEST_CASE(aClassWhereNoneOrAnotherBelongsIsNamedOnce) {
    BOOST_TEST(keysOf(faultsOf({{"loggers.root.class", "FileChannel"},
                                {"channels.formatter.class", "PatternFormatter"},
                                {"formatters.class.class", "NullChannel"}})) ==
               "formatters.class.class\nchannels.formatter.class\nloggers.root.class\n");
}

BOOST_AUTO_TEST_CASE(referencesAreFollowedAndDoNotMislead) {
    BOOST_TEST(keysOf(faultsOf({{"channels.a.class", "${b}"},
                                {"channels.c.class", "${logging.channels.d.class}"},
                                {"channels.d.class", "NullChannel"},
                                {"channels.e.class", "${logging.channels.e.class}"}})) ==
               "channels.a.class\nchannels.e.class\n");
}

BOOST_AUTO_TEST_CASE(aSectionFullOfFaultsIsGivenUpInTheEnd) {
    Properties properties;
    for (int i = 0; i < 2'000; ++i)
        properties["channels.c" + std::to_string(i) + ".class"] = "Nothing";
    const auto faults = faultsOf(properties);
    BOOST_TEST(faults.size() >= 100U);
    BOOST_TEST(faults.size() < 1000U);
}

BOOST_AUTO_TEST_SUITE_END()
