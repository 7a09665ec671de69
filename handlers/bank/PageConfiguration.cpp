#include "changebank/handlers/bank/PageConfiguration.h"

#include <Poco/JSON/Array.h>

#include "changebank/base/text/JsonText.h"

namespace changebank::handlers {

namespace {

Poco::JSON::Array arrayOf(const std::vector<std::string>& texts) {
    Poco::JSON::Array array;
    for (const auto& text : texts)
        array.add(text);
    return array;
}

}  // namespace

std::string PageConfiguration::toJson(bool hasToken) const {
    return textOf(
        jsonObject({{"login", login},
                    {"logout", logout},
                    {"cookie", cookie},
                    {"token", hasToken},
                    {"roles", jsonObject({{"makeChange", arrayOf(makeChange)}, {"panic", arrayOf(panic)}})},
                    {"brokenTokens", brokenTokens},
                    {"explain", explain}}));
}

}  // namespace changebank::handlers
