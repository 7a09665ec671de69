#include "changebank/kickstart/directory/OAuthScope.h"

#include <boost/test/unit_test.hpp>

#include "changebank/base/text/JsonText.h"

using namespace changebank;
using namespace changebank::kickstart;

namespace {

struct Fixture {
    /// Reads the text and returns whether it had no fault.
    bool read(const std::string& text) {
        const auto body = Json::parse(text);
        BOOST_REQUIRE(body);
        Errors errors;
        scope.readFrom(BodyReader(*body, "scope", errors));
        return errors.empty();
    }

    OAuthScope scope{Uuid::random(), Uuid::random()};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(OAuthScopeTest, Fixture)

BOOST_AUTO_TEST_CASE(ANameIsAScopeTokenThatIsNotReserved) {
    BOOST_TEST(read(R"({"name":"change:make","description":"Make change"})"));
    BOOST_TEST(scope.name == "change:make");
    for (const char* name :
         {"", "two words", "tab\\t", "quote\\\"", "back\\\\slash", "\xC3\xA9", "openid", "offline_access",
          "email", "address", "target-entity:x", "source-entity:", "idp-link:y"}) {
        scope.name.clear();
        BOOST_TEST(!read(R"({"name":")" + std::string(name) + "\"}"), name);
    }
    scope.name.clear();
    BOOST_TEST(!read("{}"));
}

BOOST_AUTO_TEST_CASE(ANameNeverChanges) {
    BOOST_TEST(read(R"({"name":"change:make","description":"one"})"));
    BOOST_TEST(read(R"({"name":"other","description":"two"})"));
    BOOST_TEST(scope.name == "change:make");
    BOOST_TEST(scope.description == "two");
    BOOST_TEST(read("{}"));
    BOOST_TEST(scope.description == "two");
}

BOOST_AUTO_TEST_CASE(TheJsonHasFusionAuthsMembers) {
    BOOST_TEST(read(R"({"name":"change:make"})"));
    scope.insertInstant = 1;
    scope.lastUpdateInstant = 2;
    BOOST_TEST(textOf(scope.toJson()) == R"({"applicationId":")" + scope.applicationId.toText() +
                                             R"(","id":")" + scope.id.toText() +
                                             R"(","insertInstant":1,"lastUpdateInstant":2,)"
                                             R"("name":"change:make","required":false})");
}

BOOST_AUTO_TEST_SUITE_END()
