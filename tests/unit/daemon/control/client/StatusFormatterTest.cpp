#include "changebank/daemon/control/client/StatusFormatter.h"

#include <boost/test/unit_test.hpp>

using namespace changebank;
using namespace changebank::daemon;
using changebank::Json;

namespace {

Json json(const std::string& text) {
    auto parsed = Json::parse(text);
    BOOST_REQUIRE(parsed);
    return *parsed;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(StatusFormatterTest)

BOOST_AUTO_TEST_CASE(statusIsATable) {
    const auto text = formatStatus(json(R"({
        "version":"1.2.3","pid":17,"state":"serving","startedAt":"2026-01-02T03:04:05Z","uptimeSeconds":3900.5,
        "listeners":[{"purpose":"api","address":"127.0.0.1:443","tls":true,"certificateExpiry":"2027-01-02T03:04:05Z"},
                     {"purpose":"admin","address":"/run/x.sock","tls":false}],
        "connections":{"open":3,"byState":{"idle":2,"handling":1,"writing":0},"accepted":9,"refused":1},
        "requests":{"total":7,"byStatus":{"200":5,"401":2}},
        "denials":{"expired":2},
        "keys":{"uri":"https://a/jwks","usable":true,"ageSeconds":61,"nextRefreshSeconds":59,"fetching":false,
                "fromSnapshotFile":false,"lastError":"refused","snapshotError":null,"keys":[{},{}],"skipped":[{}]},
        "tokenCache":{"hits":4,"misses":3,"entries":2,"capacity":10},
        "audit":{"file":"","recorded":1,"failed":0},
        "settings":{"generation":2,"reloadsSucceeded":1,"reloadsFailed":1,"warning":"a\nb",
                    "lastReload":{"reloaded":false,"at":"2026-01-02T03:04:06Z",
                                  "faults":[{"place":"f:1","key":"k","why":"w"}]}},
        "logLevel":"notice"})"));
    BOOST_TEST(text ==
               "changebankd   1.2.3, process 17, serving for 1 h 5 min (since 2026-01-02T03:04:05Z)\n"
               "listeners     api on 127.0.0.1:443 (TLS, certificate until 2027-01-02T03:04:05Z)\n"
               "              admin on /run/x.sock\n"
               "connections   3 open (idle 2, handling 1), 9 accepted, 1 refused\n"
               "requests      7 total; by status: 200 5, 401 2\n"
               "denials       expired 2\n"
               "keys          2 usable, 1 not, 1 min 1 s old\n"
               "              from https://a/jwks\n"
               "              next refresh in 59 s\n"
               "              last error: refused\n"
               "token cache   4 hits, 3 misses, 2 of 10 entries\n"
               "audit         to the log: 1 recorded, 0 failed\n"
               "settings      generation 2; reloads: 1 succeeded, 1 failed\n"
               "              warning: a\\u000ab\n"
               "              last reload 2026-01-02T03:04:06Z failed:\n"
               "              f:1: k: w\n"
               "log level     notice\n");
}

BOOST_AUTO_TEST_CASE(connectionsWithoutAProxyHeaderAreNamedIfThereAreAny) {
    const auto rowOf = [](const std::string& count) {
        const auto text = formatStatus(json(
            R"({"connections":{"open":0,"accepted":9,"refused":1,"withoutProxyHeader":)" + count + "}}"));
        const auto begin = text.find("connections ");
        return text.substr(begin, text.find('\n', begin) - begin);
    };
    BOOST_TEST(rowOf("0") == "connections   0 open, 9 accepted, 1 refused");
    BOOST_TEST(rowOf("2") ==
               "connections   0 open, 9 accepted, 1 refused, 2 closed for lack of a PROXY header");
}

BOOST_AUTO_TEST_CASE(decisionsAreALineIfThereAreRules) {
    const auto rowOf = [](const std::string& decisions) {
        const auto text = formatStatus(json("{\"decisions\":" + decisions + "}"));
        const auto begin = text.find("decisions ");
        return begin == std::string::npos ? "" : text.substr(begin, text.find('\n', begin) - begin);
    };
    BOOST_TEST(rowOf("null") == "");
    BOOST_TEST(
        rowOf(R"({"rules":3,"convention":"forwarded","identityTokens":false,"allowed":7,"refused":2})") ==
        "decisions     7 allowed, 2 refused; by rules: 3, convention forwarded");
    BOOST_TEST(
        rowOf(R"({"rules":3,"convention":"original","identityTokens":true,"allowed":0,"refused":0})") ==
        "decisions     0 allowed, 0 refused; by rules: 3, convention original, with identity tokens");
    const auto text =
        formatStatus(json(R"({"decisions":{"rules":1,"connections":{"open":0,"accepted":2,"refused":1}}})"));
    BOOST_TEST(text.find("\nproxies       0 open, 2 accepted, 1 refused\n") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(revocationIsALineIfItIsOn) {
    const auto rowOf = [](const std::string& revocation) {
        const auto text = formatStatus(json("{\"revocation\":" + revocation + "}"));
        const auto begin = text.find("revocation ");
        return begin == std::string::npos ? "" : text.substr(begin, text.find('\n', begin) - begin);
    };
    BOOST_TEST(rowOf("null") == "");
    BOOST_TEST(rowOf(R"({"entries":12,"capacity":100000,"file":"/f","redis":null,"available":true})") ==
               "revocation    12 of 100000 in effect, file /f");
    BOOST_TEST(rowOf(R"({"entries":12,"capacity":100000,"file":"/f","available":true,
                   "redis":{"address":"redis://h:1","upToDate":true,"lastUpToDate":"2026-11-30T10:00:00Z",
                            "failure":"","unpublished":0}})") ==
               "revocation    12 of 100000 in effect, file /f, redis redis://h:1 up to date");
    BOOST_TEST(rowOf(R"({"entries":1,"capacity":2,"file":"","available":false,
                   "redis":{"address":"redis://h:1","upToDate":false,"lastUpToDate":"2026-11-30T10:00:00Z",
                            "failure":"refused","unpublished":3}})") ==
               "revocation    1 of 2 in effect, redis redis://h:1 not up to date since 2026-11-30T10:00:00Z: "
               "refused; 3 not published; refusing all tokens");
    BOOST_TEST(
        rowOf(R"({"entries":1,"capacity":2,"file":"/f","fileFailure":"full","available":true,
                   "redis":{"address":"redis://h:1","upToDate":true,"lastUpToDate":"2026-11-30T10:00:00Z",
                            "failure":"","publishFailure":"OOM","unpublished":1}})") ==
        "revocation    1 of 2 in effect, file /f cannot be written: full, redis redis://h:1 up to date; "
        "1 not published; cannot publish: OOM");
    BOOST_TEST(rowOf(R"({"entries":0,"capacity":2,"file":"","available":false,
                   "redis":{"address":"redis://h:1","upToDate":false,"lastUpToDate":null,"failure":"refused",
                            "unpublished":0}})") ==
               "revocation    0 of 2 in effect, redis redis://h:1 not up to date since the start: refused; "
               "refusing all tokens");
}

