#include "kickstart/WebhookApi.h"

#include "kickstart/Instant.h"
#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

namespace {

void read(Webhook& webhook, const ApiCall& call, const DirectoryState& state, Errors& errors) {
    const auto sent = BodyReader(call.body, "", errors).object("webhook");
    webhook.readFrom(sent);
    if (call.tenantId) webhook.bindTo(*call.tenantId);
    if (webhook.signingKeyId && !state.keys.contains(*webhook.signingKeyId)) {
        sent.object("signatureConfiguration").refuse("signingKeyId", "invalid", "no key has this id");
    }
    for (const auto& id : webhook.tenantIds) {
        if (!state.tenants.contains(id)) sent.refuse("tenantIds", "invalid", "no tenant has this id");
    }
}

/// Whether a request may be about the webhook: one that is bound to a tenant only if no other tenant is told.
bool belongs(const Webhook& webhook, const ApiCall& call) {
    return !call.tenantId || (!webhook.global && webhook.tenantIds == std::vector<Uuid>{*call.tenantId});
}

ApiAnswer answerWith(const Webhook& webhook) {
    return ApiAnswer::ok(Json(Json::Object{{"webhook", webhook.toJson()}}));
}

}  // namespace

void WebhookApi::addTo(ApiRouter& router) {
    const auto creation = [this](const ApiCall& call) { return create(call); };
    router.add("POST", "/api/webhook", Access::apiKey, creation);
    router.add("POST", "/api/webhook/{webhookId}", Access::apiKey, creation);
    router.add("GET", "/api/webhook", Access::apiKey,
               [this](const ApiCall& call) { return retrieveAll(call); });
    router.add("GET", "/api/webhook/{webhookId}", Access::apiKey,
               [this](const ApiCall& call) { return retrieve(call); });
    router.add("DELETE", "/api/webhook/{webhookId}", Access::apiKey,
               [this](const ApiCall& call) { return remove(call); });
}

ApiAnswer WebhookApi::create(const ApiCall& call) {
    return _directory.change([&](DirectoryState& state) {
        Errors errors;
        Webhook webhook{call.id ? *call.id : Uuid::random()};
        if (state.webhooks.contains(webhook.id)) {
            errors.addField("webhookId", "duplicate", "another webhook has this id");
        }
        read(webhook, call, state, errors);
        if (!errors.empty()) return ApiAnswer::refused(errors);
        webhook.insertInstant = webhook.lastUpdateInstant = instantOf(_clock);
        return answerWith(state.webhooks.emplace(webhook.id, webhook).first->second);
    });
}

ApiAnswer WebhookApi::retrieveAll(const ApiCall& call) const {
    return _directory.read([&](const DirectoryState& state) {
        Json::Array webhooks;
        for (const auto& entry : state.webhooks) {
            if (belongs(entry.second, call)) webhooks.push_back(entry.second.toJson());
        }
        return ApiAnswer::ok(Json(Json::Object{{"webhooks", Json(std::move(webhooks))}}));
    });
}

ApiAnswer WebhookApi::retrieve(const ApiCall& call) const {
    return _directory.read([&](const DirectoryState& state) {
        const auto found = state.webhooks.find(*call.id);
        return found == state.webhooks.end() || !belongs(found->second, call) ? ApiAnswer::empty(404)
                                                                              : answerWith(found->second);
    });
}

ApiAnswer WebhookApi::remove(const ApiCall& call) {
    return _directory.change([&](DirectoryState& state) {
        const auto found = state.webhooks.find(*call.id);
        if (found == state.webhooks.end() || !belongs(found->second, call)) return ApiAnswer::empty(404);
        state.webhooks.erase(found);
        return ApiAnswer::empty(200);
    });
}

}  // namespace changebank::kickstart
