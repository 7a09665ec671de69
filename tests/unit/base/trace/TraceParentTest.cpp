#include "changebank/base/trace/TraceParent.h"

#include <boost/test/unit_test.hpp>
#include <string>

using changebank::TraceParent;

namespace {

const std::string traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const std::string parentId = "00f067aa0ba902b7";
const std::string sampled = "00-" + traceId + "-" + parentId + "-01";

}  // namespace

BOOST_AUTO_TEST_SUITE(TraceParentTest)

BOOST_AUTO_TEST_CASE(itsPartsAreReadAndWritten) {
    const auto parent = TraceParent::parse(sampled);
    BOOST_REQUIRE(parent.has_value());
    BOOST_TEST(parent->traceId() == traceId);
    BOOST_TEST(parent->parentId() == parentId);
    BOOST_TEST(parent->isSampled());
    BOOST_TEST(parent->text() == sampled);
    const TraceParent other(traceId, "00000000000000ff", false);
    BOOST_TEST(other.text() == "00-" + traceId + "-00000000000000ff-00");
    BOOST_TEST(!other.isSampled());
}

BOOST_AUTO_TEST_CASE(onlyTheFlagSampledIsKept) {
    for (const auto* flags : {"00", "02", "fe"}) {
        const auto parent = TraceParent::parse("00-" + traceId + "-" + parentId + "-" + flags);
        BOOST_REQUIRE(parent.has_value());
        BOOST_TEST(!parent->isSampled(), flags);
        BOOST_TEST(parent->text().substr(53) == "00", flags);
    }
    for (const auto* flags : {"03", "ff", "0b"})
        BOOST_TEST(TraceParent::parse("00-" + traceId + "-" + parentId + "-" + flags)->isSampled(), flags);
}

BOOST_AUTO_TEST_CASE(whatIsInvalidIsNone) {
    const std::string zeroTrace(32, '0');
    const std::string zeroSpan(16, '0');
    for (const auto& value : {
             std::string(),
             std::string("00"),
             sampled.substr(0, 54),
             sampled + "0",
             sampled + "-00",
             " " + sampled.substr(1),
             "ff" + sampled.substr(2),
             "0A" + sampled.substr(2),
             "0g" + sampled.substr(2),
             "00-" + zeroTrace + "-" + parentId + "-01",
             "00-" + traceId + "-" + zeroSpan + "-01",
             "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + parentId + "-01",
             "00-" + traceId + "-00F067AA0BA902B7-01",
             "00-" + traceId + "-" + parentId + "-0x",
             "00-" + traceId + "-" + parentId + "-0A",
             "00_" + sampled.substr(3),
             "00-" + traceId + "_" + parentId + "-01",
             "00-" + traceId + "-" + parentId + "_01",
             sampled.substr(0, 34) + "\n" + sampled.substr(35),
         })
        BOOST_TEST(!TraceParent::parse(value).has_value(), value);
}

BOOST_AUTO_TEST_CASE(ofALaterVersionTheKnownPartsCount) {
    for (const auto* further : {"", "-", "-what-will-be"}) {
        const auto parent = TraceParent::parse("cc" + sampled.substr(2) + further);
        BOOST_REQUIRE(parent.has_value());
        BOOST_TEST(parent->text() == sampled);
    }
    for (const auto* further : {"0", ".what-will-be"})
        BOOST_TEST(!TraceParent::parse("cc" + sampled.substr(2) + further).has_value(), further);
}

BOOST_AUTO_TEST_SUITE_END()
