#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "changebank/base/http/HttpClient.h"
#include "changebank/security/keys/BearerTokenFile.h"
#include "changebank/security/keys/HttpJwksFetcher.h"
#include "changebank/security/keys/JwksFetcher.h"

namespace changebank::security {

/// Where an issuer has its OpenID configuration, behind its own address (OpenID Connect Discovery 1.0
/// section 4).
inline constexpr std::string_view openIdConfigurationPath = "/.well-known/openid-configuration";

/// Fetches a JWK set whose address is in the issuer's OpenID configuration, which is read at each fetch, so
/// that a key server that moves is followed. The configuration's `issuer` must equal ours exactly
/// (section 4.3); `jwks_uri` must be https, or http to this machine, or to any one if that is allowed. Each
/// fetch opens two connections, one after the other.
class DiscoveringJwksFetcher : public JwksFetcher {
public:
    struct Options {
        /// The issuer, as the claim `iss` has it.
        std::string issuer;
        /// The address of its OpenID configuration.
        std::string configuration;
        /// Whether `jwks_uri` may be plain http to another machine.
        bool allowHttp = false;
        /// A token for both requests; with the second only if it goes to the scheme, host and port of the
        /// first. Empty: none.
        std::string tokenFile{};
        HttpClient::Options client{};
    };

    /// The maximum size of an OpenID configuration, in bytes.
    static constexpr std::size_t maxConfigurationSize = std::size_t{64} * 1024;

    /// Throws Poco::Exception if the file of certificate authorities cannot be read.
    explicit DiscoveringJwksFetcher(Options options);

    /// Fails with Cause::keysMalformed as well, if the configuration is not as it must be.
    FetchResult fetch(const std::string& entityTag, bool forced, std::chrono::milliseconds timeout,
                      const std::stop_token& stopping = {}) override;

private:
    /// The value of `jwks_uri`.
    std::variant<std::string, FetchFailure> discover(std::chrono::milliseconds timeout,
                                                     const std::stop_token& stopping) const;
    std::variant<std::string, FetchFailure> addressIn(const std::string& configuration) const;
    void follow(const std::string& address);

    const Options _options;
    const HttpClient _client;
    const BearerTokenFile _token;
    /// Where the last successful response came from.
    std::string _confirmedAddress;
    std::string _address;
    /// Of that address; nullptr before the first one.
    std::unique_ptr<HttpJwksFetcher> _fetcher;
};

}  // namespace changebank::security
