#include "changebank/daemon/control/FusionAuthLogin.h"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>

#include <memory>
#include <optional>

#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/Json.h"
#include "changebank/base/text/JsonText.h"
#include "changebank/daemon/settings/LoopbackHost.h"
#include "changebank/daemon/settings/SettingType.h"

namespace changebank::daemon {

using namespace Poco::Net;

namespace {

std::unique_ptr<HTTPClientSession> sessionTo(const Poco::URI& uri, const std::string& caFile) {
    if (uri.getScheme() == "http") return std::make_unique<HTTPClientSession>(uri.getHost(), uri.getPort());
    // Not POCO's SSLManager, whose context does not check host names.
    Context::Ptr context(new Context(Context::TLS_CLIENT_USE, caFile, Context::VERIFY_STRICT,
                                     /*verificationDepth=*/9, /*loadDefaultCAs=*/caFile.empty()));
    context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
    return std::make_unique<HTTPSClientSession>(uri.getHost(), uri.getPort(), context);
}

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
    if (status == HTTPResponse::HTTP_OK && token != nullptr && token->string() != nullptr)
        return *token->string();
    return LoginFault{LoginFault::Kind::refused, meaningOf(status)};
}

std::string readBody(std::istream& stream) {
    constexpr std::streamsize maxBytes = std::streamsize{1024} * 1024;
    std::string body(static_cast<std::size_t>(maxBytes), '\0');
    stream.read(body.data(), maxBytes);
    body.resize(static_cast<std::size_t>(stream.gcount()));
    return body;
}

}  // namespace

std::variant<std::string, LoginFault> logIn(const LoginRequest& login, const std::string& caFile,
                                            std::chrono::seconds timeout) {
    try {
        const Poco::URI uri(login.address);
        if (uri.getScheme() != "https" && uri.getScheme() != "http")
            return LoginFault{LoginFault::Kind::unsafe,
                              inQuotes(login.address) + " is not an http or https URL"};
        if (uri.getScheme() == "http" && !isLoopbackHost(uri.getHost()))
            return LoginFault{LoginFault::Kind::unsafe,
                              inQuotes(login.address) + " is plain http to another machine: use https"};
        const auto session = sessionTo(uri, caFile);
        session->setTimeout(Poco::Timespan(timeout.count(), 0));
        const auto body = bodyOf(login);
        HTTPRequest request(HTTPRequest::HTTP_POST, "/api/login", HTTPMessage::HTTP_1_1);
        request.setContentType("application/json");
        request.setContentLength(static_cast<std::streamsize>(body.size()));
        if (!login.apiKey.empty()) request.set("Authorization", login.apiKey);
        session->sendRequest(request) << body;
        HTTPResponse response;
        const auto responseBody = readBody(session->receiveResponse(response));
        return tokenIn(response.getStatus(), responseBody);
    } catch (const Poco::Exception& error) {
        return LoginFault{LoginFault::Kind::unreachable, login.address + ": " + error.displayText()};
    }
}

}  // namespace changebank::daemon
