#include "kickstart/Webhook.h"

#include <Poco/URI.h>

#include <algorithm>

#include "kickstart/Base64.h"
#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

namespace {

bool isWebAddress(const std::string& url) {
    try {
        const Poco::URI uri(url);
        return (uri.getScheme() == "http" || uri.getScheme() == "https") && !uri.getHost().empty() &&
               uri.getPort() != 0;
    } catch (const Poco::Exception&) {
        return false;
    }
}

/// RFC 9110 section 5: a name is a token, a value has no control characters.
bool isHeaderField(const std::string& name, const std::string& value) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    const auto isTokenCharacter = [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               others.find(c) != std::string_view::npos;
    };
    const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    return !name.empty() && std::all_of(name.begin(), name.end(), isTokenCharacter) &&
           std::none_of(value.begin(), value.end(), isControl);
}

}  // namespace

bool Webhook::wants(const std::string& event, const Uuid& tenantId) const {
    return events.contains(event) &&
           (global || std::find(tenantIds.begin(), tenantIds.end(), tenantId) != tenantIds.end());
}

void Webhook::readFrom(const BodyReader& sent) {
    configuration = sent.json();
    url = sent.requiredString("url");
    if (!url.empty() && !isWebAddress(url)) sent.refuse("url", "invalid", "must be an http or https URL");
    global = sent.boolean("global").value_or(!sent.has("tenantIds"));
    connectTimeout = sent.positive("connectTimeout").value_or(usualConnectTimeout);
    readTimeout = sent.positive("readTimeout").value_or(usualReadTimeout);

    tenantIds.clear();
    for (const auto& text : sent.strings("tenantIds").value_or(std::vector<std::string>{})) {
        auto tenantId = Uuid::parse(text);
        if (!tenantId) {
            sent.refuse("tenantIds", "couldNotConvert", "must be an array of UUIDs");
            break;
        }
        tenantIds.push_back(std::move(*tenantId));
    }

    events.clear();
    const auto enabled = sent.object("eventsEnabled");
    for (const auto& member : *enabled.json().object()) {
        if (enabled.boolean(member.first).value_or(false)) events.insert(member.first);
    }

    headers.clear();
    const auto fields = sent.object("headers");
    for (const auto& member : *fields.json().object()) {
        const auto value = fields.string(member.first).value_or("");
        if (!isHeaderField(member.first, value)) fields.refuse(member.first, "invalid", "is no header field");
        headers.emplace_back(member.first, value);
    }
    const auto user = sent.string("httpAuthenticationUsername");
    const auto password = sent.string("httpAuthenticationPassword");
    if (user && password)
        headers.emplace_back("Authorization", "Basic " + encodeBase64(*user + ':' + *password));

    const auto signature = sent.object("signatureConfiguration");
    signingKeyId = signature.uuid("signingKeyId");
    const bool isSigned = signature.boolean("enabled").value_or(false);
    if (isSigned && !signingKeyId) signature.refuse("signingKeyId", "blank", "is required");
    if (!isSigned) signingKeyId.reset();
}

void Webhook::bindTo(const Uuid& tenantId) {
    global = false;
    tenantIds = {tenantId};
    const std::vector<std::string> ids{tenantId.toText()};
    configuration =
        mergedJson(configuration, Json(Json::Object{{"global", Json(false)}, {"tenantIds", jsonTexts(ids)}}));
}

Json Webhook::toJson() const {
    return mergedJson(configuration, Json(Json::Object{{"connectTimeout", jsonInteger(connectTimeout)},
                                                       {"global", Json(global)},
                                                       {"httpAuthenticationPassword", Json()},
                                                       {"id", jsonText(id.toText())},
                                                       {"insertInstant", jsonInteger(insertInstant)},
                                                       {"lastUpdateInstant", jsonInteger(lastUpdateInstant)},
                                                       {"readTimeout", jsonInteger(readTimeout)},
                                                       {"url", jsonText(url)}}));
}

}  // namespace changebank::kickstart
