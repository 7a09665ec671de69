#include "changebank/handlers/bank/PageAsset.h"

#include <Poco/InflatingStream.h>
#include <Poco/StreamCopier.h>

#include <boost/test/unit_test.hpp>
#include <regex>
#include <set>
#include <sstream>
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

BOOST_AUTO_TEST_CASE(thePageNeedsNothingFromElsewhere) {
    for (const auto& asset : pageAssets()) {
        const std::string body(asset.body);
        BOOST_TEST(!body.empty(), asset.path);
        for (const char* elsewhere : {"https://", "src=\"//", "@import", "url(http", "url(\"", "eval("}) {
            BOOST_TEST(body.find(elsewhere) == std::string::npos, asset.path << " has " << elsewhere);
        }
    }
}

BOOST_AUTO_TEST_CASE(thePageHasNoScriptOrStyleInline) {
    const auto page = bodyOf("/");
    BOOST_TEST(page.find("<script type=\"module\" src=\"/page/app.js\"></script>") != std::string::npos);
    BOOST_TEST(page.find("<script>") == std::string::npos);
    BOOST_TEST(page.find("<style") == std::string::npos);
    BOOST_TEST(page.find("style=") == std::string::npos);
    BOOST_TEST(!std::regex_search(page, std::regex("\\son[a-z]+=")));
    BOOST_TEST(page.find("href=\"/stylesheets/style.css\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(noScriptReadsTextAsHtml) {
    for (const auto& asset : pageAssets()) {
        for (const char* sink :
             {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "document.cookie"}) {
            BOOST_TEST(asset.body.find(sink) == std::string_view::npos, asset.path << " has " << sink);
        }
    }
}

BOOST_AUTO_TEST_CASE(nothingButFlagsAndAnElementsIdIsStoredInTheBrowser) {
    const std::set<std::string> allowed{"localStorage.setItem(storedUnder, 'true')",
                                        "localStorage.setItem(toldUnder, 'true')",
                                        "sessionStorage.setItem(wayBackUnder, id)"};
    std::set<std::string> found;
    for (const auto& asset : pageAssets()) {
        const std::regex store("(local|session)Storage(\\.setItem\\([^)]*\\)|\\[)|indexedDB");
        const std::string text(asset.body);
        for (std::sregex_iterator match(text.begin(), text.end(), store), end; match != end; ++match)
            found.insert(match->str());
    }
    BOOST_TEST(found == allowed, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(theIdOfTheElementToComeBackToIsOneOfThePage) {
    const auto script = bodyOf("/page/app.js");
    const std::regex use("(showRefusal|freshSignInLink)\\(.*, '?(\\w+)'?\\)");
    std::set<std::string> ids;
    for (std::sregex_iterator match(script.begin(), script.end(), use), end; match != end; ++match)
        ids.insert((*match)[2].str());
    const std::set<std::string> expected{"amount", "id", "panic"};
    BOOST_TEST(ids == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(theCompressedBodiesAreShorterAndTheSame) {
    for (const auto& asset : pageAssets()) {
        const bool hasSetting = asset.body.find("@cookie@") != std::string_view::npos;
        BOOST_TEST(asset.gzip.empty() == hasSetting, asset.path);
        if (hasSetting) BOOST_TEST(asset.brotli.empty(), asset.path);
        if (hasSetting) continue;
        BOOST_TEST(asset.gzip.size() < asset.body.size());
        std::istringstream compressed{std::string(asset.gzip)};
        Poco::InflatingInputStream stream(compressed, Poco::InflatingStreamBuf::STREAM_GZIP);
        std::string body;
        Poco::StreamCopier::copyToString(stream, body);
        BOOST_TEST(body == asset.body, asset.path);
        BOOST_TEST(asset.brotli.size() < asset.body.size());
    }
}

BOOST_AUTO_TEST_SUITE_END()
