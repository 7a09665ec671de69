#include "kickstart/oauth/AuthorizationCodes.h"

#include "kickstart/RandomOctets.h"
#include "security/Base64Url.h"

namespace changebank::kickstart {

std::string AuthorizationCodes::issue(AuthorizationGrant grant, std::chrono::seconds lifetime) {
    auto code = security::encodeBase64Url(randomOctets(32));
    const std::lock_guard lock(_mutex);
    forgetOld();
    if (_order.size() == _capacity) forgetOldest();
    _entries.emplace(code, Entry{std::move(grant), _clock.monotonic(), lifetime, false, false, std::nullopt});
    _order.push_back(code);
    return code;
}

std::variant<AuthorizationGrant, AuthorizationCodes::Reused, AuthorizationCodes::Unknown>
AuthorizationCodes::redeem(const std::string& code) {
    const std::lock_guard lock(_mutex);
    forgetOld();
    const auto found = _entries.find(code);
    if (found == _entries.end()) return Unknown{};
    auto& entry = found->second;
    if (entry.redeemed) {
        entry.reused = true;
        return Reused{entry.refreshTokenId};
    }
    entry.redeemed = true;
    if (_clock.monotonic() - entry.issued >= entry.lifetime) return Unknown{};
    return entry.grant;
}

bool AuthorizationCodes::noteRefreshToken(const std::string& code, const Uuid& refreshTokenId) {
    const std::lock_guard lock(_mutex);
    const auto found = _entries.find(code);
    if (found == _entries.end()) return true;
    found->second.refreshTokenId = refreshTokenId;
    return !found->second.reused;
}

void AuthorizationCodes::forgetOld() {
    const auto now = _clock.monotonic();
    while (!_order.empty() && now - _entries.at(_order.front()).issued >= memory) {
        forgetOldest();
    }
}

void AuthorizationCodes::forgetOldest() {
    _entries.erase(_order.front());
    _order.pop_front();
}

}  // namespace changebank::kickstart
