#include "kickstart/AuthorizationCodes.h"

#include "kickstart/RandomOctets.h"

namespace changebank::kickstart {

std::string AuthorizationCodes::issue(AuthorizationGrant grant) {
    forgetOld(grant.instant);
    auto code = randomText();
    _grants.emplace(code, std::move(grant));
    return code;
}

AuthorizationGrant* AuthorizationCodes::find(const std::string& code, std::int64_t now) {
    forgetOld(now);
    const auto found = _grants.find(code);
    return found == _grants.end() ? nullptr : &found->second;
}

void AuthorizationCodes::forgetOld(std::int64_t now) {
    std::erase_if(_grants, [now](const auto& entry) { return now - entry.second.instant >= memory; });
}

}  // namespace changebank::kickstart
