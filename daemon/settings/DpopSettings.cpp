#include "changebank/daemon/settings/DpopSettings.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <variant>

#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/settings/SettingStore.h"
#include "changebank/daemon/settings/files/SecretFile.h"

namespace changebank::daemon {

using namespace std::chrono_literals;

namespace {

/// Checks that proofs are for something, and tells clients how to make them.
void checkProofs(ParsedSettings& parsed) {
    auto& settings = parsed.settings;
    const auto& issuers = settings.auth.issuers;
    const auto user = std::find_if(issuers.begin(), issuers.end(), [](const Settings::Issuer& issuer) {
        return issuer.policy.dpop != security::DpopUse::off;
    });
    if (user == issuers.end()) {
        for (const auto& [key, rule] : {std::pair{"access.makeChange", &settings.access.makeChange},
                                        std::pair{"access.panic", &settings.access.panic}}) {
            if (rule->isDpopRequired())
                parsed.addFault(key, "has dpop=require, which needs auth.dpop to be allow or require");
        }
        return;
    }
    if (settings.resources.identifiers.empty())
        parsed.addFault(user->key("dpop"),
                        "needs server.resource, since a DPoP proof is for one of its URLs");
    settings.resources.dpopAlgorithms = settings.auth.dpop.policy.algorithms.names();
    settings.resources.isDpopRequired = settings.auth.requiresDpop();
}

void checkReplays(ParsedSettings& parsed) {
    const std::string key = "auth.dpop.replay.entriesPerCaller";
    auto& limits = parsed.settings.auth.dpop.replays;
    if (!parsed.isChanged(key)) limits.entriesPerCaller = std::min(limits.entriesPerCaller, limits.entries);
    if (limits.entriesPerCaller > limits.entries) parsed.addFault(key, "is above auth.dpop.replay.entries");
}

/// Checks that replicas have something to share the uses of proofs by.
void checkSharedReplays(ParsedSettings& parsed) {
    const std::string key = "auth.dpop.replay.shared";
    const auto& settings = parsed.settings;
    if (!settings.auth.dpop.sharesReplays) {
        parsed.noteUnused({"auth.dpop.replay.whenUnavailable"}, key + " is false");
        return;
    }
    if (!settings.revocation.redis) parsed.addFault(key, "needs revocation.redis");
    if (!settings.auth.usesDpop()) parsed.addNote(key, "has no effect, since auth.dpop is off");
}

/// Checks the nonces of proofs and reads their secret.
void checkNonces(ParsedSettings& parsed) {
    const std::string fileKey = "auth.dpop.nonce.secretFile";
    auto& dpop = parsed.settings.auth.dpop;
    if (dpop.needsNonce && !parsed.settings.auth.usesDpop())
        parsed.addNote("auth.dpop.nonce", "has no effect, since auth.dpop is off");
    if (dpop.nonceSecretFile.empty()) return;
    if (!dpop.needsNonce) parsed.addNote(fileKey, "has no effect, since auth.dpop.nonce is false");
    auto secret = readSecretFile(dpop.nonceSecretFile, security::DpopNonces::minSecretSize);
    if (auto* why = std::get_if<BadSecret>(&secret)) {
        parsed.addFault(fileKey, inQuotes(dpop.nonceSecretFile) + " " + why->why);
    } else {
        dpop.nonceSecret = std::get<std::string>(std::move(secret));
    }
}

}  // namespace

void addDpopSettings(std::vector<SettingDefinition>& table) {
    constexpr auto longestMaxAge = 10min;
    constexpr auto longestLeeway = 5min;
    static_assert(longestMaxAge + longestLeeway <=
                  std::chrono::duration<double>(security::ReplayStore::longestWindow));
    table.push_back(define("auth.dpop.maxAge", DurationType{1s, longestMaxAge}, "60s", Applies::atOnce,
                           "How long ago a DPoP proof may have been made, in whole seconds.",
                           secondsIn([](Settings& s) { return &s.auth.dpop.policy.maxAge; })));
    table.push_back(
        define("auth.dpop.leeway", DurationType{0s, longestLeeway}, "15s", Applies::atOnce,
               "The tolerated difference between this machine's clock and that of the maker of a DPoP "
               "proof, in whole seconds.",
               secondsIn([](Settings& s) { return &s.auth.dpop.policy.leeway; })));
    table.push_back(
        define("auth.dpop.algorithms", TextType{}, "ES256,ES384,Ed25519,RS256,PS256", Applies::atOnce,
               "The accepted signature algorithms of DPoP proofs, separated by commas: any of those of "
               "auth.algorithms. RSA keys may have up to 4096 bits.",
               algorithmsIn([](Settings& s) { return &s.auth.dpop.policy.algorithms; })));
    table.push_back(define(
        "auth.dpop.replay.entries", IntegerType{1'000, 100'000'000}, "1000000", Applies::atOnce,
        "How many DPoP proofs are remembered, so that none is used twice; at most 96 bytes for each. While "
        "so many are remembered, further requests with proofs get a 503. One is forgotten once it is too "
        "old to be used.",
        keepIn([](Settings& s) { return &s.auth.dpop.replays.entries; })));
    table.push_back(define(
        "auth.dpop.replay.entriesPerCaller", IntegerType{1'000, 100'000'000}, "100000", Applies::atOnce,
        "How many are remembered of one caller (the subject of an issuer) at least; somewhat "
        "beyond that, the caller's further ones get a 429. At most auth.dpop.replay.entries.",
        keepIn([](Settings& s) { return &s.auth.dpop.replays.entriesPerCaller; })));
    table.push_back(define(
        "auth.dpop.replay.shared", BooleanType{}, "false", Applies::atOnce,
        "Whether a DPoP proof that was used at another replica is refused: the replicas share their uses by "
        "revocation.redis. Each request with a proof waits for its answer.",
        keepIn([](Settings& s) { return &s.auth.dpop.sharesReplays; })));
    table.push_back(define("auth.dpop.replay.whenUnavailable", ChoiceType{{"closed", "open"}}, "closed",
                           Applies::atOnce,
                           "What happens to a request with a proof while it does not answer: closed answers "
                           "with 503, open goes by the uses at this replica.",
                           [](Settings& s, std::size_t value) -> Reason {
                               s.auth.dpop.passesWhenUnavailable = value == 1;
                               return accepted;
                           }));
    table.push_back(define("auth.dpop.nonce", BooleanType{}, "false", Applies::atOnce,
                           "Whether a DPoP proof needs a nonce of the server, so that nobody can make one in "
                           "advance. A client without one gets it with a 401 and tries again.",
                           keepIn([](Settings& s) { return &s.auth.dpop.needsNonce; })));
    table.push_back(define("auth.dpop.nonce.lifetime", DurationType{10s, 1h}, "5m", Applies::atOnce,
                           "How long a nonce is good at least, in whole seconds; at most twice as long.",
                           secondsIn([](Settings& s) { return &s.auth.dpop.nonceLifetime; })));
    table.push_back(
        define("auth.dpop.nonce.secretFile", PathType{}, "", Applies::atOnce,
               "A file with a secret of 32 bytes or more, from which nonces are made: servers with the "
               "same one accept each other's. If empty, a random secret until the daemon stops.",
               keepIn([](Settings& s) { return &s.auth.dpop.nonceSecretFile; })));
}

void checkDpop(ParsedSettings& parsed) {
    checkProofs(parsed);
    checkReplays(parsed);
    checkSharedReplays(parsed);
    checkNonces(parsed);
}

}  // namespace changebank::daemon
