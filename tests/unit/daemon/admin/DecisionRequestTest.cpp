#include "changebank/daemon/admin/DecisionRequest.h"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace changebank::daemon;

namespace {

constexpr std::size_t maxTargetLength = 1024;

std::string faultOf(const std::string& body) {
    const auto read = decisionRequestOf(body, maxTargetLength);
    const auto* bad = std::get_if<BadValue>(&read);
    return bad == nullptr ? "" : bad->why;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(DecisionRequestTest)

BOOST_AUTO_TEST_CASE(everyPartIsRead) {
    const auto read = decisionRequestOf(
        R"({"method":"PUT","target":"/orders/1?x=y","host":"api.example:8443","token":"a.b.c"})",
        maxTargetLength);
    BOOST_REQUIRE(std::holds_alternative<changebank::handlers::TriedRequest>(read));
    const auto& request = std::get<changebank::handlers::TriedRequest>(read);
    BOOST_TEST(request.method == "PUT");
    BOOST_TEST(request.target == "/orders/1?x=y");
    BOOST_TEST(request.host == "api.example:8443");
    BOOST_TEST(request.token == "a.b.c");
}

BOOST_AUTO_TEST_CASE(hostAndTokenMayBeMissing) {
    const auto read = decisionRequestOf(R"({"method":"GET","target":"/"})", maxTargetLength);
    BOOST_REQUIRE(std::holds_alternative<changebank::handlers::TriedRequest>(read));
    BOOST_TEST(std::get<changebank::handlers::TriedRequest>(read).host == "localhost");
    BOOST_TEST(std::get<changebank::handlers::TriedRequest>(read).token.empty());
}

BOOST_AUTO_TEST_CASE(aLongTokenIsRead) {
    BOOST_TEST(faultOf(R"({"method":"GET","target":"/","token":")" + std::string(1'000'000, 'a') + "\"}") ==
               "");
}

BOOST_AUTO_TEST_CASE(aTargetIsNotLongerThanAListenerTakesIt) {
    const auto faultOfLength = [](std::size_t length) {
        return faultOf(R"({"method":"GET","target":"/)" + std::string(length - 1, 'a') + "\"}");
    };
    BOOST_TEST(faultOfLength(1024) == "");
    BOOST_TEST(faultOfLength(1025) ==
               "the path has 1025 bytes, more than the listener takes, which is server.maxHeaderBytes, 1024");
}

BOOST_AUTO_TEST_CASE(whatIsNoRequestIsRefused) {
    BOOST_TEST(faultOf("[]") == "the body is not a JSON object");
    BOOST_TEST(faultOf(R"({"method":"GET","path":"/"})") == "unknown member \"path\"");
    BOOST_TEST(faultOf(R"({"method":1})") == "\"method\" is not a text");
    BOOST_TEST(faultOf(R"({"target":"/"})") == "the method must be one in upper case, such as GET, not \"\"");
    BOOST_TEST(faultOf(R"({"method":"get","target":"/"})") ==
               "the method must be one in upper case, such as GET, not \"get\"");
    for (const auto* method : {"G T", "GET\\r\\nX: y", "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG"})
        BOOST_TEST(faultOf(std::string(R"({"method":")") + method + R"(","target":"/"})") != "");
    BOOST_TEST(faultOf(R"({"method":"GET","target":"orders"})") ==
               "the path must begin with a slash, unlike \"orders\"");
    BOOST_TEST(faultOf(R"({"method":"GET","target":"/","host":""})") == "the host is empty");
    for (const auto* member : {R"("target":"/a b")", R"("target":"/","host":"a\r\nb")",
                               R"("target":"/","token":"a b")", R"("target":"/\u00e4")"})
        BOOST_TEST(faultOf(std::string(R"({"method":"GET",)") + member + "}") ==
                   "path, host and token are ASCII without blanks");
}

BOOST_AUTO_TEST_SUITE_END()
