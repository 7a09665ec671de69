#include "changebank/daemon/http/socket/ProxyHeader.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

using changebank::http::ProxyHeader;
using namespace std::string_literals;

namespace {

const std::string signature("\r\n\r\n\0\r\nQUIT\n", 12);
const std::string request = "GET / HTTP/1.1\r\n\r\n";

/// A header of version 2.
std::string binary(int command, int family, const std::string& block) {
    return signature + static_cast<char>(command) + static_cast<char>(family) +
           static_cast<char>(block.size() >> 8U) + static_cast<char>(block.size() & 0xffU) + block;
}

const std::string ipv4Block("\xC0\x00\x02\x01\xC6\x33\x64\x01\x12\x67\x01\xBB", 12);
const std::string ipv6Block = "\x20\x01\x0D\xB8"s + std::string(11, '\0') + "\x01" + std::string(15, '\0') +
                              "\x01" + "\x12\x67\x01\xBB";

bool isMalformed(const std::string& bytes) {
    return std::holds_alternative<ProxyHeader::Malformed>(ProxyHeader::parse(bytes));
}

bool isIncomplete(const std::string& bytes) {
    return std::holds_alternative<ProxyHeader::Incomplete>(ProxyHeader::parse(bytes));
}

/// The client, "itself" if the proxy speaks for itself, or "none"; checks that the header is found whatever
/// follows, and not before it is complete.
std::string clientOf(const std::string& header) {
    for (std::size_t size = 0; size < header.size(); ++size)
        BOOST_TEST(isIncomplete(header.substr(0, size)), header << " " << size);
    std::string client;
    for (const auto& rest : {""s, "x"s, request, header}) {
        const auto parsed = ProxyHeader::parse(header + rest);
        const auto* found = std::get_if<ProxyHeader>(&parsed);
        BOOST_TEST_REQUIRE(found != nullptr, header);
        BOOST_TEST(found->size == header.size());
        client = found->client ? found->client->toString() : found->isLocal ? "itself" : "none";
    }
    return client;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ProxyHeaderTest)

BOOST_AUTO_TEST_CASE(ALineNamesTheClient) {
    BOOST_TEST(clientOf("PROXY TCP4 192.0.2.1 198.51.100.1 4711 443\r\n") == "192.0.2.1:4711");
    BOOST_TEST(clientOf("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n") ==
               "255.255.255.255:65535");
    BOOST_TEST(clientOf("PROXY TCP4 192.0.2.1 198.51.100.1 0 0\r\n") == "192.0.2.1:0");
    BOOST_TEST(clientOf("PROXY TCP6 2001:DB8::1 ::1 4711 443\r\n") == "[2001:db8::1]:4711");
    const std::string widest = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
    BOOST_TEST(clientOf("PROXY TCP6 " + widest + " " + widest + " 65535 65535\r\n") ==
               "[" + widest + "]:65535");
}

BOOST_AUTO_TEST_CASE(AProxyMayNotKnowItsClient) {
    const std::string widest = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
    for (const auto& rest : {""s, " "s, " whatever \t\n x"s, " " + widest + " " + widest + " 65535 65535"})
        BOOST_TEST(clientOf("PROXY UNKNOWN" + rest + "\r\n") == "none");
}

BOOST_AUTO_TEST_CASE(ALineMustBeExact) {
    for (const std::string line : {"PROXY TCP4 192.0.2.1 198.51.100.1 4711 443 ",
                                   "PROXY TCP4 192.0.2.1  198.51.100.1 4711 443",
                                   "PROXY  TCP4 192.0.2.1 198.51.100.1 4711 443",
                                   "PROXY TCP4 192.0.2.1 198.51.100.1 4711",
                                   "PROXY TCP4 192.0.2.1 198.51.100.1 4711 443 1",
                                   "PROXY TCP4 192.0.2.01 198.51.100.1 4711 443",
                                   "PROXY TCP4 192.0.2.1 198.51.100.256 4711 443",
                                   "PROXY TCP4 192.0.2.1 198.51.100.1 04711 443",
                                   "PROXY TCP4 192.0.2.1 198.51.100.1 4711 65536",
                                   "PROXY TCP4 192.0.2.1 198.51.100.1 +4711 443",
                                   "PROXY TCP4 192.0.2.1 198.51.100.1 -1 443",
                                   "PROXY TCP4 192.0.2.1 198.51.100.1 4711 ",
                                   "PROXY TCP4 192.0.2.1 ::1 4711 443",
                                   "PROXY TCP4 ::1 ::1 4711 443",
                                   "PROXY TCP6 ::1 192.0.2.1 1 1",
                                   "PROXY TCP6 192.0.2.1 192.0.2.1 4711 443",
                                   "PROXY TCP6 [::1] ::1 4711 443",
                                   "PROXY TCP6 ::1%lo ::1 4711 443",
                                   "PROXY TCP4\t192.0.2.1 198.51.100.1 4711 443",
                                   "PROXY tcp4 192.0.2.1 198.51.100.1 4711 443",
                                   "PROXY UDP4 192.0.2.1 198.51.100.1 4711 443",
                                   "PROXY TCP5 192.0.2.1 198.51.100.1 4711 443",
                                   "PROXY TCP4",
                                   "PROXY TCP4 ",
                                   "PROXY",
                                   "PROXY ",
                                   "PROXY UNKNOWNX",
                                   "PROXY unknown",
                                   "proxy UNKNOWN",
                                   "PROXY TCP4 192.0.2.1 198.51.100.1 4711 443\r",
                                   "PROXY TCP4 192.0.2.1 198.51.100.1 4711 443\n"})
        BOOST_TEST(isMalformed(line + "\r\n" + request), line);
    BOOST_TEST(isMalformed("PROXY TCP4 192.0.2.1 198.51.100.1 4711 443\n" + request));
}

BOOST_AUTO_TEST_CASE(ALineHas107Bytes) {
    const std::string start = "PROXY UNKNOWN ";
    const std::string longest = start + std::string(107 - 2 - start.size(), 'x');
    BOOST_TEST(clientOf(longest + "\r\n") == "none");
    BOOST_TEST(isMalformed(longest + "x\r\n"));
    BOOST_TEST(isMalformed(longest + "xx"));
    BOOST_TEST(isIncomplete(longest + "x"));
}

BOOST_AUTO_TEST_CASE(WhatCannotBecomeAHeaderIsMalformedAtOnce) {
    for (const auto& bytes :
         {"G"s, "PX"s, "\r\r"s, "\n"s, "PROXY X"s, "PROXY TCP5"s, "PROXY TCP4 x\n"s, "\x16\x03\x01"s, "\0"s,
          "PROXY UNKNOWX"s, signature.substr(0, 11) + "x"s, request})
        BOOST_TEST(isMalformed(bytes), bytes);
    BOOST_TEST(isIncomplete(""));
}

BOOST_AUTO_TEST_CASE(VersionTwoNamesTheClient) {
    for (const int transport : {1, 2}) {
        BOOST_TEST(clientOf(binary(0x21, 0x10 | transport, ipv4Block)) == "192.0.2.1:4711");
        BOOST_TEST(clientOf(binary(0x21, 0x20 | transport, ipv6Block)) == "[2001:db8::1]:4711");
    }
}

BOOST_AUTO_TEST_CASE(InformationBehindTheAddressesIsSkipped) {
    for (const auto& more : {"\x04"s, std::string("\x04\x00\x03\x00\x00\x00", 6), std::string(500, '\xff')}) {
        BOOST_TEST(clientOf(binary(0x21, 0x11, ipv4Block + more)) == "192.0.2.1:4711");
        BOOST_TEST(clientOf(binary(0x21, 0x21, ipv6Block + more)) == "[2001:db8::1]:4711");
    }
}

BOOST_AUTO_TEST_CASE(VersionTwoMayNameNobody) {
    // LOCAL: whatever the family and the addresses.
    for (const int family : {0x00, 0x11, 0x21, 0x31, 0xff}) {
        for (const auto& block : {""s, "x"s, ipv4Block})
            BOOST_TEST(clientOf(binary(0x20, family, block)) == "itself");
    }
    for (const int family : {0x00, 0x01, 0x02, 0x10, 0x20, 0x30})
        BOOST_TEST(clientOf(binary(0x21, family, ipv4Block)) == "none");
    BOOST_TEST(clientOf(binary(0x21, 0x31, std::string(216, '/'))) == "none");
}

BOOST_AUTO_TEST_CASE(VersionTwoMustBeExact) {
    for (const int command : {0x00, 0x01, 0x11, 0x22, 0x2f, 0x31, 0xff})
        BOOST_TEST(isMalformed(binary(command, 0x11, ipv4Block)), command);
    for (const int family : {0x13, 0x1f, 0x03, 0x41, 0xf1, 0xff})
        BOOST_TEST(isMalformed(binary(0x21, family, ipv6Block)), family);
    for (const int transport : {1, 2}) {
        BOOST_TEST(isMalformed(binary(0x21, 0x10 | transport, ipv4Block.substr(1))));
        BOOST_TEST(isMalformed(binary(0x21, 0x20 | transport, ipv6Block.substr(1))));
        BOOST_TEST(isMalformed(binary(0x21, 0x30 | transport, std::string(215, '/'))));
    }
}

BOOST_AUTO_TEST_CASE(AHeaderHasALimit) {
    const std::string most(ProxyHeader::maxSize - 16 - ipv4Block.size(), 'x');
    const auto parsed = ProxyHeader::parse(binary(0x21, 0x11, ipv4Block + most));
    BOOST_TEST(std::holds_alternative<ProxyHeader>(parsed));
    BOOST_TEST(isMalformed(binary(0x21, 0x11, ipv4Block + most + "x").substr(0, 16)));
    BOOST_TEST(isMalformed(binary(0x20, 0x11, ipv4Block + most + "x").substr(0, 16)));
}

BOOST_AUTO_TEST_SUITE_END()
