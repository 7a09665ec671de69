#include "changebank/kickstart/directory/Webhook.h"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <algorithm>

#include "changebank/daemon/http/message/FieldSyntax.h"
#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

namespace {

bool isWebAddress(const std::string& url) {
    try {
        const Poco::URI uri(url);
        return uri.getScheme() == "http" && !uri.getHost().empty() && uri.getPort() != 0;
    } catch (const Poco::Exception&) {
        return false;
    }
}

}  // namespace

bool Webhook::wants(const std::string& event, const Uuid& tenantId) const {
    return events.contains(event) &&
           (global || std::find(tenantIds.begin(), tenantIds.end(), tenantId) != tenantIds.end());
}

void Webhook::readFrom(const BodyReader& sent) {
    url = sent.requiredString("url");
    if (!url.empty() && !isWebAddress(url)) sent.addError("url", "invalid", "must be an http URL");
    global = sent.boolean("global").value_or(!sent.has("tenantIds"));
    connectTimeout = sent.positive("connectTimeout").value_or(usualConnectTimeout);
    readTimeout = sent.positive("readTimeout").value_or(usualReadTimeout);

    tenantIds.clear();
    for (const auto& text : sent.strings("tenantIds").value_or(std::vector<std::string>{})) {
        auto tenantId = Uuid::parse(text);
        if (!tenantId) {
            sent.addError("tenantIds", "couldNotConvert", "must be an array of UUIDs");
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
        if (!http::isToken(member.first) || !http::isFieldValue(value)) {
            fields.addError(member.first, "invalid", "is not a header field");
        }
        headers.emplace_back(member.first, value);
    }

    const auto signature = sent.object("signatureConfiguration");
    signingKeyId = signature.uuid("signingKeyId");
    const bool isSigned = signature.boolean("enabled").value_or(false);
    if (isSigned && !signingKeyId) signature.addError("signingKeyId", "blank", "is required");
    if (!isSigned) signingKeyId.reset();
}

Poco::JSON::Object Webhook::toJson() const {
    std::vector<std::string> ids;
    for (const auto& tenantId : tenantIds) {
        ids.push_back(tenantId.toText());
    }
    return jsonObject({{"connectTimeout", connectTimeout},
                       {"global", global},
                       {"id", id.toText()},
                       {"insertInstant", insertInstant},
                       {"readTimeout", readTimeout},
                       {"tenantIds", jsonTexts(ids)},
                       {"url", url}});
}

}  // namespace changebank::kickstart
