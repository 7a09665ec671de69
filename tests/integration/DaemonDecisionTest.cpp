#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <filesystem>
#include <thread>

#include "changebank/base/text/Json.h"
#include "tests/integration/ControlProcess.h"
#include "tests/integration/FreePort.h"
#include "tests/integration/KeepAliveClient.h"
#include "tests/support/Contains.h"
#include "tests/support/Eventually.h"
#include "tests/support/FileContent.h"

using namespace changebank::tests;
using changebank::Json;
using namespace std::chrono_literals;

namespace {

/// What nginx, Traefik and Caddy send about a request.
Headers about(const std::string& method, const std::string& target, Headers more = {}) {
    more["X-Forwarded-Method"] = method;
    more["X-Forwarded-Host"] = "api.example";
    more["X-Forwarded-Uri"] = target;
    return more;
}

struct Fixture {
    ScriptedKeyServer keys{goodKeys()};
    TemporaryFolder folder;
    std::string socket = folder.file("decision.sock");

    std::string settings(const std::string& more, const std::string& listen = {}) const {
        return "auth.jwks.uri = " + keys.uri() + "\ndecision.listen = " + (listen.empty() ? socket : listen) +
               "\n" + more;
    }

    static std::string tokenOf(const std::string& role) {
        return goodToken(role).claim("sub", "\"" + role + "-1\"").signedBy(signingKey());
    }

