#include "changebank/daemon/http/socket/HandshakeScanner.h"

#include <boost/test/unit_test.hpp>
#include <string>

using changebank::http::HandshakeScanner;

namespace {

constexpr std::size_t maximum = 300;

std::string bytes(std::size_t value, int count) {
    std::string text;
    for (int i = count - 1; i >= 0; --i)
        text += static_cast<char>(value >> (8 * i));
    return text;
}

std::string record(char type, const std::string& fragment) {
    return type + bytes(0x0301, 2) + bytes(fragment.size(), 2) + fragment;
}

/// A handshake message of which only the first bytes are there.
std::string message(std::size_t claimed, std::size_t present) {
    return '\x01' + bytes(claimed, 3) + std::string(present, 'x');
}

bool passes(const std::string& stream) {
    return HandshakeScanner(maximum).scan(stream);
}

bool passesByteByByte(const std::string& stream) {
    HandshakeScanner scanner(maximum);
    for (const char byte : stream) {
        if (!scanner.scan({&byte, 1})) return false;
    }
    return true;
}

void check(const std::string& stream, bool expected) {
    BOOST_TEST(passes(stream) == expected);
    BOOST_TEST(passesByteByByte(stream) == expected);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(HandshakeScannerTest)

BOOST_AUTO_TEST_CASE(AMessageUpToTheMaximumPasses) {
    check(record(22, message(maximum, maximum)), true);
    check(record(22, message(maximum + 1, 0)), false);
    check(record(22, message(0xffffff, 0)), false);
    check(record(22, message(0, 0)), true);
}

BOOST_AUTO_TEST_CASE(AHeaderMayBeSpreadOverRecords) {
    const auto tooLong = message(maximum + 1, 0);
    check(record(22, tooLong.substr(0, 1)) + record(22, tooLong.substr(1, 2)) + record(22, tooLong.substr(3)),
          false);
    check(record(22, {}) + record(22, tooLong), false);
}

BOOST_AUTO_TEST_CASE(ALaterMessageIsScannedToo) {
    check(record(22, message(10, 10) + message(maximum + 1, 0)), false);
    check(record(22, message(10, 4)) + record(22, std::string(6, 'x') + message(maximum + 1, 0)), false);
    check(record(22, message(10, 4)) + record(22, std::string(6, 'x') + message(maximum, 0)), true);
}

BOOST_AUTO_TEST_CASE(RecordsOfOtherTypesAreSkipped) {
    const auto looksTooLong = message(maximum + 1, 0);
    check(record(20, looksTooLong) + record(23, looksTooLong), true);
    check(record(20, "\x01") + record(22, looksTooLong), false);
}

BOOST_AUTO_TEST_SUITE_END()
