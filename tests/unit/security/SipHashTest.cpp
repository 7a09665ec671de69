#include "security/SipHash.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <boost/test/unit_test.hpp>
#include <cstring>
#include <string>

#include "security/OpenSsl.h"

using namespace changebank::security;

namespace {

using Mac = std::unique_ptr<EVP_MAC, OpenSslDeleter<EVP_MAC_free>>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, OpenSslDeleter<EVP_MAC_CTX_free>>;

/// OpenSSL's SipHash with the same rounds.
std::uint64_t reference(const SipHash::Secret& secret, std::string_view text) {
    const Mac mac(EVP_MAC_fetch(nullptr, "SIPHASH", nullptr));
    const MacContext context(EVP_MAC_CTX_new(mac.get()));
    unsigned compressions = 1;
    unsigned finalizations = 3;
    std::size_t size = sizeof(std::uint64_t);
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_uint(OSSL_MAC_PARAM_C_ROUNDS, &compressions),
                                     OSSL_PARAM_construct_uint(OSSL_MAC_PARAM_D_ROUNDS, &finalizations),
                                     OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size),
                                     OSSL_PARAM_construct_end()};
    unsigned char digest[sizeof(std::uint64_t)] = {};
    BOOST_REQUIRE(EVP_MAC_init(context.get(), reinterpret_cast<const unsigned char*>(secret.data()),
                               sizeof secret, parameters) == 1);
    BOOST_REQUIRE(EVP_MAC_update(context.get(), octets(text), text.size()) == 1);
    BOOST_REQUIRE(EVP_MAC_final(context.get(), digest, &size, sizeof digest) == 1);
    std::uint64_t number = 0;
    std::memcpy(&number, digest, sizeof number);
    return number;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(SipHashTest)

BOOST_AUTO_TEST_CASE(agreesWithOpenSsl) {
    const SipHash::Secret secret{0x0706050403020100ULL, 0x0f0e0d0c0b0a0908ULL};
    std::string text;
    for (int i = 0; i < 300; ++i) {
        BOOST_TEST(SipHash(secret)(text) == reference(secret, text));
        text += static_cast<char>(i * 37);
    }
}

BOOST_AUTO_TEST_CASE(everySecretGivesOtherHashes) {
    const auto one = SipHash::withRandomSecret();
    const auto other = SipHash::withRandomSecret();
    BOOST_TEST(one("a.b.c") != other("a.b.c"));
    BOOST_TEST(one("a.b.c") == one("a.b.c"));
}

BOOST_AUTO_TEST_SUITE_END()
