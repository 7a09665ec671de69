#include "changebank/base/http/HttpUrl.h"

#include <Poco/Exception.h>

#include "changebank/base/system/LoopbackHost.h"

namespace changebank {

namespace {

/// Poco::URI takes any text for a host.
bool isHost(const std::string& host) {
    return !host.empty() && host.find_first_not_of(
                                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789.-_:") == std::string::npos;
}

}  // namespace

std::optional<Poco::URI> httpUrl(const std::string& text) {
    try {
        Poco::URI url(text);
        const bool isHttp = url.getScheme() == "http" || url.getScheme() == "https";
        return isHttp && isHost(url.getHost()) ? std::optional(url) : std::nullopt;
    } catch (const Poco::Exception&) {
        return std::nullopt;
    }
}

bool isPlainHttpToOthers(const Poco::URI& url) {
    return url.getScheme() == "http" && !isLoopbackHost(url.getHost());
}

}  // namespace changebank
