#include <Poco/Net/ServerSocket.h>
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>

#include "tests/integration/ControlProcess.h"
#include "tests/integration/FreePort.h"
#include "tests/integration/PassedSocket.h"
#include "tests/support/Contains.h"
#include "tests/support/Eventually.h"

using namespace changebank::tests;
using namespace std::chrono_literals;

namespace {

/// The API on a Unix socket.
struct Fixture {
    ScriptedKeyServer keys{goodKeys()};
    TemporaryFolder folder;
    std::string socket = folder.file("api.sock");

    std::string settings(const std::string& more) const {
        return "auth.jwks.uri = " + keys.uri() + "\nadmin.socket = " + folder.file("admin.sock") + "\n" +
               more;
    }
    std::string onSocket(const std::string& more = {}) const {
        return settings("server.socket = " + socket + "\n" + more);
    }

    Process started(const std::string& content) const {
        return Process(changebankd, {"--config=" + folder.write("c.properties", content)});
    }

    /// The body, or what curl says.
    std::string ask(const std::string& target, const std::vector<std::string>& more = {}) const {
        std::vector<std::string> arguments{"--silent",      "--show-error", "--max-time",          "20",
                                           "--unix-socket", socket,         "http://bank" + target};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const auto ended = runToEnd("curl", arguments);
        return ended.output + ended.errors;
    }

    Ended ctl(const std::string& command) const {
        return runToEnd(changebankctl, {command, "--socket=" + folder.file("admin.sock")});
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DaemonSocketTest, Fixture)

BOOST_AUTO_TEST_CASE(theApiIsServedOnASocketOfTheGroupAlone) {
    const auto port = freePort();
    auto daemon = started(onSocket("server.port = " + std::to_string(port) + "\n"));
    BOOST_REQUIRE(daemon.waitForLine("listening on unix:" + socket + "$", 30s));
    struct stat status {};
    BOOST_TEST(::stat(socket.c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777U) == 0660U);
    BOOST_TEST(has(ask("/readyz"), "{"));
    const auto teller = "Authorization: Bearer " + goodToken("teller").signedBy(signingKey());
    BOOST_TEST(ask("/make-change?total=1.02", {"--header", teller}) ==
               R"({"total":1.02,"nickels":20,"pennies":2})");
    BOOST_TEST(has(ask("/", {"--include"}), "<!DOCTYPE html>"));
    BOOST_CHECK_THROW(request(port, "GET", "/livez"), Poco::Exception);
    BOOST_TEST(daemon.waitForLine("\"/make-change\".* from unix$", 30s).has_value());
    BOOST_TEST(has(ctl("status").output, "api on " + socket + "\n"));
    daemon.terminate();
    BOOST_TEST(daemon.wait().value_or(-1) == 0);
    BOOST_TEST(!std::filesystem::exists(socket));
}

BOOST_AUTO_TEST_CASE(aProxyBehindTheSocketNamesTheClient) {
    auto daemon = started(onSocket("server.trustedProxies = unix\n"));
    BOOST_REQUIRE(daemon.waitForLine("listening on unix:", 30s));
    ask("/me", {"--header", "X-Forwarded-For: 203.0.113.7"});
    BOOST_TEST(daemon.waitForLine("\"/me\".* from 203.0.113.7$", 30s).has_value());
}

BOOST_AUTO_TEST_CASE(aReloadMovesTheApiToASocketToAnotherAndBack) {
    const auto port = freePort();
    const auto onPort = settings("server.port = " + std::to_string(port) + "\n");
    auto daemon = started(onPort);
    BOOST_REQUIRE(daemon.waitForLine("listening on 127", 30s));
    folder.write("c.properties", onSocket());
    BOOST_TEST(ctl("reload").status == 0);
    BOOST_TEST(ask("/livez") == R"({"status":"alive"})");
    BOOST_TEST(eventually([&] {
        try {
            request(port, "GET", "/livez");
            return false;
        } catch (const Poco::Exception&) {
            return true;
        }
    }));
    const auto former = socket;
    socket = folder.file("moved.sock");
    folder.write("c.properties", onSocket("server.threads = 1\n"));
    BOOST_TEST(ctl("reload").status == 0);
    BOOST_TEST(ask("/livez") == R"({"status":"alive"})");
    BOOST_TEST(eventually([&] { return !std::filesystem::exists(former); }));
    // Another number of threads needs another server on the same socket.
    folder.write("c.properties", onSocket("server.threads = 2\n"));
    BOOST_TEST(ctl("reload").status == 0);
    BOOST_TEST(ask("/livez") == R"({"status":"alive"})");
    folder.write("c.properties", onPort);
    BOOST_TEST(ctl("reload").status == 0);
    BOOST_TEST(request(port, "GET", "/livez").status == 200);
    BOOST_TEST(eventually([&] { return !std::filesystem::exists(socket); }));
}

BOOST_AUTO_TEST_CASE(aSecondDaemonDoesNotTakeTheSocket) {
    auto first = started(onSocket());
    BOOST_REQUIRE(first.waitForLine("listening on unix:", 30s));
    const TemporaryFolder another;
    const auto file = another.write("c.properties", "auth.jwks.uri = " + keys.uri() + "\nadmin.socket =\n");
    const auto second = runToEnd(changebankd, {"--config=" + file, "--define=server.socket=" + socket});
    BOOST_TEST(second.status == 69);
    BOOST_TEST(has(second.errors, "another process listens there"), second.errors);
    BOOST_TEST(has(second.errors, "set server.socket to another path"), second.errors);
    BOOST_TEST(ask("/livez") == R"({"status":"alive"})");
}

BOOST_AUTO_TEST_CASE(aSocketThatSystemdPassesServesTheApi) {
    const Poco::Net::ServerSocket passed(
        Poco::Net::SocketAddress(Poco::Net::SocketAddress::UNIX_LOCAL, socket));
    const auto file = folder.write("c.properties", settings("server.port = 1\n"));
    auto daemon = withPassedSocket(passed, {"--config=" + file});
    BOOST_REQUIRE(daemon.waitForLine("listening on unix:" + socket + "$", 30s));
    BOOST_TEST(ask("/livez") == R"({"status":"alive"})");
    folder.write("c.properties", settings("server.socket = " + folder.file("other.sock") + "\n"));
    const auto reloaded = ctl("reload");
    BOOST_TEST(reloaded.status == 0);
    BOOST_TEST(has(reloaded.output, "note: server.socket changed, but systemd passed the api socket"),
               reloaded.output);
    BOOST_TEST(ask("/livez") == R"({"status":"alive"})");
}

BOOST_AUTO_TEST_CASE(theCheckNamesFaultsOfTheSocket) {
    const auto faults = [&](const std::string& content) {
        return runToEnd(changebankd, {"--check", "--config=" + folder.write("c.properties", content)});
    };
    BOOST_TEST(faults(onSocket()).status == 0);
    socket = "/nonexistent/api.sock";
    const auto missing = faults(onSocket());
    BOOST_TEST(missing.status == 78);
    BOOST_TEST(has(missing.errors, "server.socket: cannot listen on /nonexistent/api.sock: the folder"),
               missing.errors);
    const auto secure = faults(onSocket("server.tls.hstsMaxAge = 1h\n"));
    BOOST_TEST(has(secure.errors, "server.tls.hstsMaxAge: is for HTTPS, but server.socket is set"),
               secure.errors);
}

BOOST_AUTO_TEST_SUITE_END()
