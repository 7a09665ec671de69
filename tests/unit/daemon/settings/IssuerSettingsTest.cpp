#include "changebank/daemon/settings/IssuerSettings.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "tests/support/TemporaryFolder.h"
#include "tests/unit/daemon/settings/ReadDefines.h"

using namespace changebank;
using namespace changebank::daemon;
using changebank::tests::TemporaryFolder;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(IssuerSettingsTest)

BOOST_AUTO_TEST_CASE(keysAreDerivedFromTheIssuer) {
    BOOST_TEST(readDefines({"auth.issuer=https://id.example.com"}).settings.auth.first().jwks.uri ==
               "https://id.example.com/.well-known/jwks.json");
    BOOST_TEST(readDefines({"auth.issuer=https://id.example.com/"}).settings.auth.first().jwks.uri ==
               "https://id.example.com/.well-known/jwks.json");
    BOOST_TEST(faultsOf(readDefines({"auth.issuer=acme.com"})) ==
               "--define: auth.jwks.uri: \"acme.com/.well-known/jwks.json\" is not an http or https URL "
               "(derived from "
               "auth.issuer)\n");
}

BOOST_AUTO_TEST_CASE(keysComeOverHttpFromThisMachineAlone) {
    for (const std::string host : {"localhost", "127.0.0.1", "127.8.9.1", "[::1]"}) {
        BOOST_TEST(faultsOf(readDefines({"auth.jwks.uri=http://" + host + ":9011/k"})) == "");
    }
    for (const std::string host : {"example.com", "localhost.example.com", "127.example.com",
                                   "127.0.0.1.example.com", "10.0.0.1", "[fe80::1]"}) {
        const auto uri = "auth.jwks.uri=http://" + host + "/k";
        BOOST_TEST(faultsOf(readDefines({uri})).find("is plain http to another machine") != std::string::npos,
                   host);
        BOOST_TEST(faultsOf(readDefines({uri, "auth.jwks.allowHttp=true"})) == "");
    }
    BOOST_TEST(faultsOf(readDefines({"auth.jwks.uri=https://example.com/k"})) == "");
}

