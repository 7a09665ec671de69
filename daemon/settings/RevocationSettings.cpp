#include "changebank/daemon/settings/RevocationSettings.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "changebank/base/system/LoopbackHost.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/settings/SettingStore.h"
#include "changebank/daemon/settings/files/AuthoritiesFile.h"
#include "changebank/daemon/settings/files/FileAccess.h"
#include "changebank/daemon/settings/files/PublicKeyFile.h"
#include "changebank/daemon/settings/files/SecretFile.h"

namespace changebank::daemon {

using namespace std::chrono_literals;

namespace {

using Revocation = Settings::Revocation;

Reason storeRedis(Settings& settings, const std::string& value) {
    auto& redis = settings.revocation.redis;
    redis.reset();
    if (value.empty()) return accepted;
    auto address = RedisAddress::parse(value);
    if (const auto* fault = std::get_if<RedisAddress::Fault>(&address)) return fault->why;
    redis = std::get<RedisAddress>(std::move(address));
    return accepted;
}

void addKeeping(std::vector<SettingDefinition>& table) {
    table.push_back(define("revocation.file", PathType{}, "", Applies::atOnce,
                           "A file that keeps revocations: of users, sessions and applications whose tokens "
                           "are refused from then on. If neither it nor revocation.redis is set, nothing can "
                           "be revoked.",
                           keepIn([](Settings& s) { return &s.revocation.file; })));
    table.push_back(
        define("revocation.entries", IntegerType{100, 10'000'000}, "100000", Applies::atOnce,
               "How many revocations may be in effect; a further one is refused with a 503. Each takes about "
               "250 bytes.",
               keepIn([](Settings& s) { return &s.revocation.limits.entries; })));
    table.push_back(define(
        "revocation.tokenLifetime", DurationType{1min, 8760h}, "24h", Applies::atOnce,
        "The longest life of an access token, from iat to exp, in whole seconds. While revocations are kept, "
        "a token that lives longer is refused: a revocation is forgotten after this time.",
        secondsIn([](Settings& s) { return &s.revocation.limits.lifetime; })));
}

void addSharing(std::vector<SettingDefinition>& table) {
    table.push_back(define("revocation.redis", TextType{true}, "", Applies::atOnce,
                           "A Redis or Valkey server by which all replicas share revocations: "
                           "redis://HOST:PORT/DATABASE, rediss:// for TLS, or unix:///PATH.",
                           storeRedis));
    table.push_back(define("revocation.redis.credentialsFile", PathType{}, "", Applies::atOnce,
                           "A file with the password for it, or with USER:PASSWORD; a password with a colon "
                           "needs the user, such as default:PASSWORD.",
                           keepIn([](Settings& s) { return &s.revocation.redisCredentialsFile; })));
    table.push_back(define("revocation.redis.caFile", PathType{}, "", Applies::atOnce,
                           "A PEM file with the certificate authorities that are trusted for rediss://; if "
                           "empty, those of the system.",
                           keepIn([](Settings& s) { return &s.revocation.redisCaFile; })));
    table.push_back(define("revocation.redis.stream", TextType{}, "changebank:revocations", Applies::atOnce,
                           "The key of the stream in which revocations are shared.",
                           keepIn([](Settings& s) { return &s.revocation.redisStream; })));
    table.push_back(define("revocation.redis.timeout", DurationType{100ms, 1min}, "2s", Applies::atOnce,
                           "The time limit for a connection to Redis, and for each of its answers.",
                           keepIn([](Settings& s) { return &s.revocation.redisTimeout; })));
    table.push_back(define("revocation.staleFor", DurationType{1s, 720h}, "1h", Applies::atOnce,
                           "How long tokens are judged by the revocations that are known while Redis cannot "
                           "be reached.",
                           keepIn([](Settings& s) { return &s.revocation.staleFor; })));
    table.push_back(define("revocation.whenStale", ChoiceType{{"closed", "open"}}, "closed", Applies::atOnce,
                           "What happens after it: closed answers every request that needs a token with 503, "
                           "also until Redis was read for the first time after a start; open goes on.",
                           [](Settings& s, std::size_t value) -> Reason {
                               s.revocation.staysOpen = value == 1;
                               return accepted;
                           }));
}

void addWebhook(std::vector<SettingDefinition>& table) {
    table.push_back(define("revocation.listen", TextType{true}, "", Applies::byAnotherListener,
                           "Where FusionAuth's webhook is served, POST /webhooks/fusionauth: HOST:PORT, or "
                           "the absolute path of a Unix socket with mode 0660; if empty, nowhere.",
                           addressIn([](Settings& s) { return &s.revocation.listen; })));
    table.push_back(define("revocation.webhook.keyFile", PathType{}, "", Applies::atOnce,
                           "A file with the public keys that sign FusionAuth's events: a JWK set, a JWK or "
                           "PEM.",
                           keepIn([](Settings& s) { return &s.revocation.webhookKeyFile; })));
    table.push_back(define("revocation.webhook.kids", ListType{true}, "", Applies::atOnce,
                           "The ids of the keys in the set of auth.issuer that sign FusionAuth's events. The "
                           "others there do not.",
                           keepIn([](Settings& s) { return &s.revocation.webhookKids; })));
    table.push_back(define("revocation.webhook.maxBodyBytes", SizeType{1024, std::uint64_t{16} * 1024 * 1024},
                           "1MiB", Applies::atOnce, "The maximum size of an event; a larger one gets a 413.",
                           keepIn([](Settings& s) { return &s.revocation.webhookMaxBodyBytes; })));
    table.push_back(define("revocation.webhook.leeway", DurationType{0s, 1h}, "60s", Applies::atOnce,
                           "How far the time of an event may be ahead of this machine's clock, in whole "
                           "seconds; another one gets a 400.",
                           secondsIn([](Settings& s) { return &s.revocation.webhookLeeway; })));
}

/// Reads the user and the password for Redis.
void readCredentials(ParsedSettings& parsed) {
    auto& revocation = parsed.settings.revocation;
    const auto& path = revocation.redisCredentialsFile;
    if (path.empty()) return;
    auto secret = readSecretFile(path, 1);
    if (auto* why = std::get_if<BadSecret>(&secret))
        return parsed.addFault("revocation.redis.credentialsFile", inQuotes(path) + " " + why->why);
    auto& text = std::get<std::string>(secret);
    const auto colon = text.find(':');
    if (colon != std::string::npos) revocation.redisUser = text.substr(0, colon);
    revocation.redisPassword = colon == std::string::npos ? std::move(text) : text.substr(colon + 1);
}

void checkAuthorities(ParsedSettings& parsed) {
    constexpr auto key = "revocation.redis.caFile";
    const auto& path = parsed.settings.revocation.redisCaFile;
    if (path.empty()) return;
    if (!parsed.settings.revocation.redis->isSecure)
        return parsed.addNote(key, "has no effect, since revocation.redis is not rediss://");
    if (auto why = faultOfAuthorities(path)) parsed.addFault(key, inQuotes(path) + " " + *why);
}

void checkStaleness(ParsedSettings& parsed) {
    const auto& revocation = parsed.settings.revocation;
    if (revocation.staleFor < revocation.redisTimeout + 1s)
        parsed.addNote("revocation.staleFor",
                       "is shorter than revocation.redis.timeout and a second, so that one slow answer of "
                       "Redis makes the revocations stale");
}

void checkRedis(ParsedSettings& parsed) {
    const auto& revocation = parsed.settings.revocation;
    const auto& redis = revocation.redis;
    if (!redis)
        return parsed.noteUnused(
            {"revocation.redis.credentialsFile", "revocation.redis.caFile", "revocation.redis.stream",
             "revocation.redis.timeout", "revocation.staleFor", "revocation.whenStale"},
            "revocation.redis is not set");
    readCredentials(parsed);
    checkAuthorities(parsed);
    checkStaleness(parsed);
    if (!redis->isUnix() && !redis->isSecure && !isLoopbackHost(redis->host))
        parsed.addNote("revocation.redis",
                       "goes to another machine without TLS: who can read or change what is sent there can "
                       "read the password and revoke tokens");
}

void readWebhookKeys(ParsedSettings& parsed) {
    auto& revocation = parsed.settings.revocation;
    const auto& path = revocation.webhookKeyFile;
    if (path.empty()) return;
    auto keys = readPublicKeys(path);
    if (auto* bad = std::get_if<BadPublicKeys>(&keys)) {
        parsed.addFault("revocation.webhook.keyFile", inQuotes(path) + " " + bad->why);
    } else {
        revocation.webhookKeys = std::get<std::shared_ptr<const security::JwkSet>>(std::move(keys));
    }
}

void checkWebhook(ParsedSettings& parsed) {
    const auto& revocation = parsed.settings.revocation;
    if (!revocation.listen)
        return parsed.noteUnused({"revocation.webhook.keyFile", "revocation.webhook.kids",
                                  "revocation.webhook.maxBodyBytes", "revocation.webhook.leeway"},
                                 "revocation.listen is not set");
    readWebhookKeys(parsed);
    if (!revocation.listen->isUnix() && !isLoopbackHost(revocation.listen->host))
        parsed.addNote(
            "revocation.listen",
            "is reachable from other machines without TLS: events name users; put a proxy with TLS "
            "in front of it");
    if (!revocation.isOn())
        parsed.addFault("revocation.listen",
                        "needs revocation.file or revocation.redis, which keep what is revoked");
    if (revocation.webhookKeyFile.empty() && revocation.webhookKids.empty())
        parsed.addFault(
            "revocation.listen",
            "needs revocation.webhook.keyFile or revocation.webhook.kids: the keys that sign events");
}

/// Revocations are kept as long as tokens can be used that were issued before them.
void limitLifetimes(ParsedSettings& parsed) {
    auto& limits = parsed.settings.revocation.limits;
    auto& issuers = parsed.settings.auth.issuers;
    std::chrono::seconds leeway{0};
    for (auto& issuer : issuers) {
        issuer.policy.maxLifetime = limits.lifetime;
        leeway = std::max(leeway, issuer.policy.leeway);
        if (!issuer.policy.requireExpiration)
            parsed.addNote(issuer.key("requireExpiration"),
                           "is false, but tokens without exp are refused while revocations are kept");
    }
    // A token may be issued `leeway` after the revocation by our clock, and be used `leeway` after its end.
    limits.lifetime += 2 * leeway;
}

}  // namespace

void addRevocationSettings(std::vector<SettingDefinition>& table) {
    addKeeping(table);
    addSharing(table);
    addWebhook(table);
}

void checkRevocation(ParsedSettings& parsed) {
    const auto& file = parsed.settings.revocation.file;
    if (auto why = file.empty() ? std::nullopt : faultOfReplacing(file))
        parsed.addFault("revocation.file", std::move(*why));
    if (!parsed.settings.revocation.isOn())
        parsed.noteUnused({"revocation.entries", "revocation.tokenLifetime"},
                          "neither revocation.file nor revocation.redis is set");
    checkRedis(parsed);
    checkWebhook(parsed);
    if (parsed.settings.revocation.isOn()) limitLifetimes(parsed);
}

}  // namespace changebank::daemon
