#include "changebank/security/keys/JwksEndpoint.h"

#include <Poco/URI.h>

#include "changebank/security/keys/DiscoveringJwksFetcher.h"
#include "changebank/security/keys/HttpJwksFetcher.h"

namespace changebank::security {

std::unique_ptr<JwksFetcher> JwksEndpoint::makeFetcher() const {
    if (issuer.empty()) return std::make_unique<HttpJwksFetcher>(Poco::URI(uri), client, tokenFile);
    return std::make_unique<DiscoveringJwksFetcher>(
        DiscoveringJwksFetcher::Options{issuer, uri, allowHttp, tokenFile, client});
}

}  // namespace changebank::security
