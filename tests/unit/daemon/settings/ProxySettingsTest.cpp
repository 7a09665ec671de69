#include "changebank/daemon/settings/ProxySettings.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "changebank/daemon/settings/SettingsReader.h"

using namespace changebank;
using namespace changebank::daemon;

namespace {

ParsedSettings read(std::vector<std::string> defines) {
    SettingsSources sources;
    sources.defines = std::move(defines);
    return readSettings(sources);
}

std::string faultsOf(std::vector<std::string> defines) {
    std::string text;
    for (const auto& fault : read(std::move(defines)).faults)
        text += fault.key + ": " + fault.why + "\n";
    return text;
}

std::string notesOf(std::vector<std::string> defines) {
    std::string text;
    for (const auto& note : read(std::move(defines)).notes)
        text += note + "\n";
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ProxySettingsTest)

BOOST_AUTO_TEST_CASE(byDefaultNoProxyIsTrusted) {
    const auto parsed = read({});
    BOOST_TEST(parsed.ok());
    BOOST_TEST(!parsed.settings.server.limits.proxies);
    BOOST_TEST(parsed.settings.server.proxies.proxies.empty());
}

BOOST_AUTO_TEST_CASE(proxiesAreAddressesNetworksAndUnix) {
    const auto parsed = read({"server.trustedProxies=10.1.2.3, 2001:db8::/32,unix"});
    BOOST_TEST(parsed.ok());
    const auto& trust = parsed.settings.server.limits.proxies;
    BOOST_TEST_REQUIRE(trust);
    BOOST_TEST((trust->proxies == http::TrustedProxies({"10.1.2.3", "2001:db8::/32", "unix"})));
    BOOST_TEST((trust->field == http::ForwardedField::xForwardedFor));
    BOOST_TEST(!trust->usesProxyProtocol);
    BOOST_TEST((*trust == parsed.settings.server.proxies));
}

BOOST_AUTO_TEST_CASE(howTheyNameTheirClientsCanBeSet) {
    const auto parsed = read(
        {"server.trustedProxies=10.1.2.3", "server.forwardedField=Forwarded", "server.proxyProtocol=true"});
    BOOST_TEST(parsed.ok());
    const auto& trust = parsed.settings.server.limits.proxies;
    BOOST_TEST_REQUIRE(trust);
    BOOST_TEST((trust->field == http::ForwardedField::forwarded));
    BOOST_TEST(trust->usesProxyProtocol);
    BOOST_TEST(!faultsOf({"server.forwardedField=X-Real-IP"}).empty());
}

BOOST_AUTO_TEST_CASE(aWrongProxyIsAFault) {
    BOOST_TEST(faultsOf({"server.trustedProxies=10.1.2.3,proxy.example"}) ==
               "server.trustedProxies: \"proxy.example\" is neither an IP address, nor a network such as "
               "10.0.0.0/8, nor unix\n");
    BOOST_TEST(faultsOf({"server.trustedProxies=0.0.0.0/0"}) ==
               "server.trustedProxies: \"0.0.0.0/0\" is wider than a network of proxies can be: it trusts "
               "strangers\n");
    BOOST_TEST(faultsOf({"server.trustedProxies=10.1.2.3/8"}) ==
               "server.trustedProxies: \"10.1.2.3/8\" has bits behind its prefix\n");
}

BOOST_AUTO_TEST_CASE(theProxyProtocolNeedsAProxy) {
    BOOST_TEST(faultsOf({"server.proxyProtocol=true"}) ==
               "server.proxyProtocol: needs server.trustedProxies: who may send such a header\n");
}

BOOST_AUTO_TEST_CASE(aFieldThatNobodyMaySendIsNoted) {
    BOOST_TEST(notesOf({"server.forwardedField=Forwarded"})
                   .find("server.forwardedField: has no effect, since server.trustedProxies is empty") !=
               std::string::npos);
    BOOST_TEST(notesOf({"server.forwardedField=Forwarded", "server.trustedProxies=10.1.2.3"})
                   .find("server.forwardedField") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
