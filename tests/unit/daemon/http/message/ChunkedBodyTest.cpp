#include "changebank/daemon/http/message/ChunkedBody.h"

#include <boost/test/unit_test.hpp>

using changebank::http::ChunkedBody;
using Progress = ChunkedBody::Progress;

BOOST_AUTO_TEST_SUITE(ChunkedBodyTest)

BOOST_AUTO_TEST_CASE(UsesNothingBehindTheEnd) {
    ChunkedBody chunks(100, 100);
    std::string body;
    const std::string input = "3\r\nabc\r\n0\r\n\r\n";
    BOOST_TEST(chunks.decode(input + "GET /", body) == input.size());
    BOOST_TEST((chunks.progress() == Progress::Done));
    BOOST_TEST(body == "abc");
}

BOOST_AUTO_TEST_CASE(FailsAtTheFirstInvalidByte) {
    for (const std::string input : {"3\r\nabcd", "3\n", "3\rx", "3;\x01", "3\r\nabc\n"}) {
        ChunkedBody chunks(100, 100);
        std::string body;
        chunks.decode(input, body);
        BOOST_TEST((chunks.progress() == Progress::Malformed), input);
    }
}

BOOST_AUTO_TEST_CASE(BoundsALineThatDoesNotEnd) {
    ChunkedBody chunks(100, 100);
    std::string body;
    std::size_t used = 0;
    for (int i = 0; i < 1000 && chunks.progress() == Progress::More; ++i)
        used += chunks.decode(i == 0 ? "1;" : "a", body);
    BOOST_TEST((chunks.progress() == Progress::OverheadTooLarge));
    BOOST_TEST(used < 130U);
}

BOOST_AUTO_TEST_CASE(TakesTheLargestBodyAndNoByteMore) {
    std::string body;
    ChunkedBody fits(3, 10);
    fits.decode("3\r\nabc\r\n0\r\n\r\n", body);
    BOOST_TEST((fits.progress() == Progress::Done));
    body.clear();
    ChunkedBody larger(3, 10);
    larger.decode("4\r\n", body);
    BOOST_TEST((larger.progress() == Progress::BodyTooLarge));
    BOOST_TEST(body.empty());
}

BOOST_AUTO_TEST_SUITE_END()
