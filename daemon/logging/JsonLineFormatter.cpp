#include "changebank/daemon/logging/JsonLineFormatter.h"

#include <Poco/DateTimeFormatter.h>
#include <Poco/Message.h>

#include "changebank/base/text/Json.h"
#include "changebank/daemon/settings/values/LogLevel.h"

namespace changebank::daemon {

void JsonLineFormatter::format(const Poco::Message& message, std::string& text) {
    const auto time = Poco::DateTimeFormatter::format(message.getTime(), "%Y-%m-%dT%H:%M:%S.%iZ");
    text = "{\"time\":" + quoteJson(time) + ",\"level\":" + quoteJson(nameOf(message.getPriority())) +
           ",\"source\":" + quoteJson(message.getSource()) +
           ",\"message\":" + quoteJson(message.get(eventParameter, message.getText()));
    if (message.has(membersParameter)) text += "," + message.get(membersParameter);
    text += "}";
}

}  // namespace changebank::daemon
