#include "changebank/daemon/admin/RevocationsFilter.h"

#include <boost/test/unit_test.hpp>

using namespace changebank::daemon;
using changebank::security::Revocation;

namespace {

RevocationsFilter filterOf(const std::string& query) {
    const auto parsed = RevocationsFilter::parse(query);
    BOOST_REQUIRE(std::holds_alternative<RevocationsFilter>(parsed));
    return std::get<RevocationsFilter>(parsed);
}

std::string faultOf(const std::string& query) {
    const auto parsed = RevocationsFilter::parse(query);
    const auto* bad = std::get_if<BadValue>(&parsed);
    return bad == nullptr ? "" : bad->why;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RevocationsFilterTest)

BOOST_AUTO_TEST_CASE(withoutAQueryAHundredOfAnyAreWanted) {
    const auto filter = filterOf("");
    BOOST_TEST(filter.limit == 100U);
    BOOST_TEST(filter.matches(Revocation{.user = "u"}));
    BOOST_TEST(filter.matches(Revocation{.session = "s"}));
}

BOOST_AUTO_TEST_CASE(eachIdNarrowsTheList) {
    const Revocation session{.session = "s"};
    const Revocation user{.user = "u"};
    const Revocation userInApplication{.user = "u", .application = "a"};
    const Revocation application{.application = "a", .tenant = "t"};
    BOOST_TEST(filterOf("session=s").matches(session));
    BOOST_TEST(!filterOf("session=s").matches(user));
    BOOST_TEST(filterOf("user=u").matches(user));
    BOOST_TEST(filterOf("user=u").matches(userInApplication));
    BOOST_TEST(!filterOf("user=v").matches(user));
    BOOST_TEST(filterOf("user=u&application=a").matches(userInApplication));
    BOOST_TEST(!filterOf("user=u&application=a").matches(user));
    BOOST_TEST(!filterOf("user=u&application=a").matches(application));
    BOOST_TEST(filterOf("application=a").matches(userInApplication));
    BOOST_TEST(filterOf("tenant=t").matches(application));
    BOOST_TEST(!filterOf("tenant=t").matches(userInApplication));
}

BOOST_AUTO_TEST_CASE(idsAreDecoded) {
    BOOST_TEST(filterOf("user=a%26b%20c").wanted.user == "a&b c");
}

BOOST_AUTO_TEST_CASE(theLimitHasLimits) {
    BOOST_TEST(filterOf("limit=1").limit == 1U);
    BOOST_TEST(filterOf("limit=10000").limit == 10'000U);
    for (const auto* query : {"limit=0", "limit=10001", "limit=-1", "limit=", "limit=ten", "limit=1e3"})
        BOOST_TEST(faultOf(query).find("limit: ") == 0U, query);
}

BOOST_AUTO_TEST_CASE(aRepeatedParameterIsAFault) {
    BOOST_TEST(faultOf("user=a&user=b") == "user is repeated");
    BOOST_TEST(faultOf("limit=1&limit=2") == "limit is repeated");
}

BOOST_AUTO_TEST_SUITE_END()
