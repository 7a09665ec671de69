#include "changebank/security/guard/ProtectedResources.h"

#include <Poco/Exception.h>

#include <boost/test/unit_test.hpp>
#include <map>

using namespace changebank::security;

namespace {

using Texts = std::vector<std::string>;

ProtectedResources resources(Texts identifiers) {
    return ProtectedResources({.identifiers = std::move(identifiers)});
}

/// The documents by their paths.
std::map<std::string, std::string> documents(const ProtectedResources& resources, const Texts& scopes = {}) {
    std::map<std::string, std::string> found;
    for (auto& document : resources.documents(scopes))
        BOOST_TEST(found.emplace(document.path, document.json).second, document.path);
    return found;
}

std::string faultOf(Texts identifiers) {
    return ProtectedResources::faultOf(identifiers).value_or("");
}

const std::string wellKnown = "/.well-known/oauth-protected-resource";

}  // namespace

BOOST_AUTO_TEST_SUITE(ProtectedResourcesTest)

// RFC 9728 section 2: empty arrays are left out.
BOOST_AUTO_TEST_CASE(aDocumentHasTheMembersThatHaveAValue) {
    const ProtectedResources all({.identifiers = {"https://bank.example"},
                                  .authorizationServers = {"https://id.example", "https://other.example"},
                                  .name = "The \"Bank\"",
                                  .documentation = "https://bank.example/docs"});
    BOOST_TEST(documents(all, {"panic", "change:make", "panic"}).at(wellKnown) ==
               R"({"resource":"https://bank.example",)"
               R"("authorization_servers":["https://id.example","https://other.example"],)"
               R"("scopes_supported":["change:make","panic"],"bearer_methods_supported":["header"],)"
               R"("resource_name":"The \"Bank\"","resource_documentation":"https://bank.example/docs"})");
    BOOST_TEST(documents(resources({"https://bank.example/"})).at(wellKnown) ==
               R"({"resource":"https://bank.example/","bearer_methods_supported":["header"]})");
}

