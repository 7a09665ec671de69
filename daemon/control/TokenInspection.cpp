#include "changebank/daemon/control/TokenInspection.h"

#include <Poco/DateTimeFormatter.h>
#include <Poco/Timestamp.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "changebank/base/text/Base64Url.h"
#include "changebank/base/text/JsonText.h"
#include "changebank/daemon/control/client/TimeSpan.h"
#include "changebank/security/dpop/DpopProof.h"
#include "changebank/security/jose/CompactJws.h"
#include "changebank/security/jose/NumericDate.h"
#include "changebank/security/token/ClaimsCheck.h"
#include "changebank/security/token/Confirmation.h"

namespace changebank::daemon {

using namespace security;

namespace {

constexpr std::array<std::string_view, 4> timeClaims{"exp", "nbf", "iat", "auth_time"};

bool isTime(std::string_view claim) {
    return std::find(timeClaims.begin(), timeClaims.end(), claim) != timeClaims.end();
}

std::string dateOf(double seconds, double now) {
    if (!(std::abs(seconds) <= latestNumericDate)) return "not a date";
    const auto date = Poco::Timestamp::fromEpochTime(static_cast<std::time_t>(std::floor(seconds)));
    const auto text = Poco::DateTimeFormatter::format(date, "%Y-%m-%d %H:%M:%S UTC");
    return text + (seconds >= now ? ", in " + spanOf(seconds - now) : ", " + spanOf(now - seconds) + " ago");
}

std::string linesOf(const Json& object, double now) {
    std::string text;
    for (const auto& [name, value] : *object.object()) {
        text += "  " + quoteJson(name) + ": " + value.toText();
        if (const auto* number = value.number(); number && isTime(name))
            text += "  (" + dateOf(number->value(), now) + ")";
        text += '\n';
    }
    return text;
}

std::optional<Json> claimsOf(const CompactJws& jws) {
    const auto payload = decodeBase64Url(jws.encodedPayload());
    auto claims = payload ? Json::parse(*payload) : std::nullopt;
    return claims && claims->object() ? std::move(claims) : std::nullopt;
}

std::variant<const JsonWebKey*, Cause> keyFor(const CompactJws& jws, const JwkSet& keys) {
    const auto algorithm = algorithmNamed(jws.algorithm());
    if (!algorithm) return Cause::algorithmUnsupported;
    if (jws.hasInvalidKeyId()) return Cause::noMatchingKey;
    return keys.select(*algorithm, jws.keyId());
}

/// The key as one line for people, and as JSON.
struct KeyFinding {
    std::string text = "not looked up";
    std::string json = "null";
};

KeyFinding findKey(const CompactJws& jws, const std::optional<ReadKeySet>& keys) {
    if (!keys) return {};
    if (const auto* refusal = std::get_if<Refusal>(&*keys)) return {refusal->message(), "null"};
    const auto chosen = keyFor(jws, *std::get<std::shared_ptr<const JwkSet>>(*keys));
    if (const auto* cause = std::get_if<Cause>(&chosen)) return {Refusal{*cause}.message(), "null"};
    const auto& key = *std::get<const JsonWebKey*>(chosen);
    const std::string family(nameOf(key.family()));
    return {"kid " + (key.keyId() ? quoteJson(*key.keyId()) : "null") + ", " + family +
                (key.family() == KeyFamily::rsa ? " " + std::to_string(key.bits()) + " bits" : ""),
            textOf(jsonObject({{"kid", key.keyId() ? Poco::Dynamic::Var(*key.keyId()) : Poco::Dynamic::Var()},
                               {"type", family},
                               {"bits", key.bits()}}))};
}

/// The thumbprint in the token's claim `cnf`; empty if there is none.
std::string boundKeyOf(std::string_view token) {
    const auto parsed = CompactJws::parse(token);
    const auto* jws = std::get_if<CompactJws>(&parsed);
    const auto claims = jws != nullptr ? claimsOf(*jws) : std::nullopt;
    const auto confirmation = Confirmation::read(claims ? claims->find("cnf") : nullptr);
    const auto* found = std::get_if<Confirmation>(&confirmation);
    return found != nullptr ? found->keyThumbprint : std::string();
}

/// What the claim `ath` of a proof has to do with the token, for people.
std::string relationOf(const std::optional<Refusal>& hashFault) {
    if (!hashFault) return "the hash of the token";
    return hashFault->cause == Cause::dpopClaimMissing ? "missing" : "not the hash of the token";
}

}  // namespace

std::string describeToken(std::string_view token, const std::optional<ReadKeySet>& keys, double now) {
    const auto parsed = CompactJws::parse(token);
    if (const auto* refusal = std::get_if<Refusal>(&parsed))
        return "unreadable: " + quoteJson(refusal->message()) + "\n";
    const auto& jws = std::get<CompactJws>(parsed);
    std::string text = "header\n" + linesOf(jws.header(), now);
    const auto claims = claimsOf(jws);
    text += claims ? "claims\n" + linesOf(*claims, now) : "claims: not a JSON object in base64url\n";
    text += "key: " + findKey(jws, keys).text + "\n";
    return text + "The signature was not verified; see changebankctl token verify.\n";
}

std::string tokenAsJson(std::string_view token, const std::optional<ReadKeySet>& keys) {
    const auto parsed = CompactJws::parse(token);
    if (std::holds_alternative<Refusal>(parsed)) return R"({"header":null,"claims":null,"key":null})";
    const auto& jws = std::get<CompactJws>(parsed);
    const auto claims = claimsOf(jws);
    return "{\"header\":" + jws.header().toText() + ",\"claims\":" + (claims ? claims->toText() : "null") +
           ",\"key\":" + findKey(jws, keys).json + "}";
}

ProofInspection ProofInspection::of(std::string_view proof, std::string_view token, double now) {
    const auto parsed = DpopProof::parse(proof, AlgorithmSet::all());
    if (const auto* refusal = std::get_if<Refusal>(&parsed)) {
        return {"proof unreadable: " + quoteJson(refusal->message()) + "\n",
                textOf(jsonObject({{"error", refusal->message()}})), false};
    }
    const auto& read = std::get<DpopProof>(parsed);
    const auto bound = boundKeyOf(token);
    const auto& own = read.keyThumbprint();
    const std::string relation = bound.empty()  ? "the token is bound to no key"
                                 : bound == own ? "the token is bound to it"
                                                : "the token is bound to another one, " + quoteJson(bound);
    const auto hashFault = read.checkTokenHash(token);
    return {"proof header\n" + linesOf(read.header(), now) + "proof claims\n" + linesOf(read.claims(), now) +
                "proof key: thumbprint " + quoteJson(own) + "; " + relation +
                "\nproof ath: " + relationOf(hashFault) + "\n",
            "{\"header\":" + read.header().toText() + ",\"claims\":" + read.claims().toText() +
                ",\"thumbprint\":" + quoteJson(own) + ",\"matches\":" + (bound == own ? "true" : "false") +
                ",\"athMatches\":" + (hashFault ? "false" : "true") + "}",
            true};
}

}  // namespace changebank::daemon
