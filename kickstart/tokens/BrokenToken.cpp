#include "changebank/kickstart/tokens/BrokenToken.h"

#include <utility>

#include "changebank/base/text/Base64Url.h"
#include "changebank/kickstart/tokens/AccessToken.h"
#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

namespace {

constexpr std::int64_t secondsSinceExpiry = 3600;

constexpr std::array<std::pair<std::string_view, BrokenToken::Kind>, 5> kinds{
    {{"changed", BrokenToken::Kind::changed},
     {"expired", BrokenToken::Kind::expired},
     {"audience", BrokenToken::Kind::audience},
     {"key", BrokenToken::Kind::key},
     {"role", BrokenToken::Kind::role}}};

const std::shared_ptr<const SigningKey>& unpublishedKey(DirectoryState& state, const SigningKey& like) {
    auto& key = state.unpublishedKeys[like.algorithm()];
    if (!key) key = SigningKey::generate(like.algorithm(), like.bits());
    return key;
}

/// The token with one more claim, and the signature that it had.
std::string withRoles(const std::string& token, const std::vector<std::string>& roles) {
    const auto first = token.find('.');
    const auto second = token.find('.', first + 1);
    auto payload = decodeBase64Url(token.substr(first + 1, second - first - 1)).value();
    payload.pop_back();
    payload += "," + textOf(jsonObject({{"roles", jsonTexts(roles)}})).substr(1);
    return token.substr(0, first + 1) + encodeBase64Url(payload) + token.substr(second);
}

}  // namespace

std::optional<BrokenToken::Kind> BrokenToken::kindNamed(std::string_view name) noexcept {
    for (const auto& [known, kind] : kinds) {
        if (known == name) return kind;
    }
    return std::nullopt;
}

std::string BrokenToken::mint(DirectoryState& state, const Application& application, Kind kind,
                              std::int64_t now) {
    const User nobody{.id = Uuid::random(),
                      .tenantId = application.tenantId,
                      .email = {},
                      .username = {},
                      .password = PasswordHash({})};
    auto subject = TokenSubject::of(state, nobody, application.id);
    if (kind == Kind::audience) subject.application->id = Uuid::random();
    if (kind == Kind::key) subject.accessTokenKey = unpublishedKey(state, *subject.accessTokenKey);
    const auto mintedAt =
        kind == Kind::expired ? now - secondsSinceExpiry - subject.jwt.timeToLiveInSeconds : now;
    AuthenticationContext context;
    context.instant = mintedAt;
    auto token = AccessToken::mint(subject, context, mintedAt).text;
    return kind == Kind::changed ? withRoles(token, application.roles) : token;
}

}  // namespace changebank::kickstart
