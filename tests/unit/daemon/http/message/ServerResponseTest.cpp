#include "changebank/daemon/http/message/ServerResponse.h"

#include <Poco/Exception.h>

#include <boost/test/unit_test.hpp>

using changebank::http::ServerResponse;

BOOST_AUTO_TEST_SUITE(ServerResponseTest)

BOOST_AUTO_TEST_CASE(IsSentOnceAndNotAgainInAnyWay) {
    ServerResponse response;
    response.sendBuffer("first", 5);
    BOOST_CHECK_THROW(response.sendBuffer("again", 5), Poco::IllegalStateException);
    BOOST_CHECK_THROW(response.send(), Poco::IllegalStateException);
    BOOST_CHECK_THROW(response.redirect("/elsewhere"), Poco::IllegalStateException);
    BOOST_TEST(response.body() == "first");
    BOOST_TEST(!response.has("Location"));
}

BOOST_AUTO_TEST_CASE(TheNextRequestHasAnAnswerOfItsOwn) {
    ServerResponse response;
    response.setStatus(ServerResponse::HTTP_NOT_FOUND);
    response.set("A", "b");
    response.sendBuffer("first", 5);
    response.reset();
    BOOST_TEST(response.getStatus() == ServerResponse::HTTP_OK);
    BOOST_TEST(!response.has("A"));
    BOOST_TEST(response.body().empty());
    response.send() << "second";
    BOOST_TEST(response.body() == "second");
}

BOOST_AUTO_TEST_SUITE_END()
