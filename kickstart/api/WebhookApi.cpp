#include "changebank/kickstart/api/Apis.h"
#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

namespace {

ApiAnswer answerWith(const Webhook& webhook) {
    return ApiAnswer::ok(Json(Json::Object{{"webhook", webhook.toJson()}}));
}

ApiAnswer createWebhook(ApiCall& call) {
    const auto sent = call.reader().object("webhook");
    Webhook webhook{call.newId()};
    webhook.insertInstant = call.now;
    webhook.readFrom(sent);
    if (call.state.webhooks.contains(webhook.id)) {
        call.errors.addField("webhookId", "duplicate", "another webhook has this id");
    }
    if (webhook.signingKeyId && !call.state.keys.contains(*webhook.signingKeyId)) {
        sent.object("signatureConfiguration").refuse("signingKeyId", "invalid", "no key has this id");
    }
    for (const auto& id : webhook.tenantIds) {
        if (!call.state.tenants.contains(id)) sent.refuse("tenantIds", "invalid", "no tenant has this id");
    }
    if (!call.errors.empty()) return call.refused();
    return answerWith(call.state.webhooks.emplace(webhook.id, webhook).first->second);
}

ApiAnswer showWebhook(ApiCall& call) {
    const auto found = call.state.webhooks.find(*call.id);
    return found == call.state.webhooks.end() ? ApiAnswer::empty(404) : answerWith(found->second);
}

ApiAnswer removeWebhook(ApiCall& call) {
    return ApiAnswer::empty(call.state.webhooks.erase(*call.id) > 0 ? 200 : 404);
}

}  // namespace

void addWebhookApi(ApiRouter& router) {
    router.add({{"POST", "/api/webhook", Access::apiKey, createWebhook},
                {"POST", "/api/webhook/{webhookId}", Access::apiKey, createWebhook},
                {"GET", "/api/webhook/{webhookId}", Access::apiKey, showWebhook},
                {"DELETE", "/api/webhook/{webhookId}", Access::apiKey, removeWebhook}});
}

}  // namespace changebank::kickstart
