#include <boost/test/unit_test.hpp>

#include "changebank/security/jose/SignatureVerifier.h"
#include "tests/support/TestKey.h"

using namespace changebank;
using namespace changebank::security;
using namespace changebank::tests;

namespace {

constexpr std::size_t size = 256;
const std::string text = "what is signed";

std::string hash(const char* name, const std::string& message) {
    std::string digest(EVP_MAX_MD_SIZE, '\0');
    std::size_t length = 0;
    BOOST_REQUIRE(EVP_Q_digest(nullptr, name, nullptr, message.data(), message.size(),
                               reinterpret_cast<unsigned char*>(digest.data()), &length) == 1);
    digest.resize(length);
    return digest;
}

/// RFC 8017 appendix B.2.1.
std::string mask(const char* digest, const std::string& seed, std::size_t length) {
    std::string maskBytes;
    for (char counter = 0; maskBytes.size() < length; ++counter)
        maskBytes += hash(digest, seed + std::string(3, '\0') + counter);
    maskBytes.resize(length);
    return maskBytes;
}

/// An encoded message of RSASSA-PSS (RFC 8017 section 9.1.1), each part of which a test may change.
struct Pss {
    const char* digest = "SHA256";
    const char* maskDigest = "SHA256";
    std::string message = hash("SHA256", text);
    std::string beforeMessage = std::string(8, '\0');
    std::string salt = std::string(32, 's');
    /// The salt that is hashed, if it is another than the one that is sent.
    std::string hashedSalt = salt;
    char separator = '\x01';
    char trailer = '\xBC';
    /// Bytes of the padding that are not zero.
    std::string padding{};
    /// The topmost bit, which does not belong to the encoded message of 2047 bits.
    bool topBit = false;

    Pss& withSalt(const std::string& other) {
        salt = hashedSalt = other;
        return *this;
    }

    std::string encoded() const {
        const auto digestOfAll = hash(digest, beforeMessage + message + hashedSalt);
        const auto blockSize = size - digestOfAll.size() - 1;
        std::string block = padding;
        block.resize(blockSize - salt.size() - 1, '\0');
        block += separator + salt;
        const auto maskBytes = mask(maskDigest, digestOfAll, blockSize);
        for (std::size_t i = 0; i < blockSize; ++i)
            block[i] = static_cast<char>(block[i] ^ maskBytes[i]);
        block[0] = static_cast<char>((block[0] & 0x7F) | (topBit ? 0x80 : 0));
        return block + digestOfAll + trailer;
    }
};

struct Fixture {
    const TestKey& key = TestKey::shared(KeyFamily::rsa);
    SignatureVerifier verifier{Algorithm::ps256, key.key()};

    bool verifies(const Pss& pss) const { return verifier.verify(text, key.privateOperation(pss.encoded())); }
};

}  // namespace

// RFC 7518 section 3.5: the digest of the algorithm, MGF1 with the same one, and a salt of its length.
BOOST_FIXTURE_TEST_SUITE(SignatureVerifierPssTest, Fixture)

BOOST_AUTO_TEST_CASE(theRightEncodingVerifies) {
    BOOST_TEST(verifies({}));
    for (const char filler : {'\0', 'a', '\xFF'})
        BOOST_TEST(verifies(Pss().withSalt(std::string(32, filler))));
}

BOOST_AUTO_TEST_CASE(noSaltOfAnotherLengthDoes) {
    for (std::size_t length = 0; length <= size - 32 - 2; ++length) {
        if (length != 32) BOOST_TEST(!verifies(Pss().withSalt(std::string(length, 's'))), length);
    }
}

BOOST_AUTO_TEST_CASE(noOtherDigestDoes) {
    for (const char* other : {"SHA1", "SHA224", "SHA384", "SHA512", "SHA512-256", "SHA3-256"}) {
        Pss pss;
        pss.maskDigest = other;
        BOOST_TEST(!verifies(pss), other);
        pss.digest = other;
        pss.message = hash(other, text);
        BOOST_TEST(!verifies(pss), other);
        pss.maskDigest = "SHA256";
        BOOST_TEST(!verifies(pss), other);
    }
}

BOOST_AUTO_TEST_CASE(noOtherTrailerAndSeparatorDoes) {
    for (int byte = 0; byte < 256; ++byte) {
        Pss trailer;
        trailer.trailer = static_cast<char>(byte);
        BOOST_TEST(verifies(trailer) == (byte == 0xBC), byte);
        Pss separator;
        separator.separator = static_cast<char>(byte);
        BOOST_TEST(verifies(separator) == (byte == 0x01), byte);
    }
}

BOOST_AUTO_TEST_CASE(noPaddingButZerosDoes) {
    for (std::size_t i = 0; i < size - 32 - 32 - 2; i += 3) {
        Pss pss;
        pss.padding = std::string(i, '\0') + "\x01";
        BOOST_TEST(!verifies(pss), i);
    }
}

BOOST_AUTO_TEST_CASE(noTopBitDoes) {
    // A salt that makes the number begin with 0x80 all the same, so that it is below any modulus of this
    // size.
    Pss pss;
    pss.topBit = true;
    for (int number = 0; static_cast<unsigned char>(pss.encoded()[0]) != 0x80; ++number) {
        const auto digits = std::to_string(number);
        pss.withSalt(digits + std::string(32 - digits.size(), 's'));
    }
    BOOST_TEST(!verifies(pss));
}

BOOST_AUTO_TEST_CASE(everyHashedByteCounts) {
    Pss otherSalt;
    otherSalt.hashedSalt = std::string(32, 't');
    BOOST_TEST(!verifies(otherSalt));
    for (const std::size_t zeros : {0U, 7U, 9U}) {
        Pss pss;
        pss.beforeMessage = std::string(zeros, '\0');
        BOOST_TEST(!verifies(pss), zeros);
    }
    Pss unhashed;
    unhashed.message = text;
    BOOST_TEST(!verifies(unhashed));
    Pss other;
    other.message = hash("SHA256", text + " by somebody else");
    BOOST_TEST(!verifies(other));
}

BOOST_AUTO_TEST_SUITE_END()
