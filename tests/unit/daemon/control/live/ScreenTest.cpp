#include "changebank/daemon/control/live/Screen.h"

#include <boost/test/unit_test.hpp>

using namespace changebank::daemon;

BOOST_AUTO_TEST_SUITE(ScreenTest)

BOOST_AUTO_TEST_CASE(aTextIsDrawnOverTheOneBefore) {
    BOOST_TEST(drawn("one\ntwo\n", {80, 24}) == "\x1b[Hone\x1b[K\ntwo\x1b[K\n\x1b[J");
    BOOST_TEST(drawn("", {80, 24}) == "\x1b[H\x1b[J");
}

BOOST_AUTO_TEST_CASE(linesAreCutToTheWidthByCharacters) {
    BOOST_TEST(drawn("abcd\nabc\n", {3, 24}) == "\x1b[Habc\x1b[K\nabc\x1b[K\n\x1b[J");
    BOOST_TEST(drawn("\u00E4\u00E4\u00E4\u00E4\n", {3, 24}) == "\x1b[H\u00E4\u00E4\u00E4\x1b[K\n\x1b[J");
}

BOOST_AUTO_TEST_CASE(coloursTakeNoRoomAndEndWithTheirLine) {
    BOOST_TEST(drawn("\x1b[31mabc\x1b[0m\n", {3, 24}) == "\x1b[H\x1b[31mabc\x1b[0m\x1b[K\n\x1b[J");
    BOOST_TEST(drawn("\x1b[31mabcd\x1b[0m\n", {3, 24}) == "\x1b[H\x1b[31mabc\x1b[0m\x1b[K\n\x1b[J");
}

BOOST_AUTO_TEST_CASE(theLastRowIsTheCursors) {
    BOOST_TEST(drawn("1\n2\n3\n", {80, 4}) == "\x1b[H1\x1b[K\n2\x1b[K\n3\x1b[K\n\x1b[J");
    BOOST_TEST(drawn("1\n2\n3\n", {80, 3}) == "\x1b[H1\x1b[K\n...\x1b[K\n\x1b[J");
    BOOST_TEST(drawn("1\n2\n3\n", {80, 1}) == "\x1b[H...\x1b[K\n\x1b[J");
}

BOOST_AUTO_TEST_CASE(whereThereIsNoTerminalTheSizeIsTheUsualOne) {
    // Tests run with their output in a pipe or a file; with a terminal its size counts.
    if (isScreen()) return;
    BOOST_TEST(screenSize().columns > 0U);
    BOOST_TEST(screenSize().rows > 0U);
}

BOOST_AUTO_TEST_SUITE_END()
