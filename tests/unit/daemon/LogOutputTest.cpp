#include "daemon/LogOutput.h"

#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "daemon/StandardErrorChannel.h"
#include "tests/support/ResourceLimit.h"
#include "tests/support/TemporaryFolder.h"

using namespace changebank::daemon;
using changebank::tests::ResourceLimit;
using changebank::tests::TemporaryFolder;

namespace {

LogOutput::Ptr outputOf(const Settings& settings) {
    auto output = LogOutput::of(settings);
    if (auto* faults = std::get_if<std::vector<LoggingFault>>(&output))
        BOOST_FAIL(faults->front().key + ": " + faults->front().why);
    return std::get<LogOutput::Ptr>(output);
}

Settings toFile(const std::string& path) {
    Settings settings;
    settings.logging = {{"logging.channels.file.class", "FileChannel"},
                        {"logging.channels.file.path", path},
                        {"logging.loggers.root.channel", "file"}};
    return settings;
}

std::string contentOf(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// No file of this process gets longer than an octet as long as this object lives.
class FullDisk {
public:
    FullDisk() : _handler(std::signal(SIGXFSZ, SIG_IGN)) {}
    ~FullDisk() { std::signal(SIGXFSZ, _handler); }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

private:
    void (*_handler)(int);
    ResourceLimit _none{RLIMIT_FSIZE, 1};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(LogOutputTest)

BOOST_AUTO_TEST_CASE(faultsOfTheLoggingSectionAreFound) {
    Settings settings;
    BOOST_TEST(std::holds_alternative<LogOutput::Ptr>(LogOutput::of(settings)));
    for (const std::map<std::string, std::string>& section :
         {std::map<std::string, std::string>{{"logging.channels.console.class", "NoSuchChannel"}},
          {{"logging.channels.console.class", "FileChannel"},
           {"logging.channels.console.path", "/nonexistent/log"}},
          {{"logging.loggers.root.level", "loud"}},
          {{"logging.loggers.root.channel", "nowhere"}}}) {
        settings.logging = section;
        BOOST_TEST(!std::holds_alternative<LogOutput::Ptr>(LogOutput::of(settings)), section.begin()->first);
    }
}

BOOST_AUTO_TEST_CASE(whatWasInUseGoesOnWhileOtherSettingsAreTried) {
    const TemporaryFolder folder;
    const auto first = outputOf(toFile(folder.file("first")));
    const auto second = outputOf(toFile(folder.file("second")));
    auto faulty = toFile(folder.file("third"));
    faulty.logging["logging.loggers.root.level"] = "loud";
    BOOST_TEST(!std::holds_alternative<LogOutput::Ptr>(LogOutput::of(faulty)));
    first->write(LogSource::daemon, {{}, "one", Poco::Message::PRIO_ERROR});
    second->write(LogSource::daemon, {{}, "two", Poco::Message::PRIO_ERROR});
    BOOST_TEST(contentOf(folder.file("first")) == "one\n");
    BOOST_TEST(contentOf(folder.file("second")) == "two\n");
}

BOOST_AUTO_TEST_CASE(aChannelOfEarlierSettingsIsNotFoundByLaterOnes) {
    const TemporaryFolder folder;
    outputOf(toFile(folder.file("log")));
    Settings later;
    later.logging = {{"logging.loggers.root.channel", "file"}};
    BOOST_TEST(!std::holds_alternative<LogOutput::Ptr>(LogOutput::of(later)));
}

BOOST_AUTO_TEST_CASE(eachSourceCanGoElsewhere) {
    const TemporaryFolder folder;
    auto settings = toFile(folder.file("all"));
    settings.logging["logging.loggers.audit.name"] = "audit";
    settings.logging["logging.loggers.audit.channel.class"] = "FileChannel";
    settings.logging["logging.loggers.audit.channel.path"] = folder.file("audit");
    settings.logging["logging.loggers.access.name"] = "access";
    settings.logging["logging.loggers.access.level"] = "warning";
    const auto output = outputOf(settings);
    output->write(LogSource::audit, {{}, "panic", Poco::Message::PRIO_NOTICE});
    output->write(LogSource::daemon, {{}, "hello", Poco::Message::PRIO_NOTICE});
    BOOST_TEST(contentOf(folder.file("audit")) == "panic\n");
    BOOST_TEST(contentOf(folder.file("all")) == "hello\n");
    BOOST_TEST(!output->takes(LogSource::access, Poco::Message::PRIO_INFORMATION));
    BOOST_TEST(output->takes(LogSource::daemon, Poco::Message::PRIO_INFORMATION));
}

BOOST_AUTO_TEST_CASE(filesAreOpenedAnew) {
    const TemporaryFolder folder;
    const auto path = folder.file("log");
    const auto output = outputOf(toFile(path));
    output->write(LogSource::daemon, {{}, "old", Poco::Message::PRIO_ERROR});
    std::filesystem::rename(path, folder.file("moved"));
    BOOST_TEST(!output->reopenFiles());
    output->write(LogSource::daemon, {{}, "new", Poco::Message::PRIO_ERROR});
    BOOST_TEST(contentOf(folder.file("moved")) == "old\n");
    BOOST_TEST(contentOf(path) == "new\n");
}

BOOST_AUTO_TEST_CASE(aFileIsWrittenAgainWhenTheDiskHasRoomAgain) {
    const TemporaryFolder folder;
    const auto path = folder.file("log");
    const auto output = outputOf(toFile(path));
    output->write(LogSource::daemon, {{}, "before", Poco::Message::PRIO_ERROR});
    {
        const FullDisk fullDisk;
        for (int i = 0; i < 3; ++i) {
            BOOST_CHECK_THROW(output->write(LogSource::daemon, {{}, "lost", Poco::Message::PRIO_ERROR}),
                              Poco::Exception);
        }
    }
    output->write(LogSource::daemon, {{}, "after", Poco::Message::PRIO_ERROR});
    // What POCO's stream still held comes, too.
    const auto content = contentOf(path);
    BOOST_TEST((content.starts_with("before\n") && content.ends_with("after\n")), content);
}

BOOST_AUTO_TEST_CASE(linesOfSeveralThreadsSurviveFilesThatAreOpenedAnew) {
    const TemporaryFolder folder;
    const auto path = folder.file("log");
    const auto output = outputOf(toFile(path));
    constexpr int lines = 3000;
    std::atomic<int> writing = 2;
    const auto write = [&] {
        for (int i = 0; i < lines; ++i)
            output->write(LogSource::access, {{}, "line", Poco::Message::PRIO_ERROR});
        --writing;
    };
    std::thread one(write);
    std::thread other(write);
    while (writing > 0)
        BOOST_TEST(!output->reopenFiles());
    one.join();
    other.join();
    const auto content = contentOf(path);
    BOOST_TEST(std::count(content.begin(), content.end(), '\n') == 2 * lines);
}

BOOST_AUTO_TEST_CASE(rotationIsPocos) {
    const TemporaryFolder folder;
    auto settings = toFile(folder.file("log"));
    settings.logging["logging.channels.file.rotation"] = "1 K";
    settings.logging["logging.channels.file.archive"] = "number";
    settings.logging["logging.channels.file.purgeCount"] = "2";
    const auto output = outputOf(settings);
    for (int i = 0; i < 40; ++i)
        output->write(LogSource::daemon, {{}, std::string(200, 'x'), Poco::Message::PRIO_ERROR});
    std::size_t archived = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.file("")))
        archived += entry.path().filename().string().starts_with("log.") ? 1U : 0U;
    BOOST_TEST(archived == 2U);
}

BOOST_AUTO_TEST_CASE(aDescriptorIsTheJournalIfJournalStreamNamesIt) {
    const TemporaryFolder folder;
    BOOST_TEST(!StandardErrorChannel::isJournal(0));
    ::setenv("JOURNAL_STREAM", "1:1", 1);
    BOOST_TEST(!StandardErrorChannel::isJournal(0));
    ::unsetenv("JOURNAL_STREAM");
}

BOOST_AUTO_TEST_SUITE_END()
