#pragma once

#include <Poco/Net/Context.h>
#include <Poco/URI.h>

#include <cstddef>

#include "changebank/security/keys/JwksFetcher.h"

namespace changebank::security {

/// Fetches a JWK set over HTTP/1.1, plain or over TLS 1.2 or later with verification of the peer's
/// certificate and host name. Opens and closes one connection for each fetch.
class HttpJwksFetcher : public JwksFetcher {
public:
    /// The maximum size of a body, in bytes; a larger one is a failure.
    static constexpr std::size_t bodyLimit = std::size_t{1024} * 1024;

    /// Trusts the system's certificate authorities, or only those in `caFile` (PEM) if that is not empty.
    /// Throws Poco::Exception if the file cannot be read or the scheme is not http or https.
    explicit HttpJwksFetcher(Poco::URI uri, const std::string& caFile = {});

    FetchResult fetch(const std::string& entityTag, bool forced, std::chrono::milliseconds timeout) override;

private:
    Poco::URI _uri;
    Poco::Net::Context::Ptr _context;
};

}  // namespace changebank::security
