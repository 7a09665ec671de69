#include "changebank/handlers/decision/PathPattern.h"

#include <boost/test/unit_test.hpp>
#include <random>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "changebank/handlers/decision/NormalPath.h"

using namespace changebank::handlers;

namespace {

PathPattern pattern(std::string_view text) {
    auto parsed = PathPattern::parse(text);
    if (const auto* why = std::get_if<std::string>(&parsed)) BOOST_FAIL(*why);
    return std::get<PathPattern>(std::move(parsed));
}

std::string faultOf(std::string_view text) {
    const auto parsed = PathPattern::parse(text);
    const auto* why = std::get_if<std::string>(&parsed);
    return why == nullptr ? "" : *why;
}

bool matches(std::string_view text, std::string_view path) {
    return pattern(text).matches(normalPath(path).value());
}

bool covers(std::string_view left, std::string_view right) {
    return pattern(left).covers(pattern(right));
}

/// Every path of at most three segments of two names.
std::vector<std::string> shortPaths() {
    std::vector<std::string> paths{"/"};
    for (const std::string first : {"/a", "/b"}) {
        paths.push_back(first);
        for (const std::string second : {"/a", "/b"}) {
            paths.push_back(first + second);
            for (const std::string third : {"/a", "/b"})
                paths.push_back(first + second + third);
        }
    }
    return paths;
}

/// Every pattern of at most two segments of one of these names, or of any; also open ones.
std::vector<PathPattern> shortPatterns() {
    std::vector<std::string> texts{""};
    for (const std::string first : {"/a", "/*"}) {
        texts.push_back(first);
        for (const std::string second : {"/a", "/*"})
            texts.push_back(first + second);
    }
    std::vector<PathPattern> patterns;
    for (const auto& text : texts) {
        patterns.push_back(pattern(text.empty() ? "/" : text));
        patterns.push_back(pattern(text + "/**"));
    }
    return patterns;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(PathPatternTest)

BOOST_AUTO_TEST_CASE(aPlainPatternMatchesItsPathAlone) {
    BOOST_TEST(matches("/orders", "/orders"));
    BOOST_TEST(matches("/orders/17", "/orders/17"));
    for (const auto* path : {"/", "/order", "/orders1", "/orders/17", "/x/orders"})
        BOOST_TEST(!matches("/orders", path), path);
    BOOST_TEST(matches("/", "/"));
    BOOST_TEST(!matches("/", "/orders"));
}

BOOST_AUTO_TEST_CASE(anAsteriskStandsForOneSegment) {
    BOOST_TEST(matches("/orders/*/items", "/orders/17/items"));
    BOOST_TEST(matches("/orders/*/items", "/orders/a%20b/items"));
    BOOST_TEST(matches("/orders/*/items", "/orders/%C3%BC/items"));
    BOOST_TEST(matches("/*", "/orders"));
    for (const auto* path : {"/orders/items", "/orders/1/2/items", "/orders/17", "/orders/17/items/1"})
        BOOST_TEST(!matches("/orders/*/items", path), path);
    BOOST_TEST(!matches("/*", "/"));
    BOOST_TEST(!matches("/*", "/orders/1"));
}

BOOST_AUTO_TEST_CASE(twoAsterisksAtTheEndStandForAnyNumberOfSegments) {
    for (const auto* path : {"/orders", "/orders/", "/orders/17", "/orders/17/items"})
        BOOST_TEST(matches("/orders/**", path), path);
    for (const auto* path : {"/", "/order", "/orders1", "/orders1/2", "/x/orders"})
        BOOST_TEST(!matches("/orders/**", path), path);
    for (const auto* path : {"/", "/orders", "/orders/17/items"})
        BOOST_TEST(matches("/**", path), path);
    BOOST_TEST(matches("/*/**", "/orders"));
    BOOST_TEST(!matches("/*/**", "/"));
}

BOOST_AUTO_TEST_CASE(theCaseOfLettersAndASlashAtTheEndDoNotMatter) {
    BOOST_TEST(matches("/Orders/ITEMS", "/oRDERS/items"));
    BOOST_TEST(matches("/orders/", "/orders"));
    BOOST_TEST(matches("/orders", "/orders/"));
    BOOST_TEST(matches("/orders/**/", "/orders/17/"));
}

BOOST_AUTO_TEST_CASE(anAsteriskInAPathIsACharacter) {
    BOOST_TEST(!matches("/orders", "/*"));
    BOOST_TEST(!matches("/orders/17", "/**"));
    BOOST_TEST(matches("/*", "/*"));
}

BOOST_AUTO_TEST_CASE(theTextIsAsWritten) {
    for (const auto* text : {"/", "/Orders/*/Items", "/orders/", "/**"})
        BOOST_TEST(pattern(text).text() == text);
    BOOST_TEST(pattern("/").size() == 0U);
    BOOST_TEST(pattern("/a/*/**").size() == 2U);
}

BOOST_AUTO_TEST_CASE(whatIsNoPatternIsExplained) {
    BOOST_TEST(faultOf("") == R"("" does not begin with a slash)");
    BOOST_TEST(faultOf("orders/**") == R"("orders/**" does not begin with a slash)");
    BOOST_TEST(faultOf("/orders/%41") ==
               R"("/orders/%41" has an escape: a pattern is written without, and * stands for any segment)");
    BOOST_TEST(faultOf("/**/items") == R"("/**/items" has ** before its end)");
    BOOST_TEST(faultOf("/orders*") ==
               R"("/orders*" has "orders*" in it, but * and ** stand for whole segments)");
    for (const auto* text : {"/***", "/*.json", "/a**", "/a/**b"})
        BOOST_TEST(faultOf(text).ends_with("but * and ** stand for whole segments"), text);
}

BOOST_AUTO_TEST_CASE(aPatternIsAPlainPath) {
    for (const auto* text : {"//", "/a//b", "/a/../b", "/./a", "/a.", "/a b", "/a;b", "/a\\b", "/a?b", "/a#b",
                             "/\u00FCber", "/\u212Aey", "/a\tb", "/a/ "})
        BOOST_TEST(faultOf(text).find(" is not a plain path: ") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(aPatternCoversThoseWithNoOtherPaths) {
    for (const auto& [left, right] :
         {std::pair{"/a", "/A/"}, std::pair{"/*", "/a"}, std::pair{"/**", "/"}, std::pair{"/**", "/a/*/**"},
          std::pair{"/a/**", "/a"}, std::pair{"/a/**", "/a/b/**"}, std::pair{"/*/**", "/a/**"}})
        BOOST_TEST(covers(left, right), left << " covers " << right);
    for (const auto& [left, right] :
         {std::pair{"/a", "/*"}, std::pair{"/*", "/**"}, std::pair{"/*", "/a/b"},
          std::pair{"/a/*/**", "/a/**"}, std::pair{"/a/*", "/a/**"}, std::pair{"/a/**", "/b"},
          std::pair{"/", "/**"}, std::pair{"/*/**", "/"}})
        BOOST_TEST(!covers(left, right), left << " does not cover " << right);
}

BOOST_AUTO_TEST_CASE(coveringIsMatchingEveryPathThatTheOtherMatches) {
    const auto paths = shortPaths();
    for (const auto& left : shortPatterns()) {
        for (const auto& right : shortPatterns()) {
            bool all = true;
            for (const auto& path : paths)
                all = all && (!right.matches(path) || left.matches(path));
            BOOST_TEST(left.covers(right) == all, left.text() << " and " << right.text());
        }
    }
}

BOOST_AUTO_TEST_CASE(thePartsOfAPatternMatchTogetherWhatItMatches) {
    BOOST_TEST(pattern("/a/*").parts(3).size() == 1U);
    BOOST_TEST(pattern("/a/**").parts(0).size() == 1U);
    BOOST_TEST(pattern("/a/**").parts(1).size() == 1U);
    BOOST_TEST(pattern("/a/**").parts(3).size() == 3U);
    for (const auto& whole : shortPatterns()) {
        for (std::size_t count = 0; count < 4; ++count) {
            for (const auto& path : shortPaths()) {
                int matching = 0;
                for (const auto& part : whole.parts(count))
                    matching += part.matches(path) ? 1 : 0;
                BOOST_TEST(matching == (whole.matches(path) ? 1 : 0), whole.text() << " and " << path);
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
