#include "kickstart/RequestParts.h"

#include <Poco/Net/NameValueCollection.h>

#include <array>

#include "daemon/http/RequestTarget.h"

namespace changebank::kickstart {

std::optional<std::string> readBody(Poco::Net::HTTPServerRequest& request, std::size_t maxBytes) {
    if (!request.hasContentLength() && !request.getChunkedTransferEncoding()) return "";
    if (request.hasContentLength() && static_cast<std::size_t>(request.getContentLength64()) > maxBytes) {
        return std::nullopt;
    }
    std::string body;
    std::array<char, 8192> chunk{};
    auto& stream = request.stream();
    while (stream.good()) {
        stream.read(chunk.data(), chunk.size());
        body.append(chunk.data(), static_cast<std::size_t>(stream.gcount()));
        if (body.size() > maxBytes) return std::nullopt;
    }
    return body;
}

std::string baseUrlOf(const Poco::Net::HTTPServerRequest& request) {
    const std::string host = request.get("Host", "");
    const char* scheme = request.get("X-Forwarded-Proto", "") == "https" ? "https://" : "http://";
    const bool isNamed = !host.empty() && http::isHostAndPort(host);
    return scheme + (isNamed ? host : request.serverAddress().toString());
}

std::map<std::string, std::string> cookiesOf(const Poco::Net::HTTPServerRequest& request) {
    std::map<std::string, std::string> cookies;
    Poco::Net::NameValueCollection values;
    request.getCookies(values);
    for (const auto& [name, value] : values) {
        cookies.emplace(name, value);
    }
    return cookies;
}

}  // namespace changebank::kickstart
