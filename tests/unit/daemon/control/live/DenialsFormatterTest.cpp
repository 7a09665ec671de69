#include "changebank/daemon/control/live/DenialsFormatter.h"

#include <boost/test/unit_test.hpp>

using namespace changebank;
using namespace changebank::daemon;

namespace {

std::string formatted(const std::string& text) {
    return formatDenials(Json::parse(text).value());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(DenialsFormatterTest)

BOOST_AUTO_TEST_CASE(aDenialIsALineAndWhatElseIsKnown) {
    BOOST_TEST(
        formatted(R"({"last":9,"denials":[
        {"sequence":8,"time":"T1","status":403,"cause":"role_missing","code":null,"parameter":null,"method":"POST",
         "path":"/panic","route":"/panic","requestId":"7f","traceId":"4bf92f","subject":"s-1","client":"127.0.0.1:4711",
         "expected":"teller","found":"customer"},
        {"sequence":9,"time":"T2","status":401,"cause":"claim_unexpected","parameter":"aud","method":"GET",
         "path":"/me","expected":"a, b","found":"c"},
        {"sequence":10,"time":"T3","status":401,"cause":"missing_token","method":"GET","path":"/"}]})") ==
        "T1  403 role_missing  POST /panic  from 127.0.0.1:4711\n"
        "    expected \"teller\", found \"customer\", subject s-1, route /panic, request 7f, trace 4bf92f\n"
        "T2  401 claim_unexpected \"aud\"  GET /me\n"
        "    expected \"a, b\", found \"c\"\n"
        "T3  401 missing_token  GET /\n");
    BOOST_TEST(formatted(R"({"last":0,"denials":[]})") == "no denials since the start\n");
}

BOOST_AUTO_TEST_CASE(foreignTextCannotLookLikeOurs) {
    BOOST_TEST(
        formatted(R"({"denials":[{"time":"T","status":401,"cause":"c","method":"GET\n","path":"/a  from b",
        "client":"x\u001b[2J","found":"\", subject \u202e","subject":"a b"}]})") ==
        "T  401 c  \"GET\\u000a\" \"/a  from b\"  from \"x\\u001b[2J\"\n"
        "    found \"\\\", subject \\u202e\", subject \"a b\"\n");
}

BOOST_AUTO_TEST_CASE(anAnswerWithoutItsMembersIsNoCrash) {
    for (const auto* text : {"{}", "[]", "null", R"({"denials":7})", R"({"denials":[7,{},null]})"})
        BOOST_CHECK_NO_THROW(formatted(text));
}

BOOST_AUTO_TEST_SUITE_END()
