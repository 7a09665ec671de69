#include "changebank/handlers/decision/ForwardedRequest.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/handlers/FakeExchange.h"

using namespace changebank;
using namespace changebank::handlers;

namespace {

std::string fieldsOf(const Poco::Net::MessageHeader& header) {
    std::string text;
    for (const auto& [name, value] : header)
        text += name + ": " + value + "\n";
    return text;
}

class WithCertificate : public ContextFakeRequest {
public:
    using ContextFakeRequest::ContextFakeRequest;
    std::string_view clientCertificateThumbprint() const override { return "the proxy's"; }
    bool secure() const override { return true; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ForwardedRequestTest)

BOOST_AUTO_TEST_CASE(hasItsOwnLineAndHostAndTheOtherFieldsOfTheProxysRequest) {
    FakeRequest outer("GET", "/decision");
    outer.add("x-forwarded-method", "POST");
    outer.add("X-Forwarded-HOST", "api.example.com");
    outer.add("X-Forwarded-Uri", "/orders?a=b");
    outer.add("Cookie", "a=1");
    outer.add("Cookie", "b=2");
    outer.add("X-Forwarded-For", "192.0.2.1");
    const ForwardedRequest request(outer, {"POST", "/orders?a=b?c", "api.example.com"});
    BOOST_TEST(request.getMethod() == "POST");
    BOOST_TEST(request.getURI() == "/orders?a=b?c");
    BOOST_TEST(request.path() == "/orders");
    BOOST_TEST(request.query() == "a=b?c");
    BOOST_TEST(request.getVersion() == "HTTP/1.1");
    BOOST_TEST(fieldsOf(request) ==
               "Host: api.example.com\nCookie: a=1\nCookie: b=2\nX-Forwarded-For: 192.0.2.1\n");
}

BOOST_AUTO_TEST_CASE(theClientAndTheResponseAreTheProxysRequests) {
    FakeRequest outer("GET", "/decision");
    ForwardedRequest request(outer, {"GET", "/", "a"});
    BOOST_TEST(&request.response() == &outer.response());
    BOOST_TEST(&request.clientAddress() == &outer.clientAddress());
    BOOST_TEST(&request.serverAddress() == &outer.serverAddress());
    BOOST_TEST(&request.serverParams() == &outer.serverParams());
    std::string word;
    BOOST_TEST(!(request.stream() >> word));
}

BOOST_AUTO_TEST_CASE(notesGoToTheProxysRequest) {
    const ContextFakeRequest outer("GET", "/decision");
    const ForwardedRequest request(outer, {"GET", "/x", "a"});
    request.noteReceived("PUT", "/y");
    request.noteRoute("/x/**");
    request.noteSubject("ann");
    request.noteDenial("expired");
    BOOST_TEST(outer.received == "PUT /y");
    BOOST_TEST(outer.route == "/x/**");
    BOOST_TEST(outer.subject == "ann");
    BOOST_TEST(outer.denial == "expired");
    BOOST_TEST(request.rule() == 0U);
    request.noteRule(7);
    BOOST_TEST(request.rule() == 7U);
}

BOOST_AUTO_TEST_CASE(notesOfAServerWithoutALogAreDropped) {
    const FakeRequest outer("GET", "/decision");
    const ForwardedRequest request(outer, {"GET", "/x", "a"});
    request.noteReceived("PUT", "/y");
    request.noteRoute("/x/**");
    request.noteSubject("ann");
    request.noteDenial("expired");
    BOOST_TEST(request.path() == "/x");
}

// The certificate of the connection proves the proxy's key, whoever its client is (RFC 8705 section 3).
BOOST_AUTO_TEST_CASE(theProxysCertificateIsNotTheClients) {
    const WithCertificate outer("GET", "/decision");
    const ForwardedRequest request(outer, {"GET", "/x", "a"});
    BOOST_TEST(request.clientCertificateThumbprint().empty());
    BOOST_TEST(!request.secure());
}

BOOST_AUTO_TEST_SUITE_END()
