#include "kickstart/oauth/LoginPage.h"

#include <set>

#include "kickstart/oauth/Html.h"
#include "kickstart/oauth/PageTemplates.h"

namespace changebank::kickstart {

namespace {

WebAnswer page(int status, const Html& html, const std::string& formAction) {
    WebAnswer answer = WebAnswer::empty(status);
    answer.add("Content-Type", "text/html; charset=utf-8");
    answer.add("Content-Security-Policy",
               "default-src 'none'; style-src 'self'; img-src data:; form-action " + formAction +
                   "; frame-ancestors 'none'; base-uri 'none'");
    answer.add("X-Frame-Options", "DENY");
    answer.add("X-Content-Type-Options", "nosniff");
    // With no-referrer the form would be sent with the origin "null".
    answer.add("Referrer-Policy", "same-origin");
    answer.body = html.markup();
    return answer;
}

Html hiddenField(const std::string& name, const std::string& value) {
    return Html::fill(pages::hidden, {{"name", Html::text(name)}, {"value", Html::text(value)}});
}

/// Browsers hold the redirects after a form to the policy of its page, so the places that the answer may go
/// to are named.
std::string formAction(const std::vector<std::string>& destinations) {
    std::string sources = "'self'";
    for (const auto& destination : std::set<std::string>(destinations.begin(), destinations.end())) {
        sources += ' ' + destination;
    }
    return sources;
}

}  // namespace

Html LoginPage::fields() const {
    const auto attributes = [&](bool hasFocus) {
        return Html::trusted(
            std::string(notice.empty() ? "" : R"( aria-invalid="true" aria-describedby="notice")") +
            (hasFocus ? " autofocus" : ""));
    };
    return Html::fill(pages::credentials, {{"loginId", Html::text(loginId)},
                                           {"loginIdAttributes", attributes(loginId.empty())},
                                           {"passwordAttributes", attributes(!loginId.empty())}});
}

WebAnswer LoginPage::answer(int status) const {
    Html hidden = hiddenField("csrf_token", csrfToken);
    for (const auto& [name, value] : parameters) {
        hidden += hiddenField(name, value);
    }
    const bool hasNotice = !notice.empty();
    const auto html = Html::fill(
        pages::login,
        {{"title", Html::text((hasNotice ? "Error: sign in to " : "Sign in to ") + application)},
         {"application", Html::text(application)},
         {"notice", hasNotice ? Html::fill(pages::notice, {{"text", Html::text(notice)}}) : Html()},
         {"hidden", hidden},
         {"fields", fields()}});
    return page(status, html, formAction(destinations));
}

WebAnswer errorPage(int status, const std::string& heading, const OAuthError& error) {
    return page(status,
                Html::fill(pages::error, {{"heading", Html::text(heading)},
                                          {"description", Html::text(error.description)},
                                          {"error", Html::text(error.error)},
                                          {"reason", Html::text(error.reason)}}),
                "'none'");
}

WebAnswer styleSheet() {
    WebAnswer answer = WebAnswer::empty(200);
    answer.add("Content-Type", "text/css; charset=utf-8");
    answer.add("X-Content-Type-Options", "nosniff");
    answer.body = pages::style;
    return answer;
}

}  // namespace changebank::kickstart
