#include "changebank/security/jose/Pem.h"

#include <openssl/err.h>

#include <boost/test/unit_test.hpp>

#include <string>

#include "tests/support/PrivatePem.h"
#include "tests/support/TestKey.h"

using namespace changebank;
using namespace changebank::security;
using changebank::tests::TestKey;

namespace {

const TestKey& key() {
    return TestKey::shared(KeyFamily::p256);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(PemTest)

BOOST_AUTO_TEST_CASE(blocksKeepTheirOrderAmongOtherText) {
    const auto blocks =
        pemBlocksIn("a comment\n" + key().publicPem() + "another\n" + key().privatePem() + "end");
    BOOST_REQUIRE(blocks.size() == 2U);
    BOOST_TEST(blocks[0].name == "PUBLIC KEY");
    BOOST_TEST(blocks[0].bytes == key().publicDer());
    BOOST_TEST(!blocks[0].hasHeader);
    BOOST_TEST(blocks[1].name == "PRIVATE KEY");
}

BOOST_AUTO_TEST_CASE(anIncompleteBlockIsNone) {
    const auto pem = key().publicPem();
    BOOST_TEST(pemBlocksIn("").empty());
    BOOST_TEST(pemBlocksIn("key").empty());
    BOOST_TEST(pemBlocksIn(pem.substr(0, pem.size() / 2)).empty());
    BOOST_TEST(pemBlocksIn(pem + pem.substr(0, pem.size() / 2)).size() == 1U);
    BOOST_TEST(ERR_peek_error() == 0U);
}

BOOST_AUTO_TEST_CASE(aHeaderIsSeen) {
    const auto blocks = pemBlocksIn(
        "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n"
        "-----END EC PRIVATE KEY-----\n");
    BOOST_REQUIRE(blocks.size() == 1U);
    BOOST_TEST(blocks.front().hasHeader);
}

BOOST_AUTO_TEST_CASE(aPrivateKeyIsReadWithoutAPassphrase) {
    BOOST_TEST(EVP_PKEY_eq(privateKeyIn(key().privatePem()).get(), &key().key()) == 1);
    BOOST_TEST(EVP_PKEY_eq(privateKeyIn(key().publicPem() + key().privatePem()).get(), &key().key()) == 1);
    BOOST_TEST(!privateKeyIn(key().publicPem()));
    BOOST_TEST(!privateKeyIn(tests::privatePemOf(key().key(), "passphrase")));
    BOOST_TEST(!privateKeyIn("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"));
    BOOST_TEST(!privateKeyIn(""));
    BOOST_TEST(ERR_peek_error() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
