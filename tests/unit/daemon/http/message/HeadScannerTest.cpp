#include "changebank/daemon/http/message/HeadScanner.h"

#include <boost/test/unit_test.hpp>
#include <string>

using changebank::http::HeadScanner;
using Result = HeadScanner::Result;

BOOST_AUTO_TEST_SUITE(HeadScannerTest)

BOOST_AUTO_TEST_CASE(FindsTheEndHoweverItCame) {
    const std::string head = "\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n";
    HeadScanner scanner;
    for (std::size_t size = 0; size < head.size(); ++size)
        BOOST_TEST_REQUIRE((scanner.scan(head.substr(0, size)) == Result::Incomplete), size);
    BOOST_TEST((scanner.scan(head + "next") == Result::Complete));
    BOOST_TEST(scanner.start() == 2U);
    BOOST_TEST(scanner.requestLineEnd() == 18U);
    BOOST_TEST(scanner.end() == head.size());
}

BOOST_AUTO_TEST_CASE(FailsAtTheFirstInvalidByte) {
    for (const std::string bytes :
         {"\n", "\x16", " ", "\x80", "GET\n", "GET /\rX", "\r\n\r\n", "\rX", "A\r\n B", "A\r\n\tB\r\n"}) {
        HeadScanner scanner;
        // A folded line is known by its first byte but judged at its end.
        const auto result = scanner.scan(bytes + (bytes == "A\r\n B" ? "\r\n" : ""));
        BOOST_TEST((result == Result::Malformed), bytes);
    }
}

BOOST_AUTO_TEST_CASE(WaitsForMoreAtALoneReturn) {
    HeadScanner scanner;
    BOOST_TEST((scanner.scan("GET / HTTP/1.1\r") == Result::Incomplete));
    BOOST_TEST(!scanner.hasRequestLine());
    BOOST_TEST((scanner.scan("GET / HTTP/1.1\r\n") == Result::Incomplete));
    BOOST_TEST(scanner.hasRequestLine());
}

BOOST_AUTO_TEST_SUITE_END()
