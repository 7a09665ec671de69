#pragma once

#include <string>
#include <vector>

#include "changebank/kickstart/oauth/OAuthError.h"
#include "changebank/kickstart/oauth/WebResponse.h"

namespace changebank::kickstart {

/// The page on which a user types name and password. It has no script, and may not be framed. Everything that
/// comes from outside is escaped.
struct LoginPage {
    /// The name of the application that the user signs in to.
    std::string application;
    /// The query of the authorization request, to which the form is sent.
    std::string query;
    std::string csrfToken;
    /// What the user typed before, or what the client hinted at.
    std::string loginId;
    /// What went wrong before; empty at first.
    std::string notice;
    /// Origins that the form may lead to, beside our own.
    std::vector<std::string> destinations;

    WebResponse toResponse(int status) const;
};

/// A page with the status 400 that shows an error which may not be sent to the client.
WebResponse errorPage(const OAuthError& error);

/// The style sheet of both.
WebResponse styleSheet();

}  // namespace changebank::kickstart
