#include "changebank/daemon/settings/DecisionTokenSettings.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/settings/DecisionSettings.h"
#include "changebank/daemon/settings/SettingStore.h"
#include "changebank/daemon/settings/files/SigningKeyFile.h"

namespace changebank::daemon {

using namespace std::chrono_literals;

namespace {

constexpr auto filesKey = "decision.token.keyFiles";
constexpr auto issuerKey = "decision.token.issuer";
constexpr auto audienceKey = "decision.token.audience";
constexpr auto lifetimeKey = "decision.token.lifetime";

using Keys = std::vector<std::shared_ptr<const security::TokenSigner>>;

Reason storeKeyFiles(Settings& settings, std::vector<std::string> paths) {
    for (const auto& path : paths) {
        const auto read = PathType{}.read(path);
        if (const auto* bad = std::get_if<BadValue>(&read)) return bad->why;
    }
    settings.decision.tokenKeyFiles = std::move(paths);
    return accepted;
}

/// Signing is done on the event loops, which slower keys would hold up.
bool isFast(const security::TokenSigner& key) {
    return key.algorithm() == security::Algorithm::es256 || key.algorithm() == security::Algorithm::ed25519;
}

/// The keys of the files, in their order, as far as they can be used; the others are faults.
Keys readKeys(ParsedSettings& parsed) {
    Keys keys;
    for (const auto& path : parsed.settings.decision.tokenKeyFiles) {
        auto read = readSigningKey(path);
        if (const auto* bad = std::get_if<BadSigningKey>(&read)) {
            parsed.addFault(filesKey, inQuotes(path) + " " + bad->why);
            continue;
        }
        auto& key = std::get<std::shared_ptr<const security::TokenSigner>>(read);
        if (!isFast(*key))
            parsed.addFault(filesKey, inQuotes(path) +
                                          " has a key that signs too slowly for every request; " +
                                          "make one by openssl genpkey -algorithm EC -pkeyopt "
                                          "ec_paramgen_curve:P-256, or with Ed25519");
        if (std::any_of(keys.begin(), keys.end(),
                        [&](const auto& other) { return other->jwk() == key->jwk(); }))
            parsed.addFault(filesKey, inQuotes(path) + " has the key of a file before it");
        keys.push_back(std::move(key));
    }
    return keys;
}

/// Our own guard must never take an identity token for a token of a caller.
void checkIssuer(ParsedSettings& parsed) {
    const auto& issuer = parsed.settings.decision.tokenIssuer;
    if (issuer.empty())
        return parsed.addFault(issuerKey, std::string("must be set, since ") + filesKey + " is");
    for (const auto& trusted : parsed.settings.auth.issuers) {
        if (trusted.policy.issuer == issuer)
            parsed.addFault(issuerKey, "is that of " + trusted.key("url") +
                                           ", whose tokens callers show; identity tokens need an issuer of "
                                           "their own");
    }
}

void noteEach(ParsedSettings& parsed, const std::string& note) {
    for (const auto* key : {filesKey, issuerKey, audienceKey, lifetimeKey}) {
        if (parsed.isChanged(key)) parsed.addNote(key, note);
    }
}

}  // namespace

void addDecisionTokenSettings(std::vector<SettingDefinition>& table) {
    table.push_back(define(
        filesKey, ListType{true}, "", Applies::atOnce,
        "PEM files with private keys on P-256 (ES256, the fastest) or Ed25519, without a passphrase and not "
        "readable by everybody: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256. If set, the "
        "API "
        "behind the proxy gets a token signed by us, X-Auth-Token, instead of the other X-Auth fields. The "
        "first key signs; the public halves of all are at /.well-known/jwks.json of decision.listen, so that "
        "a new key can be added before it signs. A reload always reads the files again.",
        storeKeyFiles));
    table.push_back(define(issuerKey, TextType{true}, "", Applies::atOnce,
                           "The claim iss of these tokens. It must not be an issuer of callers' tokens.",
                           keepIn([](Settings& s) { return &s.decision.tokenIssuer; })));
    table.push_back(define(audienceKey, TextType{true}, "", Applies::atOnce,
                           "The claim aud of these tokens: the API behind the proxy.",
                           keepIn([](Settings& s) { return &s.decision.tokenAudience; })));
    table.push_back(
        define(lifetimeKey, DurationType{5s, 1h}, "30s", Applies::atOnce,
               "How long these tokens are good, in whole seconds; never longer than the caller's own "
               "token. Each is for one request, so it "
               "need not be longer than clocks may differ and a request may take.",
               secondsIn([](Settings& s) { return &s.decision.tokenLifetime; })));
}

void checkDecisionToken(ParsedSettings& parsed) {
    auto& decision = parsed.settings.decision;
    if (decision.tokenKeyFiles.empty())
        return noteEach(parsed, std::string("has no effect, since ") + filesKey + " is not set");
    if (!decision.listen) noteEach(parsed, withoutDecisionListener);
    const auto faultsBefore = parsed.faults.size();
    auto keys = readKeys(parsed);
    checkIssuer(parsed);
    if (decision.tokenAudience.empty())
        parsed.addFault(audienceKey, std::string("must be set, since ") + filesKey + " is");
    if (parsed.faults.size() != faultsBefore) return;
    decision.tokens = std::make_shared<const handlers::IdentityTokens>(
        handlers::IdentityTokens::Options{.issuer = decision.tokenIssuer,
                                          .audience = decision.tokenAudience,
                                          .lifetime = decision.tokenLifetime,
                                          .keys = std::move(keys)});
}

}  // namespace changebank::daemon