// RFC 9728 section 3.1.
BOOST_AUTO_TEST_CASE(aDocumentIsAtTheWellKnownPathBeforeTheResourcesOwn) {
    const auto found = documents(resources({"https://bank.example/Api/v1/", "https://bank.example/mcp"}));
    BOOST_TEST(found.size() == 3U);
    BOOST_TEST(found.at(wellKnown + "/api/v1").find(R"("resource":"https://bank.example/Api/v1/")") == 1U);
    BOOST_TEST(found.at(wellKnown + "/mcp").find(R"("resource":"https://bank.example/mcp")") == 1U);
    // Without one at the root, the first.
    BOOST_TEST(found.at(wellKnown) == found.at(wellKnown + "/api/v1"));
    const auto rooted = documents(resources({"https://bank.example/mcp", "https://bank.example/"}));
    BOOST_TEST(rooted.size() == 2U);
    BOOST_TEST(rooted.at(wellKnown).find(R"("resource":"https://bank.example/")") == 1U);
    BOOST_TEST(documents(ProtectedResources()).empty());
    BOOST_TEST(ProtectedResources().empty());
    BOOST_TEST(!resources({"https://bank.example"}).empty());
}

BOOST_AUTO_TEST_CASE(aPathBelongsToTheResourceWithTheLongestPrefixOfWholeSegments) {
    const std::string root = "https://bank.example" + wellKnown;
    const auto several = resources({"https://bank.example/mcp", "https://bank.example/",
                                    "https://bank.example/mcp/Tools/", "https://bank.example/api"});
    for (const auto& [path, url] : std::map<std::string, std::string>{{"/", root},
                                                                      {"", root},
                                                                      {"/mcp", root + "/mcp"},
                                                                      {"/MCP/x", root + "/mcp"},
                                                                      {"/mcpx", root},
                                                                      {"/mcp/tools", root + "/mcp/Tools/"},
                                                                      {"/mcp/tools/x", root + "/mcp/Tools/"},
                                                                      {"/mcp/toolsx", root + "/mcp"},
                                                                      {"/ap", root},
                                                                      {"/api/x", root + "/api"},
                                                                      {"/panic", root}}) {
        BOOST_TEST(several.metadataUrlFor(path) == url, path);
    }
    const auto elsewhere = resources({"https://bank.example/b", "https://bank.example/a"});
    BOOST_TEST(elsewhere.metadataUrlFor("/panic") == root + "/b");
    BOOST_TEST(elsewhere.metadataUrlFor("/a") == root + "/a");
    BOOST_TEST(ProtectedResources().metadataUrlFor("/panic") == "");
    BOOST_TEST(resources({"http://localhost:3000"}).metadataUrlFor("/x") ==
               "http://localhost:3000" + wellKnown);
}

BOOST_AUTO_TEST_CASE(aPathHasTheOriginOfItsResource) {
    const auto several = resources({"https://bank.example:8443/mcp", "https://api.example/"});
    BOOST_TEST(several.originFor("/mcp/x") == "https://bank.example:8443");
    BOOST_TEST(several.originFor("/mcpx") == "https://api.example");
}

// RFC 9728 section 2; members without a value are left out.
BOOST_AUTO_TEST_CASE(clientsLearnHowTokensAreBound) {
    ProtectedResources::Options options{.identifiers = {"https://bank.example"}};
    const auto document = [&] { return ProtectedResources(options).documents({}).front().json; };
    BOOST_TEST(document().find("dpop") == std::string::npos);
    BOOST_TEST(document().find("tls_client") == std::string::npos);
    options.dpopAlgorithms = {"ES256", "PS256"};
    BOOST_TEST(document().find(R"("dpop_signing_alg_values_supported":["ES256","PS256"])") !=
               std::string::npos);
    BOOST_TEST(document().find("required") == std::string::npos);
    options.isDpopRequired = true;
    BOOST_TEST(document().find(R"("dpop_bound_access_tokens_required":true)") != std::string::npos);
    options.acceptsCertificateBound = true;
    BOOST_TEST(document().find(R"("tls_client_certificate_bound_access_tokens":true)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(identifiersAreAddressesOfOneServer) {
    for (const std::string good :
         {"https://bank.example", "https://bank.example/", "https://bank.example:8443/mcp",
          "http://localhost:3000", "http://127.0.0.1:3000/x", "http://[::1]:3000",
          "https://bank.example/a.b/..c", "https://bank.example/a-_~"})
        BOOST_TEST(faultOf({good}) == "");
    BOOST_TEST(faultOf({}) == "");
    for (const auto& [bad, why] : std::vector<std::pair<std::string, std::string>>{
             {"", "has characters that cannot stand in a URL"},
             {"https://bank.example/a b", "has characters that cannot stand in a URL"},
             {"https://bank.example/\"", "has characters that cannot stand in a URL"},
             {"https://bank.example/a\\b", "has characters that cannot stand in a URL"},
             {"https://bank.example/a|b", "has characters that cannot stand in a URL"},
             {"https://bank.example/\r\n", "has characters that cannot stand in a URL"},
             {"https://caf\xC3\xA9.example", "has characters that cannot stand in a URL"},
             {"bank.example", "is not an https URL"},
             {"ftp://bank.example", "is not an https URL"},
             {"https:///mcp", "is not an https URL"},
             {"urn:bank", "is not an https URL"},
             {"https://bank.example#x", "must not have a fragment"},
             {"https://bank.example/?", "must not have a query"},
             {"https://bank.example?x=1", "must not have a query"},
             {"https://bank.example/%2e%2e/x",
              "has an escape or a semicolon, which servers read in different ways"},
             {"https://bank.example/a;b",
              "has an escape or a semicolon, which servers read in different ways"},
             {"https://me@bank.example", "must not contain a user name or password"},
             {"https://me:pw@bank.example", "must not contain a user name or password"},
             {"http://bank.example", "is plain http to another machine than this; use https"},
             {"https://bank.example//", "has an empty segment in its path"},
             {"https://bank.example/a//b", "has an empty segment in its path"},
             {"https://bank.example/../x", "has a dot segment in its path"},
             {"https://bank.example/a/.", "has a dot segment in its path"},
             {"https://bank.example/" + std::string(80, 'a'), "has a path of more than 80 bytes"}}) {
        BOOST_TEST(faultOf({bad}).ends_with(" " + why), bad << ": " << faultOf({bad}));
        BOOST_CHECK_THROW(resources({bad}), Poco::InvalidArgumentException);
    }
    BOOST_TEST(
        faultOf({"https://a.example/x", "https://b.example/X/"}) ==
        R"("https://b.example/X/" has the path of "https://a.example/x", so that their documents would )"
        "have one path as well");
    BOOST_TEST(!faultOf({"https://a.example", "https://a.example/"}).empty());
}

BOOST_AUTO_TEST_SUITE_END()
