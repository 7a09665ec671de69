#include <boost/test/unit_test.hpp>
#include <csignal>
#include <thread>

#include "changebank/base/text/Json.h"
#include "tests/integration/ControlProcess.h"
#include "tests/support/Eventually.h"

using namespace changebank;
using namespace changebank::tests;
using namespace std::chrono_literals;

namespace {

std::string tokenOf(const TestKey& key, const std::string& keyId) {
    return TokenRecipe(std::time(nullptr)).header("kid", quoteJson(keyId)).signedBy(key);
}

std::string published(const TestKey& key, const std::string& keyId) {
    return key.jwk("\"kid\":" + quoteJson(keyId));
}

/// Two keys, the key server that publishes the first, and settings for a daemon that fetches from it.
struct Fixture {
    const TestKey first = TestKey::generate(security::KeyFamily::rsa);
    const TestKey second = TestKey::generate(security::KeyFamily::rsa);
    ScriptedKeyServer keyServer{ScriptedKeyServer::document(keySetOf({published(first, "k1")}))};

    std::string settings(const std::string& more = {}) const {
        return "auth.jwks.uri = " + keyServer.uri() + "\n" + more;
    }

    static int status(const DaemonProcess& daemon, const std::string& token) {
        return daemon.get("/make-change?total=1", bearer(token)).status;
    }

