#include "changebank/security/token/Confirmation.h"

#include <boost/test/unit_test.hpp>

#include "tests/support/TestKey.h"

using namespace changebank;
using namespace changebank::security;

namespace {

const std::string digest = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
const std::string other = "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0";

std::variant<Confirmation, Refusal> read(const std::string& claim) {
    const auto json = Json::parse(claim).value();
    return Confirmation::read(&json);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ConfirmationTest)

BOOST_AUTO_TEST_CASE(withoutTheClaimNothingIsToBeProven) {
    const auto confirmation = std::get<Confirmation>(Confirmation::read(nullptr));
    BOOST_TEST(confirmation.keyThumbprint.empty());
    BOOST_TEST(confirmation.certificateThumbprint.empty());
    BOOST_TEST(!confirmation.key);
}

BOOST_AUTO_TEST_CASE(aTokenIsBoundToAKeyACertificateOrBoth) {
    const auto key = std::get<Confirmation>(read(R"({"jkt":")" + digest + R"("})"));
    BOOST_TEST(key.keyThumbprint == digest);
    BOOST_TEST(key.certificateThumbprint.empty());
    BOOST_TEST(key.key);
    const auto certificate = std::get<Confirmation>(read(R"({"x5t#S256":")" + digest + R"("})"));
    BOOST_TEST(certificate.keyThumbprint.empty());
    BOOST_TEST(certificate.certificateThumbprint == digest);
    const auto both =
        std::get<Confirmation>(read(R"({"x5t#S256":")" + other + R"(","jkt":")" + digest + R"("})"));
    BOOST_TEST(both.keyThumbprint == digest);
    BOOST_TEST(both.certificateThumbprint == other);
}

BOOST_AUTO_TEST_CASE(aDemandThatWeDoNotKnowIsNeverPassedOver) {
    for (const std::string& claim : std::vector<std::string>{
             std::string("null"), std::string("{}"), std::string("[]"), "\"" + digest + "\"",
             std::string("true"), R"({"jwk":{"kty":"EC"}})" + std::string(),
             R"({"kid":"k1"})" + std::string(), R"({"jkt":")" + digest + R"(","kid":"k1"})",
             R"({"jkt":")" + digest + R"(","new":")" + digest + R"("})", R"({"jkt":""})" + std::string(),
             R"({"jkt":null})" + std::string(), R"({"jkt":1})" + std::string(),
             R"({"jkt":")" + digest + R"(="})", R"({"jkt":")" + digest.substr(1) + R"("})",
             R"({"jkt":"+)" + digest.substr(1) + R"("})", R"({"x5t#S256":["a"]})" + std::string(),
             R"({"x5t":")" + digest + R"("})", R"({"JKT":")" + digest + R"("})"}) {
        const auto result = read(claim);
        const auto* refusal = std::get_if<Refusal>(&result);
        BOOST_TEST((refusal && *refusal == Refusal{Cause::claimUnexpected, "cnf"}), claim);
    }
}

BOOST_AUTO_TEST_CASE(theFirstKeyIsKept) {
    const BoundKey kept;
    BOOST_TEST(kept.get() == nullptr);
    const auto import = [] {
        const auto jwk = Json::parse(tests::TestKey::shared(KeyFamily::p256).jwk()).value();
        return std::get<std::shared_ptr<const JsonWebKey>>(
            JsonWebKey::importHolderKey(jwk, Algorithm::es256));
    };
    const auto first = import();
    kept.keep(first);
    kept.keep(import());
    BOOST_TEST(kept.get() == first.get());
}

BOOST_AUTO_TEST_SUITE_END()
