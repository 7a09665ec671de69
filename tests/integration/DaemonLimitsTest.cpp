#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <ctime>
#include <functional>
#include <set>
#include <string>
#include <thread>

#include "tests/integration/ControlProcess.h"
#include "tests/integration/KeepAliveClient.h"
#include "tests/support/Contains.h"

using namespace changebank::tests;

namespace {

constexpr auto make = "/make-change?total=1";

/// A machine that is slow gets tokens back while it asks: more requests than a burst may be needed to reach a
/// limit, and what was reached may be over at the next request. So tests try again, that often at most.
constexpr int tries = 500;

struct Fixture {
    ScriptedKeyServer keys{goodKeys()};

    std::string settings(const std::string& more) const {
        return "auth.jwks.uri = " + keys.uri() + "\nlog.access = false\n" + more;
    }

    /// Of a subject; each call makes another token.
    std::string tokenOf(const std::string& subject) {
        return goodToken("teller")
            .claim("sub", "\"" + subject + "\"")
            .claim("jti", "\"" + std::to_string(++_tokens) + "\"")
            .signedBy(signingKey());
    }

    /// A token with another payload than the signed one.
    std::string forged() {
        const auto good = tokenOf("dana");
        const auto other = tokenOf("eve");
        return other.substr(0, other.rfind('.')) + good.substr(good.rfind('.'));
    }

