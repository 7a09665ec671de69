#include "changebank/kickstart/oauth/HtmlPage.h"
#include "changebank/kickstart/oauth/OAuthEndpoints.h"
#include "changebank/kickstart/oauth/PageTemplates.h"
#include "changebank/kickstart/oauth/SampleUsers.h"

namespace changebank::kickstart {

namespace {

std::string applicationsOf(const DirectoryState& state) {
    std::string items;
    for (const auto& [id, application] : state.applications) {
        const bool hasLogin = application.active && !application.oauth.authorizedRedirectURLs.empty();
        items += filled(hasLogin ? R"(<li><a href="/app/login/{{id}}">{{name}}</a> <code>{{id}}</code></li>)"
                                 : "<li>{{name}} <code>{{id}}</code></li>",
                        {{"id", id.toText()}, {"name", application.name}});
    }
    return items;
}

std::string usersOf(const DirectoryState& state) {
    std::string items;
    for (const auto& [tenantId, tenant] : state.tenants) {
        for (const auto& user : sampleUsersOf(state, tenantId)) {
            items += filled("<li><code>{{loginId}}</code> with the password <code>{{password}}</code></li>",
                            {{"loginId", user.login.loginId}, {"password", user.login.password}});
        }
    }
    return items.empty() ? "<li>none</li>" : items;
}

}  // namespace

WebResponse showHome(const OAuthCall& call) {
    return htmlPage(200, filled(pages::home, {{"applications", applicationsOf(call.state)},
                                              {"users", usersOf(call.state)}}));
}

}  // namespace changebank::kickstart
