#include "changebank/daemon/settings/KubernetesServiceLinks.h"

#include <boost/test/unit_test.hpp>

using changebank::daemon::KubernetesServiceLinks;

namespace {

using Environment = std::vector<std::string>;

/// What the kubelet sets after a service with the ports 80 (named http) and 9100/UDP (named metrics).
Environment environmentOf(const std::string& prefix, const std::string& host = "10.96.0.7",
                          const std::string& hostInAddress = "10.96.0.7") {
    return {prefix + "_SERVICE_HOST=" + host,
            prefix + "_SERVICE_PORT=80",
            prefix + "_SERVICE_PORT_HTTP=80",
            prefix + "_SERVICE_PORT_METRICS=9100",
            prefix + "_PORT=tcp://" + hostInAddress + ":80",
            prefix + "_PORT_80_TCP=tcp://" + hostInAddress + ":80",
            prefix + "_PORT_80_TCP_PROTO=tcp",
            prefix + "_PORT_80_TCP_PORT=80",
            prefix + "_PORT_80_TCP_ADDR=" + host,
            prefix + "_PORT_9100_UDP=udp://" + hostInAddress + ":9100",
            prefix + "_PORT_9100_UDP_PROTO=udp",
            prefix + "_PORT_9100_UDP_PORT=9100",
            prefix + "_PORT_9100_UDP_ADDR=" + host};
}

/// The variables of an environment that are no service links.
Environment others(const Environment& environment) {
    const KubernetesServiceLinks links(environment);
    Environment rest;
    for (const auto& variable : environment) {
        const auto equals = variable.find('=');
        if (!links.contains(variable.substr(0, equals), variable.substr(equals + 1)))
            rest.push_back(variable);
    }
    return rest;
}

Environment without(Environment environment, const std::string& variable) {
    std::erase_if(environment, [&](const auto& each) { return each.starts_with(variable + "="); });
    return environment;
}

const Environment none;

}  // namespace

BOOST_AUTO_TEST_SUITE(KubernetesServiceLinksTest)

BOOST_AUTO_TEST_CASE(everyVariableOfAServiceIsKnown) {
    for (const std::string prefix : {"CHANGEBANK", "CHANGEBANK_CANARY", "CHANGEBANK_2"}) {
        const auto environment = environmentOf(prefix);
        BOOST_TEST(others(environment) == none, boost::test_tools::per_element());
    }
    BOOST_TEST(others(environmentOf("CHANGEBANK", "fd00::7", "[fd00::7]")) == none,
               boost::test_tools::per_element());
    const auto names = KubernetesServiceLinks(environmentOf("CHANGEBANK_CANARY")).services();
    BOOST_TEST(names == Environment{"changebank-canary"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(aServiceThatIsNotWholeIsNone) {
    const auto whole = environmentOf("CHANGEBANK");
    for (const std::string needed :
         {"CHANGEBANK_SERVICE_HOST", "CHANGEBANK_SERVICE_PORT", "CHANGEBANK_PORT_80_TCP"}) {
        const auto environment = without(whole, needed);
        BOOST_TEST(others(environment) == environment, boost::test_tools::per_element());
        auto another = environment;
        another.push_back(needed + "=x");
        BOOST_TEST(others(another) == another, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(aServiceHasANumberForItsPort) {
    const Environment environment{"CHANGEBANK_SERVICE_HOST=10.96.0.7", "CHANGEBANK_SERVICE_PORT=http",
                                  "CHANGEBANK_PORT_http_TCP=tcp://10.96.0.7:http"};
    BOOST_TEST(others(environment) == environment, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(aSettingOfTheSameNameIsNotTakenAway) {
    // The pod of a service "changebank-server" sets its port itself, which wins over Kubernetes' variable.
    auto environment = without(environmentOf("CHANGEBANK_SERVER"), "CHANGEBANK_SERVER_PORT");
    environment.emplace_back("CHANGEBANK_SERVER_PORT=3000");
    BOOST_TEST(others(environment) == Environment{"CHANGEBANK_SERVER_PORT=3000"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(whatOnlyResemblesALinkIsNone) {
    auto environment = environmentOf("CHANGEBANK");
    const Environment resembling{"CHANGEBANK_SERVER_PORT=1",         "CHANGEBANK_PORT_80=1",
                                 "CHANGEBANK_PORT_80_TCP_HOST=1",    "CHANGEBANK_PORT_HTTP_TCP=1",
                                 "CHANGEBANK_SERVICE_HOST_2=1",      "CHANGEBANK_SERVICE=1",
                                 "CHANGEBANK_AUTH_SERVICE_HOST=::1", "CHANGEBANKS_SERVICE_HOST=1"};
    environment.insert(environment.end(), resembling.begin(), resembling.end());
    BOOST_TEST(others(environment) == resembling, boost::test_tools::per_element());
    BOOST_TEST(others({"CHANGEBANK_PORT=tcp://10.0.0.1:80", "CHANGEBANK_SERVICE_HOST"}).size() == 2U);
}

BOOST_AUTO_TEST_CASE(servicesOfOthersAreNotLookedAt) {
    BOOST_TEST(KubernetesServiceLinks(environmentOf("REDIS")).services() == none,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
