#include "changebank/kickstart/directory/RefreshTokens.h"

#include <algorithm>

#include "changebank/base/system/RandomBytes.h"
#include "changebank/base/text/Base64Url.h"
#include "changebank/kickstart/values/Digest.h"

namespace changebank::kickstart {

namespace {

constexpr std::int64_t millisecondsPerMinute = 60'000;

/// Sets a new text for the token and returns it.
std::string renew(RefreshToken& token) {
    auto text = encodeBase64Url(randomBytes(40));
    token.digest = sha256(text);
    return text;
}

}  // namespace

bool RefreshTokenSelection::fits(const RefreshToken& token) const {
    if (!id && !userId && !applicationId) return false;
    return (!id || token.id == *id) && (!userId || token.userId == *userId) &&
           (!applicationId || token.applicationId == applicationId) &&
           (!ofTenant || token.tenantId == *ofTenant);
}

RefreshTokens::Issued RefreshTokens::issue(RefreshToken token, const JwtConfiguration& configuration,
                                           std::int64_t now) {
    eraseExpired(now);
    Issued issued{token.id, renew(token)};
    token.insertInstant = now;
    token.expirationInstant = now + configuration.refreshTokenTimeToLiveInMinutes * millisecondsPerMinute;
    _tokens.insert_or_assign(token.id, std::move(token));
    return issued;
}

const RefreshToken* RefreshTokens::find(std::string_view token, std::int64_t now) const {
    const auto found =
        std::find_if(_tokens.begin(), _tokens.end(),
                     [digest = sha256(token)](const auto& entry) { return entry.second.digest == digest; });
    return found == _tokens.end() || found->second.isExpiredAt(now) ? nullptr : &found->second;
}

const RefreshToken* RefreshTokens::find(const Uuid& id, std::int64_t now) const {
    const auto found = _tokens.find(id);
    return found == _tokens.end() || found->second.isExpiredAt(now) ? nullptr : &found->second;
}

RefreshTokens::Issued RefreshTokens::use(const RefreshToken& found, std::string_view token,
                                         const JwtConfiguration& configuration) {
    auto& used = _tokens.at(found.id);
    return {used.id, configuration.refreshTokensAreForOneUse ? renew(used) : std::string(token)};
}

std::vector<RefreshToken> RefreshTokens::select(const RefreshTokenSelection& selection,
                                                std::int64_t now) const {
    std::vector<RefreshToken> selected;
    for (const auto& entry : _tokens) {
        if (selection.fits(entry.second) && !entry.second.isExpiredAt(now)) selected.push_back(entry.second);
    }
    return selected;
}

void RefreshTokens::eraseExpired(std::int64_t now) {
    std::erase_if(_tokens, [now](const auto& entry) { return entry.second.isExpiredAt(now); });
}

}  // namespace changebank::kickstart
