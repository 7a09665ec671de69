#include "changebank/daemon/settings/TlsSettings.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "tests/support/TestCertificate.h"
#include "tests/unit/daemon/settings/ReadDefines.h"

using namespace changebank;
using namespace changebank::daemon;
using changebank::tests::TestCertificate;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(TlsSettingsTest)

BOOST_AUTO_TEST_CASE(theTlsContextThatWasCheckedIsTheOneToServeWith) {
    const TestCertificate certificate;
    const auto parsed = readDefines({"server.tls.certificate=" + certificate.certificateFile(),
                                     "server.tls.key=" + certificate.keyFile()});
    BOOST_TEST(faultsOf(parsed) == "");
    BOOST_REQUIRE(parsed.tls);
    BOOST_TEST(parsed.tls->isForServerUse());
    BOOST_TEST(!readDefines({}).tls);
}

BOOST_AUTO_TEST_CASE(whatTlsNeedsGoesTogether) {
    const TestCertificate certificate;
    BOOST_TEST(faultsOf(readDefines({"server.tls.certificate=" + certificate.certificateFile()})) ==
               "--define: server.tls.certificate: needs server.tls.key as well\n");
    BOOST_TEST(faultsOf(readDefines({"server.tls.key=" + certificate.keyFile()})) ==
               "--define: server.tls.key: needs server.tls.certificate as well\n");
    BOOST_TEST(faultsOf(readDefines({"server.tls.clientCa=" + certificate.certificateFile()})) ==
               "--define: server.tls.clientCa: needs server.tls.certificate as well\n");
}

BOOST_AUTO_TEST_CASE(hstsLastsHalfAYearUnlessItIsSet) {
    BOOST_TEST((readDefines({}).settings.server.limits.hstsMaxAge == 4320h));
    BOOST_TEST((readDefines({"server.tls.hstsMaxAge=0s"}).settings.server.limits.hstsMaxAge == 0s));
    BOOST_TEST(faultsOf(readDefines({"server.tls.hstsMaxAge=1500ms"})) ==
               "--define: server.tls.hstsMaxAge: \"1500ms\" has a fraction of a second\n");
    BOOST_TEST(faultsOf(readDefines({"server.tls.hstsMaxAge=17521h"})) ==
               "--define: server.tls.hstsMaxAge: \"17521h\" is out of range: 0s to 17520h\n");
}

BOOST_AUTO_TEST_CASE(aSocketHasNoTlsAndIsNoOtherFile) {
    BOOST_TEST(faultsOf(readDefines({"server.socket=/run/changebank/api.sock"})) == "");
    BOOST_TEST(readDefines({"server.socket=/run/changebank/api.sock"}).settings.server.socket ==
               "/run/changebank/api.sock");
    BOOST_TEST(faultsOf(readDefines({"server.socket=api.sock"})).starts_with("--define: server.socket: "));
    for (const std::string tls :
         {"certificate=/c.pem", "key=/k.pem", "clientCa=/a.pem", "clientCertificates=off", "hstsMaxAge=1h"}) {
        const auto key = "server.tls." + tls.substr(0, tls.find('='));
        BOOST_TEST(faultsOf(readDefines({"server.socket=/run/changebank/api.sock", "server.tls." + tls})) ==
                   "--define: " + key +
                       ": is for HTTPS, but server.socket is set, which speaks plain HTTP\n");
    }
    BOOST_TEST(
        faultsOf(readDefines({"server.socket=/run/changebank/admin.sock"})) ==
        "--define: server.socket: \"/run/changebank/admin.sock\" is the file of admin.socket as well\n");
}

BOOST_AUTO_TEST_CASE(clientCertificatesAreAsTheAuthoritiesSayUnlessTheyAreSet) {
    using http::ClientCertificates;
    const TestCertificate certificate;
    const std::vector<std::string> https{"server.tls.certificate=" + certificate.certificateFile(),
                                         "server.tls.key=" + certificate.keyFile()};
    const auto expectedWith = [&](const std::vector<std::string>& more) {
        auto defines = https;
        defines.insert(defines.end(), more.begin(), more.end());
        const auto parsed = readDefines(defines);
        BOOST_TEST(faultsOf(parsed) == "");
        BOOST_TEST(parsed.tls);
        return parsed.settings.server.tls.expected();
    };
    const auto authorities = "server.tls.clientCa=" + certificate.certificateFile();
    const std::string expectation = "server.tls.clientCertificates=";
    BOOST_TEST((expectedWith({}) == ClientCertificates::Off));
    BOOST_TEST((expectedWith({expectation + "off"}) == ClientCertificates::Off));
    BOOST_TEST((expectedWith({expectation + "request"}) == ClientCertificates::Request));
    BOOST_TEST((expectedWith({authorities}) == ClientCertificates::Require));
    BOOST_TEST((expectedWith({authorities, expectation}) == ClientCertificates::Require));
    BOOST_TEST((expectedWith({authorities, expectation + "require"}) == ClientCertificates::Require));
    BOOST_TEST((expectedWith({authorities, expectation + "request"}) == ClientCertificates::Request));
    BOOST_TEST(
        (readDefines({expectation + "off"}).settings.server.tls.expected() == ClientCertificates::Off));

    // RFC 9728 section 2: clients learn where tokens may be bound to their certificate.
    const auto mayBeBound = [&](std::vector<std::string> defines) {
        defines.insert(defines.end(), {"server.tls.certificate=" + certificate.certificateFile(),
                                       "server.tls.key=" + certificate.keyFile()});
        return readDefines(defines).settings.resources.acceptsCertificateBound;
    };
    BOOST_TEST(!mayBeBound({}));
    BOOST_TEST(mayBeBound({expectation + "request"}));
    BOOST_TEST(mayBeBound({authorities}));
    BOOST_TEST(!readDefines({}).settings.resources.acceptsCertificateBound);
}

BOOST_AUTO_TEST_CASE(clientCertificatesThatContradictOtherSettingsAreFaults) {
    const TestCertificate certificate;
    const auto faultsWith = [&](bool isSecure, const std::string& expectation, bool hasAuthorities) {
        std::vector<std::string> defines{"server.tls.clientCertificates=" + expectation};
        if (isSecure)
            defines.insert(defines.end(), {"server.tls.certificate=" + certificate.certificateFile(),
                                           "server.tls.key=" + certificate.keyFile()});
        if (hasAuthorities) defines.push_back("server.tls.clientCa=" + certificate.certificateFile());
        return faultsOf(readDefines(defines));
    };
    const std::string fault = "--define: server.tls.clientCertificates: ";
    BOOST_TEST(faultsWith(false, "request", false) == fault + "needs server.tls.certificate as well\n");
    BOOST_TEST(faultsWith(false, "require", true) ==
               "--define: server.tls.clientCa: needs server.tls.certificate as well\n" + fault +
                   "needs server.tls.certificate as well\n");
    BOOST_TEST(faultsWith(true, "require", false) ==
               fault + "is require, which needs server.tls.clientCa as well\n");
    BOOST_TEST(faultsWith(true, "off", true) == fault + "is off, but server.tls.clientCa is set\n");
    BOOST_TEST(faultsWith(true, "optional", false) ==
               fault + "\"optional\" is not one of off, request, require\n");
}

BOOST_AUTO_TEST_SUITE_END()
