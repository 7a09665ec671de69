#include "changebank/daemon/logging/LogOutput.h"

#include <Poco/Exception.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <regex>
#include <thread>

#include "changebank/daemon/logging/JournalEntry.h"
#include "changebank/daemon/logging/JournalSink.h"
#include "changebank/daemon/logging/StandardErrorSink.h"
#include "tests/support/FileContent.h"
#include "tests/support/ResourceLimit.h"
#include "tests/support/TemporaryFolder.h"
#include "tests/unit/daemon/logging/FakeJournal.h"

using namespace changebank;
using namespace changebank::daemon;
using namespace std::chrono_literals;
using changebank::tests::contentOf;
using changebank::tests::ResourceLimit;
using changebank::tests::TemporaryFolder;

namespace {

LogOutput::Ptr outputTo(const std::string& path, bool json = false) {
    Settings settings;
    settings.logTarget = {LogTarget::Kind::file, path};
    settings.logJson = json;
    settings.logBuffer = std::size_t{1024} * 1024;
    return LogOutput::of(settings);
}

void write(const LogOutput::Ptr& output, const std::string& text) {
    output->write(LogSource::daemon, {{}, text, Poco::Message::PRIO_ERROR});
    output->flush();
}

LogOutput::Ptr outputToJournal(const FakeJournal& journal, bool json = false) {
    Settings settings;
    settings.logTarget = {LogTarget::Kind::journal};
    settings.logJson = json;
    settings.logBuffer = std::size_t{1024} * 1024;
    return LogOutput::through(std::make_unique<JournalSink>(journal.path()), settings);
}

/// The messages' texts, a line each.
std::string textsOf(const std::string& path) {
    return std::regex_replace(contentOf(path), std::regex("(^|\n)[^ ]+ Error changebank: "), "$1");
}

/// Limits this process's files to one byte during this object's lifetime.
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

BOOST_AUTO_TEST_CASE(aLineInAFileSaysWhenHowGraveAndFromWhom) {
    const TemporaryFolder folder;
    const auto path = folder.write("log", "before\n");
    const auto output = outputTo(path);
    output->write(LogSource::access, {{}, "hello", Poco::Message::PRIO_WARNING});
    output->flush();
    BOOST_TEST(std::regex_match(
        contentOf(path),
        std::regex("before\n[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}Z Warning access: hello\n")));
}

BOOST_AUTO_TEST_CASE(aLineIsAJsonObjectWhereItIsAsked) {
    const TemporaryFolder folder;
    const auto path = folder.file("log");
    outputTo(path, true)->write(LogSource::audit, {{}, "a\"b", Poco::Message::PRIO_NOTICE}, 30s);
    BOOST_TEST(contentOf(path).ends_with(R"(,"level":"notice","source":"audit","message":"a\"b"})"
                                         "\n"));
}

BOOST_AUTO_TEST_CASE(aNewFileIsNotForEverybody) {
    const TemporaryFolder folder;
    const auto path = folder.file("log");
    const auto mask = ::umask(022);
    const auto output = outputTo(path);
    ::umask(mask);
    struct stat status {};
    BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777) == 0640U);
}

BOOST_AUTO_TEST_CASE(aFileThatCannotBeOpenedIsNamed) {
    BOOST_CHECK_EXCEPTION(outputTo("/nonexistent/log"), Poco::OpenFileException, [](const auto& error) {
        return error.displayText() == "Cannot open file: /nonexistent/log: No such file or directory";
    });
}

BOOST_AUTO_TEST_CASE(anOutputGoesOnWhenAnotherIsOpened) {
    const TemporaryFolder folder;
    const auto first = outputTo(folder.file("first"));
    const auto second = outputTo(folder.file("second"));
    const auto third = outputTo(folder.file("first"));
    write(first, "one");
    write(second, "two");
    write(third, "three");
    BOOST_TEST(textsOf(folder.file("first")) == "one\nthree\n");
    BOOST_TEST(textsOf(folder.file("second")) == "two\n");
}

BOOST_AUTO_TEST_CASE(theLevelIsTheSameForEverySource) {
    Settings settings;
    settings.logLevel = Poco::Message::PRIO_WARNING;
    const auto output = LogOutput::of(settings);
    BOOST_TEST(output->takes(Poco::Message::PRIO_WARNING));
    BOOST_TEST(!output->takes(Poco::Message::PRIO_NOTICE));
    BOOST_TEST(output->withLevel(Poco::Message::PRIO_NOTICE)->takes(Poco::Message::PRIO_NOTICE));
}

