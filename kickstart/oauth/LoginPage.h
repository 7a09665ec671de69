#pragma once

#include <string>
#include <vector>

#include "kickstart/oauth/FormData.h"
#include "kickstart/oauth/Html.h"
#include "kickstart/oauth/OAuthClient.h"
#include "kickstart/oauth/OAuthError.h"
#include "kickstart/oauth/WebAnswer.h"

namespace changebank::kickstart {

/// The page on which a user types name and password. It has no script, and may not be framed.
struct LoginPage {
    /// The name of the application that the user signs in to.
    std::string application;
    /// What the form sends along: the parameters of the authorization request.
    FormData parameters;
    /// The form's CSRF token.
    std::string csrfToken;
    /// What the user typed before, or what the client hinted at.
    std::string loginId;
    /// What went wrong before; empty at first.
    std::string notice;
    /// Origins that the form may lead to.
    std::vector<std::string> destinations;

    WebAnswer answer(int status) const;

private:
    Html fields() const;
};

/// A page that shows an error which may not be sent to the client.
WebAnswer errorPage(int status, const std::string& heading, const OAuthError& error);

/// The style sheet of both.
WebAnswer styleSheet();

}  // namespace changebank::kickstart
