#include "changebank/daemon/settings/PageSettings.h"

#include <Poco/URI.h>

#include <string>
#include <string_view>

#include "changebank/base/http/HttpUrl.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/settings/SettingStore.h"

namespace changebank::daemon {

namespace {

/// The placeholder for the page's own URL in page.*.
constexpr std::string_view pageMark = "{page}";
/// The placeholder for the fault in page.brokenTokens.
constexpr std::string_view kindMark = "{kind}";

/// A URL to which the page sends its user; derived from the issuer if not set.
void checkPageAddress(ParsedSettings& parsed, const std::string& key, const std::string& path,
                      std::string& address) {
    const auto& issuer = parsed.settings.auth.first();
    if (address.empty() && httpUrl(issuer.policy.issuer)) {
        std::string application;
        Poco::URI::encode(issuer.policy.audiences.front(), "/?#", application);
        address = issuer.urlOf(path) + application + "?redirect_uri=";
        address += pageMark;
        parsed.effective[key] = {address, parsed.effective["auth.issuer"].place};
        return;
    }
    std::string example(address);
    if (const auto mark = example.find(pageMark); mark != std::string::npos)
        example.replace(mark, pageMark.size(), "page");
    if (!address.empty() && !httpUrl(example))
        parsed.addFault(key, inQuotes(address) + " is not an http or https URL");
}

void checkBrokenTokens(ParsedSettings& parsed, const std::string& address) {
    if (address.empty()) return;
    std::string example(address);
    const auto mark = example.find(kindMark);
    if (mark != std::string::npos) example.replace(mark, kindMark.size(), "kind");
    if (mark == std::string::npos || !httpUrl(example))
        parsed.addFault("page.brokenTokens",
                        inQuotes(address) + " is not an http or https URL with {kind} in it");
}

}  // namespace

void addPageSettings(std::vector<SettingDefinition>& table) {
    table.push_back(define("page.login", TextType{true}, "", Applies::atOnce,
                           "The URL where the page's users log in; it must set the cookie auth.cookie to the "
                           "token. {page} stands for the page's own URL. If empty, the hosted login of "
                           "auth.issuer for the first application of auth.audience.",
                           keepIn([](Settings& s) { return &s.page.login; })));
    table.push_back(define("page.logout", TextType{true}, "", Applies::atOnce,
                           "The URL where users log out, in the same form; if empty, the hosted logout.",
                           keepIn([](Settings& s) { return &s.page.logout; })));
    table.push_back(
        define("page.explain", BooleanType{}, "true", Applies::atOnce,
               "Whether GET /explain tells callers, and the page shows them, how their own token is "
               "judged: what each check expected and found. Never with auth.errors=minimal.",
               keepIn([](Settings& s) { return &s.page.explain; })));
    table.push_back(
        define("page.brokenTokens", TextType{true}, "", Applies::atOnce,
               "For development: the URL where the page gets tokens with a fault, to show how they "
               "are refused; {kind} stands for the fault. kickstartd makes them, at "
               "/kickstartd/broken-token. If empty, the page does not offer it.",
               keepIn([](Settings& s) { return &s.page.brokenTokens; })));
}

void checkPage(ParsedSettings& parsed) {
    auto& page = parsed.settings.page;
    checkBrokenTokens(parsed, page.brokenTokens);
    checkPageAddress(parsed, "page.login", "/app/login/", page.login);
    checkPageAddress(parsed, "page.logout", "/app/logout/", page.logout);
}

}  // namespace changebank::daemon
