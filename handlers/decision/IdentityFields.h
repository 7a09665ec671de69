#pragma once

#include <array>
#include <string>
#include <string_view>

#include "changebank/security/token/Principal.h"

namespace Poco::Net {
class HTTPServerResponse;
}

namespace changebank::handlers {

/// The fields of an allowed request that tell an API behind a proxy who is calling: X-Auth-Subject,
/// X-Auth-Issuer, X-Auth-Roles (a comma list), X-Auth-Scopes (separated by blanks) and X-Auth-Token. All of
/// them are set in every case, empty where there is nothing to say, so that the proxy overwrites what the
/// client sent. In names, everything but printable ASCII is percent-encoded as UTF-8, and so are blanks, `%`
/// and, in a role, commas, so that a value can be taken apart and cannot lose a blank at its ends.
inline constexpr std::array<std::string_view, 5> identityFields{
    "X-Auth-Subject", "X-Auth-Issuer", "X-Auth-Roles", "X-Auth-Scopes", "X-Auth-Token"};

/// `principal` is nullptr on a public path. With a token, which is an identity token, it is the only value.
void setIdentity(Poco::Net::HTTPServerResponse& response, const security::Principal* principal,
                 const std::string& token);

}  // namespace changebank::handlers