    static Headers from(const std::string& client, Headers more = {}) {
        more["X-Forwarded-For"] = client;
        return more;
    }

private:
    int _tokens = 0;
};

/// Asks until the answer is a 429, and returns it and how many were not.
std::pair<HttpAnswer, int> untilLimited(const std::function<HttpAnswer()>& ask) {
    for (int count = 0; count < tries; ++count) {
        auto answer = ask();
        if (answer.status == 429) return {std::move(answer), count};
    }
    BOOST_FAIL("no request was refused");
    return {};
}

void waitAsTold(const HttpAnswer& limited) {
    std::this_thread::sleep_for(std::chrono::seconds(std::stoi(limited.head.get("Retry-After"))));
}

std::uint64_t metric(DaemonProcess& daemon, const std::string& sample) {
    const auto text = control(daemon, {"metrics"}).output;
    const auto at = text.find("\n" + sample + " ");
    return at == std::string::npos ? 0 : std::stoull(text.substr(at + sample.size() + 2));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DaemonLimitsTest, Fixture)

BOOST_AUTO_TEST_CASE(aClientBeyondItsBurstGets429AndPassesAfterRetryAfter) {
    DaemonProcess daemon(settings("limit.client.rate = 1\nlimit.client.burst = 5\n"));
    const auto token = bearer(tokenOf("dana"));
    const auto [limited, before] = untilLimited([&] { return daemon.get(make, token); });
    BOOST_TEST(before >= 5);
    BOOST_TEST(limited.body == R"({"error":"too many requests from your network","code":"ERR_CLIENT_RATE"})");
    BOOST_TEST(limited.head.get("RateLimit-Policy") == R"("client";q=5;w=5)");
    BOOST_TEST(limited.head.get("RateLimit") == R"("client";r=0;t=1)");
    BOOST_TEST(limited.head.get("Retry-After") == "1");
    BOOST_TEST(limited.head.get("Cache-Control") == "no-store");
    BOOST_TEST(!limited.head.has("WWW-Authenticate"));
    BOOST_TEST(limited.head.has("X-Request-Id"));
    // Probes and the admin socket go on.
    BOOST_TEST(daemon.get("/livez").status == 200);
    BOOST_TEST(daemon.get("/readyz").status == 200);
    BOOST_TEST(metric(daemon, R"(changebank_token_denials_total{code="ERR_CLIENT_RATE"})") == 1U);
    BOOST_TEST(metric(daemon, R"(changebank_limit_entries{limit="client"})") == 1U);
    BOOST_TEST(has(control(daemon, {"status"}).output, "client 1/s, 5 at once (1 of 65541 entries)"));
    waitAsTold(limited);
    BOOST_TEST(daemon.get(make, token).status == 200);
    // The page and what is not there count as well.
    BOOST_TEST(untilLimited([&] { return daemon.get("/"); }).first.status == 429);
    BOOST_TEST(untilLimited([&] { return daemon.get("/unknown"); }).first.status == 429);
}

BOOST_AUTO_TEST_CASE(clientsBehindATrustedProxyAreToldApartByNetwork) {
    const DaemonProcess daemon(
        settings("server.trustedProxies = 127.0.0.1\nlimit.client.rate = 1\nlimit.client.burst = 3\n"));
    const auto limitedFor = [&](const std::string& client) {
        return untilLimited([&] { return daemon.get("/", from(client)); }).second;
    };
    BOOST_TEST(limitedFor("192.0.2.1") >= 3);
    BOOST_TEST(limitedFor("192.0.2.2") >= 3);
    BOOST_TEST(limitedFor("2001:db8:1:1::1") >= 3);
    // Another address of that network shares its bucket.
    int answers = 0;
    for (int i = 0; i < tries && answers != 429; ++i) {
        limitedFor("2001:db8:1:1::1");
        answers = daemon.get("/", from("2001:db8:1:1:ffff::2")).status;
    }
    BOOST_TEST(answers == 429);
    BOOST_TEST(daemon.get("/", from("2001:db8:1:2::1")).status == 200);
    // Nobody but a trusted proxy names clients.
    const DaemonProcess direct(settings("limit.client.rate = 1\nlimit.client.burst = 3\n"));
    int number = 0;
    untilLimited([&] { return direct.get("/", from("192.0.2." + std::to_string(++number % 250))); });
}

BOOST_AUTO_TEST_CASE(aSubjectHasOneLimitForAllItsTokensConnectionsAndLoops) {
    DaemonProcess daemon(settings("server.threads = 4\nlimit.subject.rate = 1\nlimit.subject.burst = 8\n"));
    const auto [limited, before] = untilLimited([&] { return daemon.get(make, bearer(tokenOf("dana"))); });
    BOOST_TEST(before >= 8);
    BOOST_TEST(has(limited.body, "ERR_SUBJECT_RATE"));
    BOOST_TEST(limited.head.get("RateLimit-Policy") == R"("subject";q=8;w=8)");
    BOOST_TEST(daemon.get(make, bearer(tokenOf("eve"))).status == 200);
    // On kept connections, which are on several loops.
    const auto line = "Authorization: Bearer " + tokenOf("dana") + "\r\n";
    std::vector<KeepAliveClient> clients(8, KeepAliveClient(daemon.port()));
    std::set<int> statuses;
    for (int i = 0; i < tries && !statuses.contains(429); ++i) {
        for (auto& client : clients)
            statuses.insert(client.get(make, line));
    }
    BOOST_TEST(statuses.contains(429));
    waitAsTold(limited);
    BOOST_TEST(daemon.get(make, bearer(tokenOf("dana"))).status == 200);
}

BOOST_AUTO_TEST_CASE(aFloodOfBadTokensIsNotVerifiedAndNeighboursWithKnownTokensPass) {
    DaemonProcess daemon(settings("limit.refused.rate = 1\nlimit.refused.burst = 4\n"));
    const auto known = bearer(tokenOf("dana"));
    BOOST_TEST(daemon.get(make, known).status == 200);
    const auto verified = R"(changebank_token_denials_total{code="ERR_JWS_SIGNATURE_VERIFICATION_FAILED"})";
    const auto refused = R"(changebank_token_denials_total{code="ERR_BAD_TOKEN_RATE"})";
    const auto begin = std::chrono::steady_clock::now();
    int unverified = 0;
    for (int i = 0; i < 200; ++i)
        unverified += daemon.get(make, bearer(forged())).status == 429 ? 1 : 0;
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(std::chrono::steady_clock::now() - begin);
    BOOST_TEST(metric(daemon, refused) == static_cast<std::uint64_t>(unverified));
    // No more signatures than the burst, and one for each second since.
    BOOST_TEST(metric(daemon, verified) == static_cast<std::uint64_t>(200 - unverified));
    BOOST_TEST(200 - unverified <= 4 + seconds.count());
    BOOST_TEST(200 - unverified >= 4);

    const auto limited = untilLimited([&] { return daemon.get(make, bearer(forged())); }).first;
    BOOST_TEST(has(limited.body, "ERR_BAD_TOKEN_RATE"));
    BOOST_TEST(limited.head.get("RateLimit") == R"("refused";r=0;t=1)");
    BOOST_TEST(daemon.get(make, known).status == 200);
    BOOST_TEST(daemon.get(make).status == 401);
    BOOST_TEST(daemon.get("/").status == 200);
    // A good token that is not known has to wait.
    int status = 0;
    for (int i = 0; i < tries && status != 429; ++i) {
        untilLimited([&] { return daemon.get(make, bearer(forged())); });
        status = daemon.get(make, bearer(tokenOf("eve"))).status;
    }
    BOOST_TEST(status == 429);
    waitAsTold(limited);
    BOOST_TEST(daemon.get(make, bearer(tokenOf("eve"))).status == 200);
}

BOOST_AUTO_TEST_CASE(aReloadChangesTheLimitsAndForgetsNothing) {
    DaemonProcess daemon(settings("limit.client.rate = 0\n"));
    for (int i = 0; i < 50; ++i)
        BOOST_REQUIRE(daemon.get("/").status == 200);
    BOOST_TEST(!has(control(daemon, {"status"}).output, "limits"));
    daemon.rewrite(settings("limit.client.rate = 1\nlimit.client.burst = 20\n"));
    BOOST_TEST(control(daemon, {"reload"}).status == 0);
    BOOST_TEST(untilLimited([&] { return daemon.get("/"); }).second >= 20);
    BOOST_TEST(metric(daemon, R"(changebank_limit_entries{limit="client"})") == 1U);
    daemon.rewrite(settings("limit.client.rate = 1\nlimit.client.burst = 20\nlimit.subject.rate = 5\n"));
    BOOST_TEST(control(daemon, {"reload"}).status == 0);
    BOOST_TEST(metric(daemon, R"(changebank_limit_entries{limit="client"})") == 1U);
    BOOST_TEST(metric(daemon, R"(changebank_limit_entries_max{limit="subject"})") == 65'541U);
    daemon.rewrite(settings("limit.client.burst = 20\n"));
    const auto failed = control(daemon, {"reload"});
    BOOST_TEST(failed.status == 78);
    BOOST_TEST(has(failed.output + failed.errors, "limit.client.burst: needs limit.client.rate"));
    untilLimited([&] { return daemon.get("/"); });
    daemon.rewrite(settings(""));
    BOOST_TEST(control(daemon, {"reload"}).status == 0);
    for (int i = 0; i < 50; ++i)
        BOOST_REQUIRE(daemon.get("/").status == 200);
    BOOST_TEST(metric(daemon, R"(changebank_limit_entries{limit="client"})") == 0U);
}

BOOST_AUTO_TEST_CASE(aProxyThatAsksGetsThe429OfTheClientThatItNames) {
    const TemporaryFolder folder;
    const auto socket = folder.file("decision.sock");
    DaemonProcess daemon(settings("decision.listen = " + socket +
                                  "\ndecision.rule.1 = GET /** public\nlimit.client.rate = 1\n"
                                  "limit.client.burst = 3\n"));
    const auto ask = [&](Headers headers) {
        Poco::Net::StreamSocket stream;
        stream.connect(Poco::Net::SocketAddress(Poco::Net::SocketAddress::UNIX_LOCAL, socket));
        Poco::Net::HTTPClientSession session(stream);
        session.setTimeout(Poco::Timespan(30, 0));
        Poco::Net::HTTPRequest request("GET", "/decision", Poco::Net::HTTPMessage::HTTP_1_1);
        request.set("Host", "changebank");
        headers["X-Forwarded-Method"] = "GET";
        headers["X-Forwarded-Host"] = "api.example";
        headers["X-Forwarded-Uri"] = "/x";
        for (const auto& [name, value] : headers)
            request.set(name, value);
        session.sendRequest(request);
        HttpAnswer answer{0, {}, {}};
        Poco::StreamCopier::copyToString(session.receiveResponse(answer.head), answer.body);
        answer.status = answer.head.getStatus();
        return answer;
    };
    const auto [limited, before] = untilLimited([&] { return ask(from("192.0.2.1")); });
    BOOST_TEST(before >= 3);
    BOOST_TEST(limited.head.get("Retry-After") == "1");
    BOOST_TEST(ask(from("192.0.2.2")).status == 200);
    // Without a word about the client there is nobody to count.
    for (int i = 0; i < 20; ++i)
        BOOST_REQUIRE(ask({}).status == 200);
    waitAsTold(limited);
    BOOST_TEST(ask(from("192.0.2.1")).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
