#include "changebank/daemon/settings/LimitSettings.h"

#include <string>

#include "changebank/daemon/settings/SettingStore.h"

namespace changebank::daemon {

using security::CallerLimits;
using security::TokenBucketRate;

namespace {

constexpr IntegerType rateType{0, TokenBucketRate::maxPerSecond};
constexpr IntegerType burstType{0, TokenBucketRate::maxBurst};

/// Adds the rate and the burst of one limit.
void addRate(std::vector<SettingDefinition>& table, const std::string& name,
             CallerLimits::Rate CallerLimits::Options::*rate, std::string_view rateMeaning,
             std::string_view burstMeaning) {
    table.push_back(define("limit." + name + ".rate", rateType, "0", Applies::atOnce, rateMeaning,
                           keepIn([rate](Settings& s) { return &(s.limits.*rate).rate; })));
    table.push_back(define("limit." + name + ".burst", burstType, "0", Applies::atOnce, burstMeaning,
                           keepIn([rate](Settings& s) { return &(s.limits.*rate).burst; })));
}

void checkRate(ParsedSettings& parsed, const std::string& name, const CallerLimits::Rate& rate) {
    const auto key = "limit." + name + ".burst";
    if (rate.rate == 0 && rate.burst > 0) parsed.addFault(key, "needs limit." + name + ".rate");
}

}  // namespace

void addLimitSettings(std::vector<SettingDefinition>& table) {
    addRate(table, "client", &CallerLimits::Options::client,
            "How many requests a second each client network may make to the API and the decision endpoint; "
            "further ones get a 429. Probes do not count. A client is who server.trustedProxies names; one "
            "that comes through a Unix socket without being named has no limit. If 0, nobody has.",
            "How many it may make at once after a pause; if 0, as many as in a second.");
    table.push_back(define("limit.client.ipv4Prefix", IntegerType{8, 32}, "32", Applies::atOnce,
                           "How many bits of an IPv4 address are the network, here and for limit.refused.",
                           keepIn([](Settings& s) { return &s.limits.prefixes.ipv4; })));
    table.push_back(define("limit.client.ipv6Prefix", IntegerType{16, 128}, "64", Applies::atOnce,
                           "How many bits of an IPv6 address are the network, here and for limit.refused.",
                           keepIn([](Settings& s) { return &s.limits.prefixes.ipv6; })));
    addRate(table, "subject", &CallerLimits::Options::subject,
            "How many requests a second each subject of an issuer may make with verified tokens, however "
            "many those are; further ones get a 429. If 0, any number.",
            "How many it may make at once after a pause; if 0, as many as in a second.");
    addRate(table, "refused", &CallerLimits::Options::refused,
            "How many bad tokens a second each client network may send. Beyond that, every token from there "
            "that is not in the cache gets a 429 without being verified, good or bad, so leave some room. If "
            "0, each is verified.",
            "How many it may send at once after a pause; if 0, as many as in a second.");
    table.push_back(define("limit.entries", IntegerType{1'000, 10'000'000}, "65536", Applies::atOnce,
                           "How many networks and subjects that have made requests just now each limit "
                           "tells apart, at 9 bytes each; more than that share buckets. Another number "
                           "forgets who has used up what.",
                           keepIn([](Settings& s) { return &s.limits.entries; })));
}

void checkLimits(ParsedSettings& parsed) {
    const auto& settings = parsed.settings;
    const auto& limits = settings.limits;
    checkRate(parsed, "client", limits.client);
    checkRate(parsed, "subject", limits.subject);
    checkRate(parsed, "refused", limits.refused);
    const bool countsNetworks = limits.client.rate > 0 || limits.refused.rate > 0;
    if (!countsNetworks)
        parsed.noteUnused({"limit.client.ipv4Prefix", "limit.client.ipv6Prefix"},
                          "neither limit.client.rate nor limit.refused.rate is set");
    if (!limits.isOn()) parsed.noteUnused({"limit.entries"}, "no rate of limit.* is set");
    if (limits.refused.rate > 0 && settings.auth.cacheEntries == 0)
        parsed.addNote("limit.refused.rate",
                       "without auth.cache.entries one sender of bad tokens locks out the whole network");
    const auto& listen = settings.decision.listen;
    if (countsNetworks && listen && !listen->isUnix() && settings.server.proxies.proxies.empty())
        parsed.addNote(limits.client.rate > 0 ? "limit.client.rate" : "limit.refused.rate",
                       "counts the proxy at decision.listen as one client, unless server.trustedProxies "
                       "lets it name its own");
}

}  // namespace changebank::daemon
