#include <Poco/Net/HTMLForm.h>
#include <Poco/Net/HTTPBasicCredentials.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPCookie.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/NameValueCollection.h>
#include <Poco/TemporaryFile.h>

#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "tests/unit/daemon/http/TestServer.h"

// Handlers as they are written for Poco::Net::HTTPServer, under that server and under ours: every test runs
// under both.

using namespace changebank;
using namespace changebank::http;
using namespace changebank::http::test;

namespace {

Poco::TemporaryFile& file() {
    static Poco::TemporaryFile file;
    if (!file.exists()) std::ofstream(file.path()) << "from a file";
    return file;
}

void handle(Request& request, Response& response) {
    const auto& path = request.getURI();
    if (path == "/stream") {
        response.setChunkedTransferEncoding(true);
        response.setContentType("text/plain");
        response.send() << "one " << 2 << std::endl << "three";
    } else if (path == "/length") {
        response.setContentLength(5);
        response.send() << "exact";
    } else if (path == "/buffer") {
        response.sendBuffer("buffer", 6);
    } else if (path == "/file") {
        response.sendFile(file().path(), "text/x-test");
    } else if (path == "/redirect") {
        response.redirect("/elsewhere", Response::HTTP_SEE_OTHER);
    } else if (path == "/login") {
        if (!request.hasCredentials()) {
            response.requireAuthentication("vault");
            response.send();
            return;
        }
        const Poco::Net::HTTPBasicCredentials credentials(request);
        response.send() << credentials.getUsername() << "/" << credentials.getPassword();
    } else if (path == "/cookies") {
        Poco::Net::NameValueCollection cookies;
        request.getCookies(cookies);
        Poco::Net::HTTPCookie cookie("answer", cookies.get("question", "-"));
        cookie.setHttpOnly();
        response.addCookie(cookie);
        response.send();
    } else if (path.substr(0, 5) == "/form") {
        const Poco::Net::HTMLForm form(request, request.stream());
        response.send() << form.get("a", "-") << "," << form.get("b", "-");
    } else if (path == "/nothing") {
        response.setStatusAndReason(Response::HTTP_NO_CONTENT);
        response.send();
    } else if (path == "/twice") {
        response.add("X-Two", "a");
        response.add("X-Two", "b");
        response.setReason("Fine");
        response.send() << (response.sent() ? "sent" : "not sent");
    } else if (path == "/throw") {
        throw Poco::ApplicationException("as planned");
    } else {
        std::string body;
        Poco::StreamCopier::copyToString(request.stream(), body);
        response.send() << request.getMethod() << " " << path << " " << request.getHost() << " "
                        << request.getVersion() << " " << request.getContentType() << " "
                        << request.clientAddress().host().toString() << " " << request.serverAddress().port()
                        << " " << request.secure() << " " << body;
    }
}

/// The one line that changes with the server.
template <typename Server>
struct Serving {
    Serving() { server.start(); }
    ~Serving() { server.stopAll(true); }

    struct Answer {
        Poco::Net::HTTPResponse head;
        std::string body;
    };

    Answer send(Poco::Net::HTTPRequest request, const std::string& body = {}) {
        if (!body.empty()) request.setContentLength64(static_cast<Poco::Int64>(body.size()));
        session.sendRequest(request) << body;
        Answer answer;
        Poco::StreamCopier::copyToString(session.receiveResponse(answer.head), answer.body);
        return answer;
    }
    Answer get(const std::string& path) { return send({"GET", path, Poco::Net::HTTPMessage::HTTP_1_1}); }

    Poco::Net::ServerSocket socket = listenOn({"127.0.0.1", 0});
    Server server{new FunctionFactory([](const Request&) { return new FunctionHandler(handle); }), socket,
                  new Poco::Net::HTTPServerParams};
    Poco::Net::HTTPClientSession session{"127.0.0.1", socket.address().port()};
};

using Servers = boost::mpl::list<Poco::Net::HTTPServer, changebank::http::HTTPServer>;

}  // namespace

BOOST_AUTO_TEST_SUITE(PocoHandlersTest)

