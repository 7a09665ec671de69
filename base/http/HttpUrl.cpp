#include "changebank/base/http/HttpUrl.h"

#include <Poco/Exception.h>

#include "changebank/base/system/LoopbackHost.h"

namespace changebank {

std::optional<Poco::URI> httpUrl(const std::string& text) {
    try {
        Poco::URI url(text);
        const bool isHttp = url.getScheme() == "http" || url.getScheme() == "https";
        return isHttp && !url.getHost().empty() ? std::optional(url) : std::nullopt;
    } catch (const Poco::Exception&) {
        return std::nullopt;
    }
}

bool isPlainHttpToOthers(const Poco::URI& url) {
    return url.getScheme() == "http" && !isLoopbackHost(url.getHost());
}

}  // namespace changebank
