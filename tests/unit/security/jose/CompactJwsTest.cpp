#include "changebank/security/jose/CompactJws.h"

#include <boost/test/unit_test.hpp>

#include "changebank/base/text/Base64Url.h"

using namespace changebank;
using namespace changebank::security;

namespace {

Cause causeOf(const std::string& token) {
    const auto parsed = CompactJws::parse(token);
    BOOST_REQUIRE(std::holds_alternative<Refusal>(parsed));
    return std::get<Refusal>(parsed).cause;
}

std::string withHeader(const std::string& header) {
    return encodeBase64Url(header) + ".e30.c2ln";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(CompactJwsTest)

BOOST_AUTO_TEST_CASE(parsesACompactToken) {
    const std::string token = withHeader(R"({"alg":"RS256","kid":"k1"})");
    const auto parsed = CompactJws::parse(token);
    const auto& jws = std::get<CompactJws>(parsed);
    BOOST_TEST(jws.algorithm() == "RS256");
    BOOST_TEST(jws.keyId().value() == "k1");
    BOOST_TEST(!jws.hasInvalidKeyId());
    BOOST_TEST(!jws.isUnencoded());
    BOOST_TEST(jws.encodedPayload() == "e30");
    BOOST_TEST(jws.encodedSignature() == "c2ln");
    BOOST_TEST(jws.signingInput() == token.substr(0, token.rfind('.')));
}

BOOST_AUTO_TEST_CASE(wantsExactlyThreeParts) {
    const auto header = encodeBase64Url(R"({"alg":"RS256"})");
    for (const std::string& token :
         {std::string(), std::string("abc"), header + ".e30", header + ".e30.c2ln.x", header + ".e30.c2ln.",
          "." + header + ".e30.c2ln", ".." + header + ".e30.c2ln", std::string("a.b.c.d.e"),
          "{" + header + "}", std::string(8192, '.')}) {
        BOOST_TEST((causeOf(token) == Cause::notCompact), token);
    }
}

BOOST_AUTO_TEST_CASE(refusesATokenBeyondTheLimitBeforeReadingIt) {
    const std::string atLimit = withHeader(R"({"alg":"RS256"})") + std::string(CompactJws::sizeLimit, 'A');
    BOOST_TEST((causeOf(atLimit) == Cause::notCompact));
    BOOST_TEST(
        std::holds_alternative<CompactJws>(CompactJws::parse(atLimit.substr(0, CompactJws::sizeLimit))));
}

BOOST_AUTO_TEST_CASE(refusesABrokenHeader) {
    for (const std::string& token :
         {std::string("a.b.c"), std::string("!!!!.e30.c2ln"), withHeader("{"), withHeader("\xFF"),
          withHeader(R"({"alg":"RS256","alg":"RS256"})"), withHeader(R"({"alg":"none","\u0061lg":"RS256"})"),
          withHeader("\xEF\xBB\xBF{\"alg\":\"RS256\"}"), withHeader(R"({"alg":"RS256"} x)"),
          withHeader("{\"alg\":\"RS256\",\"x\":" + std::string(17, '[') + std::string(17, ']') + "}"),
          encodeBase64Url(R"({"alg":"RS256"})") + "=.e30.c2ln"}) {
        BOOST_TEST((causeOf(token) == Cause::headerInvalid), token);
    }
}

BOOST_AUTO_TEST_CASE(wantsAnAlgorithm) {
    for (const char* header : {"{}", "null", "[]", "\"x\"", "1", R"({"alg":""})", R"({"alg":1})",
                               R"({"alg":null})", R"({"alg":["RS256"]})", R"({"typ":"JWT"})"}) {
        BOOST_TEST((causeOf(withHeader(header)) == Cause::algorithmMissing), header);
    }
    BOOST_TEST((causeOf(".e30.c2ln") == Cause::algorithmMissing));
    BOOST_TEST((causeOf("..") == Cause::algorithmMissing));
}

// RFC 7515 section 4.1.11 and RFC 7797 section 6.
BOOST_AUTO_TEST_CASE(enforcesCriticalExtensions) {
    for (const char* crit : {"[]", "\"x\"", "[1]", "null", "{}", "[\"\"]", "[\"b64\",\"b64\"]", "true"}) {
        const auto header = R"({"alg":"RS256","b64":true,"crit":)" + std::string(crit) + "}";
        BOOST_TEST((causeOf(withHeader(header)) == Cause::critInvalid), header);
    }
    for (const char* name : {"exp", "alg", "x", "http://example.com/UNDEFINED"}) {
        const auto header = R"({"alg":"RS256","x":1,"exp":1,"crit":[")" + std::string(name) + "\"]}";
        const auto refusal = std::get<Refusal>(CompactJws::parse(withHeader(header)));
        BOOST_TEST((refusal.cause == Cause::extensionUnknown));
        BOOST_TEST(refusal.parameter == name);
    }
    BOOST_TEST((causeOf(withHeader(R"({"alg":"RS256","crit":["b64"]})")) == Cause::b64Missing));
    BOOST_TEST(
        (causeOf(withHeader(R"({"alg":"RS256","b64":"false","crit":["b64"]})")) == Cause::b64NotBoolean));
    BOOST_TEST((causeOf(withHeader(R"({"alg":"RS256","b64":0})")) == Cause::b64NotBoolean));
    // crit is checked before alg.
    BOOST_TEST((causeOf(withHeader(R"({"crit":["x"]})")) == Cause::extensionUnknown));
}

BOOST_AUTO_TEST_CASE(noticesUnencodedPayloadsAndOddKeyIds) {
    const std::string unencoded = withHeader(R"({"alg":"RS256","b64":false,"crit":["b64"]})");
    BOOST_TEST(std::get<CompactJws>(CompactJws::parse(unencoded)).isUnencoded());
    const std::string bare = withHeader(R"({"alg":"RS256","b64":false})");
    BOOST_TEST(std::get<CompactJws>(CompactJws::parse(bare)).isUnencoded());
    for (const char* keyId : {"1", "null", "{}", "[]", "true"}) {
        const std::string token = withHeader(R"({"alg":"RS256","kid":)" + std::string(keyId) + "}");
        const auto parsed = CompactJws::parse(token);
        BOOST_TEST(std::get<CompactJws>(parsed).hasInvalidKeyId());
        BOOST_TEST(!std::get<CompactJws>(parsed).keyId().has_value());
    }
}

BOOST_AUTO_TEST_SUITE_END()
