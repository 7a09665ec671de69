#pragma once

#include <string>
#include <vector>

#include "changebank/kickstart/oauth/OAuthError.h"
#include "changebank/kickstart/oauth/WebResponse.h"

namespace changebank::kickstart {

/// The login page: a form for name and password, and a button for each of some users. All fields are escaped.
struct LoginPage {
    /// A user who signs in with one click.
    struct User {
        std::string loginId;
        std::string password;
        /// Shown beside the name; may be empty.
        std::string roles;
    };

    /// The name of the application that the user signs in to.
    std::string application;
    /// The query of the authorization request, sent again with the form.
    std::string query;
    std::string csrfToken;
    /// The name from the previous attempt, or the client's login_hint.
    std::string loginId;
    /// The error of the previous attempt; empty at first.
    std::string notice;
    /// Origins, beside our own, to which the form may redirect.
    std::vector<std::string> destinations;
    std::vector<User> users;

    WebResponse toResponse(int status) const;
};

/// A page with status 400, for an error that must not be sent to the client.
WebResponse errorPage(const OAuthError& error);

/// The style sheet of all pages.
WebResponse styleSheet();

}  // namespace changebank::kickstart
