#include "changebank/daemon/control/FusionAuthLogin.h"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <optional>

#include "changebank/base/system/LoopbackHost.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/Json.h"
#include "changebank/base/text/JsonText.h"

namespace changebank::daemon {

namespace {

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

std::variant<std::string, LoginFault> tokenIn(int status, const std::string& body) {
    constexpr JsonLimits limits{std::size_t{1024} * 1024, 32, 100'000};
    const auto json = Json::parse(body, limits);
    const auto* token = json ? json->find("token") : nullptr;
    if (status == 200 && token != nullptr && token->string() != nullptr) return *token->string();
    return LoginFault{LoginFault::Kind::refused, meaningOf(status)};
}

}  // namespace

std::variant<std::string, LoginFault> logIn(const LoginRequest& login, const HttpClient::Options& options,
                                            std::chrono::seconds timeout) {
    try {
        Poco::URI uri(login.address);
        if (uri.getScheme() != "https" && uri.getScheme() != "http")
            return LoginFault{LoginFault::Kind::unsafe,
                              inQuotes(login.address) + " is not an http or https URL"};
        if (uri.getScheme() == "http" && !isLoopbackHost(uri.getHost()))
            return LoginFault{LoginFault::Kind::unsafe,
                              inQuotes(login.address) + " is plain http to another machine: use https"};
        uri.setPathEtc("/api/login");
        HttpClient::Request request{
            .url = uri.toString(),
            .fields = {{"Content-Type", "application/json"}, {"User-Agent", "changebankctl"}},
            .body = bodyOf(login)};
        if (!login.apiKey.empty()) request.fields.emplace_back("Authorization", login.apiKey);
        const auto result = HttpClient(options).send(request, timeout);
        if (const auto* failure = std::get_if<HttpClient::Failure>(&result))
            return LoginFault{LoginFault::Kind::unreachable, login.address + ": " + failure->reason};
        const auto& response = std::get<HttpClient::Response>(result);
        return tokenIn(response.status, response.body);
    } catch (const Poco::Exception& error) {
        return LoginFault{LoginFault::Kind::unreachable, login.address + ": " + error.displayText()};
    }
}

}  // namespace changebank::daemon
