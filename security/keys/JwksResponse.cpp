#include "changebank/security/keys/JwksResponse.h"

#include <utility>

namespace changebank::security {

std::variant<JwksResponse, FetchFailure> JwksResponse::evaluate(const FetchResult& result,
                                                                const JwkSet* previous) {
    if (const auto* failure = std::get_if<FetchFailure>(&result)) return *failure;
    const auto& fetched = std::get<FetchedKeys>(result);
    if (fetched.notModified) {
        if (previous) return JwksResponse{};
        return FetchFailure{Cause::keysStatus, "the response has status 304, but there are no previous keys"};
    }
    const auto parsed = JwkSet::parse(fetched.document, previous);
    if (const auto* cause = std::get_if<Cause>(&parsed)) {
        return FetchFailure{*cause, *cause == Cause::keysNotJson
                                        ? "the response is not JSON, or larger or deeper than a key set"
                                        : "the response has no array \"keys\" of objects"};
    }
    auto keys = std::get<std::shared_ptr<const JwkSet>>(parsed);
    if (keys->empty()) return FetchFailure{Cause::keysUnusable, "no usable key: " + keys->summary()};
    return JwksResponse{std::move(keys)};
}

}  // namespace changebank::security
