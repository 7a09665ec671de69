#include "changebank/daemon/logging/JournalEntry.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/daemon/logging/FakeJournal.h"

using namespace changebank::daemon;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(JournalEntryTest)

BOOST_AUTO_TEST_CASE(aFieldIsALine) {
    BOOST_TEST(JournalEntry().add("MESSAGE", "a=b \x01\xC3\xA4").add("PRIORITY", "6").fields() ==
               "MESSAGE=a=b \x01\xC3\xA4\nPRIORITY=6\n");
}

BOOST_AUTO_TEST_CASE(aValueWithNewlinesHasItsLengthBeforeIt) {
    BOOST_TEST(JournalEntry().add("SUBJECT", "a\nPRIORITY=0").fields() ==
               "SUBJECT\n\x0C\0\0\0\0\0\0\0a\nPRIORITY=0\n"s);
    const std::string large = std::string(0x010203, 'x') + "\n";
    const auto text = JournalEntry().add("A", large).fields();
    BOOST_TEST(text.substr(0, 10) == "A\n\x04\x02\x01\0\0\0\0\0"s);
    BOOST_TEST(parsedEntry(text)["A"].front() == large);
}

BOOST_AUTO_TEST_CASE(nobodyCanAddAFieldByAValue) {
    const auto fields = parsedEntry(JournalEntry()
                                        .add("PATH", "/\n_UID=0\nMESSAGE=forged\n")
                                        .add("METHOD", "\n")
                                        .add("B", "\0=\n"s)
                                        .fields());
    BOOST_TEST(fields.size() == 3U);
    BOOST_TEST(fields.at("PATH").front() == "/\n_UID=0\nMESSAGE=forged\n");
    BOOST_TEST(fields.at("METHOD").front() == "\n");
    BOOST_TEST(fields.at("B").front() == "\0=\n"s);
}

BOOST_AUTO_TEST_CASE(anEmptyValueAddsNone) {
    BOOST_TEST(JournalEntry().add("ROUTE", "").fields() == "");
}

BOOST_AUTO_TEST_CASE(aMemberOfALineHasAFieldOfItsName) {
    JournalEntry entry;
    for (const char* member : {"subject", "issuedUpTo", "eventId", "id"})
        entry.addMember(member, "x");
    BOOST_TEST(entry.fields() == "SUBJECT=x\nISSUED_UP_TO=x\nEVENT_ID=x\nREQUEST_ID=x\n");
}

BOOST_AUTO_TEST_SUITE_END()
