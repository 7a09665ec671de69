#include "changebank/security/explanation/TokenExplanation.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "changebank/base/text/Utf8.h"
#include "changebank/security/jose/NumericDate.h"
#include "changebank/security/token/Confirmation.h"
#include "changebank/security/token/UnverifiedToken.h"

namespace changebank::security {

namespace {

using Outcome = TokenExplanation::Outcome;
using Stop = TokenExplanation::Stop;

/// What a station expects and has found.
struct Evidence {
    std::string expected;
    std::string found;
};

/// Adds one of several texts.
void add(std::string& text, std::string_view more, std::string_view separator = ", ") {
    if (text.size() > Refusal::maxEvidence) return;
    if (!text.empty()) text += separator;
    text += more;
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names)
        add(text, name);
    return text.empty() ? "none" : text;
}

/// Text as it is, anything else as JSON.
std::string shown(const Json* value) {
    if (!value) return "none";
    return value->string() ? *value->string() : value->toText();
}

std::string seconds(double count) {
    return std::to_string(std::llround(count)) + " s";
}

/// std::nullopt if there is none, or none that can be taken apart.
std::optional<UnverifiedToken> tokenIn(const std::optional<PresentedToken>& presented) {
    if (!presented) return std::nullopt;
    auto parsed = UnverifiedToken::parse(presented->text);
    auto* token = std::get_if<UnverifiedToken>(&parsed);
    return token ? std::optional(std::move(*token)) : std::nullopt;
}

/// The evidence of each station, as if it had been passed.
class Evidences {
public:
    Evidences(const JudgedRequest& judged, const TokenValidator& validator)
        : _judged(judged),
          _validator(validator),
          _token(tokenIn(judged.presented)),
          _issuer(validator.issuerOf(claimsSet())) {}

    bool isIssuerFirst() const { return _validator.issuers().size() > 1 && claim("iss"); }

    /// Of the first issuer if the token's is unknown, which is all that is refused then.
    const TokenPolicy& policy() const { return (_issuer ? *_issuer : _validator.issuers().front()).policy; }

    Evidence at(Station station) const {
        switch (station) {
            case Station::token:
                return token();
            case Station::form:
                return {"a compact JWS", form()};
            case Station::key:
                return {keys(), key()};
            case Station::signature:
                return {"a signature by that key", "valid"};
            case Station::claims:
                return claims();
            case Station::issuer:
                return {issuers(), shown(claim("iss"))};
            case Station::audience:
                return {listed(policy().audiences), shown(audience())};
            case Station::times:
                return times();
            case Station::kind:
                return kind();
            case Station::revocation:
                return {"not revoked since it was issued",
                        _validator.hasRevocations() ? "not revoked" : "nothing is ever revoked here"};
            case Station::sender:
                return {"the sender that the token is bound to, if any", sender()};
            case Station::access:
                return access();
            case Station::handler:
                return {std::string(_judged.method) + " " + std::string(_judged.path), "handed on"};
        }
        return {};
    }

private:
    const Json* claimsSet() const { return _token && _token->claims ? &*_token->claims : nullptr; }
    const Json* claim(std::string_view name) const { return _token ? _token->claim(name) : nullptr; }
    const Json* audience() const { return claimsSet() ? policy().claims.audience.in(*claimsSet()) : nullptr; }

    Evidence token() const {
        auto expected = "the cookie " + std::string(_judged.cookie) + " or Authorization: Bearer" +
                        (_judged.acceptsDpop ? " or DPoP" : "");
        if (!_judged.presented) return {std::move(expected), "neither"};
        if (_judged.presented->fromCookie)
            return {std::move(expected), "the cookie " + std::string(_judged.cookie)};
        const bool isDpop = _judged.presented->scheme == AuthenticationScheme::dpop;
        return {std::move(expected), isDpop ? "Authorization: DPoP" : "Authorization: Bearer"};
    }

