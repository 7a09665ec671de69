#include "changebank/kickstart/oauth/HtmlPage.h"

#include <Poco/Net/EscapeHTMLStream.h>

#include <sstream>

namespace changebank::kickstart {

std::string filled(std::string_view text, const HtmlFields& fields) {
    std::ostringstream page;
    while (true) {
        const auto start = text.find("{{");
        page << text.substr(0, start);
        if (start == std::string_view::npos) return page.str();
        text.remove_prefix(start + 2);
        const bool isHtml = text.starts_with('{');
        if (isHtml) text.remove_prefix(1);
        const auto name = text.substr(0, text.find('}'));
        if (isHtml) {
            page << fields.at(name);
        } else {
            Poco::Net::EscapeHTMLOutputStream(page) << fields.at(name) << std::flush;
        }
        text.remove_prefix(name.size() + (isHtml ? 3 : 2));
    }
}

WebResponse htmlPage(int status, std::string html, const std::string& formAction) {
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

}  // namespace changebank::kickstart
