#include "handlers/RouteTable.h"

#include <Poco/Exception.h>

#include <boost/test/unit_test.hpp>

using changebank::handlers::Everybody;
using changebank::handlers::Route;
using changebank::handlers::RouteTable;

namespace {

Route at(const std::string& path) {
    return {path, {"GET"}, Everybody{}, {}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RouteTableTest)

BOOST_AUTO_TEST_CASE(aRouteIsFoundInEverySpellingOfItsPath) {
    const RouteTable table({at("/"), at("/panic")});
    for (const std::string target : {"/panic", "/PANIC", "/panic/", "/panic?x=1", "http://host/panic"}) {
        const Route* route = table.find(target);
        BOOST_REQUIRE_MESSAGE(route != nullptr, target);
        BOOST_TEST(route->path == "/panic");
    }
    BOOST_TEST(table.find("/")->path == "/");
}

BOOST_AUTO_TEST_CASE(nothingElseIsFound) {
    const RouteTable table({at("/"), at("/panic")});
    for (const std::string target : {"", "*", "//", "/panic//", "//panic", "/%70anic", "/panic;x", "\\panic",
                                     "/pani", "/panic/x", "/panic%2f", "panic", "/panic%00"}) {
        BOOST_TEST(table.find(target) == nullptr, target << " was found");
    }
}

BOOST_AUTO_TEST_CASE(aTableWithAMistakeIsNotMade) {
    BOOST_CHECK_THROW(RouteTable({at("/x"), at("/x")}), Poco::InvalidArgumentException);
    BOOST_CHECK_THROW(RouteTable({at("/X")}), Poco::InvalidArgumentException);
    BOOST_CHECK_THROW(RouteTable({at("/x/")}), Poco::InvalidArgumentException);
    BOOST_CHECK_THROW(RouteTable({at("/x?y")}), Poco::InvalidArgumentException);
}

BOOST_AUTO_TEST_SUITE_END()