BOOST_AUTO_TEST_CASE(aFileThatWasMovedAwayIsReopened) {
    const TemporaryFolder folder;
    const auto path = folder.file("log");
    const auto output = outputTo(path);
    write(output, "old");
    std::filesystem::rename(path, folder.file("moved"));
    output->withLevel(Poco::Message::PRIO_DEBUG)->reopenFile();
    write(output, "new");
    BOOST_TEST(textsOf(folder.file("moved")) == "old\n");
    BOOST_TEST(textsOf(path) == "new\n");
}

BOOST_AUTO_TEST_CASE(aFileThatCannotBeReopenedIsWrittenOn) {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder.file("sub"));
    const auto output = outputTo(folder.file("sub/log"));
    std::filesystem::rename(folder.file("sub"), folder.file("moved"));
    BOOST_CHECK_THROW(output->reopenFile(), Poco::OpenFileException);
    write(output, "still there");
    BOOST_TEST(textsOf(folder.file("moved/log")) == "still there\n");
}

BOOST_AUTO_TEST_CASE(aFullDiskLosesLinesUntilItHasRoomAgain) {
    const TemporaryFolder folder;
    const auto path = folder.file("log");
    const auto output = outputTo(path);
    output->configureQueue();
    write(output, "before");
    {
        const FullDisk fullDisk;
        write(output, "lost");
        BOOST_CHECK_THROW(output->write(LogSource::audit, {{}, "awaited", Poco::Message::PRIO_NOTICE}, 30s),
                          Poco::WriteFileException);
    }
    BOOST_TEST(output->lost() == 1U);
    write(output, "after");
    BOOST_TEST(std::regex_search(
        contentOf(path),
        std::regex("before\n.* Warning changebank: 1 log line was lost here, .*\n.*after\n$")));
}

BOOST_AUTO_TEST_CASE(theLossIsReportedInTheFormatOfTheLog) {
    const TemporaryFolder folder;
    const auto path = folder.file("log");
    const auto output = outputTo(path, true);
    output->configureQueue();
    {
        const FullDisk fullDisk;
        write(output, "lost");
        write(output, "lost");
    }
    write(output, "after");
    BOOST_TEST(
        contentOf(path).find(R"("level":"warning","source":"changebank","message":"2 log lines were )") !=
        std::string::npos);
}

BOOST_AUTO_TEST_CASE(anOutputToTheSameTargetTakesOver) {
    const TemporaryFolder folder;
    Settings settings;
    settings.logTarget = {LogTarget::Kind::file, folder.file("log")};
    settings.logBuffer = std::size_t{1024} * 1024;
    const auto first = LogOutput::of(settings);
    {
        const FullDisk fullDisk;
        write(first, "lost");
    }
    std::filesystem::rename(folder.file("log"), folder.file("moved"));
    const auto second = LogOutput::of(settings, first);
    BOOST_TEST(second->sharesQueueWith(*first));
    write(second, "new");
    BOOST_TEST(textsOf(folder.file("log")) == "new\n");
    settings.logTarget = {LogTarget::Kind::file, folder.file("other")};
    const auto third = LogOutput::of(settings, second);
    BOOST_TEST(!third->sharesQueueWith(*second));
    write(third, "newest");
    BOOST_TEST(textsOf(folder.file("other")) == "newest\n");
    // The count never decreases.
    BOOST_TEST(third->lost() == 1U);
}

BOOST_AUTO_TEST_CASE(aRemovedFileIsMadeAgainForALineForWhichSomebodyWaits) {
    const TemporaryFolder folder;
    const auto path = folder.file("log");
    const auto output = outputTo(path);
    std::filesystem::remove(path);
    output->write(LogSource::audit, {{}, "panic", Poco::Message::PRIO_ERROR}, 30s);
    BOOST_TEST(contentOf(path).ends_with(" Error audit: panic\n"));
}

