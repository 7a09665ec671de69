#pragma once

#include <boost/test/unit_test.hpp>
#include <string>

namespace changebank::tests {

/// A test case with this decorator is skipped unless the condition holds, and the log says why.
inline auto onlyIf(bool condition, const std::string& otherwise) {
    return boost::unit_test::precondition([condition, otherwise](boost::unit_test::test_unit_id) {
        boost::test_tools::assertion_result result(condition);
        result.message() << otherwise;
        return result;
    });
}

}  // namespace changebank::tests
