#include "changebank/kickstart/oauth/LoginPage.h"

#include <set>

#include "changebank/kickstart/oauth/HtmlPage.h"
#include "changebank/kickstart/oauth/PageTemplates.h"

namespace changebank::kickstart {

WebResponse LoginPage::toResponse(int status) const {
    // Browsers apply the page's form-action policy to redirects after the form, too.
    std::string formAction = "'self'";
    for (const auto& destination : std::set<std::string>(destinations.begin(), destinations.end())) {
        formAction += ' ' + destination;
    }
    std::string offers;
    for (const auto& user : users) {
        offers += filled(pages::user, {{"query", query},
                                       {"csrfToken", csrfToken},
                                       {"loginId", user.loginId},
                                       {"password", user.password},
                                       {"roles", user.roles}});
    }
    return htmlPage(status,
                    filled(pages::login, {{"error", notice.empty() ? "" : "Error: "},
                                          {"application", application},
                                          {"notice", notice},
                                          {"query", query},
                                          {"csrfToken", csrfToken},
                                          {"loginId", loginId},
                                          {"invalid", notice.empty() ? "false" : "true"},
                                          {"nameFocus", loginId.empty() ? " autofocus" : ""},
                                          {"passwordFocus", loginId.empty() ? "" : " autofocus"},
                                          {"users", offers}}),
                    formAction);
}

WebResponse errorPage(const OAuthError& error) {
    return htmlPage(
        400, filled(pages::error,
                    {{"description", error.description}, {"error", error.error}, {"reason", error.reason}}));
}

WebResponse styleSheet() {
    WebResponse response;
    response.add("Content-Type", "text/css; charset=utf-8");
    response.add("X-Content-Type-Options", "nosniff");
    response.body = pages::style;
    return response;
}

}  // namespace changebank::kickstart
