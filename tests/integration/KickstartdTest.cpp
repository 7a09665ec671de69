#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/String.h>
#include <Poco/TemporaryFile.h>
#include <signal.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <thread>

#include "changebank/security/jose/JwkSet.h"
#include "changebank/security/jose/JwsVerification.h"
#include "tests/support/Process.h"

using namespace changebank;
using tests::Process;

namespace {

constexpr const char* program = CHANGEBANK_BINARY_DIR "/kickstartd";
constexpr const char* kickstartOption = "--kickstart=" CHANGEBANK_SOURCE_DIR "/kickstart/kickstart.json";
constexpr const char* apiKey = "this_really_should_be_a_long_random_alphanumeric_value_but_this_still_works";

struct Answer {
    int status;
    std::string body;
    std::string contentType;
    std::string cookie;
    std::string cacheControl;
};

/// The body of a success; a test that gets something else says what.
Json jsonOf(const Answer& answer) {
    const auto json = Json::parse(answer.body);
    BOOST_REQUIRE_MESSAGE(answer.status == 200 && json,
                          "status " << answer.status << ", body: " << answer.body);
    return *json;
}

/// A member of an object that is a text.
std::string textAt(const Json& object, const char* name) {
    const auto* member = object.find(name);
    BOOST_REQUIRE_MESSAGE(member && member->string(), "no text " << name << " in " << object.toText());
    return *member->string();
}

struct Kickstartd {
    explicit Kickstartd(const std::vector<std::string>& options = {kickstartOption},
                        std::string address = "127.0.0.1")
        : process(program, withPort(options)), host(std::move(address)), port(process.waitForPort()) {}

    static std::vector<std::string> withPort(std::vector<std::string> options) {
        options.emplace_back("--port=0");
        return options;
    }

    Answer send(const std::string& method, const std::string& path, const std::string& body = "",
                const std::string& key = apiKey, const std::string& contentType = "application/json",
                const std::string& hostField = "") {
        Poco::Net::HTTPClientSession session(host, port);
        Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
        if (!key.empty()) request.set("Authorization", key);
        if (!hostField.empty()) request.setHost(hostField);
        if (!body.empty()) {
            request.setContentType(contentType);
            request.setContentLength64(static_cast<Poco::Int64>(body.size()));
        }
        session.sendRequest(request) << body;
        Poco::Net::HTTPResponse response;
        std::string text;
        Poco::StreamCopier::copyToString(session.receiveResponse(response), text);
        return {response.getStatus(), text, response.getContentType(), response.get("Set-Cookie", ""),
                response.get("Cache-Control", "")};
    }

    /// The answer of the token endpoint to a refresh with an unknown token and these header fields DPoP.
    std::string refreshWith(const std::vector<std::string>& proofs) const {
        const std::string form =
            "grant_type=refresh_token&refresh_token=x&client_id=e9fdb985-9173-4e01-9d73-ac2d60d1dc8e"
            "&client_secret=super-secret-secret-that-should-be-regenerated-for-production";
        Poco::Net::HTTPClientSession session(host, port);
        Poco::Net::HTTPRequest request("POST", "/oauth2/token", Poco::Net::HTTPMessage::HTTP_1_1);
        request.setContentType("application/x-www-form-urlencoded");
        request.setContentLength64(static_cast<Poco::Int64>(form.size()));
        for (const auto& proof : proofs) {
            request.add("DPoP", proof);
        }
        session.sendRequest(request) << form;
        Poco::Net::HTTPResponse response;
        std::string text;
        Poco::StreamCopier::copyToString(session.receiveResponse(response), text);
        return text;
    }

    /// The status for a request that announces a body of that size, which is not sent before the answer.
    int announce(std::size_t size) {
        Poco::Net::HTTPClientSession session(host, port);
        Poco::Net::HTTPRequest request("POST", "/api/login", Poco::Net::HTTPMessage::HTTP_1_1);
        request.setContentType("application/json");
        request.setContentLength64(static_cast<Poco::Int64>(size));
        session.sendRequest(request).flush();
        Poco::Net::HTTPResponse response;
        session.receiveResponse(response);
        return response.getStatus();
    }

