#include "changebank/daemon/logging/JournalSink.h"

#include <Poco/Exception.h>

#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <vector>

#include "changebank/daemon/logging/JournalEntry.h"
#include "changebank/daemon/logging/LineQueue.h"
#include "tests/support/TemporaryFolder.h"
#include "tests/unit/daemon/logging/FakeJournal.h"

using namespace changebank::daemon;
using namespace std::chrono_literals;
using changebank::tests::TemporaryFolder;

namespace {

LogLine line(const std::string& message) {
    return {JournalEntry().add("MESSAGE", message).fields()};
}

LineSink::Written write(JournalSink& sink, const std::string& message) {
    const std::vector<LogLine> lines{line(message)};
    return sink.write(lines);
}

std::string messageOf(FakeJournal& journal) {
    return journal.take().at("MESSAGE").front();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(JournalSinkTest)

BOOST_AUTO_TEST_CASE(eachLineIsAnEntryOfItsOwn) {
    FakeJournal journal;
    JournalSink sink(journal.path());
    const std::vector<LogLine> lines{line("one"), line("two\nlines"), line("three")};
    const auto written = sink.write(lines);
    BOOST_TEST(written.lines == 3U);
    BOOST_TEST(written.error == 0);
    for (const char* message : {"one", "two\nlines", "three"})
        BOOST_TEST(messageOf(journal) == message);
    BOOST_TEST(!journal.wasFile());
}

BOOST_AUTO_TEST_CASE(whatFitsNoDatagramComesAsASealedFile) {
    FakeJournal journal;
    JournalSink sink(journal.path());
    const std::string large = std::string(3'000'000, 'x') + "\nend";
    BOOST_TEST(write(sink, large).error == 0);
    BOOST_TEST((messageOf(journal) == large));
    BOOST_TEST(journal.wasFile());
    BOOST_TEST(write(sink, "small").error == 0);
    BOOST_TEST(messageOf(journal) == "small");
    BOOST_TEST(!journal.wasFile());
}

BOOST_AUTO_TEST_CASE(whatNobodyTakesIsNotWritten) {
    const TemporaryFolder folder;
    JournalSink sink(folder.file("socket"));
    const std::vector<LogLine> lines{line("lost"), line("lost too")};
    const auto written = sink.write(lines);
    BOOST_TEST(written.lines == 0U);
    BOOST_TEST(written.error == ENOENT);
    JournalSink tooLong(folder.file(std::string(200, 'x')));
    BOOST_TEST(write(tooLong, "lost").error == ENAMETOOLONG);
}

BOOST_AUTO_TEST_CASE(aJournalThatWasRestartedGetsTheNextEntry) {
    FakeJournal journal;
    JournalSink sink(journal.path());
    BOOST_TEST(write(sink, "one").error == 0);
    BOOST_TEST(messageOf(journal) == "one");
    journal.stop();
    BOOST_TEST(write(sink, "lost").error == ENOENT);
    journal.listen();
    BOOST_TEST(write(sink, "two").error == 0);
    BOOST_TEST(messageOf(journal) == "two");
}

BOOST_AUTO_TEST_CASE(aJournalThatIsFullHoldsUpNobodyAndWhatItMissesIsCounted) {
    FakeJournal journal;
    LineQueue queue("the journal", std::make_unique<JournalSink>(journal.path()), 20'000);
    queue.setLossReport([](std::uint64_t lost) { return line(std::to_string(lost) + " lost"); });
    // More than the socket and the queue take.
    constexpr std::uint64_t lines = 2'000;
    for (std::uint64_t i = 0; i < lines; ++i)
        queue.push(line(std::string(1'000, 'x')));
    const auto lost = queue.lost();
    BOOST_TEST(lost > 0U);
    BOOST_CHECK_THROW(queue.write(line("awaited"), 50ms), Poco::WriteFileException);
    std::uint64_t taken = 0;
    std::uint64_t reported = 0;
    while (taken + reported < lines) {
        const auto message = messageOf(journal);
        if (message.ends_with(" lost")) reported += std::stoull(message);
        taken += message.size() == 1'000 ? 1U : 0U;
    }
    BOOST_TEST(reported == lost);
    BOOST_TEST(taken == lines - lost);
}

BOOST_AUTO_TEST_SUITE_END()
