#include "changebank/daemon/http/ServerParams.h"

#include <boost/test/unit_test.hpp>

using namespace changebank;
using namespace changebank::http;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(ServerParamsTest)

BOOST_AUTO_TEST_CASE(OursComeThroughUnchanged) {
    ServerLimits limits;
    limits.maxBodyBytes = 7;
    const ServerParams::Ptr params(new ServerParams(limits));
    BOOST_TEST(ServerParams::limitsOf(*params).maxBodyBytes == 7U);
    BOOST_TEST((ServerParams::limitsOf(*params).idleTimeout == 75s));
}

BOOST_AUTO_TEST_CASE(PocosTimeoutsMeanWhatTheyMeantThere) {
    Poco::Net::HTTPServerParams::Ptr params = new Poco::Net::HTTPServerParams;
    params->setTimeout(Poco::Timespan(3, 0));
    params->setKeepAliveTimeout(Poco::Timespan(4, 0));
    const auto limits = ServerParams::limitsOf(*params);
    BOOST_TEST((limits.headerTimeout == 3s));
    BOOST_TEST((limits.bodyTimeout == 3s));
    BOOST_TEST((limits.writeTimeout == 3s));
    BOOST_TEST((limits.idleTimeout == 4s));
    BOOST_TEST(limits.maxBodyBytes == 64U * 1024);
}

BOOST_AUTO_TEST_SUITE_END()
