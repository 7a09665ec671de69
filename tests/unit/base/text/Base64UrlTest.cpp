#include "changebank/base/text/Base64Url.h"

#include <boost/test/unit_test.hpp>

using namespace changebank;

BOOST_AUTO_TEST_SUITE(Base64UrlTest)

// RFC 4648 section 10, without the padding.
BOOST_AUTO_TEST_CASE(decodesAndEncodesThePublishedVectors) {
    const std::pair<const char*, const char*> vectors[] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
    for (const auto& [bytes, text] : vectors) {
        BOOST_TEST(encodeBase64Url(bytes) == text);
        BOOST_TEST(decodeBase64Url(text).value() == bytes);
    }
}

BOOST_AUTO_TEST_CASE(usesTheUrlSafeAlphabet) {
    BOOST_TEST(encodeBase64Url("\xFB\xFF\xBF") == "-_-_");
    BOOST_TEST(decodeBase64Url("-_-_").value() == "\xFB\xFF\xBF");
}

BOOST_AUTO_TEST_CASE(everyByteSurvivesInEveryPosition) {
    for (int byte = 0; byte < 256; ++byte) {
        for (std::size_t length = 1; length <= 4; ++length) {
            std::string text(length, 'x');
            text.back() = static_cast<char>(byte);
            BOOST_TEST(decodeBase64Url(encodeBase64Url(text)).value() == text);
        }
    }
}

BOOST_AUTO_TEST_CASE(refusesEveryByteOutsideTheAlphabet) {
    const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int byte = 0; byte < 256; ++byte) {
        for (std::size_t place = 0; place < 7; ++place) {
            std::string text = "AAAAAAA";
            text[place] = static_cast<char>(byte);
            const bool isLast = place == text.size() - 1;
            const auto index = alphabet.find(static_cast<char>(byte));
            const bool isCanonical = index != std::string::npos && (!isLast || index % 4 == 0);
            BOOST_TEST(decodeBase64Url(text).has_value() == isCanonical, "byte " << byte << " at " << place);
        }
    }
}

BOOST_AUTO_TEST_CASE(refusesPaddingImpossibleLengthsAndUnusedBits) {
    for (const char* text :
         {"Zg==", "Zm8=", "=", "A", "AAAAA", "Zh", "Zm9", "Zm9vYmF", "Zm9v\n", " Zm9v", "Zm 9v"}) {
        BOOST_TEST(!decodeBase64Url(text).has_value(), text);
    }
}

BOOST_AUTO_TEST_CASE(refusesASingleCharacterWhateverStandsBehindTheText) {
    const std::string_view more = "AAAAAAAA";
    for (const std::size_t length : {1U, 5U})
        BOOST_TEST(!decodeBase64Url(more.substr(0, length)).has_value(), length << " characters");
}

BOOST_AUTO_TEST_SUITE_END()
