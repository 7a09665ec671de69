#include "changebank/security/revocation/PackedRevocation.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <utility>

using namespace changebank::security;

BOOST_AUTO_TEST_SUITE(PackedRevocationTest)

BOOST_AUTO_TEST_CASE(whatIsPackedIsUnpacked) {
    const std::string longest(Revocation::maxIdSize, 'x');
    for (Revocation revocation :
         {Revocation{.session = "s"}, Revocation{.user = "u", .reason = "r"},
          Revocation{.user = longest, .application = longest, .reason = longest},
          Revocation{.application = "a", .tenant = "t"},
          Revocation{
              .session = "1", .user = "22", .application = "333", .tenant = "4444", .reason = "55555"}}) {
        const PackedRevocation packed(revocation);
        // What was there before is replaced, but for the instant.
        Revocation unpacked{
            .session = "S", .user = "U", .application = "A", .tenant = "T", .issuedUpTo = 7, .reason = "R"};
        packed.unpack(unpacked);
        revocation.issuedUpTo = 7;
        BOOST_TEST((unpacked == revocation), revocation.toJson());
    }
}

BOOST_AUTO_TEST_CASE(itTakesLittleMoreThanItsTexts) {
    BOOST_TEST(PackedRevocation().bytes() == 0U);
    const std::string id(36, 'x');
    BOOST_TEST(PackedRevocation(Revocation{.user = id}).bytes() <= 64U);
    BOOST_TEST(PackedRevocation(Revocation{.user = id, .application = id}).bytes() <= 96U);
    BOOST_TEST(PackedRevocation(Revocation{.user = std::string(256, 'x')}).bytes() > 256U);
    PackedRevocation moved(Revocation{.user = id});
    const PackedRevocation there = std::move(moved);
    Revocation unpacked;
    there.unpack(unpacked);
    BOOST_TEST(unpacked.user == id);
    BOOST_TEST(moved.bytes() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
