#include "changebank/security/keys/DiscoveringJwksFetcher.h"

#include <boost/test/unit_test.hpp>

#include "tests/support/ScriptedKeyServer.h"
#include "tests/support/TemporaryFolder.h"

using namespace changebank;
using namespace changebank::security;
using changebank::tests::ScriptedKeyServer;
using changebank::tests::TemporaryFolder;
using namespace std::chrono_literals;

namespace {

/// A server with an OpenID configuration beside the keys; remembers the heads of both requests.
struct Fixture {
    static constexpr const char* issuer = "https://id.example.com/realms/bank";

    DiscoveringJwksFetcher fetcher() {
        return DiscoveringJwksFetcher(
            {.issuer = issuer, .configuration = addressOf(openIdConfigurationPath), .tokenFile = tokenFile});
    }

    std::string addressOf(std::string_view path) const {
        return "http://127.0.0.1:" + std::to_string(server.port()) + std::string(path);
    }

    static ScriptedKeyServer::Script serve(Fixture& fixture) {
        return [&fixture](auto& connection, const std::string& head) {
            const bool asksForKeys = head.starts_with("GET /keys ");
            (asksForKeys ? fixture.keysHead : fixture.configurationHead) = head;
            ScriptedKeyServer::document(asksForKeys ? R"({"keys":[]})" : fixture.configuration,
                                        asksForKeys ? "ETag: \"v1\"\r\n" : "")(connection, head);
        };
    }

    /// "keys", or the cause and the reason of the failure.
    std::string outcome(std::chrono::milliseconds timeout = 10s) {
        auto fetching = fetcher();
        const auto result = fetching.fetch({}, false, timeout);
        if (const auto* failure = std::get_if<FetchFailure>(&result))
            return std::string(traitsOf(failure->cause).name) + ": " + failure->reason;
        return "keys";
    }

    std::string withJwksUri(const std::string& address) const {
        return R"({"issuer":")" + std::string(issuer) + R"(","jwks_uri":")" + address + "\"}";
    }

    std::string configuration;
    std::string configurationHead;
    std::string keysHead;
    std::string tokenFile;
    ScriptedKeyServer server{serve(*this)};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DiscoveringJwksFetcherTest, Fixture)

BOOST_AUTO_TEST_CASE(fetchesTheKeysWhereTheConfigurationHasThem) {
    configuration = withJwksUri(addressOf("/keys"));
    auto fetching = fetcher();
    const auto first = fetching.fetch("\"other\"", true, 10s);
    BOOST_TEST(std::get<FetchedKeys>(first).document == R"({"keys":[]})");
    BOOST_TEST(std::get<FetchedKeys>(first).entityTag == "\"v1\"");
    BOOST_TEST(configurationHead.starts_with("GET /.well-known/openid-configuration HTTP/1.1\r\n"));
    // An entity tag belongs to an address.
    BOOST_TEST(keysHead.find("If-None-Match") == std::string::npos);
    fetching.fetch("\"v1\"", false, 10s);
    BOOST_TEST(keysHead.find("\r\nIf-None-Match: \"v1\"\r\n") != std::string::npos);
    BOOST_TEST(keysHead.find("Authorization") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(theIssuerMustBeOursExactly) {
    configuration =
        R"({"issuer":")" + std::string(issuer) + R"(/","jwks_uri":")" + addressOf("/keys") + "\"}";
    BOOST_TEST(outcome() ==
               "keys_malformed: the OpenID configuration is that of the issuer "
               "\"https://id.example.com/realms/bank/\", not of \"https://id.example.com/realms/bank\"");
    BOOST_TEST(keysHead.empty());
}

BOOST_AUTO_TEST_CASE(otherConfigurationsFail) {
    const std::string start = "keys_malformed: the OpenID configuration ";
    for (const char* text : {"", "<html>", "[]", "null"}) {
        configuration = text;
        BOOST_TEST(outcome() == start + "is not a JSON object", text);
    }
    configuration = "{}";
    BOOST_TEST(outcome() == start + "has no issuer");
    configuration = R"({"issuer":")" + std::string(issuer) + "\"}";
    BOOST_TEST(outcome() == start + "has no jwks_uri");
    for (const char* address : {"", "/keys", "ftp://x/keys", "http://", "localhost/keys"}) {
        configuration = withJwksUri(address);
        BOOST_TEST(outcome() ==
                   start + "has a jwks_uri that is not an http or https URL: \"" + address + "\"");
    }
    configuration = withJwksUri("http://keys.example.com/");
    BOOST_TEST(outcome() ==
               start + "has a jwks_uri that is plain http to another machine: \"http://keys.example.com/\"");
    BOOST_TEST(keysHead.empty());
    server.play(ScriptedKeyServer::status(404));
    BOOST_TEST(outcome() == "keys_status: the OpenID configuration has status 404, not 200");
}

BOOST_AUTO_TEST_CASE(oneTimeoutBoundsBothRequests) {
    configuration = withJwksUri(addressOf("/keys"));
    server.play([this](auto& connection, const std::string& head) {
        if (head.starts_with("GET /keys ")) return ScriptedKeyServer::silence()(connection, head);
        ScriptedKeyServer::document(configuration)(connection, head);
    });
    const auto begin = std::chrono::steady_clock::now();
    BOOST_TEST(outcome(300ms).starts_with("keys_timed_out: "));
    BOOST_TEST((std::chrono::steady_clock::now() - begin < 5s));
}

BOOST_AUTO_TEST_CASE(theTokenGoesToTheServerOfTheConfigurationAlone) {
    const TemporaryFolder folder;
    tokenFile = folder.write("token", "abc.def\n");
    configuration = withJwksUri(addressOf("/keys"));
    BOOST_TEST(outcome() == "keys");
    BOOST_TEST(configurationHead.find("\r\nAuthorization: Bearer abc.def\r\n") != std::string::npos);
    BOOST_TEST(keysHead.find("\r\nAuthorization: Bearer abc.def\r\n") != std::string::npos);
    ScriptedKeyServer elsewhere(ScriptedKeyServer::document(R"({"keys":[]})"));
    configuration = withJwksUri(elsewhere.uri());
    BOOST_TEST(outcome() == "keys");
    BOOST_TEST(elsewhere.lastRequestHead().find("Authorization") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(anEntityTagIsNotSentToAnotherAddress) {
    configuration = withJwksUri(addressOf("/keys"));
    auto fetching = fetcher();
    fetching.fetch({}, false, 10s);
    ScriptedKeyServer elsewhere(ScriptedKeyServer::status(500));
    configuration = withJwksUri(elsewhere.uri());
    fetching.fetch("\"v1\"", false, 10s);
    // Not even after a failure there.
    elsewhere.play(ScriptedKeyServer::document(R"({"keys":[]})"));
    fetching.fetch("\"v1\"", false, 10s);
    BOOST_TEST(elsewhere.hits() == 2U);
    BOOST_TEST(elsewhere.lastRequestHead().find("If-None-Match") == std::string::npos);
    fetching.fetch("\"v1\"", false, 10s);
    BOOST_TEST(elsewhere.lastRequestHead().find("If-None-Match") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(anAddressWithAUserIsRefused) {
    configuration = withJwksUri("https://user:password@keys.example.com/");
    BOOST_TEST(outcome() ==
               "keys_malformed: the OpenID configuration has a jwks_uri with a user name or password in it");
}

BOOST_AUTO_TEST_SUITE_END()
