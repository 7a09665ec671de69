#include "changebank/daemon/http/socket/CertificateThumbprint.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>

using namespace changebank::http;

BOOST_AUTO_TEST_SUITE(CertificateThumbprintTest)

// RFC 8705 appendix A, figures 5 and 6.
BOOST_AUTO_TEST_CASE(IsThatOfTheRfcsExample) {
    const std::string pem =
        "-----BEGIN CERTIFICATE-----\n"
        "MIIBBjCBrAIBAjAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARtdGxzMB4XDTE4MTAx\n"
        "ODEyMzcwOVoXDTIyMDUwMjEyMzcwOVowDzENMAsGA1UEAwwEbXRsczBZMBMGByqG\n"
        "SM49AgEGCCqGSM49AwEHA0IABNcnyxwqV6hY8QnhxxzFQ03C7HKW9OylMbnQZjjJ\n"
        "/Au08/coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8wCgYIKoZIzj0EAwID\n"
        "SQAwRgIhAP0RC1E+vwJD/D1AGHGzuri+hlV/PpQEKTWUVeORWz83AiEA5x2eXZOV\n"
        "bUlJSGQgjwD5vaUaKlLR50Q2DmFfQj1L+SY=\n"
        "-----END CERTIFICATE-----\n";
    const std::unique_ptr<BIO, decltype(&BIO_free)> input(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(
        PEM_read_bio_X509(input.get(), nullptr, nullptr, nullptr), &X509_free);
    BOOST_REQUIRE(certificate != nullptr);
    BOOST_TEST(certificateThumbprint(*certificate) == "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0");
}

BOOST_AUTO_TEST_SUITE_END()
