#include "changebank/daemon/http/loop/MemoryBudget.h"

#include <boost/test/unit_test.hpp>

using changebank::http::MemoryBudget;

BOOST_AUTO_TEST_SUITE(MemoryBudgetTest)

BOOST_AUTO_TEST_CASE(IsExceededBeyondItsMaximum) {
    MemoryBudget budget(100);
    budget.add(100);
    BOOST_TEST(!budget.isExceeded());
    budget.add(1);
    BOOST_TEST(budget.isExceeded());
    budget.setMax(101);
    BOOST_TEST(!budget.isExceeded());
    budget.subtract(51);
    BOOST_TEST(budget.used() == 50U);
}

BOOST_AUTO_TEST_CASE(ATrimIsDueOnceWhenMostWasGivenBack) {
    constexpr auto enough = MemoryBudget::minTrim;
    changebank::Clock::Monotonic time;
    MemoryBudget budget(10 * enough);
    for (int i = 0; i < 2; ++i, time += MemoryBudget::trimPause) {
        budget.add(enough);
        BOOST_TEST(!budget.isTrimDue(time));
        budget.subtract(enough / 2);
        BOOST_TEST(!budget.isTrimDue(time), "the flood goes on");
        budget.subtract(enough / 2);
        BOOST_TEST(budget.isTrimDue(time));
        BOOST_TEST(!budget.isTrimDue(time));
    }
    budget.add(enough - 1);
    BOOST_TEST(!budget.isTrimDue(time));
    budget.subtract(enough - 1);
    BOOST_TEST(!budget.isTrimDue(time), "too little");
}

BOOST_AUTO_TEST_CASE(ASecondTrimWaits) {
    changebank::Clock::Monotonic time;
    MemoryBudget budget(10 * MemoryBudget::minTrim);
    const auto flood = [&] {
        budget.add(MemoryBudget::minTrim);
        budget.isTrimDue(time);
        budget.subtract(MemoryBudget::minTrim);
    };
    flood();
    BOOST_TEST(budget.isTrimDue(time));
    flood();
    time += MemoryBudget::trimPause - std::chrono::nanoseconds(1);
    BOOST_TEST(!budget.isTrimDue(time));
    time += std::chrono::nanoseconds(1);
    BOOST_TEST(budget.isTrimDue(time));
}

BOOST_AUTO_TEST_SUITE_END()
