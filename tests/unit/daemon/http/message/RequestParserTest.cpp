#include "changebank/daemon/http/message/RequestParser.h"

#include <Poco/Net/HTTPServerParams.h>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <random>

#include "changebank/daemon/http/message/ServerResponse.h"
#include "tests/unit/daemon/http/WireCases.h"

using namespace changebank;
using namespace changebank::http;
using test::WireCase;
using Stage = RequestParser::Stage;

namespace {

RequestLimits caseLimits() {
    RequestLimits limits;
    limits.maxHeaderBytes = 4096;
    limits.maxHeaderFields = 20;
    limits.maxBodyBytes = 64;
    limits.maxChunkOverheadBytes = 256;
    return limits;
}

/// A parser with what it fills, and the buffer that a connection keeps for it.
struct Reader {
    RequestLimits limits = caseLimits();
    Poco::Net::HTTPServerParams::Ptr params = new Poco::Net::HTTPServerParams;
    ServerResponse response;
    ServerRequest request{*params, response};
    RequestParser parser{limits};
    RequestIds ids;
    std::string input;

    bool isOver() const { return parser.stage() == Stage::Complete || parser.stage() == Stage::ParseError; }

    void give(std::string_view bytes) {
        input.append(bytes);
        if (!isOver()) input.erase(0, parser.feed(input, request));
    }

    std::string outcome() const {
        switch (parser.stage()) {
            case Stage::Complete:
                return request.getMethod() + " " + request.getURI() + " " + request.get("Host", "-") + " " +
                       request.body();
            case Stage::ParseError:
                return std::to_string(static_cast<int>(parser.parseError()));
            default:
                return "incomplete";
        }
    }
};

std::string expected(const WireCase& wireCase) {
    return wireCase.status == 200 ? wireCase.echo : std::to_string(wireCase.status);
}

const auto cases = test::wireCases();

}  // namespace

BOOST_AUTO_TEST_SUITE(RequestParserTest)

BOOST_DATA_TEST_CASE(DecidesByTheRules, cases, wireCase) {
    Reader reader;
    reader.give(wireCase.bytes);
    BOOST_TEST(reader.outcome() == expected(wireCase));
}

BOOST_DATA_TEST_CASE(DecidesTheSameWhereverInputIsCut, cases, wireCase) {
    for (std::size_t cut = 1; cut < wireCase.bytes.size(); ++cut) {
        Reader reader;
        reader.give(wireCase.bytes.substr(0, cut));
        reader.give(wireCase.bytes.substr(cut));
        BOOST_TEST_REQUIRE(reader.outcome() == expected(wireCase), "cut at " << cut);
    }
}

BOOST_DATA_TEST_CASE(DecidesTheSameByteByByte, cases, wireCase) {
    Reader reader;
    for (const char byte : wireCase.bytes)
        reader.give({&byte, 1});
    BOOST_TEST(reader.outcome() == expected(wireCase));
}

BOOST_DATA_TEST_CASE(LeavesTheNextRequestAlone, cases, wireCase) {
    if (wireCase.status != 200) return;
    const std::string next = "GET /next HTTP/1.1\r\nHost: n\r\n\r\n";
    Reader reader;
    reader.give(wireCase.bytes + next);
    BOOST_TEST(reader.outcome() == wireCase.echo);
    BOOST_TEST(reader.input == next);
}

BOOST_AUTO_TEST_CASE(FieldValuesAreBytes) {
    Reader reader;
    reader.give(test::get("A: =?UTF-8?Q?a=0D=0AB:_c?=\r\n"));
    BOOST_TEST(reader.request.get("A") == "=?UTF-8?Q?a=0D=0AB:_c?=");
    BOOST_TEST(!reader.request.has("B"));
}

BOOST_AUTO_TEST_CASE(RepeatedFieldsStaySeparate) {
    Reader reader;
    reader.give(test::get("A: 1\r\nB: 2\r\na: 3\r\n"));
    BOOST_TEST(reader.request.size() == 5U);
}

BOOST_AUTO_TEST_CASE(ServesAnotherRequestAfterReset) {
    Reader reader;
    reader.give(test::chunked("3\r\nabc\r\n0\r\n\r\n"));
    BOOST_TEST(reader.outcome() == "POST / h abc");
    reader.parser.reset();
    reader.request.reset({}, false, reader.ids);
    reader.give("GET /b HTTP/1.0\r\n\r\n");
    BOOST_TEST(reader.outcome() == "GET /b - ");
    BOOST_TEST(reader.parser.isHttp10());
}

BOOST_AUTO_TEST_CASE(KnowsWhetherTheConnectionMayStayOpen) {
    struct {
        const char* head;
        bool keepAlive;
    } const rows[] = {
        {"GET / HTTP/1.1\r\nHost: h\r\n\r\n", true},
        {"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", false},
        {"GET / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, CLOSE\r\n\r\n", false},
        {"GET / HTTP/1.1\r\nHost: h\r\nConnection: close, x\r\n\r\n", false},
        {"GET / HTTP/1.1\r\nHost: h\r\nConnection: x\r\nConnection: close\r\n\r\n", false},
        {"GET / HTTP/1.1\r\nHost: h\r\nConnection: closed\r\n\r\n", true},
        {"GET / HTTP/1.0\r\n\r\n", false},
        {"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true},
        {"GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n", false},
    };
    for (const auto& row : rows) {
        Reader reader;
        reader.give(row.head);
        BOOST_TEST_REQUIRE(reader.isOver());
        BOOST_TEST(reader.parser.keepAlive() == row.keepAlive, row.head);
    }
}

BOOST_AUTO_TEST_CASE(SurvivesMutilatedRequests) {
    std::mt19937 random(20240607);  // NOLINT: the same inputs each time
    for (int round = 0; round < 20'000; ++round) {
        std::string bytes = cases[random() % cases.size()].bytes + cases[random() % cases.size()].bytes;
        for (int i = 0; i < 3; ++i) {
            const auto at = random() % bytes.size();
            if (random() % 2 == 0)
                bytes[at] = static_cast<char>(random() % 256);
            else
                bytes.erase(at, random() % 4);
            if (bytes.empty()) bytes = "x";
        }
        Reader reader;
        while (!bytes.empty() && !reader.isOver()) {
            const auto part = std::min<std::size_t>(bytes.size(), 1 + random() % 64);
            reader.give(std::string_view(bytes).substr(0, part));
            bytes.erase(0, part);
        }
        BOOST_TEST_REQUIRE(reader.request.body().size() <= reader.limits.maxBodyBytes);
    }
}

BOOST_AUTO_TEST_CASE(TheAuthorityOfTheTargetTakesThePlaceOfHost) {
    Reader reader;
    reader.give("GET http://target/ HTTP/1.1\r\nHost: field\r\n\r\n");
    BOOST_REQUIRE((reader.parser.stage() == Stage::Complete));
    std::string hosts;
    for (const auto& [name, value] : reader.request) {
        if (name == "Host") hosts += value + " ";
    }
    BOOST_TEST(hosts == "target ");
}

BOOST_AUTO_TEST_SUITE_END()
