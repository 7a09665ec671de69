#include "changebank/kickstart/oauth/HtmlPage.h"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using namespace changebank::kickstart;

BOOST_AUTO_TEST_SUITE(HtmlPageTest)

BOOST_AUTO_TEST_CASE(FieldsAreEscaped) {
    BOOST_TEST(filled("<a title=\"{{a}}\">{{b}}</a>", {{"a", "\"><script>"}, {"b", "x & {{a}}"}}) ==
               "<a title=\"&quot;&gt;&lt;script&gt;\">x &amp; {{a}}</a>");
    BOOST_TEST(filled("", {}) == "");
    BOOST_CHECK_THROW(filled("{{unknown}}", {}), std::out_of_range);
}

BOOST_AUTO_TEST_CASE(HtmlIsInsertedAsItIs) {
    BOOST_TEST(filled("<ul>{{{items}}}</ul>{{a}}", {{"items", "<li>&lt;</li>"}, {"a", "<"}}) ==
               "<ul><li>&lt;</li></ul>&lt;");
}

BOOST_AUTO_TEST_CASE(APageRunsNoScriptAndIsNotFramed) {
    const auto page = htmlPage(200, "<p>x</p>", "'self'");
    BOOST_TEST(page.status == 200);
    BOOST_TEST(page.body == "<p>x</p>");
    BOOST_TEST(page.header("Content-Type") == "text/html; charset=utf-8");
    BOOST_TEST(page.header("Content-Security-Policy") ==
               "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
               "frame-ancestors 'none'; base-uri 'none'");
}

BOOST_AUTO_TEST_SUITE_END()
