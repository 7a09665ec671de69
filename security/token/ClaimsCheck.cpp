#include "changebank/security/token/ClaimsCheck.h"

#include <Poco/String.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "changebank/base/text/Trimmed.h"
#include "changebank/base/text/Utf8.h"
#include "changebank/security/jose/NumericDate.h"

namespace changebank::security {

namespace {

constexpr std::array<std::string_view, 3> identityTokenClaims{"at_hash", "c_hash", "nonce"};

Refusal about(Cause cause, std::string_view claim) {
    return Refusal{cause, std::string(claim)};
}

/// RFC 7515 section 4.1.9: compared without regard to case, with or without "application/".
bool isAccessTokenType(const Json* type) {
    if (!type) return true;
    if (!type->string()) return false;
    auto name = Poco::toLower(*type->string());
    constexpr std::string_view prefix = "application/";
    if (name.compare(0, prefix.size(), prefix) == 0) name.erase(0, prefix.size());
    return name == "jwt" || name == "at+jwt";
}

bool equals(const Json* value, const std::string& text) {
    return value && value->string() && *value->string() == text;
}

bool isString(const Json& value) {
    return value.string() != nullptr;
}

/// RFC 7519 section 4.1.3: a string or an array of strings, one of which is ours.
bool namesAudience(const Json& audience, const std::vector<std::string>& ours) {
    const auto isOurs = [&ours](const Json& name) {
        return std::find(ours.begin(), ours.end(), *name.string()) != ours.end();
    };
    if (audience.string()) return isOurs(audience);
    const auto* names = audience.array();
    return names && std::all_of(names->begin(), names->end(), isString) &&
           std::any_of(names->begin(), names->end(), isOurs);
}

std::optional<Refusal> checkPresence(const Json& claims, const TokenPolicy& policy) {
    if (!claims.find("iss")) return about(Cause::claimMissing, "iss");
    if (!claims.find("aud")) return about(Cause::claimMissing, "aud");
    if (policy.requireExpiration && !claims.find("exp")) return about(Cause::claimMissing, "exp");
    return std::nullopt;
}

/// Reads a NumericDate into `time` if the claim is present.
std::optional<Refusal> readTime(const Json& claims, std::string_view name, double& time) {
    const auto* claim = claims.find(name);
    if (!claim) return std::nullopt;
    const auto* number = claim->number();
    const double seconds = number ? number->value() : std::numeric_limits<double>::quiet_NaN();
    if (!(std::abs(seconds) <= latestNumericDate)) return about(Cause::claimNotNumber, name);
    time = seconds;
    return std::nullopt;
}

/// Reads the times and checks them at `now`. Like jose, checks `nbf` before it reads `exp`.
std::variant<ValidityPeriod, Refusal> readPeriod(const Json& claims, double now, double leeway) {
    ValidityPeriod period;
    double issuedAt = period.issuedAt;
    if (auto refusal = readTime(claims, "iat", issuedAt)) return std::move(*refusal);
    if (auto refusal = readTime(claims, "nbf", period.notBefore)) return std::move(*refusal);
    if (auto refusal = period.check(now, leeway)) return std::move(*refusal);
    if (auto refusal = readTime(claims, "exp", period.expires)) return std::move(*refusal);
    period.issuedAt = issuedAt;
    if (auto refusal = period.check(now, leeway)) return std::move(*refusal);
    return period;
}

/// FusionAuth signs several kinds of token with the same key and audience; these members mark the other
/// kinds.
std::optional<Refusal> checkKind(const Json& claims, const TokenPolicy& policy) {
    if (!policy.tenant.empty()) {
        const auto* tenant = claims.find("tid");
        if (!tenant) return about(Cause::claimMissing, "tid");
        if (!equals(tenant, policy.tenant)) return about(Cause::claimUnexpected, "tid");
    }
    if (const auto* kind = claims.find("tty"); kind && !equals(kind, "at")) {
        return about(Cause::claimUnexpected, "tty");
    }
    for (const auto name : identityTokenClaims) {
        if (claims.find(name)) return about(Cause::claimUnexpected, name);
    }
    if (claims.find("cnf")) return about(Cause::claimUnexpected, "cnf");
    return std::nullopt;
}

/// Without it, nobody could tell later who called.
std::optional<Refusal> checkSubject(const Json& claims, const std::string& name) {
    if (name.empty()) return std::nullopt;
    const auto* subject = claims.find(name);
    if (!subject) return about(Cause::claimMissing, name);
    if (!subject->string() || trimmed(*subject->string()).empty()) return about(Cause::claimUnexpected, name);
    return std::nullopt;
}

std::string textOf(const Json& claims, std::string_view name) {
    const auto* claim = claims.find(name);
    return claim && claim->string() ? *claim->string() : std::string();
}

/// The payload as it is, unless it has a control character, such as a line break between two claims, or one
/// that is hidden: then the claims are written again without it.
std::string lineOf(std::string payload, const Json& claims) {
    return hasControl(payload) || hasHidden(payload) ? claims.toText() : std::move(payload);
}

Principal principalOf(const Json& claims, std::string payload, const TokenPolicy& policy) {
    Principal principal{textOf(claims, policy.subjectClaim),
                        {},
                        textOf(claims, "tid"),
                        textOf(claims, "jti"),
                        lineOf(std::move(payload), claims)};
    const auto* roles = claims.find("roles");
    if (const auto* names = roles ? roles->array() : nullptr) {
        for (const auto& name : *names) {
            if (name.string()) principal.roles.push_back(*name.string());
        }
    }
    return principal;
}

}  // namespace

std::optional<Refusal> ValidityPeriod::check(double now, double leeway) const {
    if (notBefore > now + leeway) return about(Cause::claimTimestampFailed, "nbf");
    if (expires <= now - leeway) return Refusal{Cause::expired};
    if (issuedAt > now + leeway) return Refusal{Cause::issuedInFuture};
    return std::nullopt;
}

std::variant<VerifiedToken, Refusal> checkClaims(const Json& header, std::string payload,
                                                 const TokenPolicy& policy, double now) {
    if (!isAccessTokenType(header.find("typ"))) return Refusal{Cause::typeUnexpected};
    const auto claims = Json::parse(payload);
    if (!claims || !claims->object()) return Refusal{Cause::claimsNotObject};

    if (auto refusal = checkPresence(*claims, policy)) return std::move(*refusal);
    if (!equals(claims->find("iss"), policy.issuer)) return about(Cause::claimUnexpected, "iss");
    if (!namesAudience(*claims->find("aud"), policy.audiences)) return about(Cause::claimUnexpected, "aud");

    auto period = readPeriod(*claims, now, static_cast<double>(policy.leeway.count()));
    if (auto* refusal = std::get_if<Refusal>(&period)) return std::move(*refusal);
    if (auto refusal = checkKind(*claims, policy)) return std::move(*refusal);
    if (auto refusal = checkSubject(*claims, policy.subjectClaim)) return std::move(*refusal);
    return VerifiedToken{principalOf(*claims, std::move(payload), policy), std::get<ValidityPeriod>(period)};
}

}  // namespace changebank::security
