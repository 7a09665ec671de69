#include "changebank/kickstart/directory/UsedProofs.h"

#include <boost/test/unit_test.hpp>

using changebank::kickstart::UsedProofs;

namespace {

constexpr std::int64_t start = 1'790'000'000'000;
const std::string key(43, 'k');
const std::string otherKey(43, 'o');

}  // namespace

BOOST_AUTO_TEST_SUITE(UsedProofsTest)

BOOST_AUTO_TEST_CASE(AProofIsGoodOnceUntilItIsForgotten) {
    UsedProofs proofs;
    BOOST_TEST(proofs.add(key, "1", start + 10, start));
    BOOST_TEST(!proofs.add(key, "1", start + 10, start));
    BOOST_TEST(!proofs.add(key, "1", start + 20, start + 9));
    BOOST_TEST(proofs.add(key, "1", start + 20, start + 10));
}

BOOST_AUTO_TEST_CASE(AnotherIdOrAnotherKeyIsAnotherProof) {
    UsedProofs proofs;
    BOOST_TEST(proofs.add(key, "1", start + 10, start));
    BOOST_TEST(proofs.add(key, "2", start + 10, start));
    BOOST_TEST(proofs.add(otherKey, "1", start + 10, start));
}

BOOST_AUTO_TEST_CASE(WhatDoesNotFitIsRefusedUntilThereIsRoom) {
    UsedProofs proofs;
    for (std::size_t i = 0; i < UsedProofs::maxProofs; ++i) {
        BOOST_REQUIRE(proofs.add(key, std::to_string(i), start + 10, start));
    }
    BOOST_TEST(!proofs.add(key, "more", start + 10, start));
    BOOST_TEST(proofs.add(key, "more", start + 20, start + 10));
}

BOOST_AUTO_TEST_SUITE_END()
