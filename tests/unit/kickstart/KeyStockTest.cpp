#include "kickstart/KeyStock.h"

#include <boost/test/unit_test.hpp>

using changebank::kickstart::KeyAlgorithm;
using changebank::kickstart::KeyStock;

BOOST_AUTO_TEST_SUITE(KeyStockTest)

BOOST_AUTO_TEST_CASE(EveryKeyIsHandedOutOnce) {
    KeyStock stock(1);
    const auto first = stock.take(KeyAlgorithm::rs256, 2048);
    const auto second = stock.take(KeyAlgorithm::rs256, 2048);
    BOOST_TEST(first->bits() == 2048);
    BOOST_TEST(second->bits() == 2048);
    BOOST_TEST(first->kid() != second->kid());
}

BOOST_AUTO_TEST_CASE(WhatIsNotInStockIsMade) {
    KeyStock stock(0);
    BOOST_TEST((stock.take(KeyAlgorithm::es256, 0)->algorithm() == KeyAlgorithm::es256));
    BOOST_TEST(stock.take(KeyAlgorithm::rs512, 2048)->bits() == 2048);
}

BOOST_AUTO_TEST_SUITE_END()
