#pragma once

#include <Poco/URI.h>

#include <map>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "changebank/kickstart/oauth/WebResponse.h"
#include "changebank/kickstart/web/FormData.h"
#include "changebank/kickstart/web/WebRequest.h"
#include "tests/unit/kickstart/ProviderFixture.h"

namespace changebank::tests {

/// A browser and an OAuth client before an identity provider with one application and one teller.
struct OAuthFixture : ProviderFixture {
    using Fields = std::vector<std::pair<std::string, std::string>>;

    static constexpr const char* redirectUri = "http://localhost:3000";
    static constexpr const char* clientSecret = "the-secret-of-the-client";
    static constexpr const char* verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    static constexpr const char* challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    /// The members of an oauthConfiguration with which everything is allowed that kickstartd offers.
    static constexpr const char* wholeConfiguration =
        R"("authorizedRedirectURLs":["http://localhost:3000","https://app.example.com/cb?a=b"],)"
        R"("clientSecret":"the-secret-of-the-client","enabledGrants":["authorization_code","refresh_token"],)"
        R"("generateRefreshTokens":true,"proofKeyForCodeExchangePolicy":"Required","requireRegistration":true,)"
        R"("logoutURL":"http://localhost:3000/bye")";

    OAuthFixture() { createKey("ES256"); }