    std::string type() const {
        const auto* type = _token ? _token->jws.header().find("typ") : nullptr;
        return type ? "typ " + shown(type) : "no typ";
    }

    std::string form() const { return _token ? _token->jws.algorithm() + ", " + type() : std::string(); }

    std::string keys() const {
        const auto& issuer = _issuer ? *_issuer : _validator.issuers().front();
        const auto snapshot = issuer.keys->current();
        const auto count = snapshot->keys ? snapshot->keys->keys().size() : 0;
        return policy().algorithms.toText() + "; " + std::to_string(count) +
               (count == 1 ? " key of " : " keys of ") + policy().issuer;
    }

    std::string key() const {
        if (!_token) return {};
        const auto keyId = _token->jws.keyId();
        return (keyId ? "kid " + *keyId : std::string("no kid")) + ", alg " + _token->jws.algorithm();
    }

    Evidence claims() const {
        const bool isRfc9068 = policy().profile == TokenProfile::rfc9068;
        std::string expected;
        std::string found;
        const auto want = [&](std::string_view name, const Json* value) {
            add(expected, name);
            if (value) add(found, name);
        };
        want("iss", claim("iss"));
        want(policy().claims.audience.toText(), audience());
        if (policy().requireExpiration || isRfc9068) want("exp", claim("exp"));
        if (isRfc9068) {
            for (const auto name : {"sub", "client_id", "iat", "jti"})
                want(name, claim(name));
        }
        return {(isRfc9068 ? "typ at+jwt; " : "typ JWT or at+jwt; ") + expected, type() + "; " + found};
    }

    std::string issuers() const {
        if (_issuer || !isIssuerFirst()) return policy().issuer;
        return "one of " + std::to_string(_validator.issuers().size()) + " trusted issuers";
    }

    Evidence times() const {
        std::string expected = "now within nbf, iat and exp";
        if (policy().leeway.count() > 0)
            add(expected, "with a leeway of " + std::to_string(policy().leeway.count()) + " s");
        if (policy().maxLifetime.count() > 0)
            add(expected, "for at most " + std::to_string(policy().maxLifetime.count()) + " s");
        const auto* exp = claim("exp");
        const auto expires = exp ? numericDateOf(*exp) : std::nullopt;
        if (!expires) return {std::move(expected), "no exp"};
        const auto left = *expires - wholeSeconds(_judged.now);
        return {std::move(expected),
                left < 0 ? "expired " + seconds(-left) + " ago" : "expires in " + seconds(left)};
    }

    Evidence kind() const {
        std::string expected = "an access token";
        std::string found;
        const auto show = [&](std::string_view name) {
            if (const auto* value = claim(name)) add(found, std::string(name) + " " + shown(value));
        };
        if (policy().profile == TokenProfile::fusionAuth) show("tty");
        if (policy().profile == TokenProfile::generic) {
            show("typ");
            show("token_use");
        }
        if (!policy().tenant.empty()) {
            add(expected, "tid " + policy().tenant);
            show("tid");
        }
        if (policy().dpop == DpopUse::require) add(expected, "bound to a key");
        add(found, claim("cnf") ? "bound by cnf" : "bound to nobody");
        return {std::move(expected), std::move(found)};
    }

    std::string sender() const {
        const auto read = Confirmation::read(claim("cnf"));
        const auto* confirmation = std::get_if<Confirmation>(&read);
        std::string found;
        if (confirmation && !confirmation->certificateThumbprint.empty())
            add(found, "the client certificate in cnf");
        if (confirmation && !confirmation->keyThumbprint.empty())
            add(found, "a DPoP proof by the key in cnf");
        return found.empty() ? "a bearer token" : found;
    }

    Evidence access() const {
        auto expected = _judged.rule.toText();
        if (expected.empty()) return {"any good token", "a good token"};
        return {std::move(expected), _judged.principal ? credentials(*_judged.principal) : std::string()};
    }

