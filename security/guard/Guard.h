#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "changebank/base/http/HttpClient.h"
#include "changebank/base/system/Clock.h"
#include "changebank/security/guard/AccessRule.h"
#include "changebank/security/guard/AllowedOrigins.h"
#include "changebank/security/guard/AuditTrail.h"
#include "changebank/security/guard/BindingCheck.h"
#include "changebank/security/guard/PrincipalRequestHandlerFactory.h"
#include "changebank/security/guard/RefusalReporter.h"
#include "changebank/security/guard/TokenExtractor.h"
#include "changebank/security/keys/RemoteJwkSet.h"
#include "changebank/security/limit/CallerLimits.h"
#include "changebank/security/token/TokenValidator.h"

namespace changebank::security {

/// What a Guard does otherwise than by default.
struct GuardOptions {
    /// The address of the issuer's keys; empty: the issuer and `/.well-known/jwks.json`.
    std::string keysUri{};
    /// How they are fetched.
    HttpClient::Options client{};
    /// How they are refreshed. The address is set by the guard.
    RemoteJwkSet::Options refresh{};
    /// Where keys come from instead; nullptr: they are fetched.
    std::shared_ptr<KeySource> keys{};
    /// How many verified tokens are remembered; 0: none.
    std::size_t cacheEntries = 10'000;
    /// The cookie that may contain the token, beside the header Authorization.
    std::string cookie = "app.at";
    /// Other origins whose pages may call with their user's cookie.
    AllowedOrigins origins{};
    /// Responds to those who are refused; nullptr: says why in detail.
    RefusalReporter::Ptr reporter{};
    /// Records those who may not do what they ask for; nullptr: nobody.
    AuditTrail::Ptr audit{};
    /// Which proofs are accepted of senders of DPoP-bound tokens, if TokenPolicy::dpop allows such tokens.
    DpopPolicy dpop{};
    /// The nonces that proofs need; nullptr: none.
    std::shared_ptr<const DpopNonces> dpopNonces{};
    /// Whether proofs that were used at other servers are replays, too; by default they are not.
    ReplaySharing replaySharing{};
    /// Where clients find the service, such as `https://shop.example.com`: DPoP proofs must be for URIs
    /// there. Needed if TokenPolicy::dpop allows bound tokens.
    std::string origin{};
    /// The revocations that tokens are judged by; nullptr: none. Tokens may not live longer then than
    /// revocations do, less twice the leeway.
    std::shared_ptr<const RevocationList> revocations{};
    /// How many requests a second clients, subjects and senders of bad tokens may make; by default any
    /// number. A client is known by the address that the server names, and counts on guarded paths only.
    CallerLimits::Options limits{};
    /// Must outlive the guard and its factories.
    Clock& clock = Clock::system();
};

/// A path of a service, with those below it, and who may use it. Without a rule it is public.
struct GuardedPath {
    std::string path;
    std::optional<AccessRule> rule;
};

/// The absence of a rule, for a GuardedPath.
constexpr std::nullopt_t everybody() noexcept {
    return std::nullopt;
}

/// Guards a service's handlers with the access tokens of one issuer, whose keys it fetches and refreshes.
///
///     Guard guard({.issuer = "https://id.example.com", .audiences = {"shop"}});
///     HTTPServer server(guard.protect(anyRole({"clerk"}), factory), socket, params);
///
/// Works with any server that speaks POCO's handler interface; see GuardedRequestHandlerFactory for what its
/// factories do. Usable from any thread. Starts the only thread of its own: make it after any fork. The
/// factories stay usable after its end, with the keys of then.
class Guard {
public:
    /// Starts to fetch the keys and does not wait for them. Throws Poco::Exception if issuer or audiences are
    /// missing, if the address of the keys is neither https nor http, if it is plain http to another machine
    /// and not given in the options, or if the origin is needed and missing or no address of a resource
    /// (ProtectedResources::faultOf()).
    explicit Guard(TokenPolicy policy, GuardOptions options = {});
    ~Guard();
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

    /// Puts the guard in front of a factory of handlers, which receives the caller.
    Poco::Net::HTTPRequestHandlerFactory::Ptr protect(AccessRule rule,
                                                      PrincipalRequestHandlerFactory::Ptr factory) const;
    /// Puts the guard in front of a factory that need not know the caller.
    Poco::Net::HTTPRequestHandlerFactory::Ptr protect(
        AccessRule rule, Poco::Net::HTTPRequestHandlerFactory::Ptr factory) const;

    /// Puts the guard in front of a factory whose paths have different needs:
    ///
    ///     guard.protect({{"/orders", allScopes({"orders:read"})}, {"/health", everybody()}}, factory)
    ///
    /// The longest path that begins the request's counts, by whole segments and without regard to case; "/"
    /// is for all others. A path that none of them begins is 404, with a token. So is a path that servers
    /// read in different ways: with empty or dot segments, backslashes, semicolons, or percent signs before
    /// what needs none. For a public path the factory's principal is nullptr. Throws
    /// Poco::InvalidArgumentException if a path does not begin with a slash, has characters other than
    /// letters, digits and `/-._~`, or is repeated.
    Poco::Net::HTTPRequestHandlerFactory::Ptr protect(std::vector<GuardedPath> paths,
                                                      PrincipalRequestHandlerFactory::Ptr factory) const;
    Poco::Net::HTTPRequestHandlerFactory::Ptr protect(
        std::vector<GuardedPath> paths, Poco::Net::HTTPRequestHandlerFactory::Ptr factory) const;

    /// The verdict on a token, without HTTP. May wait for the keys; see TokenValidator::validate(). A token
    /// that is bound to its sender is refused, since nothing is known about the sender.
    ValidationResult validate(std::string_view token) const;

    /// For all that has no short way here. Never nullptr.
    const std::shared_ptr<TokenValidator>& validator() const noexcept { return _validator; }

    /// The limits of callers; nullptr: none.
    const std::shared_ptr<const CallerLimits>& limits() const noexcept { return _limits; }

    /// The keys that the guard fetches; nullptr if they come from GuardOptions::keys.
    const std::shared_ptr<RemoteJwkSet>& remoteKeys() const noexcept { return _remoteKeys; }

private:
    class Paths;

    Poco::Net::HTTPRequestHandlerFactory::Ptr chain(const AccessRule& rule,
                                                    PrincipalRequestHandlerFactory::Ptr next) const;

    std::shared_ptr<RemoteJwkSet> _remoteKeys;
    std::shared_ptr<TokenValidator> _validator;
    TokenExtractor _extractor;
    BindingCheck _binding;
    Challenge::Parts _challenge;
    AllowedOrigins _origins;
    RefusalReporter::Ptr _reporter;
    AuditTrail::Ptr _audit;
    std::shared_ptr<const CallerLimits> _limits;
    Clock& _clock;
};

}  // namespace changebank::security
