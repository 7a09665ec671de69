#include "kickstart/oauth/HostedBackend.h"

#include <Poco/Net/IPAddress.h>

#include <algorithm>
#include <chrono>

#include "kickstart/JsonValues.h"
#include "kickstart/oauth/AuthorizationEndpoint.h"
#include "kickstart/oauth/ProofKey.h"
#include "kickstart/oauth/SetCookie.h"
#include "security/Base64Url.h"
#include "security/CompactJws.h"

namespace changebank::kickstart {

using security::Json;

namespace {

constexpr const char* verifierCookie = "app.pkce_v";
constexpr const char* defaultScope = "openid offline_access";
/// How long a user may take to log in.
constexpr std::chrono::seconds verifierLifetime{3600};

std::string callbackOf(const WebRequest& request) {
    return request.baseUrl + "/app/callback";
}

/// The broadest domain of the host that is not a top-level domain; empty for an address and a simple name,
/// whose cookies hold for that host alone.
std::string cookieDomain(const std::string& baseUrl) {
    const auto start = baseUrl.find("://") + 3;
    const auto host = baseUrl.substr(start, baseUrl.find(':', start) - start);
    Poco::Net::IPAddress address;
    const auto dot = host.rfind('.');
    if (dot == std::string::npos || dot == 0 || host.starts_with('[') ||
        Poco::Net::IPAddress::tryParse(host, address)) {
        return {};
    }
    const auto before = host.rfind('.', dot - 1);
    return before == std::string::npos ? host : host.substr(before + 1);
}

struct CookieSetter {
    const WebRequest& request;
    WebAnswer& answer;
    std::string domain = cookieDomain(request.baseUrl);

    void set(const char* name, const std::string& value, std::chrono::seconds maxAge,
             bool isHttpOnly = true) const {
        answer.add("Set-Cookie",
                   SetCookie{name, value, maxAge, isHttpOnly, domain}.toText(request.isHttps()));
    }
    void remove(const char* name, bool isHttpOnly = true) const {
        set(name, "", std::chrono::seconds(0), isHttpOnly);
    }
};

void setTokens(const CookieSetter& cookies, const GrantedTokens& tokens) {
    const std::chrono::seconds lifetime(tokens.expiresIn);
    cookies.set("app.at", tokens.accessToken, lifetime);
    cookies.set("app.at_exp", std::to_string(tokens.expiresAt), lifetime, false);
    if (!tokens.idToken.empty()) cookies.set("app.idt", tokens.idToken, lifetime, false);
    if (tokens.refreshToken) {
        cookies.set("app.rt", tokens.refreshToken->token, std::chrono::seconds(tokens.refreshTokenExpiresIn));
    }
}

/// What the parameter `state` carries through the authorization endpoint.
struct LoginState {
    std::string clientId;
    std::string redirectUri;
    /// The page's own state.
    std::string state;

    std::string toText() const {
        Json::Object members{{"c", jsonText(clientId)}, {"r", jsonText(redirectUri)}};
        if (!state.empty()) members.emplace_back("s", jsonText(state));
        return security::encodeBase64Url(Json(std::move(members)).toText());
    }

    static std::optional<LoginState> parse(const std::string& text) {
        const auto decoded = security::decodeBase64Url(text);
        const auto json = decoded ? Json::parse(*decoded) : std::nullopt;
        if (!json) return std::nullopt;
        LoginState state;
        for (const auto& [name, member] :
             {std::pair("c", &state.clientId), std::pair("r", &state.redirectUri),
              std::pair("s", &state.state)}) {
            const auto* value = json->find(name);
            if (value && !value->string()) return std::nullopt;
            if (value) *member = *value->string();
        }
        return state;
    }
};

/// The client that a token says it is for; nothing is believed but that the client has to allow the origin.
std::string audienceOf(const std::string& token) {
    const auto jws = security::CompactJws::parse(token);
    const auto* parsed = std::get_if<security::CompactJws>(&jws);
    const auto payload = parsed ? security::decodeBase64Url(parsed->encodedPayload()) : std::nullopt;
    const auto claims = payload ? Json::parse(*payload) : std::nullopt;
    const auto* audience = claims ? claims->find("aud") : nullptr;
    return audience && audience->string() ? *audience->string() : std::string();
}

/// A call that a page makes with the user's cookies (CORS, Fetch standard section 3.2). A page of another
/// origin needs to be one of the client's; without a client, of any application.
class CrossOrigin {
public:
    CrossOrigin(const WebRequest& request, const Directory& directory, const std::string& clientId)
        : _origin(request.origin == request.baseUrl ? std::string() : request.origin),
          _isAllowed(_origin.empty() || isAuthorized(directory, clientId)) {}