    /// What the caller has of the kinds that the rule asks for.
    std::string credentials(const Principal& principal) const {
        using Kind = AccessRule::Kind;
        std::string found;
        const auto show = [&](Kind kind, std::string_view name, const std::vector<std::string>& names) {
            if (_judged.rule.demands(kind)) add(found, std::string(name) + ": " + listed(names), "; ");
        };
        show(Kind::roles, "roles", principal.roles);
        show(Kind::scopes, "scopes", principal.scopes);
        show(Kind::permissions, "permissions", principal.permissions);
        if (_judged.rule.hasMaxAge() && principal.authenticatedAt)
            add(found,
                "signed in " + seconds(wholeSeconds(_judged.now) - *principal.authenticatedAt) + " ago",
                "; ");
        if (_judged.rule.hasClasses())
            add(found,
                "acr " + (principal.authenticationClass.empty() ? "none" : principal.authenticationClass),
                "; ");
        if (_judged.rule.isDpopRequired())
            add(found, principal.confirmation.keyThumbprint.empty() ? "not bound to a key" : "bound to a key",
                "; ");
        return found;
    }

    const JudgedRequest& _judged;
    const TokenValidator& _validator;
    const std::optional<UnverifiedToken> _token;
    const TrustedIssuer* _issuer;
};

/// The evidence of the station where a request was refused: the refusal's own, if it has some.
Evidence refusedAt(Station station, const Refusal& refusal, Evidence usual) {
    const bool isOfRule =
        station == Station::access && refusal.cause != Cause::subjectRateExceeded && !usual.found.empty();
    // The refusal's lists all issuers, for operators; nothing of the token is verified here.
    const bool isUnknownIssuer = station == Station::issuer;
    if (isOfRule || isUnknownIssuer) return usual;
    return {refusal.expected.empty() ? std::move(usual.expected) : refusal.expected,
            refusal.found.empty() ? refusal.message() : refusal.found};
}

void fill(Stop& stop, Outcome outcome, const Evidence& evidence) {
    stop.outcome = outcome;
    stop.expected = utf8Prefix(evidence.expected, Refusal::maxEvidence);
    stop.found = utf8Prefix(evidence.found, Refusal::maxEvidence);
}

void fillMissed(Stop& stop, const JudgedRequest::MissedRoute& missed) {
    fill(stop, missed.isRefused ? Outcome::refused : Outcome::passed, {missed.expected, missed.found});
}

}  // namespace

TokenExplanation TokenExplanation::of(const JudgedRequest& judged, const TokenValidator& validator) {
    const Evidences evidences(judged, validator);
    auto last = judged.missedRoute ? Station::access : Station::handler;
    if (judged.refusal) last = stationOf(*judged.refusal, evidences.policy());
    TokenExplanation explanation;
    bool isStopped = false;
    for (const auto station : stationsInOrder(evidences.isIssuerFirst())) {
        auto& stop = explanation.stops.emplace_back(Stop{station});
        if (isStopped) continue;
        isStopped = station == last;
        if (isStopped && judged.refusal) {
            fill(stop, Outcome::refused, refusedAt(station, *judged.refusal, evidences.at(station)));
        } else if (isStopped && judged.missedRoute) {
            fillMissed(stop, *judged.missedRoute);
        } else {
            fill(stop, Outcome::passed, evidences.at(station));
        }
    }
    return explanation;
}

TokenExplanation TokenExplanation::ofPublic(const JudgedRequest& judged) {
    TokenExplanation explanation;
    for (const auto station : stationsInOrder(false)) {
        auto& stop = explanation.stops.emplace_back(Stop{station});
        if (station == Station::access && judged.missedRoute) fillMissed(stop, *judged.missedRoute);
        if (station == Station::handler && !judged.missedRoute)
            fill(stop, Outcome::passed,
                 {std::string(judged.method) + " " + std::string(judged.path), "handed on without a token"});
    }
    return explanation;
}

}  // namespace changebank::security
