#include "changebank/security/dpop/DpopNonces.h"

#include <Poco/Exception.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>

using namespace changebank::security;
using namespace std::chrono_literals;

namespace {

const std::string secret(32, 's');
constexpr double now = 1'790'000'000 / 300 * 300;
using Standing = DpopNonces::Standing;

}  // namespace

BOOST_AUTO_TEST_SUITE(DpopNoncesTest)

BOOST_AUTO_TEST_CASE(aNonceIsGoodForItsLifetimeAndLessThanTwice) {
    const DpopNonces nonces(secret, 300s);
    const auto nonce = nonces.current(now + 299);
    BOOST_TEST((nonces.standingOf(nonce, now + 299) == Standing::current));
    BOOST_TEST((nonces.standingOf(nonce, now + 300) == Standing::ending));
    BOOST_TEST((nonces.standingOf(nonce, now + 599) == Standing::ending));
    BOOST_TEST((nonces.standingOf(nonce, now + 600) == Standing::unknown));
    // One of a server whose clock is ahead.
    BOOST_TEST((nonces.standingOf(nonce, now - 1) == Standing::current));
    BOOST_TEST((nonces.standingOf(nonce, now - 301) == Standing::unknown));
    BOOST_TEST(nonces.current(now) == nonce);
    BOOST_TEST(nonces.current(now + 300) != nonce);
}

// RFC 9449 section 8.1: 1*NQCHAR.
BOOST_AUTO_TEST_CASE(aNonceCanStandInAHeader) {
    const auto nonce = DpopNonces(secret, 300s).current(now);
    BOOST_TEST(nonce.size() == 43U);
    BOOST_TEST(
        std::all_of(nonce.begin(), nonce.end(), [](char c) { return c > ' ' && c <= '~' && c != '"'; }));
}

BOOST_AUTO_TEST_CASE(serversWithOneSecretAcceptEachOthersNonces) {
    const DpopNonces nonces(secret, 300s);
    BOOST_TEST((DpopNonces(secret, 300s).standingOf(nonces.current(now), now) == Standing::current));
    BOOST_TEST(
        (DpopNonces(std::string(32, 't'), 300s).standingOf(nonces.current(now), now) == Standing::unknown));
}

BOOST_AUTO_TEST_CASE(otherTextsAreUnknown) {
    const DpopNonces nonces(secret, 300s);
    const auto nonce = nonces.current(now);
    for (const auto& text : {std::string(), nonce + "=", nonce.substr(1), nonce + nonce,
                             "A" + nonce.substr(1), std::string(43, 'A')}) {
        BOOST_TEST((nonces.standingOf(text, now) == Standing::unknown) == (text != nonce), text);
    }
}

BOOST_AUTO_TEST_CASE(aGuessableSecretIsRefused) {
    BOOST_CHECK_THROW(DpopNonces(std::string(31, 's'), 300s), Poco::InvalidArgumentException);
    BOOST_CHECK_THROW(DpopNonces(secret, 0s), Poco::InvalidArgumentException);
}

BOOST_AUTO_TEST_SUITE_END()