BOOST_AUTO_TEST_CASE(anAddressThatIsNoneIsAFault) {
    for (const std::string uri :
         {"ftp://example.com/k", "example.com", "https://", "https://user:pw@example.com/k",
          "https://example.com/k#x", "http://[::1", "https://example.com:port/", "%%"}) {
        BOOST_TEST(readDefines({"auth.jwks.uri=" + uri}).faults.size() == 1U, uri);
    }
    const auto fault = faultsOf(readDefines({"auth.jwks.uri=https://user:secret@example.com/k"}));
    BOOST_TEST(fault.find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(aProxyIsAWebAddressWithoutAPassword) {
    const auto good = readDefines({"auth.jwks.proxy=http://proxy.example.com:3128"});
    BOOST_TEST(faultsOf(good) == "");
    BOOST_TEST(good.settings.auth.first().jwks.proxy == "http://proxy.example.com:3128");
    BOOST_TEST(faultsOf(readDefines({"auth.jwks.proxy=proxy.example.com:3128"})) ==
               "--define: auth.jwks.proxy: \"proxy.example.com:3128\" is not an http or https URL\n");
    const auto fault = faultsOf(readDefines({"auth.jwks.proxy=socks5://user:secret@proxy.example.com"}));
    BOOST_TEST(fault.find("must not contain a user name or password") != std::string::npos, fault);
    BOOST_TEST(fault.find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(aCookieNameIsAToken) {
    for (const std::string name : {"a=b", "a b", "a;b", "\"a\"", "a,b", "ä"}) {
        BOOST_TEST(readDefines({"auth.cookie=" + name}).faults.size() == 1U, name);
    }
    BOOST_TEST(readDefines({"auth.cookie=__Host-app.at"}).ok());
}

BOOST_AUTO_TEST_CASE(leewayIsInWholeSeconds) {
    BOOST_TEST(faultsOf(readDefines({"auth.leeway=1500ms"})) ==
               "--define: auth.leeway: \"1500ms\" has a fraction of a second\n");
    BOOST_TEST(readDefines({"auth.leeway=2000ms"}).ok());
}

BOOST_AUTO_TEST_CASE(furtherIssuersHaveTheSettingsOfTheFirst) {
    const TemporaryFolder folder;
    SettingsSources sources;
    sources.file = folder.write("test.properties",
                                "auth.issuer.key-cloak.url = https://kc.example.com/realms/bank\n"
                                "auth.issuer.key-cloak.audience = bank\n"
                                "auth.issuer.key-cloak.profile = generic\n"
                                "auth.issuer.key-cloak.discovery = true\n"
                                "auth.issuer.key-cloak.claims.roles = realm_access.roles, groups\n"
                                "auth.issuer.key-cloak.claims.roleMap = staff=teller, repo:o/r=customer\n"
                                "auth.issuers = other\n");
    sources.environment = {"CHANGEBANK_AUTH_ISSUERS=key-cloak", "CHANGEBANK_AUTH_ISSUER_KEY_CLOAK_LEEWAY=5s"};
    const auto parsed = readSettings(sources);
    BOOST_TEST(faultsOf(parsed) == "");
    const auto& auth = parsed.settings.auth;
    BOOST_REQUIRE(auth.issuers.size() == 2U);
    BOOST_TEST(auth.first().policy.issuer == "http://localhost:9011");
    const auto& further = auth.issuers[1];
    BOOST_TEST(further.name == "key-cloak");
    BOOST_TEST(further.policy.issuer == "https://kc.example.com/realms/bank");
    BOOST_TEST((further.policy.profile == changebank::security::TokenProfile::generic));
    BOOST_TEST((further.policy.leeway == 5s));
    BOOST_TEST(further.policy.claims.roles.size() == 2U);
    BOOST_TEST(further.policy.claims.roleMap.size() == 2U);
    BOOST_TEST(further.policy.claims.roleMap[1].first == "repo:o/r");
    BOOST_TEST(further.discovery);
    BOOST_TEST(further.jwks.uri == "https://kc.example.com/realms/bank/.well-known/openid-configuration");
    BOOST_TEST((further.jwks.maxAge == 10min));
    BOOST_TEST(parsed.effective.at("auth.issuer.key-cloak.profile").text == "generic");
}

BOOST_AUTO_TEST_CASE(issuersMustBeNamedDescribedAndDistinct) {
    const std::vector<std::string> good{"auth.issuers=a", "auth.issuer.a.url=https://a.example.com",
                                        "auth.issuer.a.audience=x"};
    const auto faultsWith = [&good](std::vector<std::string> more) {
        more.insert(more.begin(), good.begin(), good.end());
        return faultsOf(readDefines(more));
    };
    BOOST_TEST(faultsWith({}) == "");
    BOOST_TEST(faultsOf(readDefines({"auth.issuers=a"})) ==
               "--define: auth.issuer.a.url: must be set, since auth.issuers names \"a\"\n");
    BOOST_TEST(faultsOf(readDefines({"auth.issuers=a", "auth.issuer.a.url=https://a.example.com"})) ==
               "--define: auth.issuer.a.audience: must be set\n");
    for (const char* name : {"A", "a_b", "default", "a,a", "a.b", "\u00e4"})
        BOOST_TEST(faultsOf(readDefines({"auth.issuers=" + std::string(name)}))
                       .starts_with("--define: auth.issuers: "),
                   name);
    BOOST_TEST(faultsWith({"auth.issuer.b.url=https://b.example.com"}) ==
               "--define: auth.issuer.b.url: unknown key, since auth.issuers does not name \"b\"\n");
    BOOST_TEST(faultsWith({"auth.issuer.a.jwks.ur=x"}) ==
               "--define: auth.issuer.a.jwks.ur: unknown key; did you mean auth.issuer.a.jwks.uri?\n");
    BOOST_TEST(faultsWith({"auth.issuer=https://a.example.com"})
                   .find("auth.issuer.a.url: is that of auth.issuer as well\n") != std::string::npos);
    BOOST_TEST(
        faultsWith({"auth.issuer.a.discovery=true", "auth.issuer.a.jwks.uri=https://a.example.com/k"}) ==
        "--define: auth.issuer.a.jwks.uri: cannot be set together with auth.issuer.a.discovery\n");
    BOOST_TEST(faultsWith({"auth.requiredIssuers=default,b"}) ==
               "--define: auth.requiredIssuers: \"b\" is neither default nor in auth.issuers\n");
    BOOST_TEST(faultsWith({"auth.issuer.a.claims.roles=a..b"}).find("is not a claim or a path of claims") !=
               std::string::npos);
    BOOST_TEST(faultsWith({"auth.issuer.a.claims.roleMap=x"}).find("is not of the form VALUE=ROLE") !=
               std::string::npos);
    BOOST_TEST(faultsWith({"auth.issuer.a.jwks.tokenFile=/etc/hostname", "auth.issuer.a.jwks.allowHttp=true",
                           "auth.issuer.a.jwks.uri=http://k.example.com/k"}) ==
               "--define: auth.issuer.a.jwks.tokenFile: would be sent over plain http to another machine\n");
}

BOOST_AUTO_TEST_CASE(issuersThatShareAKeyServerAgreeOnIt) {
    std::vector<std::string> defines{"auth.issuers=a", "auth.issuer.a.url=a.example.com",
                                     "auth.issuer.a.audience=x",
                                     "auth.issuer.a.jwks.uri=http://localhost:9011/.well-known/jwks.json"};
    auto parsed = readDefines(defines);
    BOOST_TEST(parsed.ok());
    BOOST_TEST(parsed.notes.size() == 1U);
    defines.insert(defines.end(), {"auth.tenant=1", "auth.issuer.a.tenant=2"});
    BOOST_TEST(readDefines(defines).notes.empty());
    defines.push_back("auth.issuer.a.jwks.maxAge=5m");
    BOOST_TEST(
        faultsOf(readDefines(defines)) ==
        "--define: auth.issuer.a.jwks.uri: is that of auth.jwks.uri, so all other settings of jwks and the "
        "algorithms must be the same as well\n");
}

BOOST_AUTO_TEST_CASE(oneConfigurationIsOfOneIssuer) {
    const auto faults =
        faultsOf(readDefines({"auth.issuers=a,b", "auth.issuer.a.url=https://h", "auth.issuer.a.audience=x",
                              "auth.issuer.a.discovery=true", "auth.issuer.b.url=https://h/",
                              "auth.issuer.b.audience=x", "auth.issuer.b.discovery=true"}));
    BOOST_TEST(faults ==
               "--define: auth.issuer.b.url: has the OpenID configuration of auth.issuer.a.url, which is "
               "that of one issuer\n");
    BOOST_TEST(faultsOf(readDefines({"auth.issuer=https://h?x", "auth.discovery=true"})) ==
               "--define: auth.discovery: is not possible for an issuer with a query or a fragment\n");
}

BOOST_AUTO_TEST_CASE(namesThatWouldShareVariablesAreRefused) {
    BOOST_TEST(faultsOf(readDefines({"auth.issuers=x,x-claims"}))
                   .find("\"x\" and \"x-claims\" would have the same environment variables") !=
               std::string::npos);
    BOOST_TEST(faultsOf(readDefines({"auth.issuers=x,x-prod"})).find("environment") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(aPathOfClaimsMayHaveQuotationMarks) {
    BOOST_TEST(readDefines({R"(auth.claims.roles="kubernetes.io".namespace)"}).notes.empty());
}

BOOST_AUTO_TEST_CASE(oneNoteTellsOfSharedKeys) {
    std::vector<std::string> defines{"auth.issuers=a,b,c,d"};
    for (const char* name : {"a", "b", "c", "d"}) {
        const auto key = "auth.issuer." + std::string(name) + ".";
        defines.insert(defines.end(), {key + "url=" + name, key + "audience=x",
                                       key + "jwks.uri=http://localhost:9011/.well-known/jwks.json"});
    }
    const auto notes = readDefines(defines).notes;
    BOOST_REQUIRE(notes.size() == 1U);
    BOOST_TEST(notes[0].starts_with("5 issuers have their keys at "));
    BOOST_TEST(notes[0].find("auth.issuer.d.tenant") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
