#include "tests/unit/kickstart/OAuthFixture.h"

using namespace changebank;

namespace {

struct Fixture : tests::OAuthFixture {
    Fixture() {
        createOAuthApplication();
        createTeller();
        provider.directory().change([](kickstart::DirectoryState& state) {
            state.sampleLogins = {{"teller@example.com", "password"},
                                  {"TELLER@example.com", "password"},
                                  {"nobody@example.com", "password"}};
        });
    }

    static bool has(const kickstart::WebResponse& page, const std::string& text) {
        return page.body.find(text) != std::string::npos;
    }

    /// How often the text occurs.
    static std::size_t count(const std::string& body, const std::string& text) {
        std::size_t number = 0;
        for (auto at = body.find(text); at != std::string::npos; at = body.find(text, at + 1))
            ++number;
        return number;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(HomePageTest, Fixture)

BOOST_AUTO_TEST_CASE(ListsApplicationsAndTheKickstartsUsers) {
    for (const char* path : {"/", "/admin", "/admin/", "/account/"}) {
        const auto page = get(path);
        BOOST_TEST(page.status == 200, path);
        BOOST_TEST(
            has(page, "<a href=\"/app/login/" + std::string(applicationId) + "\">&lt;b&gt;Bank &amp; Co"));
        BOOST_TEST(!has(page, "<b>Bank"));
        BOOST_TEST(has(page, "<code>teller@example.com</code> with the password <code>password</code>"));
        BOOST_TEST(count(page.body, "with the password") == 1U);
        BOOST_TEST(page.header("Content-Security-Policy").find("form-action 'none'") != std::string::npos);
    }
    BOOST_TEST(send(requestOf("POST", "/")).status == 405);
}

BOOST_AUTO_TEST_CASE(AUserIsListedWhileTheKickstartsPasswordIsRight) {
    call("PATCH", std::string("/api/user/") + tellerId, R"({"user":{"password":"another-one"}})");
    BOOST_TEST(!has(get("/"), "teller@example.com"));
    BOOST_TEST(has(get("/"), "<li>none</li>"));
}

BOOST_AUTO_TEST_CASE(TheLoginPageSignsAUserInWithOneClick) {
    const auto page = authorize();
    const auto offer = page.body.substr(page.body.rfind("<form"));
    const auto fields = hiddenFields(offer);
    BOOST_REQUIRE_EQUAL(fields.size(), 3U);
    BOOST_TEST(fields[1].second == "teller@example.com");
    BOOST_TEST(offer.find("<small>teller</small>") != std::string::npos);
    BOOST_TEST(count(page.body, "<form") == 2U);
    BOOST_TEST(redirected(post(actionOf(offer), fields)).find("code"));
}

BOOST_AUTO_TEST_CASE(TheLoginPageOffersNobodyWhoMayNotSignIn) {
    call("DELETE", "/api/user/registration/" + std::string(tellerId) + '/' + applicationId);
    BOOST_TEST(!has(authorize(), "teller@example.com"));
}

BOOST_AUTO_TEST_SUITE_END()
