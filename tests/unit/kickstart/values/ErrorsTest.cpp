#include "changebank/kickstart/values/Errors.h"

#include <boost/test/unit_test.hpp>

using changebank::kickstart::Errors;

BOOST_AUTO_TEST_SUITE(ErrorsTest)

BOOST_AUTO_TEST_CASE(AreWrittenAsFusionAuthWritesThem) {
    Errors errors;
    BOOST_TEST(errors.empty());
    errors.addField("user.email", "duplicate", "taken");
    errors.addField("user.email", "blank", "missing");
    errors.addGeneral("[invalidJSON]", "no JSON");
    BOOST_TEST(!errors.empty());
    BOOST_TEST(changebank::textOf(errors.toJson()) ==
               R"({"fieldErrors":{"user.email":[{"code":"[duplicate]user.email","message":"taken"},)"
               R"({"code":"[blank]user.email","message":"missing"}]},)"
               R"("generalErrors":[{"code":"[invalidJSON]","message":"no JSON"}]})");
    BOOST_TEST(errors.toText() == "user.email: taken; user.email: missing; no JSON");
}

BOOST_AUTO_TEST_CASE(LeaveAnEmptyHalfOut) {
    Errors errors;
    errors.addGeneral("[X]", "x");
    BOOST_TEST(changebank::textOf(errors.toJson()) == R"({"generalErrors":[{"code":"[X]","message":"x"}]})");
}

BOOST_AUTO_TEST_SUITE_END()
