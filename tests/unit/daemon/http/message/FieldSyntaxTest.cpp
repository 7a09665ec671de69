#include "changebank/daemon/http/message/FieldSyntax.h"

#include <boost/beast/http/detail/rfc7230.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

using namespace changebank;
using namespace changebank::http;

namespace {

/// Calls with every byte at every position of texts of every length up to some words.
template <typename Check>
void forEachByteAtEachPosition(char filler, Check check) {
    for (std::size_t length = 1; length <= 33; ++length) {
        for (std::size_t position = 0; position < length; ++position) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string text(length, filler);
                text[position] = static_cast<char>(byte);
                check(text, static_cast<unsigned char>(byte));
            }
        }
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(FieldSyntaxTest)

BOOST_AUTO_TEST_CASE(ValuesHaveNoControlCharactersButTabs) {
    std::size_t wrong = 0;
    for (const char filler : {'a', '\t', '\xff', '\x80', ' '}) {
        forEachByteAtEachPosition(filler, [&wrong](const std::string& text, unsigned char byte) {
            const bool allowed = byte == '\t' || (byte >= 0x20 && byte != 0x7F);
            wrong += isFieldValue(text) != allowed ? 1U : 0U;
        });
    }
    BOOST_TEST(wrong == 0U);
    BOOST_TEST(isFieldValue(""));
}

BOOST_AUTO_TEST_CASE(TokensAreWhatBoostBeastTakesForOne) {
    namespace beast = boost::beast::http::detail;
    std::size_t wrong = 0;
    forEachByteAtEachPosition('a', [&wrong](const std::string& text, unsigned char byte) {
        const bool allowed = beast::is_token_char(static_cast<char>(byte));
        wrong += isToken(text) != allowed ? 1U : 0U;
    });
    BOOST_TEST(wrong == 0U);
    BOOST_TEST(!isToken(""));
}

BOOST_AUTO_TEST_CASE(NamesDifferInNothingButTheCaseOfLetters) {
    BOOST_TEST(isSameName("Content-Length", "cONTENT-lENGTH"));
    BOOST_TEST(!isSameName("Content-Length", "Content-Lengt"));
    BOOST_TEST(!isSameName("Host", "Hos\xD4"));
    std::size_t same = 0;
    for (int one = 0; one < 256; ++one) {
        for (int other = 0; other < 256; ++other) {
            const std::string a(1, static_cast<char>(one));
            const std::string b(1, static_cast<char>(other));
            same += isSameName(a, b) ? 1U : 0U;
        }
    }
    BOOST_TEST(same == 256U + 52U);
}

BOOST_AUTO_TEST_SUITE_END()