BOOST_AUTO_TEST_CASE(keysAreListed) {
    const auto text = formatKeys(json(R"({"uri":"u","usable":false,"nextRefreshSeconds":0,"fetching":true,
        "keys":[{"kid":"a\nb","type":"RSA","bits":2048,"alg":"RS256"},{"kid":null,"type":"P-256","bits":256,"alg":null}],
        "skipped":[{"index":2,"kid":"c","reason":"too short"}]})"));
    BOOST_TEST(text ==
               "keys          none: every token is answered with 503\n"
               "              from u\n"
               "              being fetched now\n"
               "key           kid \"a\\u000ab\", RSA 2048 bits, RS256 only\n"
               "key           kid null, P-256\n"
               "unusable      number 2, kid \"c\": too short\n");
}

BOOST_AUTO_TEST_CASE(faultsAreLinesLikeThoseOfCheck) {
    const auto outcome =
        json(R"({"faults":[{"place":"f:1","key":"a.b","why":"bad"},{"place":"f:2","key":"","why":"x\ny"}],
        "generation":3,"notes":["n"]})");
    BOOST_TEST(formatFaults(outcome) == "f:1: a.b: bad\nf:2: x\\u000ay\n");
    BOOST_TEST(formatReload(outcome) == "reloaded: settings of generation 3 serve\nnote: n\n");
}

BOOST_AUTO_TEST_CASE(settingsReadAsAFile) {
    BOOST_TEST(formatConfig(json(R"({"settings":[{"key":"a","value":"x\\y","from":"defaults"}]})")) ==
               "# from defaults\na = x\\\\y\n");
}

BOOST_AUTO_TEST_CASE(anAnswerWithoutItsMembersIsNoCrash) {
    for (const auto* text :
         {"{}", "[]", "null", R"({"keys":7,"listeners":{},"settings":[],"revocation":{"redis":7}})"}) {
        BOOST_CHECK_NO_THROW(formatStatus(json(text)));
        BOOST_CHECK_NO_THROW(formatKeys(json(text)));
        BOOST_CHECK_NO_THROW(formatReload(json(text)));
        BOOST_CHECK_NO_THROW(formatFaults(json(text)));
        BOOST_CHECK_NO_THROW(formatConfig(json(text)));
        BOOST_CHECK_NO_THROW(formatLogLevel(json(text)));
    }
}

BOOST_AUTO_TEST_SUITE_END()
