#include "changebank/kickstart/webhooks/WebhookDelivery.h"

#include <chrono>

#include "changebank/base/text/Base64.h"
#include "changebank/base/text/JsonText.h"
#include "changebank/kickstart/values/Digest.h"

namespace changebank::kickstart {

std::string WebhookDelivery::toText() const {
    return "webhook " + quoteJson(webhook.url) + ": event " + quoteJson(event.type) + " " + event.id.toText();
}

std::optional<std::string> WebhookDelivery::send(const HttpClient& client,
                                                 const std::stop_token& stopping) const {
    const auto body = textOf(event.toJson());
    HttpClient::Request request{
        .url = webhook.url,
        .fields = {{"Content-Type", "application/json"}, {"User-Agent", "kickstartd"}},
        .body = body,
        .connectTimeout = std::chrono::milliseconds(webhook.connectTimeout)};
    for (const auto& [name, value] : webhook.headers)
        request.fields.emplace_back(name, value);
    if (signingKey) {
        const auto claims = jsonObject({{"request_body_sha256", encodeBase64(sha256(body))}});
        request.fields.emplace_back("X-FusionAuth-Signature-JWT", signingKey->sign(claims));
    }
    const std::chrono::milliseconds timeout(webhook.connectTimeout + webhook.readTimeout);
    const auto result = client.send(request, timeout, stopping);
    if (const auto* failure = std::get_if<HttpClient::Failure>(&result)) return failure->reason;
    const auto status = std::get<HttpClient::Response>(result).status;
    if (status >= 200 && status < 300) return std::nullopt;
    return "the response has status " + std::to_string(status);
}

}  // namespace changebank::kickstart
