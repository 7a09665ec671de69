#pragma once

#include <Poco/Net/Context.h>
#include <Poco/URI.h>

#include <cstddef>

#include "changebank/security/keys/JwksFetcher.h"

namespace changebank::security {

/// Fetches a JWK set over HTTP/1.1, or over TLS 1.2 and up with the peer's certificate and host name checked.
/// One connection an exchange, which is closed after it.
class HttpJwksFetcher : public JwksFetcher {
public:
    /// Bytes of a body that are read at the most; a longer one is a failure.
    static constexpr std::size_t bodyLimit = std::size_t{1024} * 1024;

    /// Trusts the certificate authorities of the machine, or those of `caFile` (PEM) alone if that is not
    /// empty. Throws Poco::Exception if the file cannot be read. The scheme must be http or https.
    explicit HttpJwksFetcher(Poco::URI uri, const std::string& caFile = {});

    FetchResult fetch(const std::string& entityTag, bool forced, std::chrono::milliseconds timeout) override;

private:
    Poco::URI _uri;
    Poco::Net::Context::Ptr _context;
};

}  // namespace changebank::security
