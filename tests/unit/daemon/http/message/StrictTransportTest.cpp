#include "changebank/daemon/http/message/StrictTransport.h"

#include <boost/test/unit_test.hpp>

using namespace changebank::http;

BOOST_AUTO_TEST_SUITE(StrictTransportTest)

BOOST_AUTO_TEST_CASE(NamesAndAddressesOfTheClientsOwnMachine) {
    for (const auto* own :
         {"localhost", "localhost:3000", "LocalHost", "localhost.", "localhost.:443", "api.localhost",
          "a.b.localhost:8443", "127.0.0.1", "127.1.2.3:3000", "[::1]", "[::1]:3000"})
        BOOST_TEST(isLoopbackAuthority(own), own);
}

BOOST_AUTO_TEST_CASE(OtherNamesAndAddresses) {
    for (const auto* other :
         {"", "api.example.com", "localhost.example.com", "notlocalhost", "localhos", "local", "ocalhost",
          "127.example.com", "128.0.0.1", "10.0.0.1:127", "[::2]", "[2001:db8::1]:3000", "localhost..", "."})
        BOOST_TEST(!isLoopbackAuthority(other), other);
}

BOOST_AUTO_TEST_SUITE_END()
