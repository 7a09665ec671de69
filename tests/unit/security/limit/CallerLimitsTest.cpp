#include "changebank/security/limit/CallerLimits.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "tests/support/ManualClock.h"

using namespace changebank;
using namespace changebank::security;
using namespace std::chrono_literals;
using changebank::tests::ManualClock;
using Poco::Net::SocketAddress;

namespace {

SocketAddress clientAt(const std::string& host) {
    return {host, static_cast<Poco::UInt16>(4711)};
}

Principal somebody(const std::string& issuer, const std::string& subject) {
    Principal principal;
    principal.issuer = issuer;
    principal.subject = subject;
    return principal;
}

struct LimitsFixture {
    ManualClock clock;
    SocketAddress client = clientAt("192.0.2.1");
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(CallerLimitsTest, LimitsFixture)

BOOST_AUTO_TEST_CASE(byDefaultNothingIsCounted) {
    const CallerLimits limits({}, nullptr, clock);
    BOOST_TEST(!CallerLimits::Options().isOn());
    for (int i = 0; i < 1'000; ++i) {
        BOOST_REQUIRE(!limits.takeOfClient(client));
        BOOST_REQUIRE(!limits.takeOfSubject(somebody("a", "b")));
        limits.noteRefusal(client, Cause::signatureInvalid);
        BOOST_REQUIRE(!limits.tooManyBadTokens(client));
    }
    BOOST_TEST(limits.status().empty());
}

BOOST_AUTO_TEST_CASE(beyondTheLimitOfAClientARefusalSaysWhenToComeAgain) {
    const CallerLimits limits({.client = {10, 20}}, nullptr, clock);
    for (int i = 0; i < 20; ++i)
        BOOST_REQUIRE(!limits.takeOfClient(client));
    const auto refusal = limits.takeOfClient(client);
    BOOST_REQUIRE(refusal);
    BOOST_TEST((refusal->cause == Cause::clientRateExceeded));
    BOOST_TEST(refusal->retryAfter.count() == 1);
    BOOST_TEST(refusal->rateLimitPolicy == R"("client";q=20;w=2)");
    BOOST_TEST(refusal->rateLimit == R"("client";r=0;t=1)");
    BOOST_TEST(refusal->body() ==
               R"({"error":"too many requests from your network","code":"ERR_CLIENT_RATE"})");
    BOOST_TEST(!limits.takeOfClient(clientAt("192.0.2.2")));
    clock.advance(refusal->retryAfter);
    BOOST_TEST(!limits.takeOfClient(client));
}

BOOST_AUTO_TEST_CASE(aBurstThatIsNotSetIsWhatPassesInASecond) {
    const CallerLimits limits({.subject = {3}}, nullptr, clock);
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(!limits.takeOfSubject(somebody("a", "b")));
    const auto refusal = limits.takeOfSubject(somebody("a", "b"));
    BOOST_REQUIRE(refusal);
    BOOST_TEST((refusal->cause == Cause::subjectRateExceeded));
    // 333,334 microseconds for each.
    BOOST_TEST(refusal->rateLimitPolicy == R"("subject";q=3;w=2)");
}

BOOST_AUTO_TEST_CASE(subjectsAreThoseOfAnIssuer) {
    const CallerLimits limits({.subject = {1}}, nullptr, clock);
    BOOST_TEST(!limits.takeOfSubject(somebody("https://a.example", "dana")));
    BOOST_TEST(!limits.takeOfSubject(somebody("https://b.example", "dana")));
    BOOST_TEST(!limits.takeOfSubject(somebody("https://a.example", "eve")));
    BOOST_TEST(!limits.takeOfSubject(somebody("https://a.exampled", "ana")));
    BOOST_TEST(!!limits.takeOfSubject(somebody("https://a.example", "dana")));
}

BOOST_AUTO_TEST_CASE(badTokensCountByNetworkUntilTheBucketFills) {
    const CallerLimits limits({.refused = {1, 3}}, nullptr, clock);
    BOOST_TEST(!limits.takeOfClient(client));
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(!limits.tooManyBadTokens(client));
        limits.noteRefusal(client, Cause::signatureInvalid);
    }
    for (int i = 0; i < 10; ++i)
        limits.noteRefusal(client, Cause::signatureInvalid);
    const auto refusal = limits.tooManyBadTokens(client);
    BOOST_REQUIRE(refusal);
    BOOST_TEST((refusal->cause == Cause::badTokenRateExceeded));
    BOOST_TEST(refusal->rateLimitPolicy == R"("refused";q=3;w=3)");
    BOOST_TEST(refusal->rateLimit == R"("refused";r=0;t=1)");
    BOOST_TEST(!limits.tooManyBadTokens(clientAt("192.0.2.2")));
    // Looking takes nothing.
    clock.advance(1s);
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(!limits.tooManyBadTokens(client));
    limits.noteRefusal(client, Cause::expired);
    BOOST_TEST(!!limits.tooManyBadTokens(client));
}

BOOST_AUTO_TEST_CASE(aTokenThatWasNotSentOrIsNotToBlameDoesNotCount) {
    for (const auto cause :
         {Cause::missingToken, Cause::repeatedAuthorization, Cause::crossSiteRequest, Cause::keysUnreachable,
          Cause::revocationsUnavailable, Cause::dpopNonceMissing, Cause::dpopStoreFull, Cause::roleMissing,
          Cause::insufficientAuthentication, Cause::clientRateExceeded, Cause::subjectRateExceeded,
          Cause::badTokenRateExceeded})
        BOOST_TEST(!CallerLimits::isBadToken(cause), traitsOf(cause).name);
    for (const auto cause : {Cause::notCompact, Cause::noMatchingKey, Cause::signatureInvalid, Cause::expired,
                             Cause::revoked, Cause::dpopSignatureInvalid, Cause::dpopReplayed})
        BOOST_TEST(CallerLimits::isBadToken(cause), traitsOf(cause).name);
    const CallerLimits limits({.refused = {1, 1}}, nullptr, clock);
    limits.noteRefusal(client, Cause::missingToken);
    BOOST_TEST(!limits.tooManyBadTokens(client));
}

BOOST_AUTO_TEST_CASE(aClientWithoutAnAddressIsNotLimited) {
    const SocketAddress unixSocket(SocketAddress::UNIX_LOCAL, std::string("/run/proxy.sock"));
    const CallerLimits limits({.client = {1}, .refused = {1}}, nullptr, clock);
    for (int i = 0; i < 5; ++i) {
        BOOST_TEST(!limits.takeOfClient(unixSocket));
        limits.noteRefusal(unixSocket, Cause::signatureInvalid);
        BOOST_TEST(!limits.tooManyBadTokens(unixSocket));
    }
}

BOOST_AUTO_TEST_CASE(networksHaveTheChosenSize) {
    const CallerLimits limits({.client = {1}, .prefixes = {24, 48}}, nullptr, clock);
    BOOST_TEST(!limits.takeOfClient(client));
    BOOST_TEST(!!limits.takeOfClient(clientAt("192.0.2.77")));
    BOOST_TEST(!limits.takeOfClient(clientAt("2001:db8::1")));
    BOOST_TEST(!!limits.takeOfClient(clientAt("2001:db8:0:9::1")));
}

BOOST_AUTO_TEST_CASE(otherLimitsTakeOverWhatIsUsedUp) {
    const CallerLimits first({.client = {1, 2}, .refused = {1, 1}}, nullptr, clock);
    BOOST_TEST(!first.takeOfClient(client));
    BOOST_TEST(!first.takeOfClient(client));
    first.noteRefusal(client, Cause::expired);
    const CallerLimits slower({.client = {1, 3}, .subject = {1}, .refused = {1, 1}}, &first, clock);
    BOOST_TEST(!slower.takeOfClient(client));
    BOOST_TEST(!!slower.takeOfClient(client));
    BOOST_TEST(!!slower.tooManyBadTokens(client));
    BOOST_TEST(!slower.takeOfSubject(somebody("a", "b")));
    // What has another size begins again.
    const CallerLimits larger({.client = {1, 3}, .entries = 100'000}, &slower, clock);
    BOOST_TEST(!larger.takeOfClient(client));
    const CallerLimits off({}, &larger, clock);
    BOOST_TEST(!off.takeOfClient(client));
}

BOOST_AUTO_TEST_CASE(theStatusTellsHowManyHaveUsedSomething) {
    const CallerLimits limits({.client = {5}, .refused = {1, 10}, .entries = 1'000}, nullptr, clock);
    limits.takeOfClient(client);
    limits.takeOfClient(clientAt("192.0.2.2"));
    const auto status = limits.status();
    BOOST_REQUIRE(status.size() == 2U);
    BOOST_TEST(status[0].name == "client");
    BOOST_TEST((status[0].rate == CallerLimits::Rate{5, 5}));
    BOOST_TEST(status[0].used == 2U);
    BOOST_TEST(status[0].capacity == 1'001U);
    BOOST_TEST(status[0].crowded == 0U);
    BOOST_TEST(status[1].name == "refused");
    BOOST_TEST((status[1].rate == CallerLimits::Rate{1, 10}));
    BOOST_TEST(status[1].used == 0U);
    clock.advance(1s);
    BOOST_TEST(limits.status()[0].used == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