    void createOAuthApplication(const std::string& configuration = wholeConfiguration,
                                const std::string& id = applicationId) {
        const auto response =
            call("POST", "/api/application/" + id,
                 R"({"application":{"name":"<b>Bank & Co</b> )" + id +
                     R"(","roles":[{"name":"teller"}],"jwtConfiguration":{"enabled":true,)"
                     R"("accessTokenKeyId":")" +
                     keyId + R"(","idTokenKeyId":")" + keyId +
                     R"(","timeToLiveInSeconds":600},"oauthConfiguration":{)" + configuration + "}}}");
        BOOST_REQUIRE_EQUAL(response.status, 200);
    }

    static kickstart::FormData form(const Fields& fields) {
        kickstart::FormData form;
        for (const auto& [name, value] : fields) {
            form.add(name, value);
        }
        return form;
    }

    /// The request as the browser would send it to that URL, which may be absolute.
    kickstart::WebRequest requestOf(const std::string& method, const std::string& url) {
        const Poco::URI uri(url);
        kickstart::WebRequest request;
        request.method = method;
        request.path = uri.getPath();
        request.query = *kickstart::FormData::parse(uri.getRawQuery());
        request.cookies = cookies;
        request.baseUrl = baseUrl;
        return request;
    }

    /// Sends a request and takes its cookies.
    kickstart::WebResponse send(const kickstart::WebRequest& request) {
        auto response = provider.oauth().handle(request);
        for (const auto& [name, value] : response.headers) {
            if (name != "Set-Cookie") continue;
            const auto equals = value.find('=');
            const auto cookie = value.substr(0, equals);
            cookies[cookie] = value.substr(equals + 1, value.find(';') - equals - 1);
            if (cookies[cookie].empty()) cookies.erase(cookie);
        }
        return response;
    }

    kickstart::WebResponse get(const std::string& url) { return send(requestOf("GET", url)); }

    kickstart::WebResponse post(const std::string& url, const Fields& fields) {
        auto request = requestOf("POST", url);
        request.form = form(fields);
        return send(request);
    }

    /// The parameters of a good authorization request; `changes` replace them, empty values take them away.
    static Fields authorizationFields(const Fields& changes = {}) {
        Fields fields{{"client_id", applicationId},  {"redirect_uri", redirectUri},
                      {"response_type", "code"},     {"scope", "openid offline_access"},
                      {"state", "the state"},        {"nonce", "the-nonce"},
                      {"code_challenge", challenge}, {"code_challenge_method", "S256"}};
        return changed(std::move(fields), changes);
    }

    static Fields changed(Fields fields, const Fields& changes) {
        for (const auto& [name, value] : changes) {
            const auto found = std::find_if(fields.begin(), fields.end(), [&name = name](const auto& field) {
                return field.first == name;
            });
            if (found == fields.end()) {
                fields.emplace_back(name, value);
            } else {
                found->second = value;
            }
        }
        return fields;
    }

    kickstart::WebResponse authorize(const Fields& changes = {}) {
        return get("/oauth2/authorize?" + form(authorizationFields(changes)).toText());
    }

    /// The hidden fields of a page's form, as a browser reads them.
    static Fields hiddenFields(const std::string& page) {
        static const std::regex field(R"re(type="hidden" name="([^"]*)" value="([^"]*)")re");
        Fields fields;
        for (std::sregex_iterator next(page.begin(), page.end(), field), end; next != end; ++next) {
            fields.emplace_back(unescaped((*next)[1]), unescaped((*next)[2]));
        }
        return fields;
    }

    /// Where a page's form is sent.
    static std::string actionOf(const std::string& page) {
        static const std::regex action(R"re(<form method="post" action="([^"]*)")re");
        std::smatch match;
        BOOST_REQUIRE_MESSAGE(std::regex_search(page, match, action), page);
        return unescaped(match[1]);
    }

    static std::string unescaped(std::string text) {
        for (const auto& [entity, character] :
             std::map<std::string, std::string>{{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}}) {
            text = Poco::replace(text, entity, character);
        }
        return Poco::replace(text, std::string("&amp;"), std::string("&"));
    }

    /// Fills in the form of a login page and sends it.
    kickstart::WebResponse submit(const kickstart::WebResponse& page,
                                  const std::string& loginId = "teller@example.com",
                                  const std::string& password = "password", const Fields& changes = {}) {
        auto fields = hiddenFields(page.body);
        fields.emplace_back("loginId", loginId);
        fields.emplace_back("password", password);
        return post(actionOf(page.body), changed(std::move(fields), changes));
    }

    /// The parameters that a redirect carries in its query.
    static kickstart::FormData redirected(const kickstart::WebResponse& response) {
        BOOST_REQUIRE_EQUAL(response.status, 302);
        const auto url = response.header("Location");
        return *kickstart::FormData::parse(url.substr(url.find('?') + 1));
    }

    /// Logs in at the login page and returns the code.
    std::string code(const Fields& changes = {}) {
        const auto response = submit(authorize(changes));
        const auto parameters = redirected(response);
        BOOST_REQUIRE_MESSAGE(parameters.find("code"), response.header("Location"));
        return parameters.text("code");
    }

    /// Header fields DPoP (RFC 9449), of which a request should have one at most.
    using Proofs = std::vector<std::string>;

    /// Asks the token endpoint for the tokens of a code, without cookies.
    kickstart::WebResponse exchange(const std::string& code, const Fields& changes = {},
                                    const Proofs& proofs = {}) {
        return token(changed({{"grant_type", "authorization_code"},
                              {"client_id", applicationId},
                              {"client_secret", clientSecret},
                              {"code", code},
                              {"redirect_uri", redirectUri},
                              {"code_verifier", verifier}},
                             changes),
                     proofs);
    }

    kickstart::WebResponse refresh(const std::string& refreshToken, const Fields& changes = {},
                                   const Proofs& proofs = {}) {
        return token(changed({{"grant_type", "refresh_token"},
                              {"client_id", applicationId},
                              {"client_secret", clientSecret},
                              {"refresh_token", refreshToken}},
                             changes),
                     proofs);
    }

    kickstart::WebResponse token(const Fields& fields, const Proofs& proofs = {}) {
        auto request = requestOf("POST", "/oauth2/token");
        request.cookies.clear();
        request.form = form(fields);
        request.dpopProofs = proofs;
        return provider.oauth().handle(request);
    }

    static Json bodyOf(const kickstart::WebResponse& response) {
        const auto body = Json::parse(response.body);
        BOOST_REQUIRE_MESSAGE(body, response.body);
        return *body;
    }

    static std::string memberOf(const kickstart::WebResponse& response, const char* name) {
        const auto body = bodyOf(response);
        const auto* member = body.find(name);
        return member && member->string() ? *member->string() : std::string();
    }

    Json claimsOf(const std::string& token) { return *Json::parse(verified(token).payload); }

    /// "STATUS error/error_reason" of an error response.
    static std::string errorOf(const kickstart::WebResponse& response) {
        return std::to_string(response.status) + ' ' + memberOf(response, "error") + '/' +
               memberOf(response, "error_reason");
    }

    std::map<std::string, std::string> cookies;
    std::string baseUrl = "http://localhost:9011";
};

}  // namespace changebank::tests
