#pragma once

#include <memory>
#include <string>

#include "changebank/base/http/HttpClient.h"
#include "changebank/security/keys/JwksFetcher.h"

namespace changebank::security {

/// Where an issuer's keys are, and how to ask for them. A plain value.
struct JwksEndpoint {
    /// The address of the key set, or, if `issuer` is not empty, of that issuer's OpenID configuration, which
    /// has it (DiscoveringJwksFetcher).
    std::string uri;
    std::string issuer{};
    /// Whether a discovered address may be plain http to another machine.
    bool allowHttp = false;
    /// The file of a bearer token for it; empty: none.
    std::string tokenFile{};
    HttpClient::Options client{};

    /// Throws Poco::Exception if `uri` is not an http or https URL, or the file of certificate authorities
    /// cannot be read.
    std::unique_ptr<JwksFetcher> makeFetcher() const;
};

}  // namespace changebank::security
