#include "changebank/kickstart/api/Apis.h"
#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

namespace {

ApiResponse respondWith(const Webhook& webhook) {
    return ApiResponse::ok(jsonObject({{"webhook", webhook.toJson()}}));
}

ApiResponse createWebhook(ApiCall& call) {
    const auto sent = call.reader().object("webhook");
    Webhook webhook{call.newId()};
    webhook.insertInstant = call.now;
    webhook.readFrom(sent);
    if (call.state.webhooks.contains(webhook.id)) {
        call.errors.addField("webhookId", "duplicate", "another webhook has this id");
    }
    if (webhook.signingKeyId && !call.state.keys.contains(*webhook.signingKeyId)) {
        sent.object("signatureConfiguration").addError("signingKeyId", "invalid", "no key has this id");
    }
    for (const auto& id : webhook.tenantIds) {
        if (!call.state.tenants.contains(id)) sent.addError("tenantIds", "invalid", "no tenant has this id");
    }
    if (!call.errors.empty()) return call.badRequest();
    return respondWith(call.state.webhooks.emplace(webhook.id, webhook).first->second);
}

ApiResponse showWebhook(ApiCall& call) {
    const auto found = call.state.webhooks.find(*call.id);
    return found == call.state.webhooks.end() ? ApiResponse::empty(404) : respondWith(found->second);
}

ApiResponse removeWebhook(ApiCall& call) {
    return ApiResponse::empty(call.state.webhooks.erase(*call.id) > 0 ? 200 : 404);
}

}  // namespace

void addWebhookApi(ApiRouter& router) {
    router.add({{"POST", "/api/webhook", Access::apiKey, createWebhook},
                {"POST", "/api/webhook/{webhookId}", Access::apiKey, createWebhook},
                {"GET", "/api/webhook/{webhookId}", Access::apiKey, showWebhook},
                {"DELETE", "/api/webhook/{webhookId}", Access::apiKey, removeWebhook}});
}

}  // namespace changebank::kickstart
