#include "changebank/daemon/service/UnreadEvents.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/daemon/RecordingLog.h"

using namespace changebank;
using namespace changebank::daemon;

namespace {

struct Fixture {
    void answer(int status, std::string_view route, std::string_view denial = {}) {
        const Poco::Net::SocketAddress client("192.0.2.1", 1234);
        UnreadEvents(counters, events)
            .answered({"POST", "/webhooks/fusionauth", status, 100, {}, "r", client, route, {}, denial});
    }

    std::shared_ptr<WebhookCounters> counters = std::make_shared<WebhookCounters>();
    std::shared_ptr<EventLog> events = std::make_shared<EventLog>();
    RecordingLog log{Poco::Message::PRIO_WARNING};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(UnreadEventsTest, Fixture)

BOOST_AUTO_TEST_CASE(whatTheServerRefusesIsCountedAndLogged) {
    answer(413, "");
    answer(408, "");
    answer(503, "/webhooks/fusionauth");
    BOOST_TEST(counters->of(EventOutcome::tooLarge) == 1U);
    BOOST_TEST(counters->of(EventOutcome::unread) == 2U);
    BOOST_TEST(log.text() ==
               "4 event from 192.0.2.1:1234 too_large: answered with 413\n"
               "4 event from 192.0.2.1:1234 unread: answered with 408\n");
}

BOOST_AUTO_TEST_CASE(whatAHandlerAnswersIsNot) {
    answer(200, "/webhooks/fusionauth");
    answer(503, "/webhooks/fusionauth", "full");
    answer(404, "unmatched");
    answer(405, "/webhooks/fusionauth");
    for (std::size_t i = 0; i < eventOutcomeCount; ++i)
        BOOST_TEST(counters->of(static_cast<EventOutcome>(i)) == 0U);
    BOOST_TEST(log.text() == "");
}

BOOST_AUTO_TEST_CASE(junkDoesNotHideTheLineAboutAnEventThatWasLost) {
    events->warn(EventOutcome::unsigned_, "junk", "192.0.2.1:1");
    answer(413, "");
    events->warn(EventOutcome::unsigned_, "junk", "192.0.2.1:2");
    events->warn(EventOutcome::notWritten, "No space left on device", "192.0.2.2:1");
    const auto text = log.text();
    BOOST_TEST(text.find("event from 192.0.2.2:1 not_written: No space left on device") != std::string::npos,
               text);
    BOOST_TEST(text.find("192.0.2.1:2") == std::string::npos, text);
}

BOOST_AUTO_TEST_SUITE_END()
