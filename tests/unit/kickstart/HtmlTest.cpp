#include "kickstart/oauth/Html.h"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using changebank::kickstart::Html;

BOOST_AUTO_TEST_SUITE(HtmlTest)

BOOST_AUTO_TEST_CASE(TextIsEscaped) {
    BOOST_TEST(Html::text(R"(<a href="x">&'</a>)").markup() ==
               "&lt;a href=&quot;x&quot;&gt;&amp;'&lt;/a&gt;");
    BOOST_TEST(Html::text("").markup().empty());
}

BOOST_AUTO_TEST_CASE(FieldsAreFilledInOnce) {
    const auto html =
        Html::fill("<p>{{a}}-{{b}}-{{a}}</p>", {{"a", Html::text("{{b}}<")}, {"b", Html::text("x")}});
    BOOST_TEST(html.markup() == "<p>{{b}}&lt;-x-{{b}}&lt;</p>");
}

BOOST_AUTO_TEST_CASE(AMissingFieldIsAFaultOfTheProgram) {
    BOOST_CHECK_THROW(Html::fill("{{a}}", {}), std::logic_error);
}

BOOST_AUTO_TEST_SUITE_END()
