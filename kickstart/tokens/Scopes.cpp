#include "changebank/kickstart/tokens/Scopes.h"

namespace changebank::kickstart {

std::optional<std::string> grantedScopes(const Application& application, const std::string& asked) {
    std::string granted;
    for (const auto& name : Poco::StringTokenizer(asked, " ", Poco::StringTokenizer::TOK_IGNORE_EMPTY)) {
        const bool isKnown = application.knowsScope(name);
        const auto policy = application.oauth.unknownScopes;
        if (!isKnown && policy == UnknownScopes::reject) return std::nullopt;
        if ((!isKnown && policy == UnknownScopes::remove) || hasScope(granted, name)) continue;
        if (!granted.empty()) granted += ' ';
        granted += name;
    }
    return granted;
}

}  // namespace changebank::kickstart