    static std::string loginBody(const std::string& user, const std::string& password = "password") {
        return R"({"loginId":")" + user + R"(@example.com","password":")" + password +
               R"(","applicationId":"e9fdb985-9173-4e01-9d73-ac2d60d1dc8e"})";
    }

    Process process;
    std::string host;
    std::uint16_t port;
};

/// How kickstartd ends with these options; nothing of what it says is on standard output.
struct Ending {
    explicit Ending(const std::vector<std::string>& options)
        : process(program, options), status(process.wait()) {
        BOOST_TEST(process.output().empty());
    }

    Process process;
    std::optional<int> status;
    std::string errors = process.errors();
};

std::string claimsOf(const std::string& token, const std::string& jwks) {
    const auto keys = security::JwkSet::parse(jwks);
    BOOST_REQUIRE(std::holds_alternative<std::shared_ptr<const security::JwkSet>>(keys));
    const auto verified = security::verifyJws(token, *std::get<0>(keys), {security::Algorithm::rs256});
    BOOST_REQUIRE(std::holds_alternative<security::VerifiedJws>(verified));
    return std::get<security::VerifiedJws>(verified).payload;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(KickstartdTest)

BOOST_AUTO_TEST_CASE(KeysMayBeKeptAndTokensMayNot) {
    Kickstartd kickstartd;
    for (const char* path : {"/.well-known/jwks.json", "/.well-known/openid-configuration"})
        BOOST_TEST(kickstartd.send("GET", path, "", "").cacheControl == "no-cache");
    BOOST_TEST(kickstartd.send("POST", "/api/login", Kickstartd::loginBody("teller")).cacheControl ==
               "no-store");
}

BOOST_AUTO_TEST_CASE(EverybodyOfTheKickstartLogsIn) {
    Kickstartd kickstartd;
    const auto jwks = kickstartd.send("GET", "/.well-known/jwks.json", "", "").body;
    const std::vector<std::pair<std::string, std::string>> people{
        {"teller", "00000000-0000-0000-0000-111111111111"},
        {"customer", "00000000-0000-0000-0000-222222222222"}};
    for (const auto& [name, id] : people) {
        const auto answer = kickstartd.send("POST", "/api/login", Kickstartd::loginBody(name));
        BOOST_TEST(answer.status == 200);
        BOOST_TEST(answer.contentType == "application/json;charset=UTF-8");
        const auto token = textAt(jsonOf(answer), "token");
        BOOST_TEST(answer.cookie == "access_token=" + token + "; Path=/; Secure; HttpOnly");
        const auto claims = *Json::parse(claimsOf(token, jwks));
        BOOST_TEST(*claims.find("iss")->string() == "http://localhost:9011");
        BOOST_TEST(*claims.find("aud")->string() == "e9fdb985-9173-4e01-9d73-ac2d60d1dc8e");
        BOOST_TEST(*claims.find("sub")->string() == id);
        BOOST_TEST(*claims.find("email")->string() == name + "@example.com");
        BOOST_TEST(*claims.find("roles")->array()->at(0).string() == name);
        BOOST_TEST(claims.find("roles")->array()->size() == 1U);
    }
    BOOST_TEST(kickstartd.send("POST", "/api/login", Kickstartd::loginBody("admin")).status == 202);
}

BOOST_AUTO_TEST_CASE(RefusedLoginsAreEmpty) {
    Kickstartd kickstartd;
    const auto wrong = kickstartd.send("POST", "/api/login", Kickstartd::loginBody("teller", "wrong"));
    BOOST_TEST(wrong.status == 404);
    BOOST_TEST(wrong.body.empty());
    const auto unknown = kickstartd.send("POST", "/api/login", Kickstartd::loginBody("nobody"));
    BOOST_TEST(unknown.status == 404);
    BOOST_TEST(unknown.body.empty());
    const auto keyless = kickstartd.send("POST", "/api/login", Kickstartd::loginBody("teller"), "");
    BOOST_TEST(keyless.status == 401);
    BOOST_TEST(keyless.body.empty());
}

BOOST_AUTO_TEST_CASE(ServesDiscoveryToAnybody) {
    Kickstartd kickstartd;
    BOOST_TEST(kickstartd.send("GET", "/api/status", "", "").body == "{}");
    BOOST_TEST(kickstartd.send("HEAD", "/api/status", "", "").status == 200);
    const auto configuration = jsonOf(kickstartd.send(
        "GET", "/.well-known/openid-configuration?tenantId=d7d09513-a3f5-401c-9685-34ab6c552453", "", ""));
    BOOST_TEST(textAt(configuration, "jwks_uri") ==
               "http://127.0.0.1:" + std::to_string(kickstartd.port) + "/.well-known/jwks.json");
    BOOST_TEST(kickstartd.send("GET", "/nowhere", "", "").status == 404);
    BOOST_TEST(kickstartd.send("PUT", "/api/login", "", "").status == 405);
}

BOOST_AUTO_TEST_CASE(WhatIsNotOfferedIsNamed) {
    Kickstartd kickstartd;
    for (const std::string path : {"/api/user/search", "/api/theme", "/oauth2/introspect", "/nowhere"}) {
        const auto answer = kickstartd.send("GET", path);
        const auto told = "kickstartd does not offer GET " + path;
        BOOST_TEST(answer.status == 404, path);
        BOOST_TEST(answer.body.find(told) != std::string::npos, answer.body);
        BOOST_TEST(kickstartd.process.waitForLine("404: \"" + told, std::chrono::seconds(10)).has_value());
    }
}

BOOST_AUTO_TEST_CASE(OnlyLoopbackNamesAndIssuersAreServed) {
    Kickstartd kickstartd;
    const auto statusAt = [&](const std::string& host) {
        return kickstartd
            .send("POST", "/api/login", Kickstartd::loginBody("teller"), apiKey, "application/json", host)
            .status;
    };
    for (const char* host : {"localhost", "LOCALHOST:9011", "127.0.0.1:1", "127.1.2.3", "[::1]:9011"}) {
        BOOST_TEST(statusAt(host) == 200, host);
    }
    for (const char* host : {"example.com", "localhost.example.com", "127.0.0.1.example.com:9011",
                             "192.0.2.1", "0.0.0.0", "[::]:9011", "[2001:db8::1]"}) {
        BOOST_TEST(statusAt(host) == 421, host);
    }
    const auto page = kickstartd.send("GET", "/", "", "", "", "example.com");
    BOOST_TEST(page.status == 421);
    BOOST_TEST(page.body.find("Use localhost") != std::string::npos);
    BOOST_TEST(kickstartd.process.waitForLine("names another machine: example.com", std::chrono::seconds(10))
                   .has_value());

    kickstartd.send("PATCH", "/api/tenant/d7d09513-a3f5-401c-9685-34ab6c552453",
                    R"({"tenant":{"issuer":"https://Auth.example.com:8443/x"}})");
    BOOST_TEST(statusAt("auth.example.com") == 200);
    BOOST_TEST(statusAt("example.com") == 421);
}

BOOST_AUTO_TEST_CASE(ARequestThatFailsIsReportedAndTheOthersRun) {
    const Poco::TemporaryFile file;
    std::ofstream(file.path())
        << R"({"apiKeys":[{"key":"k"}],"requests":[{"method":"POST"},)"
        << R"({"method":"POST","url":"/api/user","body":{"user":{"email":"a"}}},)"
        << R"({"method":"POST","url":"/api/user","body":{"user":{"email":"b@example.com",)"
        << R"("password":"<password>"}}}]})";
    Kickstartd kickstartd({"--kickstart=" + file.path()});
    const auto page = kickstartd.send("GET", "/", "", "");
    BOOST_TEST(page.body.find("<code>b@example.com</code> with the password <code>&lt;password&gt;</code>") !=
               std::string::npos);
    const auto said = kickstartd.process.errors();
    BOOST_TEST(said.find("requests[0].url: must be a string and not empty; left out") != std::string::npos,
               said);
    BOOST_TEST(
        said.find("requests[1]: POST /api/user: user.password: is required; left out") != std::string::npos,
        said);
}

BOOST_AUTO_TEST_CASE(KeysRotateOverHttp) {
    Kickstartd kickstartd;
    const auto generated = kickstartd.send("POST", "/api/key/generate/11111111-2222-3333-4444-555555555555",
                                           R"({"key":{"algorithm":"ES256","name":"next"}})");
    BOOST_TEST(generated.status == 200);
    const auto jwks = jsonOf(kickstartd.send("GET", "/.well-known/jwks.json", "", ""));
    BOOST_TEST(jwks.find("keys")->array()->size() == 3U);
}

BOOST_AUTO_TEST_CASE(BodiesHaveALimitAndAType) {
    Kickstartd kickstartd;
    const std::string longest = "\"" + std::string(1024 * 1024 - 2, 'x') + "\"";
    BOOST_TEST(kickstartd.send("POST", "/api/login", longest).status == 400);
    BOOST_TEST(kickstartd.announce(longest.size() + 1) == 413);
    BOOST_TEST(
        kickstartd.send("POST", "/api/login", Kickstartd::loginBody("teller"), apiKey, "text/plain").status ==
        415);
}

BOOST_AUTO_TEST_CASE(ManyLogInAtOnce) {
    Kickstartd kickstartd;
    std::vector<int> statuses(8);
    std::vector<std::thread> threads;
    for (auto& status : statuses) {
        threads.emplace_back([&kickstartd, &status] {
            status = kickstartd.send("POST", "/api/login", Kickstartd::loginBody("teller")).status;
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    BOOST_TEST(statuses == std::vector<int>(8, 200), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(LogsNothingSecret) {
    Kickstartd kickstartd;
    const auto answer = kickstartd.send("POST", "/api/login", Kickstartd::loginBody("teller", "password"));
    kickstartd.send("POST", "/api/login", Kickstartd::loginBody("teller", "a-wrong-one"));
    kickstartd.send("GET", "/api/nowhere?refreshToken=topsecret");
    BOOST_TEST(
        kickstartd.process.waitForLine("\"GET /api/nowhere\" 404", std::chrono::seconds(10)).has_value());
    kickstartd.process.terminate();
    BOOST_TEST(kickstartd.process.wait().has_value());
    const auto said = kickstartd.process.output() + kickstartd.process.errors();
    const auto token = textAt(jsonOf(answer), "token");
    for (const auto& secret : {token.substr(token.rfind('.')), std::string(apiKey), std::string("topsecret"),
                               std::string("a-wrong-one"), std::string("\"password\"")}) {
        BOOST_TEST(said.find(secret) == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(ASignalStopsItCleanly) {
    for (const int number : {SIGTERM, SIGINT}) {
        Kickstartd kickstartd;
        kickstartd.process.signal(number);
        const auto status = kickstartd.process.wait();
        BOOST_REQUIRE(status);
        BOOST_TEST(*status == 0);
    }
}

BOOST_AUTO_TEST_CASE(WrongUsageIs64) {
    const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
        {{}, "--kickstart=FILE is required"},
        {{"--bogus"}, "bogus"},
        {{kickstartOption, "more"}, "unexpected argument: more"},
        {{kickstartOption, "--port=65536"}, "port"},
        {{kickstartOption, "--port=x"}, "port"},
        {{kickstartOption, "--host=0.0.0.0"}, "must be a loopback address"},
        {{kickstartOption, "--host=::"}, "must be a loopback address"},
        {{kickstartOption, "--host=::ffff:192.0.2.1"}, "must be a loopback address"},
        {{kickstartOption, "--host="}, "must be a loopback address"},
        {{kickstartOption, "--host=192.0.2.1"}, "must be a loopback address"},
        {{kickstartOption, "--host=example.com"}, "must be a loopback address"},
    };
    for (const auto& [options, reason] : cases) {
        const Ending ending(options);
        BOOST_REQUIRE(ending.status);
        BOOST_TEST(*ending.status == 64, reason);
        BOOST_TEST(ending.errors.find(reason) != std::string::npos, ending.errors);
    }
}

BOOST_AUTO_TEST_CASE(AnAddressInUseIs69) {
    Kickstartd first;
    const Ending second({kickstartOption, "--port=" + std::to_string(first.port)});
    BOOST_REQUIRE(second.status);
    BOOST_TEST(*second.status == 69);
    BOOST_TEST(second.errors.find("cannot listen on 127.0.0.1:" + std::to_string(first.port)) !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(ABrokenKickstartIs78) {
    const Poco::TemporaryFile file;
    std::ofstream(file.path())
        << "{\n  \"apiKeys\": [{\"key\": \"k\"}],\n  \"requests\": {\"method\": \"POST\"}\n}";
    const Ending ending({"--kickstart=" + file.path(), "--port=0"});
    BOOST_REQUIRE(ending.status);
    BOOST_TEST(*ending.status == 78);
    BOOST_TEST(ending.errors == "kickstartd: " + file.path() + ": requests: must be an array\n");
}

BOOST_AUTO_TEST_CASE(EverythingIsForgottenAtTheEnd) {
    std::string before;
    {
        Kickstartd first;
        before = first.send("GET", "/.well-known/jwks.json", "", "").body;
    }
    Kickstartd second;
    BOOST_TEST(second.send("GET", "/.well-known/jwks.json", "", "").body != before);
}

BOOST_AUTO_TEST_CASE(ListensOnTheLoopbackAddressOfIPv6) {
    Kickstartd kickstartd({kickstartOption, "--host=::1"}, "::1");
    BOOST_TEST(kickstartd.send("POST", "/api/login", Kickstartd::loginBody("teller")).status == 200);
    const auto configuration = jsonOf(kickstartd.send("GET", "/.well-known/openid-configuration", "", ""));
    BOOST_TEST(textAt(configuration, "jwks_uri") ==
               "http://[::1]:" + std::to_string(kickstartd.port) + "/.well-known/jwks.json");
}

BOOST_AUTO_TEST_CASE(EveryProofOfARequestCounts) {
    const Kickstartd kickstartd;
    BOOST_TEST(kickstartd.refreshWith({}).find("refresh_token_not_found") != std::string::npos);
    BOOST_TEST(kickstartd.refreshWith({"x"}).find("not a well-formed JWT") != std::string::npos);
    BOOST_TEST(kickstartd.refreshWith({"x", "x"}).find("more than one DPoP header") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(TellsItsVersionAndItsOptions) {
    Process version(program, {"--version"});
    BOOST_TEST((version.wait() == 0));
    BOOST_TEST(version.output().starts_with("kickstartd "));
    Process help(program, {"--help"});
    BOOST_TEST((help.wait() == 0));
    std::ifstream manual(CHANGEBANK_SOURCE_DIR "/packaging/man/kickstartd.1");
    const auto page = Poco::replace(std::string(std::istreambuf_iterator<char>(manual), {}), "\\-", "-");
    std::ifstream document(CHANGEBANK_SOURCE_DIR "/docs/kickstartd.md");
    const std::string shown(std::istreambuf_iterator<char>(document), {});
    for (const char* option : {"--kickstart=", "--host=", "--port="}) {
        BOOST_TEST(help.output().find(option) != std::string::npos, option);
        BOOST_TEST(page.find(option) != std::string::npos, option);
        BOOST_TEST(shown.find(option) != std::string::npos, option);
    }
}

BOOST_AUTO_TEST_SUITE_END()
