#include "changebank/kickstart/api/ApiRouter.h"

#include <algorithm>
#include <fstream>
#include <regex>
#include <set>

#include "tests/unit/kickstart/ProviderFixture.h"

using namespace changebank;

namespace {

/// The words in capitals of a text that are methods.
std::set<std::string> methodsIn(const std::string& text) {
    static const std::regex method("\\b(GET|POST|PUT|PATCH|DELETE)\\b");
    return {std::sregex_token_iterator(text.begin(), text.end(), method), {}};
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ApiRouterTest, tests::ProviderFixture)

BOOST_AUTO_TEST_CASE(ServesReportsWhetherARouteExists) {
    const auto& apis = provider.apis();
    BOOST_TEST(apis.serves("POST", "/api/login"));
    BOOST_TEST(apis.serves("POST", "/api/login/"));
    BOOST_TEST(apis.serves("POST", "/api/key/generate"));
    BOOST_TEST(apis.serves("POST", std::string("/api/key/generate/") + keyId));
    BOOST_TEST(apis.serves("POST", "/api/key/generate/17"));
    BOOST_TEST(!apis.serves("GET", "/api/user/search"));
    BOOST_TEST(!apis.serves("POST", "/api/user/forgot-password"));
    BOOST_TEST(apis.serves("GET", "/api/user/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"));
    BOOST_TEST(!apis.serves("PUT", "/api/login"));
    BOOST_TEST(!apis.serves("POST", "/api/login/x"));
    BOOST_TEST(!apis.serves("POST", "/api/key/generate/a/b"));
    BOOST_TEST(!apis.serves("POST", "/api/theme/x"));
    BOOST_TEST(!apis.serves("PATCH", "/api/tenant/"));
    BOOST_TEST(!apis.serves("POST", "/API/login"));
    BOOST_TEST(!apis.serves("POST", ""));
    BOOST_TEST(!apis.serves("GET", "/"));
}

BOOST_AUTO_TEST_CASE(UnknownPathGets404UnknownMethod405) {
    for (const char* path : {"/nowhere", "/api/user/search", "/api/user/forgot-password", "/api/theme"}) {
        const auto unknown = call("GET", path);
        BOOST_TEST(unknown.status == 404, path);
        BOOST_TEST(unknown.reason == "kickstartd does not offer GET " + std::string(path) +
                                         "; docs/kickstartd.md lists what it offers");
        BOOST_REQUIRE(unknown.body);
        const auto& error = unknown.body->find("generalErrors")->array()->front();
        BOOST_TEST(textAt(error, "code") == "[notOffered]");
        BOOST_TEST(textAt(error, "message") == unknown.reason);
    }
    const auto response = call("DELETE", "/api/login");
    BOOST_TEST(response.reason.starts_with("kickstartd does not offer DELETE /api/login"));
    BOOST_TEST(response.status == 405);
    BOOST_TEST(response.allow == "POST");
    BOOST_TEST(call("OPTIONS", std::string("/api/user/") + tellerId).allow ==
               "DELETE, GET, PATCH, POST, PUT");
}

BOOST_AUTO_TEST_CASE(WithoutApiKeyManagementGets401) {
    const std::string path = std::string("/api/tenant/") + tenantId;
    BOOST_TEST(call("PATCH", path, "{}").status == 200);
    BOOST_TEST(callOpenly("PATCH", path, "{}").status == 401);
    BOOST_TEST(callOpenly("PATCH", path, "not JSON").status == 401);
    BOOST_TEST(callOpenly("POST", "/api/user/registration", "{}").status == 401);
    BOOST_TEST(callOpenly("POST", "/api/application", "{}").status == 401);
    BOOST_TEST(callOpenly("POST", "/api/key/generate", "{}").status == 401);
}

BOOST_AUTO_TEST_CASE(GlobalApiWithTenantGets401) {
    const std::string body = R"({"key":{"algorithm":"ES256","name":"x"}})";
    BOOST_TEST(provider.apis().isGlobal("POST", "/api/key/generate"));
    BOOST_TEST(!provider.apis().isGlobal("POST", "/api/application"));
    const auto response = provider.apis().handle({"POST", "/api/key/generate", body, apiKey, tenantId, ""});
    BOOST_TEST(response.status == 401);
    BOOST_TEST(!response.body);
}

BOOST_AUTO_TEST_CASE(UnknownTenantGets400) {
    kickstart::ApiRequest request{"GET", std::string("/api/user/") + tellerId, "", apiKey};
    for (const auto* unknown : {keyId, "x"}) {
        request.tenantId = unknown;
        BOOST_TEST(onlyCode(provider.apis().handle(request)) == "[invalid]tenantId");
    }
    request.tenantId = tenantId;
    BOOST_TEST(provider.apis().handle(request).status == 404);
}

BOOST_AUTO_TEST_CASE(IdThatIsNotAUuidGets400) {
    BOOST_TEST(onlyCode(call("PATCH", "/api/tenant/17", "{}")) == "[couldNotConvert]tenantId");
}

BOOST_AUTO_TEST_CASE(InvalidOrTooLargeJsonGets400) {
    const std::string path = std::string("/api/tenant/") + tenantId;
    const auto nested = [](std::size_t depth) {
        return R"({"data":)" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + '}';
    };
    BOOST_TEST(onlyCode(call("PATCH", path, "{}{}")) == "[invalidJSON]");
    BOOST_TEST(onlyCode(call("PATCH", path, R"({"tenant":{},"tenant":{}})")) == "[invalidJSON]");
    BOOST_TEST(call("PATCH", path, nested(32)).status == 200);
    BOOST_TEST(onlyCode(call("PATCH", path, nested(33))) == "[invalidJSON]");
}

BOOST_AUTO_TEST_CASE(BodyThatIsNotAnObjectGets400) {
    for (const char* body : {"[]", "null", "7", R"("text")", "true"}) {
        BOOST_TEST(onlyCode(call("PATCH", std::string("/api/tenant/") + tenantId, body)) == "[invalidJSON]",
                   body);
        BOOST_TEST(onlyCode(call("POST", "/api/login", body)) == "[invalidJSON]", body);
    }
}

BOOST_AUTO_TEST_CASE(TheMethodsOfTheDocumentAreServed) {
    std::ifstream document(CHANGEBANK_SOURCE_DIR "/docs/kickstartd.md");
    const std::regex row("\\| (`/(?:api|\\.well-known)/.*`) \\| (.*) \\|");
    const std::regex path("`([^`]*)`");
    const std::regex id("\\{[^}]*\\}");
    std::size_t rows = 0;
    std::smatch match;
    for (std::string line; std::getline(document, line);) {
        if (!std::regex_match(line, match, row)) continue;
        ++rows;
        const auto paths = match[1].str();
        const auto documented = methodsIn(match[2]);
        for (std::sregex_token_iterator next(paths.begin(), paths.end(), path, 1), end; next != end; ++next) {
            auto at = std::regex_replace(next->str(), id, tellerId);
            std::set<std::string> served;
            for (int ids = 0; ids < 3; ++ids, at += std::string("/") + tellerId) {
                served.merge(methodsIn(call("OPTIONS", at).allow));
            }
            BOOST_TEST(std::includes(served.begin(), served.end(), documented.begin(), documented.end()),
                       next->str());
        }
    }
    BOOST_TEST(rows >= 13U);
}

BOOST_AUTO_TEST_SUITE_END()
