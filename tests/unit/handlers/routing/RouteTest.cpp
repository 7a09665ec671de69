#include "changebank/handlers/routing/Route.h"

#include <boost/test/unit_test.hpp>

using changebank::handlers::AnyPrincipal;
using changebank::handlers::Everybody;
using changebank::handlers::Route;

namespace {

std::string allowHeader(const Route& route, const std::string& method) {
    const auto response = route.responseToMethod(method);
    return response ? std::to_string(response->status) + " " + response->headers.at(0).second : "handler";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RouteTest)

BOOST_AUTO_TEST_CASE(headWorksWhereGetDoes) {
    const Route route{"/x", {"GET"}, Everybody{}, {}};
    BOOST_TEST(allowHeader(route, "GET") == "handler");
    BOOST_TEST(allowHeader(route, "HEAD") == "handler");
}

BOOST_AUTO_TEST_CASE(headDoesNotWorkWhereGetDoesNot) {
    const Route route{"/x", {"POST"}, Everybody{}, {}};
    BOOST_TEST(allowHeader(route, "POST") == "handler");
    BOOST_TEST(allowHeader(route, "HEAD") == "405 POST, OPTIONS");
}

BOOST_AUTO_TEST_CASE(otherMethodsAreNotAllowed) {
    const Route route{"/x", {"GET"}, Everybody{}, {}};
    for (const std::string method : {"POST", "PUT", "DELETE", "TRACE", "get", "", "GET "}) {
        BOOST_TEST(allowHeader(route, method) == "405 GET, HEAD, OPTIONS");
    }
}

BOOST_AUTO_TEST_CASE(optionsNamesTheMethods) {
    const Route route{"/x", {"GET", "POST"}, Everybody{}, {}};
    BOOST_TEST(allowHeader(route, "OPTIONS") == "204 GET, HEAD, POST, OPTIONS");
}

BOOST_AUTO_TEST_CASE(aRouteWithoutRolesIsPublicAndOneWithAnEmptyListIsNot) {
    BOOST_TEST((Route{"/x", {"GET"}, Everybody{}, {}}.isPublic()));
    BOOST_TEST(!(Route{"/x", {"GET"}, changebank::security::anyRole({}), {}}.isPublic()));
}

BOOST_AUTO_TEST_CASE(aRouteWithoutARuleHasTheOneThatAdmitsEveryPrincipal) {
    const auto rule = changebank::security::anyRole({"teller"});
    BOOST_TEST((Route{"/a", {"GET"}, rule, {}}.rule() == rule));
    BOOST_TEST((Route{"/a", {"GET"}, AnyPrincipal{}, {}}.rule() == changebank::security::anyPrincipal()));
    BOOST_TEST((Route{"/a", {"GET"}, Everybody{}, {}}.rule() == changebank::security::anyPrincipal()));
}

BOOST_AUTO_TEST_SUITE_END()
