#include "changebank/daemon/http/message/RequestIds.h"

#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

using changebank::http::RequestIds;

BOOST_AUTO_TEST_SUITE(RequestIdsTest)

BOOST_AUTO_TEST_CASE(AreWellFormedAndDoNotRepeat) {
    RequestIds ids;
    std::set<std::string> seen;
    std::string id;
    for (int i = 0; i < 10'000; ++i) {
        ids.next(id);
        BOOST_TEST_REQUIRE(RequestIds::isWellFormed(id));
        BOOST_TEST_REQUIRE(id.size() == 16U);
        BOOST_TEST_REQUIRE(seen.insert(id).second);
    }
    std::string first;
    std::string second;
    RequestIds().next(first);
    RequestIds().next(second);
    BOOST_TEST(first != second);
}

BOOST_AUTO_TEST_CASE(KnowsWhatMayBeTakenOver) {
    for (const std::string& id : {std::string("a"), std::string("AZaz09._-"), std::string(64, 'x')})
        BOOST_TEST(RequestIds::isWellFormed(id));
    for (const std::string& id : {std::string(), std::string(65, 'x'), std::string("a b"), std::string("a\n"),
                                  std::string("a\"b"), std::string("\xc3\xa4"), std::string("a/b")})
        BOOST_TEST(!RequestIds::isWellFormed(id));
}

BOOST_AUTO_TEST_CASE(IdsOfTracesAndSpansAreHexadecimalAndNeverTheSame) {
    RequestIds ids;
    RequestIds others;
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        for (auto* each : {&ids, &others}) {
            const auto trace = each->nextTraceId();
            const auto span = each->nextSpanId();
            seen.emplace(trace.begin(), trace.end());
            seen.emplace(span.begin(), span.end());
        }
    }
    BOOST_TEST(seen.size() == 4000U);
    for (const auto& id : seen)
        BOOST_TEST(id.find_first_not_of("0123456789abcdef") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
