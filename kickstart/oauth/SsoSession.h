#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "kickstart/Directory.h"
#include "kickstart/User.h"
#include "kickstart/Uuid.h"

namespace changebank::kickstart {

/// A browser in which a user has logged in at the login page. It is kept as a refresh token without an
/// application, as in FusionAuth, whose text is the cookie `fusionauth.sso`; so it ends with the user, too,
/// and after an hour without use. Instants are milliseconds since the epoch.
struct SsoSession {
    static constexpr const char* cookieName = "fusionauth.sso";

    /// The claim `sid` of id tokens.
    Uuid id;
    User user;
    /// When the user showed who he is.
    std::int64_t authenticationInstant = 0;

    /// What beginning a session yields.
    struct Begun;

    /// Begins a session of that user. Its cookie is always a new one, so that nobody can prepare a session
    /// for somebody else.
    static Begun begin(DirectoryState& state, const User& user, std::int64_t now);

    /// The living session of that cookie, whose user is active and belongs to that tenant. It counts as used
    /// now.
    static std::optional<SsoSession> find(DirectoryState& state, const std::string& cookie,
                                          const Uuid& tenantId, std::int64_t now);

    /// Ends the session of that cookie, if it is one.
    static void end(DirectoryState& state, const std::string& cookie, std::int64_t now);
};

struct SsoSession::Begun {
    SsoSession session;
    /// A secret.
    std::string cookie;
};

}  // namespace changebank::kickstart
