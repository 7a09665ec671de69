#include "kickstart/WebhookRequest.h"

#include <Poco/URI.h>

#include <array>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <sstream>

#include "kickstart/Base64.h"
#include "kickstart/Digest.h"
#include "kickstart/JsonValues.h"
#include "security/DeadlineSocket.h"

namespace changebank::kickstart {

using security::Json;

namespace http = boost::beast::http;

namespace {

constexpr std::uint32_t headerLimit = 16 * 1024;

std::string requestText(const Poco::URI& uri, const WebhookRequest& request, const std::string& body) {
    const auto path = uri.getPathEtc();
    http::request<http::string_body> message(http::verb::post, path.empty() ? "/" : path, 11);
    message.set(http::field::host, uri.getAuthority());
    message.set(http::field::content_type, "application/json");
    message.set(http::field::user_agent, "kickstartd");
    message.set(http::field::connection, "close");
    for (const auto& [name, value] : request.headers) {
        message.set(name, value);
    }
    if (request.signingKey) {
        const Json claims(Json::Object{{"request_body_sha256", Json(encodeBase64(sha256(body)))}});
        message.set("X-FusionAuth-Signature-JWT", request.signingKey->sign(claims));
    }
    message.body() = body;
    message.prepare_payload();
    std::ostringstream text;
    text << message;
    return text.str();
}

/// The status of the answer, whose body nobody needs. Throws Poco::Exception if it is no HTTP.
unsigned receiveStatus(security::DeadlineSocket& socket) {
    http::response_parser<http::string_body> parser;
    parser.header_limit(headerLimit);
    std::string pending;
    std::array<char, 4096> buffer{};
    while (!parser.is_header_done()) {
        const auto received = socket.receive(buffer.data(), buffer.size());
        if (received == 0) throw Poco::DataFormatException("the answer is cut off");
        pending.append(buffer.data(), received);
        boost::beast::error_code error;
        pending.erase(0, parser.put(boost::asio::buffer(pending), error));
        if (error && error != http::error::need_more) {
            throw Poco::DataFormatException("the answer is not HTTP: " + error.message());
        }
    }
    return parser.get().result_int();
}

/// Checks the peer's certificate and host name.
Poco::Net::Context::Ptr tlsContext() {
    Poco::Net::Context::Ptr context =
        new Poco::Net::Context(Poco::Net::Context::TLS_CLIENT_USE, "", Poco::Net::Context::VERIFY_STRICT,
                               /*verificationDepth=*/9, /*loadDefaultCAs=*/true);
    context->requireMinimumProtocol(Poco::Net::Context::PROTO_TLSV1_2);
    return context;
}

}  // namespace

WebhookRequest WebhookRequest::of(const DirectoryState& state, const Webhook& webhook, const Event& event) {
    WebhookRequest request{webhook.url, webhook.headers, nullptr, event,
                           std::chrono::milliseconds(webhook.connectTimeout + webhook.readTimeout)};
    if (webhook.signingKeyId) request.signingKey = state.keys.at(*webhook.signingKeyId).key;
    return request;
}

std::optional<std::string> WebhookRequest::send() const {
    try {
        const Poco::URI uri(url);
        const auto text = requestText(uri, *this, event.toJson().toText());
        security::DeadlineSocket socket(uri.getHost(), uri.getPort(),
                                        std::chrono::steady_clock::now() + timeout);
        if (uri.getScheme() == "https") socket.startTls(*tlsContext(), uri.getHost());
        socket.send(text);
        const auto status = receiveStatus(socket);
        if (status >= 200 && status < 300) return std::nullopt;
        return "the answer has status " + std::to_string(status);
    } catch (const Poco::TimeoutException&) {
        return "no answer within " + std::to_string(timeout.count()) + " ms";
    } catch (const Poco::Exception& error) {
        return error.displayText();
    } catch (const std::exception& error) {
        return std::string(error.what());
    }
}

}  // namespace changebank::kickstart
