#include "changebank/security/keys/HttpJwksFetcher.h"

#include <boost/test/unit_test.hpp>

#include "changebank/security/jose/JwkSet.h"
#include "tests/support/ScriptedKeyServer.h"

using namespace changebank;
using namespace changebank::security;
using changebank::tests::ScriptedKeyServer;
using namespace std::chrono_literals;

namespace {

constexpr auto enough = 10'000ms;
constexpr auto brief = 200ms;

FetchResult fetch(const ScriptedKeyServer& server, std::chrono::milliseconds timeout = enough,
                  const std::string& entityTag = {}, bool forced = false) {
    return HttpJwksFetcher(Poco::URI(server.uri())).fetch(entityTag, forced, timeout);
}

Cause causeOf(const FetchResult& result) {
    BOOST_REQUIRE(std::holds_alternative<FetchFailure>(result));
    BOOST_TEST(!std::get<FetchFailure>(result).reason.empty());
    return std::get<FetchFailure>(result).cause;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(HttpJwksFetcherTest)

BOOST_AUTO_TEST_CASE(bringsTheDocument) {
    ScriptedKeyServer server(ScriptedKeyServer::document(
        "{\"keys\":[]}", "ETag: \"v1\"\r\nCache-Control: public, max-age=60\r\n"));
    const auto fetched = std::get<FetchedKeys>(fetch(server));
    BOOST_TEST(fetched.document == "{\"keys\":[]}");
    BOOST_TEST(fetched.entityTag == "\"v1\"");
    BOOST_TEST((fetched.maxAge.value() == 60s));
    BOOST_TEST(!fetched.notModified);
    BOOST_TEST(server.lastRequestHead().substr(0, 38) == "GET /.well-known/jwks.json HTTP/1.1\r\nH");
    BOOST_TEST(server.lastRequestHead().find("If-None-Match") == std::string::npos);
    BOOST_TEST(server.lastRequestHead().find("no-cache") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(readsChunkedAndUnframedBodies) {
    ScriptedKeyServer server(ScriptedKeyServer::raw(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"ke\r\n7\r\nys\":[]}\r\n0\r\n\r\n"));
    BOOST_TEST(std::get<FetchedKeys>(fetch(server)).document == "{\"keys\":[]}");
    server.play(ScriptedKeyServer::raw("HTTP/1.0 200 OK\r\n\r\n{\"keys\":[]}"));
    BOOST_TEST(std::get<FetchedKeys>(fetch(server)).document == "{\"keys\":[]}");
}

BOOST_AUTO_TEST_CASE(asksConditionallyAndPastCaches) {
    ScriptedKeyServer server(
        ScriptedKeyServer::raw("HTTP/1.1 304 Not Modified\r\nCache-Control: max-age=5\r\n\r\n"));
    const auto fetched = std::get<FetchedKeys>(fetch(server, enough, "\"v1\"", true));
    BOOST_TEST(fetched.notModified);
    BOOST_TEST((fetched.maxAge.value() == 5s));
    BOOST_TEST(server.lastRequestHead().find("\r\nIf-None-Match: \"v1\"\r\n") != std::string::npos);
    BOOST_TEST(server.lastRequestHead().find("\r\nCache-Control: no-cache\r\n") != std::string::npos);
    // A 304 that nobody asked for says nothing.
    BOOST_TEST((causeOf(fetch(server)) == Cause::keysStatus));
}

BOOST_AUTO_TEST_CASE(anEntityTagBeyondTheLimitCountsAsNone) {
    const auto tagOf = [](const std::string& tag) {
        ScriptedKeyServer server(ScriptedKeyServer::document("{}", "ETag: " + tag + "\r\n"));
        return std::get<FetchedKeys>(fetch(server)).entityTag;
    };
    const auto longest = '"' + std::string(1022, 'x') + '"';
    BOOST_TEST(tagOf(longest) == longest);
    BOOST_TEST(tagOf("W/" + longest).empty());
}

BOOST_AUTO_TEST_CASE(readsCacheControl) {
    const auto maxAgeOf = [](const std::string& value) {
        ScriptedKeyServer server(ScriptedKeyServer::document("{}", "Cache-Control: " + value + "\r\n"));
        return std::get<FetchedKeys>(fetch(server)).maxAge;
    };
    BOOST_TEST((maxAgeOf("no-store") == 0s));
    BOOST_TEST((maxAgeOf("max-age=60, no-cache") == 0s));
    BOOST_TEST((maxAgeOf("max-age=99999999999999999999") == std::chrono::seconds(1L << 31)));
    BOOST_TEST((maxAgeOf("private,max-age=7") == 7s));
    BOOST_TEST((maxAgeOf("Public, MAX-AGE=7") == 7s));
    BOOST_TEST((maxAgeOf("public\r\nCache-Control: max-age=7") == 7s));
    BOOST_TEST((maxAgeOf("max-age=7\r\nCache-Control: No-Store") == 0s));
    for (const char* value : {"public", "max-age=", "max-age=x", "max-age=-5", "s-maxage=5"})
        BOOST_TEST(!maxAgeOf(value).has_value(), value);
}

BOOST_AUTO_TEST_CASE(theTimeInACacheOnTheWayCounts) {
    const auto maxAgeAt = [](const std::string& age) {
        ScriptedKeyServer server(
            ScriptedKeyServer::document("{}", "Cache-Control: max-age=60\r\nAge: " + age + "\r\n"));
        return std::get<FetchedKeys>(fetch(server)).maxAge;
    };
    BOOST_TEST((maxAgeAt("50") == 10s));
    BOOST_TEST((maxAgeAt("61") == 0s));
    BOOST_TEST((maxAgeAt("99999999999999999999") == 0s));
    BOOST_TEST((maxAgeAt("-1") == 60s));
    BOOST_TEST((maxAgeAt("x") == 60s));
}

BOOST_AUTO_TEST_CASE(onlyTwoHundredIsAnAnswer) {
    ScriptedKeyServer server(ScriptedKeyServer::status(500));
    for (const int status : {201, 204, 400, 401, 404, 500, 503}) {
        server.play(ScriptedKeyServer::status(status));
        BOOST_TEST((causeOf(fetch(server)) == Cause::keysStatus), status);
    }
}

BOOST_AUTO_TEST_CASE(redirectsAreNotFollowed) {
    ScriptedKeyServer target(ScriptedKeyServer::document("{\"keys\":[]}"));
    ScriptedKeyServer server(ScriptedKeyServer::raw("HTTP/1.1 302 Found\r\nLocation: " + target.uri() +
                                                    "\r\nContent-Length: 0\r\n\r\n"));
    BOOST_TEST((causeOf(fetch(server)) == Cause::keysStatus));
    BOOST_TEST(target.hits() == 0U);
}

BOOST_AUTO_TEST_CASE(aBodyBeyondTheLimitIsRefused) {
    ScriptedKeyServer server(ScriptedKeyServer::document(std::string(JwkSet::maxSize, ' ')));
    BOOST_TEST(std::get<FetchedKeys>(fetch(server)).document.size() == JwkSet::maxSize);
    server.play(ScriptedKeyServer::document(std::string(JwkSet::maxSize + 1, ' ')));
    BOOST_TEST((causeOf(fetch(server)) == Cause::keysUnreachable));
    // 50 MB without a length are not read to the end either.
    server.play(ScriptedKeyServer::raw("HTTP/1.1 200 OK\r\n\r\n" + std::string(50'000'000, ' ')));
    BOOST_TEST((causeOf(fetch(server)) == Cause::keysUnreachable));
}

BOOST_AUTO_TEST_CASE(aResponseThatIsNotHttpIsRejected) {
    for (const char* answer :
         {"", "garbage", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "\r\n\r\n"}) {
        ScriptedKeyServer server(ScriptedKeyServer::raw(answer));
        BOOST_TEST((causeOf(fetch(server)) == Cause::keysUnreachable), answer);
    }
    ScriptedKeyServer server(
        ScriptedKeyServer::raw("HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n"));
    BOOST_TEST((causeOf(fetch(server)) == Cause::keysUnreachable));
}

// One deadline over the whole exchange: a peer that drips is as late as one that is silent.
BOOST_AUTO_TEST_CASE(theDeadlineHoldsOverTheWholeExchange) {
    ScriptedKeyServer server(ScriptedKeyServer::silence());
    for (const auto& script : {ScriptedKeyServer::silence(), ScriptedKeyServer::drip(20ms)}) {
        server.play(script);
        const auto begun = std::chrono::steady_clock::now();
        BOOST_TEST((causeOf(fetch(server, brief)) == Cause::keysTimedOut));
        const auto taken = std::chrono::steady_clock::now() - begun;
        BOOST_TEST((taken >= brief / 2));
    }
}

BOOST_AUTO_TEST_CASE(aClosedPortIsUnreachable) {
    unsigned short port = 0;
    {
        const ScriptedKeyServer server(ScriptedKeyServer::status(500));
        port = server.port();
    }
    HttpJwksFetcher fetcher(Poco::URI("http://127.0.0.1:" + std::to_string(port) + "/"));
    BOOST_TEST((causeOf(fetcher.fetch({}, false, enough)) == Cause::keysUnreachable));
    HttpJwksFetcher unknown(Poco::URI("http://no-such-host.invalid/"));
    BOOST_TEST((causeOf(unknown.fetch({}, false, enough)) == Cause::keysUnreachable));
}

BOOST_AUTO_TEST_CASE(otherSchemesAreAnError) {
    BOOST_CHECK_THROW(HttpJwksFetcher(Poco::URI("ftp://localhost/")), Poco::InvalidArgumentException);
    BOOST_CHECK_THROW(HttpJwksFetcher(Poco::URI("file:///etc/passwd")), Poco::InvalidArgumentException);
}

BOOST_AUTO_TEST_SUITE_END()
