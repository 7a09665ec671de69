#include "changebank/daemon/http/message/ResponseWriter.h"

#include <boost/test/unit_test.hpp>

using namespace changebank;
using namespace changebank::http;

namespace {

ResponseFrame frame() {
    ResponseFrame result;
    result.date = "D";
    result.keepAlive = true;
    return result;
}

std::string written(const ServerResponse& response, const ResponseFrame& with = frame()) {
    std::string out;
    return writeResponse(out, response, with) ? out : "rejected" + out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ResponseWriterTest)

BOOST_AUTO_TEST_CASE(WritesAResponse) {
    ServerResponse response;
    response.set("A", "b");
    response.send() << "body";
    BOOST_TEST(written(response) == "HTTP/1.1 200 OK\r\nDate: D\r\nA: b\r\nContent-Length: 4\r\n\r\nbody");
}

BOOST_AUTO_TEST_CASE(AppendsToWhatIsThere) {
    ServerResponse response;
    std::string out = "before";
    BOOST_TEST(writeResponse(out, response, frame()));
    BOOST_TEST(out.substr(0, 14) == "beforeHTTP/1.1");
    response.set("A", "\n");
    out = "before";
    BOOST_TEST(!writeResponse(out, response, frame()));
    BOOST_TEST(out == "before");
}

BOOST_AUTO_TEST_CASE(TheFramesStrictTransportSecurityReplacesTheHandlers) {
    ServerResponse response;
    response.set("strict-transport-security", "max-age=1");
    BOOST_TEST(written(response) ==
               "HTTP/1.1 200 OK\r\nDate: D\r\nstrict-transport-security: max-age=1\r\nContent-Length: "
               "0\r\n\r\n");
    auto with = frame();
    with.hstsMaxAge = std::chrono::hours(4320);
    BOOST_TEST(written(response, with) ==
               "HTTP/1.1 200 OK\r\nDate: D\r\nStrict-Transport-Security: max-age=15552000\r\nContent-Length: "
               "0\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(FramingFieldsAreItsOwn) {
    ServerResponse response;
    response.setContentLength(7);
    response.setChunkedTransferEncoding(true);
    response.set("connection", "upgrade");
    response.set("DATE", "never");
    response.set("X-Request-Id", "theirs");
    response.send() << "body";
    auto with = frame();
    with.server = "S";
    with.requestId = "ours";
    with.keepAlive = false;
    BOOST_TEST(written(response, with) ==
               "HTTP/1.1 200 OK\r\nDate: D\r\nServer: S\r\nX-Request-Id: ours\r\nConnection: "
               "close\r\nContent-Length: "
               "4\r\n\r\nbody");
}

BOOST_AUTO_TEST_CASE(TellsHttp10ThatTheConnectionStays) {
    ServerResponse response;
    auto with = frame();
    with.toHttp10 = true;
    BOOST_TEST(written(response, with).find("\r\nConnection: keep-alive\r\n") != std::string::npos);
    with.keepAlive = false;
    BOOST_TEST(written(response, with).find("\r\nConnection: close\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(HeadHasALengthButNoBody) {
    auto toHead = frame();
    toHead.toHead = true;
    ServerResponse sent;
    sent.send() << "body";
    BOOST_TEST(written(sent, toHead) == "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Length: 4\r\n\r\n");
    ServerResponse stated;
    stated.setContentLength(7);
    BOOST_TEST(written(stated, toHead) == "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Length: 7\r\n\r\n");
    const ServerResponse unknown;
    BOOST_TEST(written(unknown, toHead) == "HTTP/1.1 200 OK\r\nDate: D\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(SomeStatusesHaveNoBody) {
    for (const auto status : {ServerResponse::HTTP_NO_CONTENT, ServerResponse::HTTP_NOT_MODIFIED}) {
        ServerResponse response;
        response.setStatusAndReason(status, "R");
        response.send() << "body";
        BOOST_TEST(written(response) ==
                   "HTTP/1.1 " + std::to_string(static_cast<int>(status)) + " R\r\nDate: D\r\n\r\n");
    }
}

BOOST_AUTO_TEST_CASE(RejectsWhatWouldBreakTheMessage) {
    const std::string zero(1, '\0');
    for (const std::string& bad : {std::string("\r"), std::string("\n"), zero, std::string("a\r\nB: c")}) {
        ServerResponse value;
        value.set("A", bad);
        BOOST_TEST(written(value) == "rejected");
        ServerResponse name;
        name.set("A" + bad, "b");
        BOOST_TEST(written(name) == "rejected");
        ServerResponse reason;
        reason.setReason(bad);
        BOOST_TEST(written(reason) == "rejected");
    }
    for (const auto* name : {"", "A B", "A:", "\x80"}) {
        ServerResponse response;
        response.set(name, "b");
        BOOST_TEST(written(response) == "rejected");
    }
    for (const int status : {0, 100, 101, 199}) {
        ServerResponse response;
        response.setStatus(static_cast<ServerResponse::HTTPStatus>(status));
        BOOST_TEST(written(response) == "rejected");
    }
}

BOOST_AUTO_TEST_SUITE_END()
