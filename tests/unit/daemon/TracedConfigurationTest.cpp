#include "daemon/TracedConfiguration.h"

#include <boost/test/unit_test.hpp>

using changebank::daemon::TracedConfiguration;
using Keys = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(TracedConfigurationTest)

BOOST_AUTO_TEST_CASE(namesBelowAKeyComeOnce) {
    const TracedConfiguration::Ptr configuration(
        new TracedConfiguration({{"a", "1"}, {"a.b", "2"}, {"a.b-c", "3"}, {"a.b.c", "4"}, {"ab", "5"}}));
    Keys names;
    configuration->keys(names);
    BOOST_TEST((names == Keys{"a", "ab"}));
    configuration->keys("a", names);
    BOOST_TEST((names == Keys{"b", "b-c"}));
    configuration->keys("c", names);
    BOOST_TEST(names.empty());
}

BOOST_AUTO_TEST_CASE(whatWasFoundLastIsKnownAndWhatNobodyReadToo) {
    const TracedConfiguration::Ptr configuration(
        new TracedConfiguration({{"a.x", "1"}, {"a.y", "2"}, {"b.x", "3"}}));
    BOOST_TEST(configuration->createView("a")->getString("x") == "1");
    BOOST_TEST(configuration->found() == "a.x");
    BOOST_TEST(configuration->createView("b")->getString("x") == "3");
    BOOST_TEST(configuration->found() == "b.x");
    BOOST_TEST((configuration->unread() == Keys{"a.y"}));
}

BOOST_AUTO_TEST_CASE(whatAViewOfAViewMissesIsNamedInFull) {
    const TracedConfiguration::Ptr configuration(new TracedConfiguration({{"a.b.c", "1"}, {"x", "2"}}));
    const auto view = configuration->createView("a")->createView("b");
    BOOST_CHECK_THROW(view->getString("d"), Poco::NotFoundException);
    BOOST_TEST(configuration->missed("d") == "a.b.d");
    BOOST_TEST(configuration->missed("c") == "");
    BOOST_TEST(view->getString("c") == "1");
    BOOST_TEST(configuration->missed("d") == "");
}

BOOST_AUTO_TEST_SUITE_END()
