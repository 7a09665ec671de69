#include "changebank/base/trace/TraceSampling.h"

#include <boost/test/unit_test.hpp>
#include <string>

using changebank::TraceSampling;

BOOST_AUTO_TEST_SUITE(TraceSamplingTest)

BOOST_AUTO_TEST_CASE(theLastBitsOfAnIdDecide) {
    const std::string begin(18, 'f');
    const auto half = TraceSampling::ofRatio(0.5);
    BOOST_TEST(half.isOn);
    BOOST_TEST(half.samples(begin + "00000000000000"));
    BOOST_TEST(half.samples(begin + "7fffffffffffff"));
    BOOST_TEST(!half.samples(begin + "80000000000000"));
    BOOST_TEST(!half.samples(begin + "ffffffffffffff"));
}

BOOST_AUTO_TEST_CASE(allAndNoneAreWithoutException) {
    const std::string last(32, 'f');
    const std::string first = std::string(31, '0') + "1";
    BOOST_TEST(TraceSampling::ofRatio(1).samples(last));
    BOOST_TEST(!TraceSampling::ofRatio(0).samples(first));
    BOOST_TEST(TraceSampling::ofRatio(7).samples(last));
    BOOST_TEST(!TraceSampling::ofRatio(-1).samples(first));
}

BOOST_AUTO_TEST_CASE(byDefaultItIsOff) {
    BOOST_TEST(!TraceSampling().isOn);
    BOOST_TEST((TraceSampling() == TraceSampling{}));
}

BOOST_AUTO_TEST_SUITE_END()