BOOST_AUTO_TEST_CASE_TEMPLATE(SendInEveryWayThereIs, Server, Servers) {
    Serving<Server> serving;
    const auto streamed = serving.get("/stream");
    BOOST_TEST(streamed.body == "one 2\nthree");
    BOOST_TEST(streamed.head.getContentType() == "text/plain");
    BOOST_TEST(serving.get("/length").body == "exact");
    BOOST_TEST(serving.get("/buffer").body == "buffer");
    const auto sent = serving.get("/file");
    BOOST_TEST(sent.body == "from a file");
    BOOST_TEST(sent.head.getContentType() == "text/x-test");
    BOOST_TEST(sent.head.getContentLength() == 11);
    BOOST_TEST(serving.get("/nothing").head.getStatus() == 204);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SayMoreThanABody, Server, Servers) {
    Serving<Server> serving;
    const auto redirected = serving.get("/redirect");
    BOOST_TEST(redirected.head.getStatus() == 303);
    BOOST_TEST(redirected.head.get("Location") == "/elsewhere");
    const auto twice = serving.get("/twice");
    BOOST_TEST(twice.head.getReason() == "Fine");
    BOOST_TEST(std::distance(twice.head.find("X-Two"), twice.head.end()) >= 2);
    BOOST_TEST(twice.body == "sent");

    Poco::Net::HTTPRequest request("GET", "/cookies", Poco::Net::HTTPMessage::HTTP_1_1);
    Poco::Net::NameValueCollection cookies;
    cookies.add("question", "42");
    request.setCookies(cookies);
    std::vector<Poco::Net::HTTPCookie> answered;
    serving.send(request).head.getCookies(answered);
    BOOST_TEST_REQUIRE(answered.size() == 1U);
    BOOST_TEST(answered[0].getValue() == "42");
    BOOST_TEST(answered[0].getHttpOnly());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(AskForCredentials, Server, Servers) {
    Serving<Server> serving;
    const auto refused = serving.get("/login");
    BOOST_TEST(refused.head.getStatus() == 401);
    BOOST_TEST(refused.head.get("WWW-Authenticate") == "Basic realm=\"vault\"");
    Poco::Net::HTTPRequest request("GET", "/login", Poco::Net::HTTPMessage::HTTP_1_1);
    Poco::Net::HTTPBasicCredentials("me", "secret").authenticate(request);
    BOOST_TEST(serving.send(request).body == "me/secret");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ReadWhatCame, Server, Servers) {
    Serving<Server> serving;
    const auto port = std::to_string(serving.socket.address().port());
    BOOST_TEST(serving.get("/form?a=1&b=2").body == "1,2");
    Poco::Net::HTTPRequest form("POST", "/form", Poco::Net::HTTPMessage::HTTP_1_1);
    form.setContentType("application/x-www-form-urlencoded");
    BOOST_TEST(serving.send(form, "a=x%20y&b=z").body == "x y,z");
    Poco::Net::HTTPRequest put("PUT", "/any?x", Poco::Net::HTTPMessage::HTTP_1_1);
    put.setContentType("text/plain");
    BOOST_TEST(serving.send(put, "body").body ==
               "PUT /any?x 127.0.0.1:" + port + " HTTP/1.1 text/plain 127.0.0.1 " + port + " 0 body");
    put.setChunkedTransferEncoding(true);
    serving.session.sendRequest(put) << "in chunks";
    Poco::Net::HTTPResponse head;
    std::string body;
    Poco::StreamCopier::copyToString(serving.session.receiveResponse(head), body);
    BOOST_TEST(body.substr(body.size() - 9) == "in chunks");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FailAndServeOn, Server, Servers) {
    Serving<Server> serving;
    BOOST_TEST(serving.get("/throw").head.getStatus() == 500);
    BOOST_TEST(serving.get("/buffer").body == "buffer");
    const auto head = serving.send({"HEAD", "/buffer", Poco::Net::HTTPMessage::HTTP_1_1});
    BOOST_TEST(head.head.getContentLength() == 6);
    BOOST_TEST(head.body == "");
}

BOOST_AUTO_TEST_SUITE_END()
