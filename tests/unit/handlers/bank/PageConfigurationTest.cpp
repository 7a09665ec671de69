#include "changebank/handlers/bank/PageConfiguration.h"

#include <boost/test/unit_test.hpp>

#include "changebank/base/text/Json.h"

using changebank::handlers::PageConfiguration;

BOOST_AUTO_TEST_SUITE(PageConfigurationTest)

BOOST_AUTO_TEST_CASE(itIsOneJsonObject) {
    const PageConfiguration configuration{"https://id.example/in?r={page}",
                                          "https://id.example/out",
                                          "app.at",
                                          {"customer", "teller"},
                                          {"teller"},
                                          "http://id.example/broken?kind={kind}",
                                          true};
    BOOST_TEST(
        configuration.toJson(true) ==
        R"({"login":"https://id.example/in?r={page}","logout":"https://id.example/out",)"
        R"("cookie":"app.at","token":true,"roles":{"makeChange":["customer","teller"],"panic":["teller"]},)"
        R"("brokenTokens":"http://id.example/broken?kind={kind}","explain":true})");
    BOOST_TEST(PageConfiguration{}.toJson(false) ==
               R"({"login":"","logout":"","cookie":"","token":false,"roles":{"makeChange":[],"panic":[]},)"
               R"("brokenTokens":"","explain":false})");
}

BOOST_AUTO_TEST_CASE(whatAnOperatorWritesIsEscaped) {
    const PageConfiguration configuration{"http://x/\"\\\n", "", "", {"a\"b"}, {}};
    const auto read = changebank::Json::parse(configuration.toJson(false));
    BOOST_REQUIRE(read);
    BOOST_TEST(*read->find("login")->string() == "http://x/\"\\\n");
    BOOST_TEST(*read->find("roles")->find("makeChange")->array()->front().string() == "a\"b");
}

BOOST_AUTO_TEST_SUITE_END()