    bool isAllowed() const noexcept { return _isAllowed; }

    /// Lets the page read the answer, if it may.
    WebAnswer allow(WebAnswer answer) const {
        answer.add("Vary", "Origin");
        if (_origin.empty() || !_isAllowed) return answer;
        answer.add("Access-Control-Allow-Origin", _origin);
        answer.add("Access-Control-Allow-Credentials", "true");
        return answer;
    }

private:
    bool isAuthorized(const Directory& directory, const std::string& clientId) const {
        const auto id = Uuid::parse(clientId);
        return directory.read([&](const DirectoryState& state) {
            return std::any_of(state.applications.begin(), state.applications.end(), [&](const auto& entry) {
                return (!id || entry.first == *id) && entry.second.active &&
                       isAuthorizedOrigin(entry.second.oauth, _origin);
            });
        });
    }

    const std::string _origin;
    const bool _isAllowed;
};

OAuthError invalidRequest(std::string reason, std::string description) {
    return {"invalid_request", std::move(reason), std::move(description)};
}

/// Only a code is repeated on a page, not whatever text somebody put into a link.
std::string codeOr(const std::string& text, const char* otherwise) {
    const bool isCode =
        !text.empty() && text.size() < 64 &&
        std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
    return isCode ? text : otherwise;
}

}  // namespace

WebAnswer HostedBackend::logIn(const WebRequest& request, const std::string& clientId) const {
    const auto& query = request.query;
    if (const auto* name = query.repeated()) {
        return showError(request,
                         invalidRequest("unknown", "The parameter " + *name + " is there more than once."));
    }
    const auto found = findClient(_directory, clientId);
    if (const auto* error = std::get_if<OAuthError>(&found)) return showError(request, *error);
    const auto& client = std::get<OAuthClient>(found);
    const auto& authorized = client.application.oauth.authorizedRedirectURLs;
    const auto redirectUri =
        query.find("redirect_uri") || authorized.empty() ? query.text("redirect_uri") : authorized[0];
    if (!client.isAuthorizedRedirect(redirectUri)) {
        return showError(
            request, invalidRequest("invalid_redirect_uri",
                                    "The parameter redirect_uri is none of the application's authorized "
                                    "redirect URLs. They are compared as whole texts, with every slash."));
    }
    const auto verifier = ProofKey::newVerifier();
    FormData parameters;
    parameters.add("client_id", clientId);
    parameters.add("response_type", "code");
    parameters.add("redirect_uri", callbackOf(request));
    parameters.add("scope", query.find("scope") ? query.text("scope") : defaultScope);
    parameters.add("state", LoginState{clientId, redirectUri, query.text("state")}.toText());
    parameters.add("code_challenge", ProofKey::of(verifier).challenge());
    parameters.add("code_challenge_method", "S256");
    for (const auto* name : {"tenantId", "prompt", "login_hint", "locale"}) {
        parameters.add(name, query.text(name));
    }
    auto answer = WebAnswer::redirect(withQuery(request.baseUrl + "/oauth2/authorize", parameters));
    CookieSetter{request, answer}.set(verifierCookie, verifier, verifierLifetime);
    return answer;
}

WebAnswer HostedBackend::callback(const WebRequest& request) const {
    const auto& query = request.query;
    if (query.find("error")) {
        return showError(request, {codeOr(query.text("error"), "server_error"),
                                   codeOr(query.text("error_reason"), "unknown"),
                                   "The sign-in was refused. Go back to the application and start again."});
    }
    const auto state = LoginState::parse(query.text("state"));
    if (!state)
        return showError(request, invalidRequest("unknown", "The parameter state was not made here."));
    const auto found = findClient(_directory, state->clientId);
    if (const auto* error = std::get_if<OAuthError>(&found)) return showError(request, *error);
    const auto& client = std::get<OAuthClient>(found);
    if (!client.isAuthorizedRedirect(state->redirectUri)) {
        return showError(request, invalidRequest("invalid_redirect_uri",
                                                 "The sign-in was to end at a URL that is not authorized."));
    }
    const auto verifier = request.cookie(verifierCookie);
    if (verifier.empty()) {
        return showError(
            request, invalidRequest("missing_code_verifier",
                                    "The sign-in did not begin in this browser, or took too long. Go back "
                                    "to the application and start again."));
    }
    const auto result = _grants.ofCode(client, query.text("code"), callbackOf(request), verifier, true);
    if (const auto* error = std::get_if<OAuthError>(&result)) return showError(request, *error);
    FormData parameters;
    parameters.add("state", state->state);
    auto answer = WebAnswer::redirect(withQuery(state->redirectUri, parameters));
    const CookieSetter cookies{request, answer};
    setTokens(cookies, std::get<GrantedTokens>(result));
    cookies.remove(verifierCookie);
    return answer;
}

WebAnswer HostedBackend::refresh(const WebRequest& request, const std::string& clientId) const {
    const CrossOrigin cross(request, _directory, clientId);
    if (!cross.isAllowed()) return cross.allow(WebAnswer::empty(403));
    const auto found = findClient(_directory, clientId);
    if (const auto* error = std::get_if<OAuthError>(&found))
        return cross.allow(WebAnswer::refusal(400, *error));
    const auto& client = std::get<OAuthClient>(found);
    if (!client.application.oauth.enables("refresh_token")) {
        return cross.allow(
            WebAnswer::refusal(400, {"unauthorized_client", "grant_type_disabled",
                                     "The grant refresh_token is not enabled for this client."}));
    }
    const auto result = _grants.ofRefreshToken(client, request.cookie("app.rt"), "", std::nullopt);
    if (const auto* error = std::get_if<OAuthError>(&result))
        return cross.allow(WebAnswer::refusal(400, *error));
    auto answer = WebAnswer::empty(200);
    setTokens({request, answer}, std::get<GrantedTokens>(result));
    return cross.allow(std::move(answer));
}

WebAnswer HostedBackend::me(const WebRequest& request) const {
    const CrossOrigin cross(request, _directory, audienceOf(request.cookie("app.at")));
    if (!cross.isAllowed()) return cross.allow(WebAnswer::empty(403));
    return cross.allow(_userInfo.answerTo(request.cookie("app.at")));
}

WebAnswer HostedBackend::preflight(const WebRequest& request, const std::string& clientId) const {
    const CrossOrigin cross(request, _directory, clientId);
    if (!cross.isAllowed()) return cross.allow(WebAnswer::empty(403));
    auto answer = WebAnswer::empty(204);
    answer.add("Access-Control-Allow-Methods", "GET, POST");
    answer.add("Access-Control-Allow-Headers", "Content-Type");
    answer.add("Access-Control-Max-Age", "600");
    return cross.allow(std::move(answer));
}

WebAnswer HostedBackend::logOut(const WebRequest& request, const std::string& clientId) const {
    const auto& query = request.query;
    const char* name = query.find("redirect_uri") ? "redirect_uri" : "post_logout_redirect_uri";
    FormData parameters;
    parameters.add("client_id", clientId);
    parameters.add("post_logout_redirect_uri", query.text(name));
    parameters.add("state", query.text("state"));
    auto answer = WebAnswer::redirect(withQuery(request.baseUrl + "/oauth2/logout", parameters));
    const CookieSetter cookies{request, answer};
    cookies.remove("app.at");
    cookies.remove("app.at_exp", false);
    cookies.remove("app.idt", false);
    cookies.remove("app.rt");
    return answer;
}

}  // namespace changebank::kickstart
