#include "changebank/daemon/settings/PageSettings.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "tests/unit/daemon/settings/ReadDefines.h"

using namespace changebank;
using namespace changebank::daemon;

BOOST_AUTO_TEST_SUITE(PageSettingsTest)

BOOST_AUTO_TEST_CASE(signInIsDerivedFromTheIssuerAndTheFirstApplication) {
    const auto parsed = readDefines({"auth.issuer=https://id.example.com/", "auth.audience=a?b,c"});
    BOOST_TEST(parsed.settings.page.login == "https://id.example.com/app/login/a%3Fb?redirect_uri={page}");
    BOOST_TEST(parsed.effective.at("page.logout").text ==
               "https://id.example.com/app/logout/a%3Fb?redirect_uri={page}");
    const auto named = readDefines({"auth.issuer=acme.com", "auth.jwks.uri=https://id.example.com/k"});
    BOOST_TEST(faultsOf(named) == "");
    BOOST_TEST(named.settings.page.login.empty());
}

BOOST_AUTO_TEST_CASE(thePageLeadsToWebAddressesAlone) {
    for (const std::string address : {"javascript:alert(1)", "/in", "id.example.com", "data:text/html,x",
                                      "{page}", "https://", "file:///etc/passwd"}) {
        BOOST_TEST(faultsOf(readDefines({"page.login=" + address})).find("is not an http or https URL") !=
                       std::string::npos,
                   address);
        BOOST_TEST(readDefines({"page.logout=" + address}).faults.size() == 1U, address);
    }
    for (const std::string address : {"javascript:alert('{kind}')", "/{kind}", "file:///{kind}", "https://"})
        BOOST_TEST(readDefines({"page.brokenTokens=" + address}).faults.size() == 1U, address);
    BOOST_TEST(faultsOf(readDefines({"page.brokenTokens=https://id.example.com/"})) ==
               "--define: page.brokenTokens: \"https://id.example.com/\" is not an http or https URL with "
               "{kind} in it\n");
}

BOOST_AUTO_TEST_SUITE_END()
