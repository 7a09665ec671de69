#include "handlers/PageAsset.h"

#include <boost/test/unit_test.hpp>
#include <string>

using changebank::handlers::pageAssets;

namespace {

std::string bodyOf(std::string_view path) {
    for (const auto& asset : pageAssets()) {
        if (asset.path == path) return std::string(asset.body);
    }
    return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(PageAssetTest)

BOOST_AUTO_TEST_CASE(thePageSaysHowToCallTheApi) {
    const auto page = bodyOf("/");
    BOOST_TEST(page.find("<!DOCTYPE html>") == 0U);
    BOOST_TEST(page.find("make-change?total=1.02") != std::string::npos);
    BOOST_TEST(page.find("Authorization: Bearer") != std::string::npos);
    BOOST_TEST(page.find("--cookie") != std::string::npos);
    BOOST_TEST(page.find("<html lang=\"en\">") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(thePageNeedsNothingFromElsewhereAndNoScript) {
    const auto page = bodyOf("/");
    BOOST_TEST(page.find("<script") == std::string::npos);
    BOOST_TEST(page.find("style=") == std::string::npos);
    BOOST_TEST(page.find("https://") == std::string::npos);
    BOOST_TEST(page.find("href=\"/stylesheets/style.css\"") != std::string::npos);
    const auto style = bodyOf("/stylesheets/style.css");
    BOOST_TEST(!style.empty());
    BOOST_TEST(style.find("url(") == std::string::npos);
    BOOST_TEST(style.find("@import") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
