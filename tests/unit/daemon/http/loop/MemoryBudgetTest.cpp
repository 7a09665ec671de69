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

BOOST_AUTO_TEST_CASE(ATrimIsDueOnceForWhatWasGivenBack) {
    constexpr auto step = MemoryBudget::trimStep;
    MemoryBudget budget(10 * step);
    budget.add(3 * step);
    BOOST_TEST(!budget.isTrimDue());
    budget.subtract(step - 1);
    BOOST_TEST(!budget.isTrimDue());
    budget.subtract(1);
    BOOST_TEST(budget.isTrimDue());
    BOOST_TEST(!budget.isTrimDue());
    budget.add(step);
    BOOST_TEST(!budget.isTrimDue());
    budget.subtract(3 * step);
    BOOST_TEST(budget.isTrimDue());
    BOOST_TEST(!budget.isTrimDue());
}

BOOST_AUTO_TEST_SUITE_END()
