#include "changebank/kickstart/oauth/LoginPage.h"

#include <Poco/Net/EscapeHTMLStream.h>

#include <map>
#include <set>
#include <sstream>

#include "changebank/kickstart/oauth/PageTemplates.h"

namespace changebank::kickstart {

namespace {

/// Replaces each `{{name}}` in a template by the field of that name, escaped for the content of elements and
/// for quoted attributes.
std::string filled(std::string_view text, const std::map<std::string_view, std::string>& fields) {
    std::ostringstream page;
    while (true) {
        const auto start = text.find("{{");
        page << text.substr(0, start);
        if (start == std::string_view::npos) return page.str();
        text.remove_prefix(start + 2);
        const auto name = text.substr(0, text.find("}}"));
        Poco::Net::EscapeHTMLOutputStream(page) << fields.at(name) << std::flush;
        text.remove_prefix(name.size() + 2);
    }
}

WebResponse page(int status, std::string html, const std::string& formAction) {
    WebResponse response{status};
    response.add("Content-Type", "text/html; charset=utf-8");
    response.add("Content-Security-Policy",
                 "default-src 'none'; style-src 'self'; img-src data:; form-action " + formAction +
                     "; frame-ancestors 'none'; base-uri 'none'");
    response.add("X-Frame-Options", "DENY");
    response.add("X-Content-Type-Options", "nosniff");
    // With no-referrer the form would be sent with the origin "null".
    response.add("Referrer-Policy", "same-origin");
    response.body = std::move(html);
    return response;
}

}  // namespace

WebResponse LoginPage::toResponse(int status) const {
    // Browsers apply the page's form-action policy to redirects after the form, too.
    std::string formAction = "'self'";
    for (const auto& destination : std::set<std::string>(destinations.begin(), destinations.end())) {
        formAction += ' ' + destination;
    }
    return page(status,
                filled(pages::login, {{"error", notice.empty() ? "" : "Error: "},
                                      {"application", application},
                                      {"notice", notice},
                                      {"query", query},
                                      {"csrfToken", csrfToken},
                                      {"loginId", loginId},
                                      {"invalid", notice.empty() ? "false" : "true"},
                                      {"nameFocus", loginId.empty() ? " autofocus" : ""},
                                      {"passwordFocus", loginId.empty() ? "" : " autofocus"}}),
                formAction);
}

WebResponse errorPage(const OAuthError& error) {
    return page(
        400,
        filled(pages::error,
               {{"description", error.description}, {"error", error.error}, {"reason", error.reason}}),
        "'none'");
}

WebResponse styleSheet() {
    WebResponse response;
    response.add("Content-Type", "text/css; charset=utf-8");
    response.add("X-Content-Type-Options", "nosniff");
    response.body = pages::style;
    return response;
}

}  // namespace changebank::kickstart