BOOST_AUTO_TEST_CASE(linesOfSeveralThreadsSurviveAFileThatIsReopened) {
    const TemporaryFolder folder;
    const auto path = folder.file("log");
    const auto output = outputTo(path);
    constexpr int lines = 3000;
    std::atomic<int> writing = 2;
    const auto writeMany = [&] {
        for (int i = 0; i < lines; ++i)
            output->write(LogSource::daemon, {{}, "line", Poco::Message::PRIO_ERROR});
        --writing;
    };
    std::thread one(writeMany);
    std::thread other(writeMany);
    while (writing > 0)
        output->reopenFile();
    one.join();
    other.join();
    output->flush();
    const auto content = contentOf(path);
    BOOST_TEST(std::count(content.begin(), content.end(), '\n') == 2 * lines);
}

BOOST_AUTO_TEST_CASE(syslogIsWrittenToWhetherSomebodyListensOrNot) {
    Settings settings;
    settings.logTarget = {LogTarget::Kind::syslog};
    const auto output = LogOutput::of(settings);
    BOOST_CHECK_NO_THROW(output->reopenFile());
    BOOST_CHECK_NO_THROW(output->write(LogSource::daemon, {{}, "100 %s", Poco::Message::PRIO_TRACE}));
}

BOOST_AUTO_TEST_CASE(anEntryOfTheJournalHasTextLevelAndProgram) {
    FakeJournal journal;
    for (const bool json : {false, true}) {
        const auto output = outputToJournal(journal, json);
        BOOST_TEST(output->takesFields());
        Poco::Message message({}, "hello", Poco::Message::PRIO_TRACE);
        message.set(JournalEntry::fieldsParameter, JournalEntry().add("SUBJECT", "e\nve").fields());
        output->write(LogSource::access, message);
        const auto fields = journal.take();
        BOOST_TEST(fields.size() == 4U);
        BOOST_TEST(fields.at("PRIORITY").front() == "7");
        BOOST_TEST(fields.at("SYSLOG_IDENTIFIER").front() == "changebankd");
        BOOST_TEST(fields.at("SUBJECT").front() == "e\nve");
        const auto& text = fields.at("MESSAGE").front();
        BOOST_TEST((json ? text.starts_with("{\"time\":") : text == "access: hello"), text);
        BOOST_TEST(text.find("u000ave") == std::string::npos);
        output->write(LogSource::audit, {{}, "noted", Poco::Message::PRIO_NOTICE}, 10s);
        BOOST_TEST(journal.take().size() == 3U);
    }
}

BOOST_AUTO_TEST_CASE(aJournalThatIsGoneHoldsUpNobodyAndItsLossesAreReported) {
    FakeJournal journal;
    const auto output = outputToJournal(journal);
    output->configureQueue();
    journal.stop();
    for (int i = 0; i < 3; ++i)
        output->write(LogSource::access, {{}, "lost", Poco::Message::PRIO_INFORMATION});
    output->flush();
    BOOST_TEST(output->lost() == 3U);
    BOOST_CHECK_THROW(output->write(LogSource::audit, {{}, "lost", Poco::Message::PRIO_NOTICE}, 10s),
                      Poco::WriteFileException);
    journal.listen();
    output->write(LogSource::access, {{}, "again", Poco::Message::PRIO_INFORMATION});
    std::string texts;
    while (texts.find("again") == std::string::npos || texts.find(" lost here") == std::string::npos)
        texts += journal.take().at("MESSAGE").front() + "\n";
    BOOST_TEST(texts.find("3 log lines were lost here") != std::string::npos, texts);
}

BOOST_AUTO_TEST_CASE(onlyTheJournalTakesFields) {
    const TemporaryFolder folder;
    BOOST_TEST(!outputTo(folder.file("log"))->takesFields());
    Settings settings;
    settings.logTarget = {LogTarget::Kind::journal};
    BOOST_TEST(LogOutput::of(settings)->takesFields());
    BOOST_CHECK_NO_THROW(LogOutput::of(settings)->reopenFile());
}

BOOST_AUTO_TEST_CASE(aDescriptorIsTheJournalIfJournalStreamNamesIt) {
    const TemporaryFolder folder;
    BOOST_TEST(!StandardErrorSink::isJournal(0));
    ::setenv("JOURNAL_STREAM", "1:1", 1);
    BOOST_TEST(!StandardErrorSink::isJournal(0));
    ::unsetenv("JOURNAL_STREAM");
}

BOOST_AUTO_TEST_SUITE_END()
