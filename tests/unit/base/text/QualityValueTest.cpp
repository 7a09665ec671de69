#include "changebank/base/text/QualityValue.h"

#include <boost/test/unit_test.hpp>

using namespace changebank;

BOOST_AUTO_TEST_SUITE(QualityValueTest)

BOOST_AUTO_TEST_CASE(valuesAreThousandths) {
    BOOST_TEST(qualityValue("0").value() == 0);
    BOOST_TEST(qualityValue("0.").value() == 0);
    BOOST_TEST(qualityValue("0.5").value() == 500);
    BOOST_TEST(qualityValue("0.123").value() == 123);
    BOOST_TEST(qualityValue("1").value() == 1000);
    BOOST_TEST(qualityValue("1.000").value() == 1000);
}

BOOST_AUTO_TEST_CASE(otherTextIsNone) {
    for (const auto* text : {"", "2", "1.001", ".5", "0.1234", "-0", "+1", "0,5", "0.5 ", "1e0", "x", "00"})
        BOOST_TEST(!qualityValue(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()
