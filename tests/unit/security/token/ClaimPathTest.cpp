#include "changebank/security/token/ClaimPath.h"

#include <boost/test/unit_test.hpp>

using namespace changebank;
using namespace changebank::security;

namespace {

const Json& claims() {
    static const auto parsed = Json::parse(
        R"({"roles":["a","b"],"realm_access":{"roles":["c"]},"https://example.com/roles":["d"],)"
        R"("kubernetes.io":{"namespace":"e"},"cognito:groups":["f"],"a.b":"g","a":{"b":"h"},"":"i"})");
    return *parsed;
}

/// The value at the path as JSON; "absent", or "malformed" if there is no such path.
std::string at(std::string_view path) {
    const auto parsed = ClaimPath::parse(path);
    if (!parsed) return "malformed";
    const auto* value = parsed->in(claims());
    return value ? value->toText() : "absent";
}

std::vector<std::string> names(const char* json, ClaimList form) {
    const auto claim = Json::parse(json);
    return namesIn(&*claim, form);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ClaimPathTest)

BOOST_AUTO_TEST_CASE(findsClaimsAndTheirMembers) {
    BOOST_TEST(at("roles") == R"(["a","b"])");
    BOOST_TEST(at("realm_access.roles") == R"(["c"])");
    BOOST_TEST(at("cognito:groups") == R"(["f"])");
    BOOST_TEST(at("a.b") == R"("h")");
    for (const char* path : {"Roles", "roles.x", "realm_access.Roles", "realm_access.roles.0", "b"})
        BOOST_TEST(at(path) == "absent", path);
}

BOOST_AUTO_TEST_CASE(namesWithPointsAreQuotedAndUrlsNeedNot) {
    BOOST_TEST(at("https://example.com/roles") == R"(["d"])");
    BOOST_TEST(at(R"("kubernetes.io".namespace)") == R"("e")");
    BOOST_TEST(at(R"("a.b")") == R"("g")");
    BOOST_TEST(at(R"("realm_access"."roles")") == R"(["c"])");
    BOOST_TEST(at("kubernetes.io.namespace") == "absent");
}

BOOST_AUTO_TEST_CASE(otherTextsAreNoPaths) {
    for (const char* text : {"", ".", "a.", ".a", "a..b", "\"a", "a\"", "\"\"", "\"a\"b", "a.\"b", "a\"b\""})
        BOOST_TEST(at(text) == "malformed", text);
}

BOOST_AUTO_TEST_CASE(aPathOfANameTakesItAsItIs) {
    BOOST_TEST(ClaimPath("a.b").in(claims())->toText() == R"("g")");
    BOOST_TEST(ClaimPath("a.b").toText() == "a.b");
    BOOST_TEST(ClaimPath::parse("realm_access.roles")->toText() == "realm_access.roles");
    BOOST_TEST((ClaimPath::parse("roles") == ClaimPath("roles")));
    BOOST_TEST((*ClaimPath::parse("a.b") != ClaimPath("a.b")));
}

BOOST_AUTO_TEST_CASE(listsAreArraysOrWords) {
    using Names = std::vector<std::string>;
    BOOST_TEST((names(R"(["a",1,"b c",null])", ClaimList::text) == Names{"a", "b c"}));
    BOOST_TEST((names(R"(" a  b ")", ClaimList::text) == Names{"a", "b"}));
    BOOST_TEST((names(R"("a\tb")", ClaimList::text) == Names{"a\tb"}));
    BOOST_TEST(names(R"("a b")", ClaimList::array).empty());
    BOOST_TEST((names(R"("a b")", ClaimList::name) == Names{"a b"}));
    BOOST_TEST((names(R"(["a b"])", ClaimList::name) == Names{"a b"}));
    for (const char* other : {R"("")", R"("  ")", "1", "null", "{}", "[]", "true"})
        BOOST_TEST(names(other, ClaimList::text).empty(), other);
    BOOST_TEST(namesIn(nullptr, ClaimList::text).empty());
}

BOOST_AUTO_TEST_SUITE_END()
