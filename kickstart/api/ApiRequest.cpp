#include "changebank/kickstart/api/ApiRequest.h"

#include <Poco/String.h>
#include <Poco/StringTokenizer.h>
#include <Poco/URI.h>

#include <algorithm>

namespace changebank::kickstart {

std::optional<std::string> ApiRequest::bearerToken() const {
    if (!apiKey) return std::nullopt;
    const auto space = apiKey->find(' ');
    if (space == std::string::npos) return std::nullopt;
    const auto scheme = Poco::toLower(apiKey->substr(0, space));
    if (scheme != "bearer" && scheme != "jwt") return std::nullopt;
    return apiKey->substr(space + 1);
}

std::optional<Uuid> ApiRequest::uuid(const std::string& name, Errors& errors) const {
    const auto text = parameter(name);
    auto id = text ? Uuid::parse(*text) : std::nullopt;
    if (text && !id) errors.addField(name, "couldNotConvert", "must be a UUID");
    return id;
}

std::pair<std::string, std::string_view> splitUrl(std::string_view url) {
    const auto mark = std::min(url.find('?'), url.size());
    return {std::string(url.substr(0, mark)), url.substr(std::min(mark + 1, url.size()))};
}

std::optional<std::multimap<std::string, std::string>> parseQuery(std::string_view query) {
    std::multimap<std::string, std::string> parameters;
    try {
        Poco::URI uri;
        uri.setRawQuery(std::string(query));
        for (const auto& [name, value] : uri.getQueryParameters()) {
            parameters.emplace(name, value);
        }
    } catch (const Poco::Exception&) {
        return std::nullopt;
    }
    return parameters;
}

}  // namespace changebank::kickstart
