#include "changebank/handlers/bank/PanicHandler.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/handlers/FakeExchange.h"
#include "tests/unit/handlers/RecordingTrail.h"

using changebank::handlers::FakeRequest;
using changebank::handlers::PanicHandler;
using changebank::handlers::RecordingTrail;

namespace {

std::shared_ptr<const changebank::security::Principal> caller() {
    auto principal = std::make_shared<changebank::security::Principal>();
    principal->subject = "tina";
    return principal;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(PanicHandlerTest)

BOOST_AUTO_TEST_CASE(aPanicIsRecordedBeforeItIsConfirmed) {
    FakeRequest request("POST", "/panic");
    const auto trail = std::make_shared<RecordingTrail>();
    const auto& response = request.handledBy(new PanicHandler(caller(), trail));
    BOOST_TEST(trail->text == "panic tina POST\n");
    BOOST_TEST(response.getStatus() == 200);
    BOOST_TEST(response.getContentType() == "application/json; charset=utf-8");
    BOOST_TEST(response.body() == R"({"message":"We've called the police!"})");
}

BOOST_AUTO_TEST_CASE(aPanicThatCannotBeRecordedIs503) {
    FakeRequest request("POST", "/panic");
    const auto trail = std::make_shared<RecordingTrail>();
    trail->fails = true;
    const auto& response = request.handledBy(new PanicHandler(caller(), trail));
    BOOST_TEST(response.getStatus() == 503);
    BOOST_TEST(response.get("Retry-After") == "1");
    BOOST_TEST(response.body() ==
               R"({"error":"the audit log cannot be written","code":"ERR_AUDIT_UNAVAILABLE"})");
}

BOOST_AUTO_TEST_SUITE_END()
