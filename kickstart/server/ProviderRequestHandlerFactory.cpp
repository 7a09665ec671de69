#include "changebank/kickstart/server/ProviderRequestHandlerFactory.h"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/NameValueCollection.h>
#include <Poco/StreamCopier.h>
#include <Poco/String.h>
#include <Poco/URI.h>

#include <algorithm>

#include "changebank/base/handler/BlockingRequestHandler.h"
#include "changebank/base/system/LoopbackHost.h"
#include "changebank/daemon/http/message/RequestTarget.h"
#include "changebank/security/guard/CrossSiteCheck.h"

namespace changebank::kickstart {

namespace {

using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;

std::string bodyOf(HTTPServerRequest& request) {
    std::string body;
    Poco::StreamCopier::copyToString(request.stream(), body);
    return body;
}

std::string methodOf(const HTTPServerRequest& request) {
    return request.getMethod() == "HEAD" ? "GET" : request.getMethod();
}

/// The base URL that the caller uses: "http://localhost:9011"; https if X-Forwarded-Proto says so. Responses
/// contain the header Host, so it must be a valid authority.
std::string baseUrlOf(const HTTPServerRequest& request) {
    const auto host = request.get("Host", "");
    const char* scheme = request.get("X-Forwarded-Proto", "") == "https" ? "https://" : "http://";
    const bool isNamed = !host.empty() && http::isHostAndPort(host);
    return scheme + (isNamed ? host : request.serverAddress().toString());
}

std::map<std::string, std::string> cookiesOf(const HTTPServerRequest& request) {
    Poco::Net::NameValueCollection cookies;
    request.getCookies(cookies);
    return {cookies.begin(), cookies.end()};
}

std::vector<std::string> headersOf(const HTTPServerRequest& request, const std::string& name) {
    std::vector<std::string> values;
    for (const auto& [known, value] : request) {
        if (Poco::icompare(known, name) == 0) values.push_back(value);
    }
    return values;
}

std::optional<std::string> headerOf(const HTTPServerRequest& request, const std::string& name) {
    return request.has(name) ? std::optional(request.get(name)) : std::nullopt;
}

WebResponse webResponseOf(ApiResponse response) {
    WebResponse result{response.status};
    if (response.body) result = WebResponse::json(response.status, *response.body);
    result.remark = response.reason;
    if (!response.allow.empty()) result.add("Allow", response.allow);
    for (const auto& cookie : response.cookies) {
        result.add("Set-Cookie", cookie);
    }
    return result;
}

WebResponse callApi(const ApiRouter& apis, HTTPServerRequest& request, const std::string& path,
                    std::string_view query) {
    auto parameters = parseQuery(query);
    if (!parameters) return {400};
    ApiRequest call{methodOf(request), path, bodyOf(request)};
    // CSRF protection: a form of another site can send text/plain, but not JSON.
    const auto& type = request.getContentType();
    if (!call.body.empty() && !type.starts_with("application/json") &&
        !type.starts_with("application/merge-patch+json")) {
        return {415};
    }
    call.apiKey = headerOf(request, "Authorization");
    call.tenantId = headerOf(request, "X-FusionAuth-TenantId");
    call.origin = baseUrlOf(request);
    call.parameters = std::move(*parameters);
    call.cookies = cookiesOf(request);
    return webResponseOf(apis.handle(call));
}

WebResponse callOAuth(const OAuthServer& server, HTTPServerRequest& request, const std::string& path,
                      std::string_view query) {
    const bool hasForm = request.getContentType().starts_with("application/x-www-form-urlencoded");
    auto parameters = FormData::parse(std::string(query));
    auto form = FormData::parse(hasForm ? bodyOf(request) : "");
    if (!parameters || !form) {
        return WebResponse::error(
            400, OAuthError::invalidRequest(
                     "unknown", "The query or the body has an invalid percent escape or too many fields."));
    }
    return server.handle({methodOf(request), path, std::move(*parameters), std::move(*form),
                          cookiesOf(request), request.get("Authorization", ""), request.get("Origin", ""),
                          security::isCrossSiteWrite(request), baseUrlOf(request),
                          headersOf(request, "DPoP")});
}

/// Whether the header Host names this machine's loopback interface or the host of a tenant's issuer, or is
/// absent. A page of another site whose name resolves to this machine (DNS rebinding) sends its own name.
bool isOwnHost(const HTTPServerRequest& request, const Directory& directory) {
    const auto host = request.get("Host", "");
    if (host.empty()) return true;
    if (!http::isHostAndPort(host)) return false;
    const auto hostOf = [](const std::string& url) {
        try {
            return Poco::toLower(Poco::URI(url).getHost());
        } catch (const Poco::Exception&) {
            return std::string();
        }
    };
    const auto name = hostOf("http://" + host);
    if (isLoopbackHost(name)) return true;
    return !name.empty() && directory.read([&](const DirectoryState& state) {
        return std::any_of(state.tenants.begin(), state.tenants.end(),
                           [&](const auto& entry) { return hostOf(entry.second.issuer) == name; });
    });
}

/// Runs on the server's thread pool, because signing and the directory's lock may block.
class Handler : public Poco::Net::HTTPRequestHandler, public BlockingRequestHandler {
public:
    Handler(IdentityProvider& provider, const ProviderRequestHandlerFactory::AccessLog& log)
        : _provider(provider), _log(log) {}

    void handleRequest(HTTPServerRequest& request, HTTPServerResponse& response) override {
        const auto [path, query] = splitUrl(request.getURI());
        WebResponse result{500};
        try {
            if (!isOwnHost(request, _provider.directory())) {
                result = WebResponse::error(421, {"invalid_host", "invalid_host",
                                                  "The header Host names another machine. Use localhost, or "
                                                  "a host that is the issuer of a "
                                                  "tenant."});
                result.remark = "the header Host names another machine: " + request.get("Host");
            } else {
                result = OAuthServer::covers(path) ? callOAuth(_provider.oauth(), request, path, query)
                                                   : callApi(_provider.apis(), request, path, query);
            }
        } catch (const std::exception& exception) {
            result.remark = exception.what();
        }
        _log(quoteJson(request.getMethod() + " " + path) + " " + std::to_string(result.status) +
             (result.remark.empty() ? "" : ": " + quoteJson(result.remark)));
        response.setStatusAndReason(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(result.status));
        // FusionAuth lets clients keep its keys as long as they ask again
        // (FusionAuth/fusionauth-issues#2372).
        const bool isWellKnown = path.find("/.well-known/") != std::string::npos;
        response.set("Cache-Control", isWellKnown ? "no-cache" : "no-store");
        for (const auto& [name, value] : result.headers) {
            response.add(name, value);
        }
        response.sendBuffer(result.body.data(), result.body.size());
    }

private:
    IdentityProvider& _provider;
    const ProviderRequestHandlerFactory::AccessLog& _log;
};

}  // namespace

Poco::Net::HTTPRequestHandler* ProviderRequestHandlerFactory::createRequestHandler(
    const HTTPServerRequest& /*request*/) {
    return new Handler(_provider, _log);
}

}  // namespace changebank::kickstart
