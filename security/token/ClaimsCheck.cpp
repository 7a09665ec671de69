#include "changebank/security/token/ClaimsCheck.h"

#include <Poco/String.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "changebank/base/text/Trimmed.h"
#include "changebank/base/text/Utf8.h"
#include "changebank/security/jose/NumericDate.h"

namespace changebank::security {

namespace {

Refusal about(Cause cause, std::string_view claim) {
    return Refusal{cause, std::string(claim)};
}

/// A claim's value, for operators: text as it is, anything else as JSON.
std::string shown(const Json* value) {
    if (!value) return "none";
    return value->string() ? *value->string() : value->toText();
}

Refusal unexpected(std::string_view claim, std::string_view wanted, const Json* value) {
    return about(Cause::claimUnexpected, claim).withEvidence(wanted, shown(value));
}

std::string wholeSecondsOf(double seconds) {
    return std::to_string(std::llround(seconds)) + " s";
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

/// RFC 7515 section 4.1.9, RFC 9068 section 2.1: compared without regard to case, with or without
/// "application/".
bool isAccessTokenType(const Json* type, TokenProfile profile) {
    if (!type) return profile != TokenProfile::rfc9068;
    if (!type->string()) return false;
    auto name = Poco::toLower(*type->string());
    constexpr std::string_view prefix = "application/";
    if (name.compare(0, prefix.size(), prefix) == 0) name.erase(0, prefix.size());
    return name == "at+jwt" || (name == "jwt" && profile != TokenProfile::rfc9068);
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

/// The claims that must be there, in the order in which jose looks for them.
std::optional<Refusal> checkPresence(const Json& claims, const TokenPolicy& policy) {
    if (!claims.find("iss")) return about(Cause::claimMissing, "iss");
    if (!policy.claims.audience.in(claims))
        return about(Cause::claimMissing, policy.claims.audience.toText());
    const bool isRfc9068 = policy.profile == TokenProfile::rfc9068;
    if ((policy.requireExpiration || isRfc9068) && !claims.find("exp"))
        return about(Cause::claimMissing, "exp");
    if (!isRfc9068) return std::nullopt;
    for (const auto name : {"sub", "client_id", "iat", "jti"}) {
        if (!claims.find(name)) return about(Cause::claimMissing, name);
    }
    return std::nullopt;
}

/// RFC 9068 section 2.2: names that are not empty.
std::optional<Refusal> checkNames(const Json& claims, TokenProfile profile) {
    if (profile != TokenProfile::rfc9068) return std::nullopt;
    for (const auto name : {"sub", "client_id", "jti"}) {
        const auto* text = claims.find(name)->string();
        if (!text || text->empty()) return about(Cause::claimUnexpected, name);
    }
    return std::nullopt;
}

/// Reads a NumericDate into `time` if the claim is present.
std::optional<Refusal> readTime(const Json& claims, std::string_view name, double& time) {
    const auto* claim = claims.find(name);
    if (!claim) return std::nullopt;
    const auto seconds = numericDateOf(*claim);
    if (!seconds) return about(Cause::claimNotNumber, name).withEvidence("seconds since 1970", shown(claim));
    time = *seconds;
    return std::nullopt;
}

/// Reads the times and checks them at `now`. Like jose, checks `nbf` before it reads `exp`.
std::variant<ValidityPeriod, Refusal> readPeriod(const Json& claims, double now, double leeway) {
    ValidityPeriod period;
    period.leeway = leeway;
    double issuedAt = period.issuedAt;
    if (auto refusal = readTime(claims, "iat", issuedAt)) return std::move(*refusal);
    if (auto refusal = readTime(claims, "nbf", period.notBefore)) return std::move(*refusal);
    if (auto refusal = period.check(now)) return std::move(*refusal);
    if (auto refusal = readTime(claims, "exp", period.expires)) return std::move(*refusal);
    period.issuedAt = issuedAt;
    if (auto refusal = period.check(now)) return std::move(*refusal);
    return period;
}

std::optional<Refusal> checkLifetime(const ValidityPeriod& period, std::chrono::seconds longest) {
    if (longest.count() == 0) return std::nullopt;
    // Infinite if one of them is missing.
    const double lifetime = period.expires - period.issuedAt;
    if (lifetime <= static_cast<double>(longest.count())) return std::nullopt;
    return Refusal{Cause::lifetimeTooLong}.withEvidence(
        "at most " + std::to_string(longest.count()) + " s",
        std::isfinite(lifetime) ? wholeSecondsOf(lifetime) : "no end, or no beginning");
}

std::optional<Refusal> checkTenant(const Json& claims, const TokenPolicy& policy) {
    if (policy.tenant.empty()) return std::nullopt;
    const auto* tenant = claims.find("tid");
    if (!tenant) return about(Cause::claimMissing, "tid");
    if (!equals(tenant, policy.tenant)) return unexpected("tid", policy.tenant, tenant);
    return std::nullopt;
}

/// Issuers sign several kinds of token with the same key, some for the same audience. These members tell the
/// other kinds from access tokens.
std::optional<Refusal> checkKind(const Json& claims, TokenProfile profile) {
    const auto mustEqual = [&claims](std::string_view name, const char* value) -> std::optional<Refusal> {
        const auto* claim = claims.find(name);
        if (claim && !equals(claim, value)) return unexpected(name, value, claim);
        return std::nullopt;
    };
    const auto mustBeAbsent = [&claims](auto... names) -> std::optional<Refusal> {
        for (const auto name : {names...}) {
            if (claims.find(name))
                return about(Cause::claimUnexpected, name).withEvidence("no such claim", "one");
        }
        return std::nullopt;
    };
    switch (profile) {
        case TokenProfile::fusionAuth:
            if (auto refusal = mustEqual("tty", "at")) return refusal;
            return mustBeAbsent("at_hash", "c_hash", "nonce");
        case TokenProfile::rfc9068:
            return std::nullopt;
        case TokenProfile::generic:
            if (auto refusal = mustEqual("typ", "Bearer")) return refusal;
            if (auto refusal = mustEqual("token_use", "access")) return refusal;
            return mustBeAbsent("at_hash", "c_hash", "events");
    }
    return std::nullopt;
}

/// A token that is bound in a way that nobody would check is worth more to a thief than its issuer thinks.
std::variant<Confirmation, Refusal> readConfirmation(const Json& claims, const TokenPolicy& policy) {
    auto read = Confirmation::read(claims.find("cnf"));
    const auto* confirmation = std::get_if<Confirmation>(&read);
    if (!confirmation) return read;
    const bool isDpopBound = !confirmation->keyThumbprint.empty();
    const bool isCertificateBound = !confirmation->certificateThumbprint.empty();
    if ((isDpopBound && policy.dpop == DpopUse::off) ||
        (isCertificateBound && !policy.acceptsCertificateBound))
        return about(Cause::claimUnexpected, "cnf");
    if (!isDpopBound && policy.dpop == DpopUse::require) return Refusal{Cause::dpopRequired};
    return read;
}

/// Without it, nobody could tell later who called.
std::optional<Refusal> checkSubject(const Json& claims, const std::optional<ClaimPath>& path) {
    if (!path) return std::nullopt;
    const auto* subject = path->in(claims);
    if (!subject) return about(Cause::claimMissing, path->toText());
    if (!subject->string() || trimmed(*subject->string()).empty())
        return about(Cause::claimUnexpected, path->toText());
    return std::nullopt;
}

std::string textOf(const Json* claim) {
    return claim && claim->string() ? *claim->string() : std::string();
}

/// The payload as it is, unless it has a control character, such as a line break between two claims, or one
/// that is hidden: then the claims are written again without it.
std::string lineOf(std::string payload, const Json& claims) {
    return hasControl(payload) || hasHidden(payload) ? claims.toText() : std::move(payload);
}

/// Text with blanks that callers choose must not become a role of theirs: words are told apart only where the
/// whole claim is a list, as `scope` is, and never in the subject.
ClaimList formOf(const ClaimPath& path, const TokenPolicy& policy) {
    if (policy.profile == TokenProfile::fusionAuth && path.toText() == "roles") return ClaimList::array;
    const bool isListOfWords = path.name() == "scope" || path.name() == "scp";
    if (path == policy.claims.subject) return ClaimList::name;
    return policy.claims.roleMap.empty() || isListOfWords ? ClaimList::text : ClaimList::name;
}

std::vector<std::string> rolesOf(const Json& claims, const TokenPolicy& policy) {
    std::vector<std::string> roles;
    for (const auto& path : policy.claims.roles) {
        auto names = namesIn(path.in(claims), formOf(path, policy));
        std::move(names.begin(), names.end(), std::back_inserter(roles));
    }
    if (policy.claims.roleMap.empty()) return roles;
    std::vector<std::string> mapped;
    for (const auto& [value, role] : policy.claims.roleMap) {
        if (std::find(roles.begin(), roles.end(), value) != roles.end()) mapped.push_back(role);
    }
    return mapped;
}

std::optional<double> authenticatedAt(const Json& claims) {
    const auto* time = claims.find("auth_time");
    const auto* number = time ? time->number() : nullptr;
    return number ? std::optional(number->value()) : std::nullopt;
}

std::optional<double> acceptedUntil(const ValidityPeriod& period) {
    return std::isfinite(period.expires) ? std::optional(period.expires + period.leeway) : std::nullopt;
}

Principal principalOf(const Json& claims, std::string payload, const TokenPolicy& policy,
                      const ValidityPeriod& period, Confirmation confirmation) {
    const auto& paths = policy.claims;
    return {.subject = textOf(paths.subject ? paths.subject->in(claims) : nullptr),
            .roles = rolesOf(claims, policy),
            .tenant = textOf(claims.find("tid")),
            .tokenId = textOf(claims.find("jti")),
            .claims = lineOf(std::move(payload), claims),
            .issuer = policy.issuer,
            .scopes = namesIn(paths.scopes.in(claims), ClaimList::text),
            .permissions = namesIn(paths.permissions.in(claims), ClaimList::text),
            .authenticatedAt = authenticatedAt(claims),
            .authenticationClass = textOf(claims.find("acr")),
            .acceptedUntil = acceptedUntil(period),
            .confirmation = std::move(confirmation)};
}

}  // namespace

std::optional<Refusal> ValidityPeriod::check(double now) const {
    const auto allowed = [this] { return leeway > 0 ? " with a leeway of " + wholeSecondsOf(leeway) : ""; };
    const auto early = [&](Cause cause, std::string_view claim, double time) {
        return about(cause, claim)
            .withEvidence("a time up to now" + allowed(), "in " + wholeSecondsOf(time - now));
    };
    if (notBefore > now + leeway) return early(Cause::claimTimestampFailed, "nbf", notBefore);
    if (expires <= now - leeway)
        return Refusal{Cause::expired}.withEvidence("a time after now" + allowed(),
                                                    wholeSecondsOf(now - expires) + " ago");
    if (issuedAt > now + leeway) return early(Cause::issuedInFuture, {}, issuedAt);
    return std::nullopt;
}

std::variant<VerifiedToken, Refusal> checkClaims(const Json& header, const Json* claims, std::string payload,
                                                 const TokenPolicy& policy, double now) {
    if (!isAccessTokenType(header.find("typ"), policy.profile))
        return Refusal{Cause::typeUnexpected}.withEvidence(
            policy.profile == TokenProfile::rfc9068 ? "at+jwt" : "JWT or at+jwt", shown(header.find("typ")));
    if (!claims || !claims->object()) return Refusal{Cause::claimsNotObject};

    if (auto refusal = checkPresence(*claims, policy)) return std::move(*refusal);
    if (!equals(claims->find("iss"), policy.issuer))
        return unexpected("iss", policy.issuer, claims->find("iss"));
    const auto* audience = policy.claims.audience.in(*claims);
    if (!namesAudience(*audience, policy.audiences))
        return unexpected(policy.claims.audience.toText(), listed(policy.audiences), audience);

    auto period = readPeriod(*claims, now, static_cast<double>(policy.leeway.count()));
    if (auto* refusal = std::get_if<Refusal>(&period)) return std::move(*refusal);
    if (auto refusal = checkLifetime(std::get<ValidityPeriod>(period), policy.maxLifetime))
        return std::move(*refusal);
    if (auto refusal = checkTenant(*claims, policy)) return std::move(*refusal);
    if (auto refusal = checkKind(*claims, policy.profile)) return std::move(*refusal);
    auto confirmation = readConfirmation(*claims, policy);
    if (auto* refusal = std::get_if<Refusal>(&confirmation)) return std::move(*refusal);
    if (auto refusal = checkNames(*claims, policy.profile)) return std::move(*refusal);
    if (auto refusal = checkSubject(*claims, policy.claims.subject)) return std::move(*refusal);
    return VerifiedToken{principalOf(*claims, std::move(payload), policy, std::get<ValidityPeriod>(period),
                                     std::get<Confirmation>(std::move(confirmation))),
                         std::get<ValidityPeriod>(period)};
}

std::variant<VerifiedToken, Refusal> checkClaims(const Json& header, std::string payload,
                                                 const TokenPolicy& policy, double now) {
    const auto claims = Json::parse(payload);
    return checkClaims(header, claims ? &*claims : nullptr, std::move(payload), policy, now);
}

}  // namespace changebank::security
