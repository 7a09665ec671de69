#include "handlers/PageConfiguration.h"

#include "security/Json.h"

namespace changebank::handlers {

using security::quoteJson;

namespace {

std::string arrayOf(const std::vector<std::string>& texts) {
    std::string json;
    for (const auto& text : texts)
        json += (json.empty() ? "" : ",") + quoteJson(text);
    return "[" + json + "]";
}

}  // namespace

std::string PageConfiguration::toJson() const {
    return "{\"login\":" + quoteJson(login) + ",\"logout\":" + quoteJson(logout) +
           ",\"cookie\":" + quoteJson(cookie) + ",\"roles\":{\"makeChange\":" + arrayOf(makeChange) +
           ",\"panic\":" + arrayOf(panic) + "}}";
}

}  // namespace changebank::handlers
