#include "changebank/security/guard/ProtectedResources.h"

#include <Poco/Exception.h>
#include <Poco/JSON/Array.h>

#include <algorithm>
#include <set>
#include <utility>

#include "changebank/base/http/HttpUrl.h"
#include "changebank/base/text/Ascii.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/JsonText.h"
#include "changebank/security/refusal/Challenge.h"

namespace changebank::security {

namespace {

using Reason = std::optional<std::string>;

constexpr std::size_t maxPathLength = 80;

std::string lowerCase(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), toLower);
    return lower;
}

Poco::JSON::Array arrayOf(const std::vector<std::string>& texts) {
    Poco::JSON::Array array;
    for (const auto& text : texts)
        array.add(text);
    return array;
}

/// Where the path of a URL begins.
std::size_t pathStart(std::string_view url) {
    const auto authority = url.find("://");
    return authority == std::string_view::npos ? url.size()
                                               : std::min(url.find('/', authority + 3), url.size());
}

Reason faultOfPath(std::string_view path) {
    if (path.size() > maxPathLength)
        return "has a path of more than " + std::to_string(maxPathLength) + " bytes";
    if (path.find("//") != std::string_view::npos) return std::string("has an empty segment in its path");
    const auto closed = std::string(path) + "/";
    if (closed.find("/./") != std::string::npos || closed.find("/../") != std::string::npos)
        return std::string("has a dot segment in its path");
    return std::nullopt;
}

Reason faultOfIdentifier(const std::string& identifier) {
    // Only such a text can stand in a challenge.
    if (!isScopeToken(identifier) || identifier.find_first_of("<>^`{|}") != std::string::npos)
        return std::string("has characters that cannot stand in a URL");
    if (identifier.find('#') != std::string::npos) return std::string("must not have a fragment");
    if (identifier.find('?') != std::string::npos) return std::string("must not have a query");
    if (identifier.find_first_of("%;") != std::string::npos)
        return std::string("has an escape or a semicolon, which servers read in different ways");
    const auto url = httpUrl(identifier);
    if (!url) return std::string("is not an https URL");
    if (!url->getUserInfo().empty() || url->getAuthority().find('@') != std::string::npos)
        return std::string("must not contain a user name or password");
    if (isPlainHttpToOthers(*url))
        return std::string("is plain http to another machine than this; use https");
    return faultOfPath(std::string_view(identifier).substr(pathStart(identifier)));
}

}  // namespace

ProtectedResources::ProtectedResources(Options options) : _options(std::move(options)) {
    if (const auto why = faultOf(_options.identifiers))
        throw Poco::InvalidArgumentException("protected resource", *why);
    for (const auto& identifier : _options.identifiers)
        _resources.push_back(partsOf(identifier));
}

std::optional<std::string> ProtectedResources::faultOf(const std::vector<std::string>& identifiers) {
    std::vector<Resource> resources;
    for (const auto& identifier : identifiers) {
        if (const auto why = faultOfIdentifier(identifier)) return inQuotes(identifier) + " " + *why;
        auto resource = partsOf(identifier);
        const auto other = std::find_if(resources.begin(), resources.end(), [&](const Resource& each) {
            return each.normalPath == resource.normalPath;
        });
        if (other != resources.end()) {
            return inQuotes(identifier) + " has the path of " + inQuotes(other->identifier) +
                   ", so that their documents would have one path as well";
        }
        resources.push_back(std::move(resource));
    }
    return std::nullopt;
}

std::string ProtectedResources::metadataUrlFor(std::string_view path) const {
    if (_resources.empty()) return {};
    const auto& resource = resourceFor(path);
    return resource.origin + std::string(wellKnownPath) + resource.path;
}

const ProtectedResources::Resource& ProtectedResources::resourceFor(std::string_view path) const {
    const auto wanted = lowerCase(path) + "/";
    const auto* best = &_resources.front();
    std::optional<std::size_t> longest;
    for (const auto& resource : _resources) {
        const auto length = resource.normalPath.size();
        if (!wanted.starts_with(resource.normalPath + "/") || (longest && *longest >= length)) continue;
        longest = length;
        best = &resource;
    }
    return *best;
}

std::vector<ProtectedResources::Document> ProtectedResources::documents(
    const std::vector<std::string>& scopes) const {
    if (_resources.empty()) return {};
    const std::set<std::string> unique(scopes.begin(), scopes.end());
    const std::vector<std::string> sorted(unique.begin(), unique.end());
    std::vector<Document> documents;
    const Resource* atRoot = &_resources.front();
    for (const auto& resource : _resources) {
        if (resource.normalPath.empty()) {
            atRoot = &resource;
        } else {
            documents.push_back(
                {std::string(wellKnownPath) + resource.normalPath, documentOf(resource, sorted)});
        }
    }
    documents.push_back({std::string(wellKnownPath), documentOf(*atRoot, sorted)});
    return documents;
}

ProtectedResources::Resource ProtectedResources::partsOf(const std::string& identifier) {
    const auto start = pathStart(identifier);
    const auto path = identifier.substr(start);
    auto normal = lowerCase(path);
    if (!normal.empty() && normal.back() == '/') normal.pop_back();
    return {identifier, identifier.substr(0, start), path == "/" ? "" : path, normal};
}

std::string ProtectedResources::documentOf(const Resource& resource,
                                           const std::vector<std::string>& scopes) const {
    auto document = jsonObject({{"resource", resource.identifier}});
    if (!_options.authorizationServers.empty())
        document.set("authorization_servers", arrayOf(_options.authorizationServers));
    if (!scopes.empty()) document.set("scopes_supported", arrayOf(scopes));
    document.set("bearer_methods_supported", arrayOf({"header"}));
    if (!_options.name.empty()) document.set("resource_name", _options.name);
    if (!_options.documentation.empty()) document.set("resource_documentation", _options.documentation);
    if (!_options.dpopAlgorithms.empty()) {
        document.set("dpop_signing_alg_values_supported", arrayOf(_options.dpopAlgorithms));
        if (_options.isDpopRequired) document.set("dpop_bound_access_tokens_required", true);
    }
    if (_options.acceptsCertificateBound) document.set("tls_client_certificate_bound_access_tokens", true);
    return textOf(document);
}

}  // namespace changebank::security
