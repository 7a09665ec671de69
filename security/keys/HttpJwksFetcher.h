#pragma once

#include <Poco/URI.h>

#include <string>

#include "changebank/base/http/HttpClient.h"
#include "changebank/security/keys/BearerTokenFile.h"
#include "changebank/security/keys/JwksFetcher.h"

namespace changebank::security {

/// Fetches a JWK set by HttpClient. Opens and closes one connection for each fetch.
class HttpJwksFetcher : public JwksFetcher {
public:
    /// The maximum size of a body is that of a key set. Throws Poco::Exception if the file of certificate
    /// authorities cannot be read or the scheme is not http or https.
    /// `tokenFile` is that of a bearer token for the key server; empty: none.
    explicit HttpJwksFetcher(Poco::URI uri, HttpClient::Options options = {}, std::string tokenFile = {});

    FetchResult fetch(const std::string& entityTag, bool forced, std::chrono::milliseconds timeout,
                      const std::stop_token& stopping = {}) override;

private:
    Poco::URI _uri;
    HttpClient _client;
    BearerTokenFile _token;
};

/// The failure of a fetch for which there was no response.
FetchFailure failureOf(const HttpClient::Failure& failure);

}  // namespace changebank::security