    /// A question of a proxy over the Unix socket.
    HttpAnswer ask(const Headers& headers) const {
        Poco::Net::StreamSocket stream;
        stream.connect(Poco::Net::SocketAddress(Poco::Net::SocketAddress::UNIX_LOCAL, socket));
        Poco::Net::HTTPClientSession session(stream);
        session.setTimeout(Poco::Timespan(30, 0));
        Poco::Net::HTTPRequest request("GET", "/decision", Poco::Net::HTTPMessage::HTTP_1_1);
        request.set("Host", "changebank");
        for (const auto& [name, value] : headers)
            request.set(name, value);
        session.sendRequest(request);
        HttpAnswer answer{0, {}, {}};
        Poco::StreamCopier::copyToString(session.receiveResponse(answer.head), answer.body);
        answer.status = answer.head.getStatus();
        return answer;
    }
};

constexpr auto orders = "decision.rule.3 = GET,POST /orders/** roles=customer\n";

/// The port of the decision endpoint, as the log has it.
std::uint16_t decisionPort(DaemonProcess& daemon) {
    const auto line = daemon.process().waitForLine("decision served on 127", 30s);
    BOOST_REQUIRE(line);
    return static_cast<std::uint16_t>(std::stoul(line->substr(line->rfind(':') + 1)));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DaemonDecisionTest, Fixture)

BOOST_AUTO_TEST_CASE(aUnixSocketOfTheGroupDecidesByTheRules) {
    const DaemonProcess daemon(settings(std::string(orders) + "decision.rule.7 = * /public/** public\n"));
    struct stat status {};
    BOOST_TEST(::stat(socket.c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777U) == 0660U);
    const auto allowed = ask(about("GET", "/orders/1?q=1", bearer(tokenOf("customer"))));
    BOOST_TEST(allowed.status == 200, allowed.body);
    BOOST_TEST(allowed.body == "");
    BOOST_TEST(allowed.head.get("X-Auth-Subject") == "customer-1");
    BOOST_TEST(allowed.head.get("X-Auth-Roles") == "customer");
    BOOST_TEST(allowed.head.get("X-Auth-Token") == "");
    BOOST_TEST(allowed.head.get("Cache-Control") == "no-store");
    const auto anonymous = ask(about("GET", "/public/x"));
    BOOST_TEST(anonymous.status == 200);
    BOOST_TEST(anonymous.head.get("X-Auth-Subject") == "");
    const auto unknown = ask(about("GET", "/orders/1"));
    BOOST_TEST(unknown.status == 401);
    BOOST_TEST(has(unknown.head.get("WWW-Authenticate"), "Bearer realm=\"changebank\""));
    BOOST_TEST(ask(about("GET", "/orders/1", bearer(tokenOf("teller")))).status == 403);
    BOOST_TEST(ask(about("DELETE", "/orders/1", bearer(tokenOf("customer")))).status == 403);
    BOOST_TEST(has(ask(about("GET", "/x", bearer(tokenOf("customer")))).body, "ERR_NO_RULE"));
    BOOST_TEST(
        has(ask(about("GET", "/orders/../x", bearer(tokenOf("customer")))).body, "ERR_PATH_AMBIGUOUS"));
    BOOST_TEST(ask({{"X-Forwarded-Method", "GET"}}).status == 400);
    // The API knows nothing of it, and the endpoint nothing of the API.
    BOOST_TEST(daemon.get("/decision", about("GET", "/public/x", bearer(tokenOf("customer")))).status == 404);
}

BOOST_AUTO_TEST_CASE(anAddressDecidesAsWellAndTheOriginalConventionTakesTheRequestItself) {
    DaemonProcess daemon(settings(std::string(orders) + "decision.convention = original\n", "127.0.0.1:0"));
    const auto port = decisionPort(daemon);
    const auto token = bearer(tokenOf("customer"));
    BOOST_TEST(request(port, "GET", "/decision/orders/1", token).status == 200);
    BOOST_TEST(request(port, "POST", "/decision/orders", token).status == 200);
    BOOST_TEST(request(port, "GET", "/decision/x", token).status == 403);
    BOOST_TEST(request(port, "GET", "/decision", about("GET", "/orders/1", token)).status == 403);
    BOOST_TEST(request(port, "GET", "/make-change?total=1", token).status == 404);
}

BOOST_AUTO_TEST_CASE(itIsOffByDefault) {
    DaemonProcess daemon("auth.jwks.uri = " + keys.uri() + "\n");
    const auto status = control(daemon, {"status"});
    BOOST_TEST(!has(status.output, "decision"), status.output);
    const auto decided = control(daemon, {"decide", "GET", "/x"});
    BOOST_TEST(decided.status == 78);
    BOOST_TEST(has(decided.errors, "no decision.rule.N is set"), decided.errors);
}

BOOST_AUTO_TEST_CASE(aReloadChangesTheRulesAtOnceAlsoForATokenThatIsRemembered) {
    DaemonProcess daemon(settings(orders));
    const auto question = about("GET", "/orders/1", bearer(tokenOf("customer")));
    BOOST_TEST(ask(question).status == 200);
    BOOST_TEST(ask(question).status == 200);
    BOOST_TEST(has(control(daemon, {"metrics"}).output, "\nchangebank_token_cache_hits_total 1\n"));
    daemon.rewrite(settings("decision.rule.1 = GET /orders/** roles=teller\n"));
    BOOST_TEST(control(daemon, {"reload"}).status == 0);
    BOOST_TEST(ask(question).status == 403);
    daemon.rewrite(settings("decision.rule.1 = GET /orders/** nonsense\n"));
    BOOST_TEST(control(daemon, {"reload"}).status == 78);
    BOOST_TEST(ask(question).status == 403);
    BOOST_TEST(keys.hits() == 1U);
}

BOOST_AUTO_TEST_CASE(aReloadSwitchesTheListenerOnMovesItAndSwitchesItOff) {
    DaemonProcess daemon("auth.jwks.uri = " + keys.uri() + "\n");
    const auto question = about("GET", "/orders/1", bearer(tokenOf("customer")));
    BOOST_TEST(!std::filesystem::exists(socket));
    daemon.rewrite(settings(orders));
    BOOST_TEST(control(daemon, {"reload"}).status == 0);
    BOOST_TEST(ask(question).status == 200);
    const auto former = socket;
    socket = folder.file("moved.sock");
    daemon.rewrite(settings(orders));
    BOOST_TEST(control(daemon, {"reload"}).status == 0);
    BOOST_TEST(ask(question).status == 200);
    BOOST_TEST(eventually([&] { return !std::filesystem::exists(former); }));
    daemon.rewrite("auth.jwks.uri = " + keys.uri() + "\n");
    BOOST_TEST(control(daemon, {"reload"}).status == 0);
    BOOST_TEST(eventually([&] { return !std::filesystem::exists(socket); }));
    BOOST_TEST(daemon.get("/livez").status == 200);
}

BOOST_AUTO_TEST_CASE(noQuestionIsDroppedWhileTheListenerMoves) {
    const auto first = freePort();
    const auto second = freePort();
    const auto at = [&](std::uint16_t port) { return settings(orders, "127.0.0.1:" + std::to_string(port)); };
    DaemonProcess daemon(at(first));
    std::string failure;
    int answered = 0;
    std::jthread proxy([&](const std::stop_token& stop) {
        const auto fields =
            "X-Forwarded-Method: GET\r\nX-Forwarded-Host: h\r\nX-Forwarded-Uri: /orders\r\n"
            "Authorization: Bearer " +
            tokenOf("customer") + "\r\n";
        try {
            KeepAliveClient client({first, second});
            while (!stop.stop_requested()) {
                if (client.get("/decision", fields) != 200) failure = "another status";
                ++answered;
            }
        } catch (const std::exception& error) {
            failure = error.what();
        }
    });
    for (int round = 0; round < 6; ++round) {
        daemon.rewrite(at(round % 2 == 0 ? second : first));
        BOOST_TEST(control(daemon, {"reload"}).status == 0);
    }
    proxy.request_stop();
    proxy.join();
    BOOST_TEST(failure == "");
    BOOST_TEST(answered > 0);
}

BOOST_AUTO_TEST_CASE(aQuestionUnderWayIsDecidedAsBeforeWhenListenerAndRulesGo) {
    const auto alone = "auth.jwks.uri = " + keys.uri() + "\nserver.threads = 1\n";
    DaemonProcess daemon(settings(std::string(orders) + "server.threads = 1\n"));
    const std::string question =
        "GET /decision HTTP/1.1\r\nHost: changebank\r\nX-Forwarded-Method: GET\r\nX-Forwarded-Host: h\r\n"
        "X-Forwarded-Uri: /orders\r\nAuthorization: Bearer " +
        tokenOf("customer") + "\r\n\r\n";
    Poco::Net::StreamSocket proxy;
    proxy.connect(Poco::Net::SocketAddress(Poco::Net::SocketAddress::UNIX_LOCAL, socket));
    proxy.setReceiveTimeout(Poco::Timespan(30, 0));
    const int begun = static_cast<int>(question.size()) - 2;
    BOOST_REQUIRE(proxy.sendBytes(question.data(), begun) == begun);
    // Behind it, on the same thread of the server.
    BOOST_TEST(ask(about("GET", "/orders/1", bearer(tokenOf("customer")))).status == 200);
    daemon.rewrite(alone);
    BOOST_TEST(control(daemon, {"reload"}).status == 0);
    BOOST_REQUIRE(proxy.sendBytes(question.data() + begun, 2) == 2);
    std::string answer(12, ' ');
    BOOST_TEST(proxy.receiveBytes(answer.data(), static_cast<int>(answer.size())) == 12);
    BOOST_TEST(answer == "HTTP/1.1 200");
}

BOOST_AUTO_TEST_CASE(withoutKeysItIsOurFault) {
    ScriptedKeyServer down(ScriptedKeyServer::status(500));
    const DaemonProcess daemon("auth.jwks.uri = " + down.uri() + "\ndecision.listen = " + socket + "\n" +
                               orders);
    const auto answer = ask(about("GET", "/orders/1", bearer(tokenOf("customer"))));
    BOOST_TEST(answer.status == 503);
    BOOST_TEST(answer.head.get("Retry-After", "") != "");
    BOOST_TEST(answer.head.get("X-Auth-Subject", "none") == "none");
}

BOOST_AUTO_TEST_CASE(logAndAuditHaveTheRequestThatTheProxyReceived) {
    const auto audit = folder.file("audit");
    DaemonProcess daemon(settings(std::string(orders) + "audit.file = " + audit + "\n"));
    auto question = about("POST", "/orders/1?secret=sesame", bearer(tokenOf("teller")));
    question["X-Forwarded-For"] = "192.0.2.7";
    question["X-Request-Id"] = "id-7";
    BOOST_TEST(ask(question).status == 403);
    BOOST_TEST(has(contentOf(audit), "event \"role_refused\" subject \"teller-1\""), contentOf(audit));
    BOOST_TEST(has(contentOf(audit), "method \"POST\" path \"/orders/1\""), contentOf(audit));
    BOOST_TEST(has(contentOf(audit), "client \"192.0.2.7\""), contentOf(audit));
    const auto line = daemon.process().waitForLine("access: request \"POST\"", 30s);
    BOOST_REQUIRE(line);
    BOOST_TEST(has(*line, R"(request "POST" "/orders/1" route "/orders/**" status 403 )"), *line);
    BOOST_TEST(has(*line, R"( subject "teller-1" refused role_missing id "id-7" from 192.0.2.7)"), *line);
    // Of what is no path nothing is known, so nothing is written.
    BOOST_TEST(ask(about("PATCH", "http://user:sesame@h/x#access_token=sesame")).status == 403);
    const auto pathless = daemon.process().waitForLine("access: request \"PATCH\"", 30s);
    BOOST_REQUIRE(pathless);
    BOOST_TEST(has(*pathless, R"(request "PATCH" "" route "/decision" status 403 )"), *pathless);
    BOOST_TEST(!has(daemon.process().errors() + contentOf(audit), "sesame"));
    // Without the field, nobody knows more than where the question came from.
    BOOST_TEST(ask(about("PUT", "/orders/1")).status == 401);
    const auto unnamed = daemon.process().waitForLine("access: request \"PUT\"", 30s);
    BOOST_REQUIRE(unnamed);
    BOOST_TEST(unnamed->ends_with(" from unix"), *unnamed);
}

BOOST_AUTO_TEST_CASE(metricsAndStatusCountTheDecisionsOfEachRule) {
    const DaemonProcess daemon(settings(orders));
    BOOST_TEST(ask(about("GET", "/orders/1", bearer(tokenOf("customer")))).status == 200);
    BOOST_TEST(ask(about("GET", "/orders/1", bearer(tokenOf("teller")))).status == 403);
    BOOST_TEST(ask(about("GET", "/x", bearer(tokenOf("teller")))).status == 403);
    const auto metrics = control(daemon, {"metrics"}).output;
    for (const auto* line : {R"(changebank_decisions_total{rule="3",status="200"} 1)",
                             R"(changebank_decisions_total{rule="3",status="403"} 1)",
                             R"(changebank_decisions_total{rule="0",status="403"} 1)",
                             R"(changebank_http_requests_total{route="decision",status="200"} 1)",
                             R"(changebank_http_requests_total{route="decision",status="403"} 2)",
                             R"(changebank_http_request_duration_seconds_count{route="decision"} 3)"})
        BOOST_TEST(has(metrics, "\n" + std::string(line) + "\n"), line);
    const auto status = control(daemon, {"status"}).output;
    BOOST_TEST(has(status, "decision on " + socket + "\n"), status);
    BOOST_TEST(has(status, "decisions     1 allowed, 2 refused; by rules: 1, convention forwarded\n"),
               status);
    BOOST_TEST(has(status, ", 3 accepted, 0 refused\n"), status);
}

BOOST_AUTO_TEST_CASE(decideSaysWhichRuleAndWhyAndLeavesNoTrace) {
    const auto audit = folder.file("audit");
    DaemonProcess daemon(settings(std::string(orders) + "audit.file = " + audit + "\n"));
    const auto customer = tokenOf("customer");
    const auto allowed = control(daemon, {"decide", "GET", "/orders/1", customer});
    BOOST_TEST(allowed.status == 0, allowed.errors);
    BOOST_TEST(allowed.output ==
               "allowed by rule 3: GET,POST /orders/** roles=customer, subject customer-1\n");
    const auto refused =
        runToEnd(changebankctl, {"decide", "GET", "/orders/1", "-", "--socket=" + daemon.adminSocket()}, {},
                 tokenOf("teller") + "\n");
    BOOST_TEST(refused.status == 1, refused.errors);
    BOOST_TEST(has(refused.output,
                   "refused by rule 3: GET,POST /orders/** roles=customer: role_missing (403): You do not "),
               refused.output);
    BOOST_TEST(control(daemon, {"decide", "DELETE", "/orders/1", customer}).output ==
               "refused: no rule matches DELETE /orders/1 (403)\n");
    BOOST_TEST(has(control(daemon, {"decide", "GET", "/orders/1"}).output,
                   "refused by rule 3: GET,POST /orders/** roles=customer: missing_token (401): "));
    BOOST_TEST(has(control(daemon, {"decide", "GET", "/orders//1", customer}).output,
                   "refused: path_ambiguous (403): "));
    BOOST_TEST(control(daemon, {"decide", "get", "/orders/1"}).status == 64);
    const auto json = Json::parse(control(daemon, {"decide", "GET", "/orders/1", customer, "--json"}).output);
    BOOST_REQUIRE(json);
    BOOST_TEST(*json->find("pattern")->string() == "/orders/**");
    BOOST_TEST(*json->find("who")->string() == "roles=customer");
    BOOST_TEST(*json->find("fields")->find("X-Auth-Subject")->string() == "customer-1");

    const auto metrics = control(daemon, {"metrics"}).output;
    BOOST_TEST(!has(metrics, "changebank_decisions_total{"));
    BOOST_TEST(has(metrics, "\nchangebank_token_cache_misses_total 0\n"));
    BOOST_TEST(has(metrics, "\nchangebank_token_denials_total{code=\"role_missing\"} 0\n"));
    BOOST_TEST(contentOf(audit) == "");
    BOOST_TEST(!has(daemon.process().errors(), "access: "), daemon.process().errors());
    BOOST_TEST(!has(daemon.process().errors(), customer));
}

BOOST_AUTO_TEST_CASE(aTokenAsLongAsTheApiTakesItCanBeTried) {
    const DaemonProcess daemon(settings(orders));
    const auto token = goodToken("customer").claim("x", "\"" + std::string(20'000, 'x') + "\"");
    const auto long20 = token.signedBy(signingKey());
    BOOST_TEST(ask(about("GET", "/orders/1", bearer(long20))).status == 200);
    BOOST_TEST(control(daemon, {"decide", "GET", "/orders/1", long20}).status == 0);
}

BOOST_AUTO_TEST_SUITE_END()
