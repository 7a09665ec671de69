#include "changebank/daemon/http/message/ServerRequest.h"

#include <boost/test/unit_test.hpp>
#include <set>

#include "changebank/daemon/http/message/ServerResponse.h"

using namespace changebank;
using namespace changebank::http;

namespace {

const std::string callersTrace = "4bf92f3577b34da6a3ce929d0e0e4736";
const std::string callersParent = "00-" + callersTrace + "-00f067aa0ba902b7-01";

struct Fixture {
    /// The request's fields after it was given these, each as NAME=VALUE.
    std::string fieldsAfter(std::vector<Field> fields) {
        request.reset({}, false, ids, tracing);
        request.setFields(fields);
        std::string text;
        for (const auto& [name, value] : request)
            text += name + "=" + (name == "X-Request-Id" && value == request.id() ? "ID" : value) + " ";
        return text;
    }

    Poco::Net::HTTPServerParams::Ptr params = new Poco::Net::HTTPServerParams;
    ServerResponse response;
    ServerRequest request{*params, response};
    RequestIds ids;
    TraceSampling tracing;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ServerRequestTest, Fixture)

BOOST_AUTO_TEST_CASE(NoFieldOutlivesItsRequest) {
    BOOST_TEST(fieldsAfter({{"A", "1"}, {"B", "2"}}) == "A=1 B=2 X-Request-Id=ID ");
    BOOST_TEST(fieldsAfter({{"A", "3"}, {"B", ""}}) == "A=3 B= X-Request-Id=ID ");
    BOOST_TEST(fieldsAfter({{"A", "4"}}) == "A=4 X-Request-Id=ID ");
    BOOST_TEST(fieldsAfter({{"A", "5"}, {"B", "6"}, {"C", "7"}}) == "A=5 B=6 C=7 X-Request-Id=ID ");
    BOOST_TEST(fieldsAfter({{"B", "8"}, {"A", "9"}}) == "B=8 A=9 X-Request-Id=ID ");
    BOOST_TEST(fieldsAfter({{"b", "8"}, {"A", "9"}}) == "b=8 A=9 X-Request-Id=ID ");
    BOOST_TEST(fieldsAfter({}) == "X-Request-Id=ID ");
}

BOOST_AUTO_TEST_CASE(TheClientsCertificateIsThatOfTheConnection) {
    const auto clientWith = [](const std::string& thumbprint) {
        return std::make_shared<const Endpoints>(Endpoints{{}, {}, {}, thumbprint});
    };
    for (const std::string thumbprint : {"one", "", "another"}) {
        request.reset(clientWith(thumbprint), true, ids);
        BOOST_TEST(request.clientCertificateThumbprint() == thumbprint);
    }
}

BOOST_AUTO_TEST_CASE(AFieldThatComesTwiceStaysTwo) {
    for (int i = 0; i < 2; ++i) {
        BOOST_TEST(fieldsAfter({{"A", "1"}, {"B", "2"}, {"A", "3"}}) == "A=1 A=3 B=2 X-Request-Id=ID ");
        BOOST_TEST(fieldsAfter({{"A", "1"}, {"a", "2"}}) == "A=1 a=2 X-Request-Id=ID ");
        BOOST_TEST(fieldsAfter({{"A", "3"}, {"a", "4"}}) == "A=3 a=4 X-Request-Id=ID ");
        BOOST_TEST(fieldsAfter({{"A", "5"}, {"a", "5"}}) == "A=5 a=5 X-Request-Id=ID ");
    }
}

BOOST_AUTO_TEST_CASE(WhatAHandlerDidIsForgotten) {
    BOOST_TEST(fieldsAfter({{"A", "1"}}) == "A=1 X-Request-Id=ID ");
    request.set("A", "forged");
    request.set("Z", "forged");
    BOOST_TEST(fieldsAfter({{"A", "1"}}) == "A=1 X-Request-Id=ID ");
    request.erase("A");
    BOOST_TEST(fieldsAfter({{"A", "1"}}) == "A=1 X-Request-Id=ID ");
}

BOOST_AUTO_TEST_CASE(WhatWasNotedOfARequestIsForgotten) {
    fieldsAfter({});
    request.noteReceived("PUT", "/orders/1");
    request.noteRoute("/panic");
    request.noteSubject("eve");
    request.noteDenial("role_missing");
    request.body() = "abc";
    fieldsAfter({});
    BOOST_TEST(request.loggedMethod() == request.getMethod());
    BOOST_TEST(request.loggedPath() == request.path());
    BOOST_TEST(request.route().empty());
    BOOST_TEST(request.subject().empty());
    BOOST_TEST(request.denial().empty());
    BOOST_TEST(request.body().empty());
}

BOOST_AUTO_TEST_CASE(AClientMayNameItsRequest) {
    fieldsAfter({{"x-request-id", "mine"}});
    BOOST_TEST(request.id() == "mine");
    fieldsAfter({{"A", "1"}});
    BOOST_TEST(request.id().size() == 16U);
    fieldsAfter({{"X-Request-Id", "a b"}, {"A", "1"}});
    BOOST_TEST(request.id().size() == 16U);
    BOOST_TEST(request.get("X-Request-Id") == request.id());
}

BOOST_AUTO_TEST_CASE(WithoutSpansTheCallersPlaceInItsTraceIsHandedOn) {
    fieldsAfter({{"TraceParent", callersParent}, {"tracestate", "a=1"}, {"x", "y"}, {"TraceState", "b=2"}});
    BOOST_TEST(request.traceId() == callersTrace);
    BOOST_TEST(request.spanId() == "");
    BOOST_TEST(request.traceParent() == callersParent);
    BOOST_TEST(request.traceState() == "a=1,b=2");
    BOOST_TEST(request.trace() == nullptr);
    fieldsAfter({{"tracestate", "a=1"}});
    BOOST_TEST(request.traceId() == "");
    BOOST_TEST(request.traceParent() == "");
    BOOST_TEST(request.traceState() == "");
}

BOOST_AUTO_TEST_CASE(AnInvalidTraceParentOrASecondOneCountsAsNone) {
    for (const std::string bad : {"", "00", "00-00000000000000000000000000000000-00f067aa0ba902b7-01"}) {
        fieldsAfter({{"traceparent", bad}});
        BOOST_TEST(request.traceId() == "", bad);
    }
    fieldsAfter({{"traceparent", callersParent}, {"A", "1"}, {"Traceparent", callersParent}});
    BOOST_TEST(request.traceId() == "");
}

BOOST_AUTO_TEST_CASE(ASpanContinuesTheTraceOfItsCaller) {
    for (const auto* flags : {"00", "01"}) {
        tracing = TraceSampling::ofRatio(0.5);
        const auto parent = callersParent.substr(0, 53) + flags;
        fieldsAfter({{"traceparent", parent}, {"tracestate", "a=1"}});
        BOOST_REQUIRE(request.trace() != nullptr);
        BOOST_TEST(request.traceId() == callersTrace);
        BOOST_TEST(request.trace()->parentId == callersParent.substr(36, 16));
        BOOST_TEST(request.trace()->isSampled == (flags[1] == '1'));
        BOOST_TEST(request.spanId().size() == 16U);
        BOOST_TEST(request.spanId() != request.trace()->parentId);
        BOOST_TEST(request.traceParent() ==
                   "00-" + callersTrace + "-" + std::string(request.spanId()) + "-" + flags);
        BOOST_TEST(request.traceState() == "a=1");
    }
}

BOOST_AUTO_TEST_CASE(WithoutACallersTraceOneBegins) {
    std::set<std::string> begun;
    for (const double ratio : {0.0, 1.0}) {
        tracing = TraceSampling::ofRatio(ratio);
        fieldsAfter({{"traceparent", "00-1"}, {"tracestate", "a=1"}});
        BOOST_REQUIRE(request.trace() != nullptr);
        BOOST_TEST(request.trace()->parentId == "");
        BOOST_TEST(request.trace()->isSampled == (ratio == 1.0));
        BOOST_TEST(TraceParent::parse(request.traceParent()).has_value());
        BOOST_TEST(request.traceState() == "", "the state of another trace says nothing about this one");
        begun.emplace(request.traceId());
        begun.emplace(request.spanId());
    }
    BOOST_TEST(begun.size() == 4U);
    BOOST_TEST(!request.trace()->isGuarded);
    request.noteGuarded();
    BOOST_TEST(request.trace()->isGuarded);
    tracing = {};
    fieldsAfter({});
    BOOST_TEST(request.trace() == nullptr);
    BOOST_TEST(request.traceId() == "");
}

BOOST_AUTO_TEST_SUITE_END()
