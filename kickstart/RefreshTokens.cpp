#include "kickstart/RefreshTokens.h"

#include <algorithm>

#include "kickstart/Digest.h"
#include "kickstart/RandomOctets.h"
#include "security/Base64Url.h"

namespace changebank::kickstart {

namespace {

constexpr std::size_t tokenOctets = 40;
constexpr std::int64_t millisecondsPerMinute = 60'000;

std::string newTokenText() {
    return security::encodeBase64Url(randomOctets(tokenOctets));
}

void setExpiration(RefreshToken& token, const JwtConfiguration& configuration) {
    token.expirationInstant =
        token.startInstant + configuration.refreshTokenTimeToLiveInMinutes * millisecondsPerMinute;
    if (configuration.refreshTokenExpiration == RefreshTokenExpiration::slidingWindowWithMaximumLifetime) {
        const auto latest = token.insertInstant +
                            configuration.refreshTokenMaximumTimeToLiveInMinutes * millisecondsPerMinute;
        token.expirationInstant = std::min(token.expirationInstant, latest);
    }
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
    Issued issued{token.id, newTokenText()};
    token.digest = sha256(issued.token);
    token.insertInstant = now;
    token.startInstant = now;
    setExpiration(token, configuration);
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

const RefreshToken* RefreshTokens::findBySpent(std::string_view token, std::int64_t now) const {
    const auto found = std::find_if(
        _tokens.begin(), _tokens.end(),
        [digest = sha256(token)](const auto& entry) { return entry.second.usedDigests.contains(digest); });
    return found == _tokens.end() || found->second.isExpiredAt(now) ? nullptr : &found->second;
}

RefreshTokens::Issued RefreshTokens::use(const RefreshToken& found, std::string_view token,
                                         const JwtConfiguration& configuration, std::int64_t now) {
    auto& used = _tokens.at(found.id);
    Issued issued{used.id, std::string(token)};
    if (configuration.refreshTokenUsage == RefreshTokenUsage::oneTime) {
        issued.token = newTokenText();
        used.usedDigests.insert(used.digest);
        used.digest = sha256(issued.token);
    }
    if (configuration.refreshTokenExpiration != RefreshTokenExpiration::fixed) {
        used.startInstant = now;
        setExpiration(used, configuration);
    }
    return issued;
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
