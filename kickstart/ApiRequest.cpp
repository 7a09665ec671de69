#include "kickstart/ApiRequest.h"

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

std::optional<Uuid> ApiRequest::requiredUuid(const std::string& name, Errors& errors) const {
    if (!parameter(name)) errors.addField(name, "blank", "is required");
    return uuid(name, errors);
}

std::vector<std::string> ApiRequest::texts(const std::string& name) const {
    std::vector<std::string> values;
    const auto [first, last] = parameters.equal_range(name);
    for (auto each = first; each != last; ++each) {
        const Poco::StringTokenizer parts(each->second, ",", Poco::StringTokenizer::TOK_IGNORE_EMPTY);
        values.insert(values.end(), parts.begin(), parts.end());
    }
    return values;
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
