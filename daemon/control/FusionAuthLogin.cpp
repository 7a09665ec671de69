#include "changebank/daemon/control/FusionAuthLogin.h"

#include <Poco/Exception.h>
#include <Poco/String.h>
#include <Poco/URI.h>

#include <optional>
#include <utility>

#include "changebank/base/system/LoopbackHost.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/Json.h"
#include "changebank/base/text/JsonText.h"
#include "changebank/daemon/control/DpopRequest.h"
#include "changebank/security/dpop/TargetUri.h"

namespace changebank::daemon {

using security::targetUri;

namespace {

const std::pair<std::string, std::string> userAgent{"User-Agent", "changebankctl"};

std::string bodyOf(const LoginRequest& login) {
    return textOf(jsonObject(
        {{"loginId", login.loginId}, {"password", login.password}, {"applicationId", login.applicationId}}));
}

/// The meaning of the statuses of /api/login other than success.
std::string meaningOf(int status) {
    switch (status) {
        case 202:
            return "the user is not registered for the application";
        case 203:
            return "the user must change the password first";
        case 212:
            return "the user's e-mail address is not verified";
        case 213:
            return "the user's registration is not verified";
        case 242:
            return "the user has two-factor authentication, which this command does not support";
        case 400:
            return "the request is incomplete";
        case 401:
            return "the API key is missing or invalid";
        case 404:
            return "no such user, or a wrong password";
        case 409:
        case 410:
            return "the user may not log in at the moment";
        case 423:
            return "the user is locked";
        default:
            return "the response has status " + std::to_string(status);
    }
}

constexpr JsonLimits limits{std::size_t{1024} * 1024, 32, 100'000};

std::string memberOf(const Json& object, const char* name) {
    const auto* member = object.find(name);
    return member != nullptr && member->string() != nullptr ? *member->string() : std::string();
}

std::variant<std::string, LoginFault> tokenIn(int status, const std::string& body) {
    const auto json = Json::parse(body, limits);
    const auto token = json ? memberOf(*json, "token") : std::string();
    if (status == 200 && !token.empty()) return token;
    return LoginFault{LoginFault::Kind::refused, meaningOf(status)};
}

/// RFC 9449 section 5: without this type the token is bound to nothing.
std::variant<std::string, LoginFault> boundTokenIn(int status, const std::string& body) {
    const auto refused = [](std::string why) {
        return LoginFault{LoginFault::Kind::refused, std::move(why)};
    };
    const auto json = Json::parse(body, limits);
    if (!json || !json->object()) return refused("the response has status " + std::to_string(status));
    if (status != 200) return refused(memberOf(*json, "error") + ": " + memberOf(*json, "error_description"));
    if (Poco::icompare(memberOf(*json, "token_type"), "DPoP") != 0)
        return refused(
            "the token is not bound to the key; DPoP needs FusionAuth 1.63 and its Enterprise plan");
    const auto token = memberOf(*json, "access_token");
    return DpopRequest::isToken(token) ? std::variant<std::string, LoginFault>(token)
                                       : refused("the response has no access token");
}

/// RFC 6749 section 4.3.2.
std::string formOf(const LoginRequest& login) {
    Poco::URI::QueryParameters fields{{"grant_type", "password"},
                                      {"client_id", login.applicationId},
                                      {"username", login.loginId},
                                      {"password", login.password}};
    if (!login.clientSecret.empty()) fields.emplace_back("client_secret", login.clientSecret);
    Poco::URI uri;
    uri.setQueryParameters(fields);
    return uri.getRawQuery();
}

/// Sends the POST that `makeRequest` makes for the URL of a path at the address.
template <typename MakeRequest>
std::variant<HttpClient::Response, LoginFault> post(const std::string& address, const char* path,
                                                    const HttpClient::Options& options,
                                                    std::chrono::seconds timeout, MakeRequest makeRequest) {
    try {
        Poco::URI uri(address);
        if (uri.getScheme() != "https" && uri.getScheme() != "http")
            return LoginFault{LoginFault::Kind::unsafe, inQuotes(address) + " is not an http or https URL"};
        if (uri.getScheme() == "http" && !isLoopbackHost(uri.getHost()))
            return LoginFault{LoginFault::Kind::unsafe,
                              inQuotes(address) + " is plain http to another machine: use https"};
        uri.setPathEtc(path);
        auto result = HttpClient(options).send(makeRequest(uri.toString()), timeout);
        if (const auto* failure = std::get_if<HttpClient::Failure>(&result))
            return LoginFault{LoginFault::Kind::unreachable, address + ": " + failure->reason};
        return std::move(std::get<HttpClient::Response>(result));
    } catch (const Poco::Exception& error) {
        return LoginFault{LoginFault::Kind::unreachable, address + ": " + error.displayText()};
    }
}

}  // namespace

std::variant<std::string, LoginFault> logIn(const LoginRequest& login, const HttpClient::Options& options,
                                            std::chrono::seconds timeout) {
    const auto sent = post(login.address, "/api/login", options, timeout, [&login](const std::string& url) {
        HttpClient::Request request{
            .url = url, .fields = {{"Content-Type", "application/json"}, userAgent}, .body = bodyOf(login)};
        if (!login.apiKey.empty()) request.fields.emplace_back("Authorization", login.apiKey);
        return request;
    });
    if (const auto* fault = std::get_if<LoginFault>(&sent)) return *fault;
    const auto& response = std::get<HttpClient::Response>(sent);
    return tokenIn(response.status, response.body);
}

std::variant<std::string, LoginFault> logInBound(const LoginRequest& login, const DpopKey& key,
                                                 std::int64_t now, const HttpClient::Options& options,
                                                 std::chrono::seconds timeout) {
    const auto sent = post(login.address, "/oauth2/token", options, timeout, [&](const std::string& url) {
        return HttpClient::Request{
            .url = url,
            .fields = {{"Content-Type", "application/x-www-form-urlencoded"},
                       {"DPoP", key.prove("POST", targetUri(url).value_or(url), {}, now)},
                       userAgent},
            .body = formOf(login)};
    });
    if (const auto* fault = std::get_if<LoginFault>(&sent)) return *fault;
    const auto& response = std::get<HttpClient::Response>(sent);
    return boundTokenIn(response.status, response.body);
}

}  // namespace changebank::daemon
