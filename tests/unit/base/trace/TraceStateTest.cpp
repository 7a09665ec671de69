#include "changebank/base/trace/TraceState.h"

#include <boost/test/unit_test.hpp>
#include <initializer_list>
#include <string>

using changebank::TraceState;

namespace {

std::string stateOf(std::initializer_list<std::string> fields) {
    TraceState state;
    for (const auto& field : fields)
        state.add(field);
    return state.text();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(TraceStateTest)

BOOST_AUTO_TEST_CASE(fieldsAreOneListInTheirOrder) {
    BOOST_TEST(stateOf({}) == "");
    BOOST_TEST(stateOf({"rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"}) ==
               "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
    BOOST_TEST(stateOf({"a=1 , \tb=2", "", "c=3,,"}) == "a=1,b=2,c=3");
    BOOST_TEST(stateOf({"0tenant@sys=a b"}) == "0tenant@sys=a b");
}

BOOST_AUTO_TEST_CASE(anythingInvalidSpoilsAll) {
    for (const std::string bad : {"b", "=1", "b=", "B=1", "1b=1", "b=1=2", "b=\x7f", "b=\xc3\xa4", "a=2",
                                  "@s=1", "t@=1", "t@1=1", "b c=1", "T@s=1", "t@abcdefghijklmno=1"})
        BOOST_TEST(stateOf({"a=1," + bad + ",z=1"}) == "", bad);
    BOOST_TEST(stateOf({"a=1", "b", "c=1"}) == "");
}

BOOST_AUTO_TEST_CASE(membersAndBytesAreLimited) {
    std::string most;
    for (std::size_t i = 0; i < TraceState::maxMembers; ++i)
        most += (i == 0 ? "k" : ",k") + std::to_string(i) + "=1";
    BOOST_TEST(stateOf({most}) == most);
    BOOST_TEST(stateOf({most + ",more=1"}) == "");
    BOOST_TEST(stateOf({"k=" + std::string(256, 'v')}).size() == 258U);
    BOOST_TEST(stateOf({"k=" + std::string(257, 'v')}) == "");
    const auto long1 = "a=" + std::string(254, 'v');
    BOOST_TEST(stateOf({long1, "b=" + std::string(253, 'v')}).size() == TraceState::maxSize);
    BOOST_TEST(stateOf({long1, "b=" + std::string(254, 'v')}) == "");
}

BOOST_AUTO_TEST_SUITE_END()
