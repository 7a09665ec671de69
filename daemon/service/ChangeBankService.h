#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "changebank/base/http/CertificateAuthorities.h"
#include "changebank/daemon/logging/RecentDenials.h"
#include "changebank/daemon/revocation/RedisReplays.h"
#include "changebank/daemon/service/DecisionTrials.h"
#include "changebank/daemon/service/Lifecycle.h"
#include "changebank/daemon/service/SnapshotHandlerFactory.h"
#include "changebank/daemon/settings/Settings.h"
#include "changebank/daemon/tracing/Tracer.h"
#include "changebank/security/dpop/DpopVerifier.h"
#include "changebank/security/guard/AuditTrail.h"
#include "changebank/security/guard/RefusalReporter.h"
#include "changebank/security/keys/RemoteJwkSet.h"
#include "changebank/security/limit/CallerLimits.h"
#include "changebank/security/revocation/RevocationList.h"
#include "changebank/security/token/VerifiedTokenCache.h"

namespace changebank::daemon {

/// The API and the decision endpoint: key set, token cache and the chains of handler factories, built from
/// the settings and replaced as a whole. It serves from the first commit() on; until then only the factories
/// and refusals() may be used. Settings are exchanged on one thread; queries are thread-safe.
class ChangeBankService {
public:
    /// Told of each decision, see handlers::DecisionOptions::decided.
    using Decided = std::function<void(unsigned rule, int status)>;

    /// `revocations` are those that tokens are judged by while the settings have revocations. `tracer` is
    /// told of each fetch of keys; nullptr: nobody is.
    ChangeBankService(std::shared_ptr<const Lifecycle> lifecycle, security::AuditTrail::Ptr audit,
                      std::shared_ptr<const security::RevocationList> revocations, Decided decided = {},
                      std::shared_ptr<Tracer> tracer = nullptr);
    ~ChangeBankService();

    ChangeBankService(const ChangeBankService&) = delete;
    ChangeBankService& operator=(const ChangeBankService&) = delete;

    /// Always serves with the current settings; shared, so it outlives this object if needed.
    Poco::Net::HTTPRequestHandlerFactory::Ptr factory() const { return _factory; }

    /// The decision endpoint; like factory(). Without rules it allows nothing.
    Poco::Net::HTTPRequestHandlerFactory::Ptr decisionFactory() const { return _decisions; }

    /// By the current settings; nullptr without rules.
    std::shared_ptr<const DecisionTrials> decisionTrials() const;

    /// Where keys come from, and how many. Files count by their content.
    struct KeyOrigin {
        std::string uri;
        /// Of the OpenID configuration; empty if `uri` is that of the keys.
        std::string issuer;
        /// Of an address in that configuration.
        bool allowHttp = false;
        /// fileFingerprint() of the trusted authorities.
        std::string authorities;
        std::string tokenFile;
        std::string proxy;
        std::size_t maxKeys = 0;

        friend bool operator==(const KeyOrigin&, const KeyOrigin&) = default;
    };

    /// An issuer as it serves: its keys, which it shares with the others of that origin, and the generation
    /// of its cached tokens, which changes with its policy and its keys' source alone.
    struct ServedIssuer {
        std::string name;
        security::TokenPolicy policy;
        KeyOrigin origin;
        std::shared_ptr<security::RemoteJwkSet> keys;
        std::uint64_t generation = 0;
        /// The setting with the address of the keys.
        std::string uriKey{};
    };

    /// Why keys could not be fetched.
    struct KeysUnavailable {
        /// The setting with the address of the keys.
        std::string key;
        std::string why;
    };

    /// New parts that other settings need; pass it to commit() or drop it.
    struct PendingUpdate {
        std::vector<ServedIssuer> issuers;
        std::shared_ptr<security::VerifiedTokenCache> cache;
        /// nullptr: uses of proofs are not shared.
        std::shared_ptr<RedisReplays> sharedReplays;
        /// nullptr: there are none.
        std::shared_ptr<const security::CallerLimits> limits;
        Poco::Net::HTTPRequestHandlerFactory::Ptr chain;
        /// nullptr: the endpoint stays as it is, for what is under way at a listener that goes.
        Poco::Net::HTTPRequestHandlerFactory::Ptr decisions;
        /// nullptr: there are no rules.
        std::shared_ptr<const DecisionTrials> trials;
    };

