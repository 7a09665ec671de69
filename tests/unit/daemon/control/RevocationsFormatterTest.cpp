#include "changebank/daemon/control/RevocationsFormatter.h"

#include <boost/test/unit_test.hpp>

using namespace changebank;
using namespace changebank::daemon;

namespace {

Json json(const std::string& text) {
    auto parsed = Json::parse(text);
    BOOST_REQUIRE(parsed);
    return *parsed;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RevocationsFormatterTest)

BOOST_AUTO_TEST_CASE(revocationsAreATable) {
    BOOST_TEST(formatRevocations(json(R"({"revocations":[
            {"user":"u1","issuedUpTo":"2026-11-30T10:00:00Z","reason":"user.deactivate"},
            {"user":"u2","application":"a","issuedUpTo":"2026-11-30T09:00:00Z","reason":"x\ny"},
            {"session":"s","issuedUpTo":"2026-11-30T08:00:00Z","reason":""},
            {"application":"a","tenant":"t","issuedUpTo":"2026-11-30T07:00:00Z","reason":"r"}],"total":4})")) ==
               "ISSUED UP TO          WHAT         ID(S)                    REASON\n"
               "2026-11-30T10:00:00Z  user         u1                       user.deactivate\n"
               "2026-11-30T09:00:00Z  user         u2 in the application a  x\\u000ay\n"
               "2026-11-30T08:00:00Z  session      s\n"
               "2026-11-30T07:00:00Z  application  a in the tenant t        r\n");
}

BOOST_AUTO_TEST_CASE(aListThatIsCutSaysSo) {
    const auto text = formatRevocations(
        json(R"({"revocations":[{"user":"u","issuedUpTo":"2026-11-30T10:00:00Z","reason":"r"}],"total":7})"));
    BOOST_TEST(text.find("\nthe latest 1 of 7; --limit=N shows more\n") != std::string::npos);
    BOOST_TEST(formatRevocations(json(R"({"revocations":[],"total":0})")) == "no revocations\n");
}

BOOST_AUTO_TEST_CASE(aRevocationSaysWhatItMeans) {
    BOOST_TEST(formatRevoked(json(R"({"outcome":"kept","revocation":{"user":"u","application":"a",
                   "issuedUpTo":"2026-11-30T10:00:00Z","reason":"r"},"shared":true,"audited":true})")) ==
               "revoked: user u in the application a; tokens issued up to 2026-11-30T10:00:00Z are refused\n"
               "later tokens are accepted; FusionAuth decides who gets one\n");
    BOOST_TEST(formatRevoked(json(R"({"outcome":"unchanged","revocation":{"session":"s",
                   "issuedUpTo":"2026-11-30T10:00:00Z","reason":"r"},"shared":null,"audited":null})")) ==
               "revoked already: session s; tokens issued up to 2026-11-30T10:00:00Z are refused\n"
               "in this daemon alone, since revocation.redis is not set\n"
               "later tokens are accepted; FusionAuth decides who gets one\n");
}

BOOST_AUTO_TEST_CASE(whatIsMissingIsTold) {
    const auto text = formatRevoked(json(R"({"outcome":"kept","revocation":{"application":"a",
        "issuedUpTo":"2026-11-30T10:00:00Z","reason":"r"},"shared":false,"audited":false})"));
    BOOST_TEST(text.find("\nin this daemon alone until Redis can be reached; see changebankctl status\n") !=
               std::string::npos);
    BOOST_TEST(text.find("\nwarning: the audit log could not record it\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(anAnswerWithoutItsMembersIsNoCrash) {
    for (const auto* text : {"{}", "[]", "null", R"({"revocations":[7,{}],"total":"x"})"}) {
        BOOST_CHECK_NO_THROW(formatRevocations(json(text)));
        BOOST_CHECK_NO_THROW(formatRevoked(json(text)));
    }
}

BOOST_AUTO_TEST_SUITE_END()
