#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>

#include <boost/test/unit_test.hpp>

#include "tests/integration/DaemonProcess.h"

using namespace changebank::tests;
using namespace std::chrono_literals;

namespace {

class KeysHandler : public Poco::Net::HTTPRequestHandler {
public:
    void handleRequest(Poco::Net::HTTPServerRequest&, Poco::Net::HTTPServerResponse& response) override {
        const auto document = keySetOf({signingKey().jwk(R"("kid":"k1","use":"sig")")});
        response.setContentType("application/json");
        response.sendBuffer(document.data(), document.size());
    }
};

class KeysFactory : public Poco::Net::HTTPRequestHandlerFactory {
public:
    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest&) override {
        return new KeysHandler;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(DaemonKeysTest)

BOOST_AUTO_TEST_CASE(withAnUnreachableKeyServerItStartsAndRecoversByItself) {
    // Bound but not listening: connections are refused, and nobody else gets the port.
    Poco::Net::ServerSocket socket;
    socket.bind(Poco::Net::SocketAddress("127.0.0.1", 0), false, false);
    DaemonProcess daemon("auth.jwks.uri = http://127.0.0.1:" + std::to_string(socket.address().port()) +
                         "/keys\n");
    BOOST_REQUIRE(daemon.process().waitForLine("cannot fetch keys from http://127.0.0.1:", 30s));
    const auto unready = daemon.get("/readyz");
    BOOST_TEST(unready.status == 503);
    BOOST_TEST(std::stoi(unready.head.get("Retry-After")) >= 1);
    BOOST_TEST(unready.body.find(R"("code":"ERR_JWKS_)") != std::string::npos);
    BOOST_TEST(daemon.get("/livez").status == 200);
    const auto token = bearer(goodToken("teller").signedBy(signingKey()));
    const auto refused = daemon.get("/make-change?total=1.02", token);
    BOOST_TEST(refused.status == 503);
    BOOST_TEST(std::stoi(refused.head.get("Retry-After")) >= 1);
    BOOST_TEST(!refused.head.has("WWW-Authenticate"));
    BOOST_TEST(daemon.get("/make-change?total=1.02").status == 401);

    socket.listen();
    Poco::Net::HTTPServer server(new KeysFactory, socket, new Poco::Net::HTTPServerParams);
    server.start();
    BOOST_REQUIRE(daemon.process().waitForLine("new keys from", 30s));
    BOOST_TEST(daemon.get("/readyz").status == 200);
    BOOST_TEST(daemon.get("/make-change?total=1.02", token).status == 200);
}

BOOST_AUTO_TEST_CASE(keysOfASnapshotServeAColdStart) {
    const TemporaryFolder folder;
    const auto snapshot = "auth.jwks.snapshot = " + folder.file("keys.json") + "\n";
    ScriptedKeyServer keys(goodKeys());
    const auto settings = "auth.jwks.uri = " + keys.uri() + "\n" + snapshot;
    {
        DaemonProcess first(settings);
        BOOST_REQUIRE(first.process().waitForLine("new keys from", 30s));
        first.process().terminate();
        BOOST_TEST(first.process().wait().value_or(-1) == 0);
    }
    keys.play(ScriptedKeyServer::status(500));
    DaemonProcess second(settings);
    BOOST_REQUIRE(second.process().waitForLine("keys taken from the snapshot", 30s));
    BOOST_TEST(second.get("/readyz").status == 200);
    const auto token = bearer(goodToken("teller").signedBy(signingKey()));
    BOOST_TEST(second.get("/make-change?total=1.02", token).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
