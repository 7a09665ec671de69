#include "changebank/daemon/http/loop/ForwardedClient.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <utility>
#include <vector>

using changebank::http::ForwardedField;
using changebank::http::ProxyTrust;
using changebank::http::TrustedProxies;
using Poco::Net::SocketAddress;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

const SocketAddress proxy("10.0.0.1", 1234);

/// With the proxies 10.0.0.0/8, from one of them.
std::string clientOf(const Fields& fields, ForwardedField field = ForwardedField::xForwardedFor,
                     const SocketAddress& peer = proxy) {
    Poco::Net::MessageHeader header;
    for (const auto& [name, value] : fields)
        header.add(name, value);
    const auto client = forwardedClient(ProxyTrust{TrustedProxies({"10.0.0.0/8"}), field}, peer, header);
    return client ? client->toString() : "none";
}

std::string plain(const std::string& value) {
    return clientOf({{"X-Forwarded-For", value}});
}

std::string standard(const std::string& value) {
    return clientOf({{"Forwarded", value}}, ForwardedField::forwarded);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ForwardedClientTest)

BOOST_AUTO_TEST_CASE(AProxyNamesItsClient) {
    BOOST_TEST(plain("192.0.2.1") == "192.0.2.1:0");
    BOOST_TEST(plain("[2001:db8::1]:4711") == "[2001:db8::1]:4711");
    BOOST_TEST(standard(R"(for="[2001:db8::1]:4711")") == "[2001:db8::1]:4711");
    BOOST_TEST(clientOf({{"x-forwarded-FOR", "192.0.2.1"}}) == "192.0.2.1:0");
}

BOOST_AUTO_TEST_CASE(NobodyElseIsBelieved) {
    for (const auto* peer : {"192.0.2.7", "127.0.0.1", "::1"})
        BOOST_TEST(clientOf({{"X-Forwarded-For", "192.0.2.1"}}, ForwardedField::xForwardedFor, {peer, 1}) ==
                   "none");
    BOOST_TEST(clientOf({{"X-Forwarded-For", "192.0.2.1"}}, ForwardedField::xForwardedFor,
                        SocketAddress(SocketAddress::UNIX_LOCAL, "")) == "none");
    BOOST_TEST(clientOf({{"X-Forwarded-For", "192.0.2.1"}}, ForwardedField::xForwardedFor,
                        {"::ffff:10.0.0.1", 1}) == "192.0.2.1:0");
}

BOOST_AUTO_TEST_CASE(OnlyTheOneFieldIsRead) {
    BOOST_TEST(clientOf({{"Forwarded", "for=192.0.2.1"}}) == "none");
    BOOST_TEST(clientOf({{"X-Forwarded-For", "192.0.2.1"}}, ForwardedField::forwarded) == "none");
    BOOST_TEST(clientOf({{"X_Forwarded_For", "192.0.2.1"}, {"X-Real-IP", "192.0.2.1"}}) == "none");
    BOOST_TEST(clientOf({}) == "none");
    BOOST_TEST(plain("") == "none");
    BOOST_TEST(plain(" , ,") == "none");
}

BOOST_AUTO_TEST_CASE(TheListIsReadFromTheRightAsFarAsProxiesAreTrusted) {
    BOOST_TEST(plain("6.6.6.6, 192.0.2.1") == "192.0.2.1:0");
    BOOST_TEST(plain("6.6.6.6, 192.0.2.1, 10.0.0.2, 10.0.0.3") == "192.0.2.1:0");
    BOOST_TEST(plain("6.6.6.6,192.0.2.1:4711,, 10.0.0.2:80") == "192.0.2.1:4711");
    BOOST_TEST(standard("for=6.6.6.6, for=192.0.2.1;proto=https, for=10.0.0.2") == "192.0.2.1:0");
}

BOOST_AUTO_TEST_CASE(IfAllAreProxiesTheLeftmostIsTheClient) {
    BOOST_TEST(plain("10.0.0.3, 10.0.0.2") == "10.0.0.3:0");
    BOOST_TEST(standard("for=10.0.0.3, for=10.0.0.2") == "10.0.0.3:0");
}

BOOST_AUTO_TEST_CASE(AtWhatIsNoAddressTheProxyBeforeItIsTheClient) {
    BOOST_TEST(plain("unknown") == "none");
    BOOST_TEST(plain("192.0.2.1, unknown") == "none");
    BOOST_TEST(plain("192.0.2.1, unknown, 10.0.0.2") == "10.0.0.2:0");
    BOOST_TEST(standard("for=192.0.2.1, for=_hidden, for=10.0.0.2") == "10.0.0.2:0");
    BOOST_TEST(standard("for=192.0.2.1, proto=https") == "none");
}

BOOST_AUTO_TEST_CASE(SeveralLinesAreOneList) {
    BOOST_TEST(clientOf({{"X-Forwarded-For", "6.6.6.6"}, {"Via", "x"}, {"x-forwarded-for", "192.0.2.1"}}) ==
               "192.0.2.1:0");
    BOOST_TEST(clientOf({{"X-Forwarded-For", "6.6.6.6, 192.0.2.1"},
                         {"X-Forwarded-For", ""},
                         {"X-Forwarded-For", "10.0.0.3, 10.0.0.2"}}) == "192.0.2.1:0");
    BOOST_TEST(clientOf({{"Forwarded", "for=\"6.6.6.6"}, {"Forwarded", "for=\"192.0.2.1\""}},
                        ForwardedField::forwarded) == "192.0.2.1:0");
}

BOOST_AUTO_TEST_CASE(WhatAClientSentFirstDoesNotMatter) {
    for (const std::string forged :
         {"6.6.6.6", "10.0.0.9", "unknown", "\"", "\\", ",,,", "for=\"", "for=\"\\", ";"}) {
        BOOST_TEST(plain(forged + ", 192.0.2.1") == "192.0.2.1:0", forged);
        BOOST_TEST(standard(forged + ", for=\"192.0.2.1:4711\"") == "192.0.2.1:4711", forged);
    }
}

BOOST_AUTO_TEST_SUITE_END()
