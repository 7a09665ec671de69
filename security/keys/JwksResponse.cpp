#include "changebank/security/keys/JwksResponse.h"

#include <utility>

#include "changebank/base/text/ForeignText.h"

namespace changebank::security {

namespace {

/// Why a document is not JSON, as far as that can be told.
std::string whyNotJson(std::string_view document) {
    if (document.size() > JwkSet::maxSize) return "the response is larger than 1 MiB";
    for (const std::string_view mark : {"\xFF\xFE", "\xFE\xFF"}) {
        if (document.substr(0, mark.size()) == mark) return "the response is in UTF-16, not UTF-8";
    }
    constexpr std::string_view gzip = "\x1F\x8B";
    if (document.substr(0, gzip.size()) == gzip) return "the response is compressed by gzip";
    return "the response is not JSON";
}

/// Why a JSON text is not a key set.
std::string whyNoKeySet(std::string_view document) {
    constexpr JsonLimits limits{JwkSet::maxSize, 16, 100'000};
    const auto json = Json::parse(document, limits);
    const auto* address = json ? json->find("jwks_uri") : nullptr;
    if (address && address->string()) {
        return "the response is a discovery document, not a key set; the key set is at its jwks_uri " +
               inQuotes(*address->string());
    }
    return "the response has no array \"keys\"";
}

}  // namespace

JwksResponse JwksResponse::evaluate(const FetchResult& result, const JwkSet* previous,
                                    const JwkSetBounds& bounds) {
    if (const auto* failure = std::get_if<FetchFailure>(&result)) return {nullptr, *failure};
    const auto& fetched = std::get<FetchedKeys>(result);
    if (fetched.notModified) {
        if (previous) return {};
        return {nullptr, FetchFailure{Cause::keysStatus,
                                      "the response has status 304, but there are no previous keys"}};
    }
    const auto parsed = JwkSet::parse(fetched.document, previous, bounds);
    if (const auto* cause = std::get_if<Cause>(&parsed)) {
        return {nullptr, FetchFailure{*cause, *cause == Cause::keysNotJson ? whyNotJson(fetched.document)
                                                                           : whyNoKeySet(fetched.document)}};
    }
    auto keys = std::get<std::shared_ptr<const JwkSet>>(parsed);
    if (!keys->empty()) return {std::move(keys), std::nullopt};
    FetchFailure failure{Cause::keysUnusable, "no usable key: " + keys->summary()};
    return {std::move(keys), std::move(failure)};
}

}  // namespace changebank::security