    /// Waits until the daemon answers a token so; false if it never does.
    static bool becomes(const DaemonProcess& daemon, const std::string& token, int wanted) {
        return eventually([&] { return status(daemon, token) == wanted; });
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(KeyLifeTest, Fixture)

BOOST_AUTO_TEST_CASE(theFirstRequestWithAFreshKeySucceeds) {
    DaemonProcess daemon(settings());
    BOOST_TEST(status(daemon, tokenOf(first, "k1")) == 200);
    keyServer.play(ScriptedKeyServer::document(keySetOf({published(first, "k1"), published(second, "k2")})));
    BOOST_TEST(status(daemon, tokenOf(second, "k2")) == 200);
    BOOST_TEST(keyServer.hits() == 2U);
    BOOST_TEST(keyServer.lastRequestHead().find("Cache-Control: no-cache") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(newMaterialUnderAKnownKeyIdHeals) {
    DaemonProcess daemon(settings());
    BOOST_TEST(status(daemon, tokenOf(first, "k1")) == 200);
    keyServer.play(ScriptedKeyServer::document(keySetOf({published(second, "k1")})));
    BOOST_TEST(status(daemon, tokenOf(second, "k1")) == 200);
    BOOST_TEST(status(daemon, tokenOf(first, "k1")) == 401);
}

BOOST_AUTO_TEST_CASE(aWithdrawnKeyStopsWorkingAtTheNextRefresh) {
    DaemonProcess daemon(settings("auth.jwks.maxAge = 1s\nauth.jwks.cooldown = 1s\n"));
    const auto token = tokenOf(first, "k1");
    BOOST_TEST(status(daemon, token) == 200);
    keyServer.play(ScriptedKeyServer::document(keySetOf({published(second, "k2")})));
    BOOST_TEST(becomes(daemon, token, 401));
}

BOOST_AUTO_TEST_CASE(aFloodOfMadeUpKeyIdsCostsTheBurstAndHoldsNobodyUp) {
    DaemonProcess daemon(settings("auth.jwks.cooldown = 1h\n"));
    const auto good = tokenOf(first, "k1");
    BOOST_TEST(status(daemon, good) == 200);
    for (int i = 0; i < 500; ++i) {
        BOOST_TEST(status(daemon, tokenOf(second, "made-up-" + std::to_string(i))) == 401);
        if (i % 50 == 0) BOOST_TEST(status(daemon, good) == 200);
    }
    BOOST_TEST(keyServer.hits() == 3U);
}

BOOST_AUTO_TEST_CASE(oldKeysServeWhileTheKeyServerFails) {
    DaemonProcess daemon(settings("auth.jwks.maxAge = 1s\nauth.jwks.timeout = 200ms\n"));
    const auto token = tokenOf(first, "k1");
    BOOST_TEST(status(daemon, token) == 200);
    const auto tooOld = std::chrono::steady_clock::now() + 1s;
    ScriptedKeyServer elsewhere(ScriptedKeyServer::document(keySetOf({published(second, "unknown")})));
    const std::string noKeys = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    for (const auto& script :
         {ScriptedKeyServer::status(500), ScriptedKeyServer::raw(""), ScriptedKeyServer::raw(noKeys),
          ScriptedKeyServer::document(""), ScriptedKeyServer::document("<html></html>"),
          ScriptedKeyServer::document(R"({"keys":[]})"),
          ScriptedKeyServer::document(R"({"keys":[{"kty":"oct","k":"AAAA"}]})"),
          ScriptedKeyServer::document("\x1F\x8B\x08", "Content-Encoding: gzip\r\n"),
          ScriptedKeyServer::document("{\"keys\":" + std::string(100'000, '[')),
          ScriptedKeyServer::drip(50ms),
          ScriptedKeyServer::raw("HTTP/1.1 302 Found\r\nLocation: " + elsewhere.uri() +
                                 "\r\nContent-Length: 0\r\n\r\n"),
          ScriptedKeyServer::silence(), ScriptedKeyServer::document(std::string(2'000'000, ' '))}) {
        keyServer.play(script);
        const auto before = keyServer.hits();
        // The first may join a fetch that began before.
        for (int i = 0; i < 2; ++i)
            BOOST_TEST(control(daemon, {"keys", "refresh"}).status != 0);
        BOOST_TEST(keyServer.hits() > before);
        BOOST_TEST(status(daemon, tokenOf(second, "unknown")) == 401);
        BOOST_TEST(status(daemon, token) == 200);
        BOOST_TEST(daemon.get("/readyz").status == 200);
    }
    std::this_thread::sleep_until(tooOld);
    BOOST_TEST(status(daemon, token) == 200);
    BOOST_TEST(elsewhere.hits() == 0U);
}

BOOST_AUTO_TEST_CASE(oldKeysServeForTheirTimeAndThenItIsOurTrouble) {
    DaemonProcess daemon(
        settings("auth.jwks.maxAge = 1s\nauth.jwks.cooldown = 1s\nauth.jwks.staleFor = 2s\n"));
    const auto token = tokenOf(first, "k1");
    BOOST_TEST(status(daemon, token) == 200);
    keyServer.play(ScriptedKeyServer::status(500));
    BOOST_TEST(becomes(daemon, token, 503));
    BOOST_TEST(daemon.get("/readyz").status == 503);
    keyServer.play(ScriptedKeyServer::document(keySetOf({published(first, "k1")})));
    BOOST_TEST(becomes(daemon, token, 200));
}

BOOST_AUTO_TEST_CASE(anOperatorHasOldKeysServeLongerWhileTheKeyServerFails) {
    const std::string shortLived = "auth.jwks.maxAge = 1s\nauth.jwks.cooldown = 1s\n";
    DaemonProcess daemon(settings(shortLived + "auth.jwks.staleFor = 2s\n"));
    const auto token = tokenOf(first, "k1");
    BOOST_TEST(status(daemon, token) == 200);
    keyServer.play(ScriptedKeyServer::status(500));
    BOOST_TEST(becomes(daemon, token, 503));
    daemon.rewrite(settings(shortLived + "auth.jwks.staleFor = 24h\n"));
    daemon.process().signal(SIGHUP);
    BOOST_REQUIRE(daemon.process().waitForLine("settings reloaded", 30s));
    BOOST_TEST(status(daemon, token) == 200);
    BOOST_TEST(daemon.get("/readyz").status == 200);
}

BOOST_AUTO_TEST_CASE(aSlowKeyServerHoldsUpTheUnknownKeyAloneAndNotBeyondTheDeadline) {
    DaemonProcess daemon(settings("auth.jwks.timeout = 1s\n"));
    const auto good = tokenOf(first, "k1");
    BOOST_TEST(status(daemon, good) == 200);
    keyServer.play(ScriptedKeyServer::silence());
    std::atomic<int> answered{0};
    std::jthread unknown([&] { answered = status(daemon, tokenOf(second, "k2")); });
    BOOST_REQUIRE(eventually([&] { return keyServer.hits() >= 2; }));
    int served = 0;
    while (answered == 0) {
        BOOST_TEST(status(daemon, good) == 200);
        ++served;
    }
    unknown.join();
    BOOST_TEST(answered == 401);
    BOOST_TEST(served > 0);
}

BOOST_AUTO_TEST_SUITE_END()