    /// Prepares settings, which must have no faults, without changing anything. The first settings start to
    /// fetch the keys and do not wait for them. Later, fetches those whose source is new, or whose file of
    /// authorities has other content, and returns the reason for a failure. All other settings of the key
    /// sets apply to the current keys without a fetch, so that they can be changed while a key server is
    /// down.
    std::variant<PendingUpdate, KeysUnavailable> prepare(const Settings& settings) const;

    /// Switches to the prepared settings, from the next request on.
    void commit(const Settings& settings, PendingUpdate pending);

    /// The state of one issuer's keys.
    struct KeysStatus {
        /// As in auth.issuers.
        std::string name;
        /// The claim `iss`.
        std::string issuer;
        std::string uri;
        security::RemoteJwkSetStatus keys;
    };

    /// Of each issuer, in the order of the settings.
    std::vector<KeysStatus> keys() const;
    /// Those of auth.issuer; nullptr before the first commit().
    std::shared_ptr<security::RemoteJwkSet> firstKeys() const;
    /// Starts to fetch all keys and does not wait.
    void requestKeys() const;
    /// Fetches all keys now; returns why that failed, if so. Waits for the key servers, all at the same time.
    std::optional<std::string> refreshKeys() const;
    /// The uses of DPoP proofs that are remembered.
    security::ReplayStore::Counters replays() const { return _replays->counters(); }
    /// std::nullopt if they are not shared with other replicas.
    std::optional<RedisReplays::Status> sharedReplays() const;
    /// The limits of callers that are on.
    std::vector<security::CallerLimits::Status> limits() const;
    /// std::nullopt if the cache is disabled.
    std::optional<security::VerifiedTokenCache::Counters> cache() const;
    const security::RefusalCounters& refusals() const noexcept { return *_counters; }
    /// The last refused requests, of the API and of the decision endpoint.
    const RecentDenials& denials() const noexcept { return *_denials; }

private:
    std::vector<ServedIssuer> served() const;
    /// Those that were read for the settings at hand, by the name of their file.
    using Authorities = std::map<std::string, CertificateAuthorities::Ptr>;

    ServedIssuer prepare(const Settings::Issuer& issuer, const std::vector<ServedIssuer>& prepared,
                         Authorities& authorities) const;
    std::shared_ptr<security::RemoteJwkSet> startKeys(const Settings::Jwks& jwks,
                                                      const security::JwksEndpoint& endpoint,
                                                      const std::string& snapshotFile) const;
    std::shared_ptr<RedisReplays> sharedReplaysFor(const Settings& settings) const;
    std::shared_ptr<const security::CallerLimits> limitsFor(const Settings& settings) const;
    std::shared_ptr<const security::DpopVerifier> makeVerifier(
        const Settings::Auth& auth, std::shared_ptr<RedisReplays> sharedReplays) const;
    void buildChains(const Settings& settings, PendingUpdate& pending) const;
    Poco::Net::HTTPRequestHandlerFactory::Ptr buildApi(
        const Settings& settings, const std::shared_ptr<security::TokenValidator>& validator,
        const security::RefusalReporter::Ptr& reporter, std::shared_ptr<const security::DpopVerifier> dpop,
        std::shared_ptr<const security::CallerLimits> limits) const;

    Settings _settings;
    /// The last one that an issuer was given.
    mutable std::uint64_t _generation = 0;
    /// Both live as long as the process, whatever the settings.
    const std::shared_ptr<security::ReplayStore> _replays;
    const std::string _nonceSecret;
    std::shared_ptr<const Lifecycle> _lifecycle;
    std::shared_ptr<security::RefusalCounters> _counters;
    std::shared_ptr<RecentDenials> _denials;
    security::AuditTrail::Ptr _audit;
    const std::shared_ptr<const security::RevocationList> _revocations;
    const Decided _decided;
    const std::shared_ptr<Tracer> _tracer;
    /// Guards the five below.
    mutable std::mutex _mutex;
    std::vector<ServedIssuer> _issuers;
    std::shared_ptr<security::VerifiedTokenCache> _cache;
    std::shared_ptr<RedisReplays> _sharedReplays;
    std::shared_ptr<const DecisionTrials> _trials;
    std::shared_ptr<const security::CallerLimits> _limits;
    Poco::SharedPtr<SnapshotHandlerFactory> _factory;
    Poco::SharedPtr<SnapshotHandlerFactory> _decisions;
};

}  // namespace changebank::daemon
