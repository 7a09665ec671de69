#define BOOST_TEST_MODULE ChangeBank
#include <boost/test/unit_test.hpp>
