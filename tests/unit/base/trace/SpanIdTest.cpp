#include "changebank/base/trace/SpanId.h"

#include <boost/test/unit_test.hpp>
#include <set>

using namespace changebank;

BOOST_AUTO_TEST_SUITE(SpanIdTest)

BOOST_AUTO_TEST_CASE(idsAreHexadecimalAndDiffer) {
    std::set<std::string> ids;
    for (int i = 0; i < 100; ++i) {
        for (const auto& [id, size] : {std::pair{newSpanId(), 16U}, std::pair{newTraceId(), 32U}}) {
            BOOST_TEST(id.size() == size);
            BOOST_TEST(id.find_first_not_of("0123456789abcdef") == std::string::npos);
            ids.insert(id);
        }
    }
    BOOST_TEST(ids.size() == 200U);
}

BOOST_AUTO_TEST_SUITE_END()
