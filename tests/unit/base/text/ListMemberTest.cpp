#include "changebank/base/text/ListMember.h"

#include <boost/test/unit_test.hpp>
#include <vector>

using namespace changebank;

BOOST_AUTO_TEST_SUITE(ListMemberTest)

BOOST_AUTO_TEST_CASE(ListsAreTakenApartAtTheirCommas) {
    const auto membersOf = [](std::string_view list) {
        std::vector<std::string_view> members;
        while (!list.empty())
            members.push_back(takeMember(list));
        return members;
    };
    using Members = std::vector<std::string_view>;
    BOOST_TEST((membersOf("") == Members{}));
    BOOST_TEST((membersOf("a") == Members{"a"}));
    BOOST_TEST((membersOf("a,b") == Members{"a", "b"}));
    BOOST_TEST((membersOf(" a \t,\tb c ") == Members{"a", "b c"}));
    BOOST_TEST((membersOf(",a, ,b,") == Members{"", "a", "", "b"}));
}

BOOST_AUTO_TEST_CASE(anotherSeparatorLeavesCommasAlone) {
    std::string_view list = "a,b ; c";
    BOOST_TEST(takeMember(list, ';') == "a,b");
    BOOST_TEST(takeMember(list, ';') == "c");
    BOOST_TEST(list.empty());
}

BOOST_AUTO_TEST_SUITE_END()
