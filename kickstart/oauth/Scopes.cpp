#include "kickstart/oauth/Scopes.h"

#include <Poco/StringTokenizer.h>

#include <algorithm>

namespace changebank::kickstart {

bool hasScope(const std::string& scopes, const std::string& name) {
    return Poco::StringTokenizer(scopes, " ").has(name);
}

bool areScopesAmong(const std::string& scopes, const std::string& others) {
    const Poco::StringTokenizer names(scopes, " ", Poco::StringTokenizer::TOK_IGNORE_EMPTY);
    return std::all_of(names.begin(), names.end(), [&](const auto& name) { return hasScope(others, name); });
}

}  // namespace changebank::kickstart
