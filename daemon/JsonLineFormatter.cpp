#include "daemon/JsonLineFormatter.h"

#include <Poco/DateTimeFormatter.h>
#include <Poco/Instantiator.h>
#include <Poco/LoggingFactory.h>
#include <Poco/Message.h>

#include <array>
#include <mutex>

#include "security/Json.h"

namespace changebank::daemon {

namespace {

/// Poco::Message::Priority counts from 1 in this order.
constexpr std::array<const char*, 9> levels{"",       "fatal",       "critical", "error", "warning",
                                            "notice", "information", "debug",    "trace"};

}  // namespace

void JsonLineFormatter::registerClass() {
    static std::once_flag registered;
    std::call_once(registered, [] {
        Poco::LoggingFactory::defaultFactory().registerFormatterClass(
            className, new Poco::Instantiator<JsonLineFormatter, Poco::Formatter>);
    });
}

void JsonLineFormatter::format(const Poco::Message& message, std::string& text) {
    using security::quoteJson;
    const auto time = Poco::DateTimeFormatter::format(message.getTime(), "%Y-%m-%dT%H:%M:%S.%iZ");
    text = "{\"time\":" + quoteJson(time) + ",\"level\":" + quoteJson(levels.at(message.getPriority())) +
           ",\"source\":" + quoteJson(message.getSource()) +
           ",\"message\":" + quoteJson(message.get(eventParameter, message.getText()));
    if (message.has(membersParameter)) text += "," + message.get(membersParameter);
    text += "}";
}

}  // namespace changebank::daemon
