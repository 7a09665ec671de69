#include "changebank/daemon/settings/AccessSettings.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "tests/unit/daemon/settings/ReadDefines.h"

using namespace changebank;
using namespace changebank::daemon;

BOOST_AUTO_TEST_SUITE(AccessSettingsTest)

BOOST_AUTO_TEST_CASE(rulesAreMadeFromRolesUnlessTheyAreSet) {
    const auto rules = [](const std::vector<std::string>& defines) {
        const auto parsed = readDefines(defines);
        BOOST_TEST(faultsOf(parsed) == "");
        return parsed.settings.access.makeChange.toText() + "; " + parsed.settings.access.panic.toText();
    };
    BOOST_TEST(rules({}) == "roles=customer,teller; roles=teller");
    BOOST_TEST(rules({"roles.makeChange=senior teller", "roles.panic=a,b", "roles.panic.maxAge=5m"}) ==
               "roles=senior%20teller; roles=a,b maxAge=5m");
    BOOST_TEST(rules({"access.makeChange=scopes=change:make", "roles.panic=x"}) ==
               "scopes=change:make; roles=x");
    BOOST_TEST(rules({"access.panic=anyScope=panic roles=teller maxAge=1m acr=phr"}) ==
               "roles=customer,teller; anyScope=panic roles=teller maxAge=1m acr=phr");
    // What --print-config prints can be read again.
    BOOST_TEST(rules({"access.panic=scopes=panic", "roles.panic=teller", "roles.panic.maxAge=0s"}) ==
               "roles=customer,teller; scopes=panic");
}

BOOST_AUTO_TEST_CASE(aRuleTakesThePlaceOfRoles) {
    BOOST_TEST(
        faultsOf(readDefines({"access.panic=roles=a", "roles.panic=b", "roles.panic.maxAge=5m",
                              "access.makeChange=roles=a", "roles.makeChange=b"})) ==
        "--define: access.makeChange: takes the place of roles.makeChange, which is set as well; set one "
        "of them\n"
        "--define: access.panic: takes the place of roles.panic, which is set as well; set one of them\n"
        "--define: access.panic: takes the place of roles.panic.maxAge, which is set as well; set one of "
        "them\n");
}

BOOST_AUTO_TEST_CASE(rulesThatAreNoneSayWhy) {
    BOOST_TEST(
        faultsOf(readDefines(
            {"access.panic=teller", "access.makeChange=scopes=a\"b", "roles.panic.maxAge=1500ms"})) ==
        "--define: access.panic: \"teller\" is not of the form NAME=LIST, such as roles=teller\n"
        "--define: access.makeChange: \"a\\\"b\" cannot be a scope: it has a blank, a comma, a quotation "
        "mark, a backslash or a character beyond ASCII\n"
        "--define: roles.panic.maxAge: \"1500ms\" has a fraction of a second\n");
}

BOOST_AUTO_TEST_CASE(resourcesAreDiscoverableAndAccepted) {
    const auto parsed = readDefines({"server.resource=https://api.example.com, https://api.example.com/mcp",
                                     "server.resourceName=The bank",
                                     "server.resourceDocumentation=https://api.example.com/docs",
                                     "auth.audience=a", "auth.issuer=https://id.example.com"});
    BOOST_TEST(faultsOf(parsed) == "");
    const std::vector<std::string> urls{"https://api.example.com", "https://api.example.com/mcp"};
    const auto& resources = parsed.settings.resources;
    BOOST_TEST((resources.identifiers == urls));
    BOOST_TEST(resources.name == "The bank");
    BOOST_TEST(resources.documentation == "https://api.example.com/docs");
    BOOST_TEST((resources.authorizationServers == std::vector<std::string>{"https://id.example.com"}));
    BOOST_TEST((parsed.settings.auth.first().policy.audiences ==
                std::vector<std::string>{"a", urls[0], urls[0] + "/", urls[1]}));
    // The page signs in at the application.
    BOOST_TEST(parsed.settings.page.login == "https://id.example.com/app/login/a?redirect_uri={page}");
}

BOOST_AUTO_TEST_CASE(aRuleThatAdmitsEverybodyIsNoted) {
    const std::string resource = "server.resource=https://api.example.com";
    const auto open = readDefines({resource, "auth.dpop=allow", "access.panic=dpop=require"});
    BOOST_TEST(faultsOf(open) == "");
    BOOST_TEST((open.notes == std::vector<std::string>{
                                  "--define: access.panic: demands no role, scope or permission, so every "
                                  "caller with a good token passes"}));
    BOOST_TEST(
        readDefines({resource, "auth.dpop=allow", "access.panic=roles=teller dpop=require"}).notes.empty());
}

BOOST_AUTO_TEST_CASE(resourcesThatAreNoneSayWhy) {
    BOOST_TEST(
        faultsOf(readDefines(
            {"server.resource=https://a.example,http://b.example", "server.resourceDocumentation=docs"})) ==
        "--define: server.resource: \"http://b.example\" is plain http to another machine than this; use "
        "https\n"
        "--define: server.resourceDocumentation: \"docs\" is not an http or https URL\n");
}

BOOST_AUTO_TEST_CASE(onlyIssuersThatCanBeLookedUpAreNamedToClients) {
    const auto parsed = readDefines({"server.resource=https://api.example.com/", "auth.issuer=acme.com",
                                     "auth.jwks.uri=https://id.example.com/keys", "auth.issuers=a",
                                     "auth.issuer.a.url=https://a.example.com", "auth.issuer.a.audience=x"});
    BOOST_TEST(faultsOf(parsed) == "");
    BOOST_TEST((parsed.settings.resources.authorizationServers ==
                std::vector<std::string>{"https://a.example.com"}));
}

BOOST_AUTO_TEST_SUITE_END()
