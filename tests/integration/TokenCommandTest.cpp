#include <boost/test/unit_test.hpp>
#include <fstream>

#include "changebank/base/text/Base64Url.h"
#include "changebank/base/text/Json.h"
#include "tests/integration/TokenTool.h"
#include "tests/support/PrivatePem.h"

using namespace changebank;
using namespace changebank::tests;
using namespace std::chrono_literals;

namespace {

struct Fixture {
    TemporaryFolder folder;
    const TestKey& key = TestKey::shared(security::KeyFamily::rsa);
    std::string jwks = write("keys.json", keySetOf({key.jwk(R"("kid":"k1")")}));
    std::string good = TokenRecipe(std::time(nullptr)).signedBy(key);

    std::string write(const std::string& name, const std::string& content) const {
        std::ofstream(folder.file(name), std::ios::binary) << content;
        return "--jwks=" + folder.file(name);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(TokenCommandTest, Fixture)

BOOST_AUTO_TEST_CASE(judgesOneToken) {
    const auto valid = runTokenTool({"verify", jwks, good});
    BOOST_TEST(valid.status == 0);
    BOOST_TEST(valid.output == "valid: subject \"00000000-0000-0000-0000-000000000001\"\n");
    const auto invalid = runTokenTool({"verify", jwks, "abc"});
    BOOST_TEST(invalid.status == 1);
    BOOST_TEST(invalid.output == "invalid: ERR_JWS_INVALID: \"Invalid Compact JWS\"\n");
    const auto json = runTokenTool({"verify", jwks, "--json", good});
    BOOST_TEST(*Json::parse(json.lines().at(0))->find("valid")->boolean());
}

BOOST_AUTO_TEST_CASE(answersEveryLineWithALineOfJson) {
    const auto expired = TokenRecipe(std::time(nullptr)).claim("exp", "1").signedBy(key);
    const auto result = runTokenTool({"verify", jwks, "-"}, good + "\nabc\n\n" + expired + "\n" + good);
    BOOST_TEST(result.status == 1);
    const auto lines = result.lines();
    BOOST_REQUIRE(lines.size() == 5U);
    const auto first = Json::parse(lines[0]).value();
    BOOST_TEST(*first.find("valid")->boolean());
    BOOST_TEST(*first.find("header")->find("kid")->string() == "k1");
    BOOST_TEST(*first.find("claims")->find("iss")->string() == TokenRecipe::issuer);
    const std::string notCompact =
        R"({"valid":false,"code":"ERR_JWS_INVALID","error":"Invalid Compact JWS"})";
    BOOST_TEST(lines[1] == notCompact);
    BOOST_TEST(lines[2] == notCompact);
    BOOST_TEST(lines[3] ==
               R"({"valid":false,"code":"ERR_JWT_EXPIRED","error":"\"exp\" claim timestamp check failed"})");
    BOOST_TEST(lines[4] == lines[0]);
    BOOST_TEST(runTokenTool({"verify", jwks, "-"}, good + "\n").status == 0);
    BOOST_TEST(runTokenTool({"verify", jwks}, good + "\n").status == 0);
    BOOST_TEST(runTokenTool({"verify", jwks, "-"}).output.empty());
}

BOOST_AUTO_TEST_CASE(linesMayEndWithBlanksAndCarriageReturns) {
    for (const char* command : {"verify", "inspect"}) {
        const auto plain = runTokenTool({command, jwks, "-"}, good + "\n");
        const auto result =
            runTokenTool({command, jwks, "-"}, good + "\r\n" + good + "  \n" + good + "\t\r\n" + good + "\r");
        BOOST_TEST(result.status == 0);
        BOOST_REQUIRE(result.lines().size() == 4U);
        for (const auto& line : result.lines())
            BOOST_TEST(line + "\n" == plain.output);
    }
    // Other blanks are part of the token.
    for (const auto& line : {" " + good, good + " " + good})
        BOOST_TEST(runTokenTool({"verify", jwks, "-"}, line + "\n").status == 1);
}

BOOST_AUTO_TEST_CASE(judgesTheSignatureAloneWhereItIsAsked) {
    const auto token =
        key.token(security::Algorithm::rs256, R"({"alg":"RS256"})", std::string("no\0JSON", 7));
    const auto result = runTokenTool({"verify", jwks, "--signature-only", "-"}, token + "\n" + token + "A\n");
    const auto lines = result.lines();
    BOOST_REQUIRE(lines.size() == 2U);
    BOOST_TEST(lines[0] == R"({"valid":true,"header":{"alg":"RS256"},"payload":")" +
                               encodeBase64Url(std::string("no\0JSON", 7)) + "\"}");
    BOOST_TEST(lines[1].find("ERR_JWS_SIGNATURE_VERIFICATION_FAILED") != std::string::npos);
    BOOST_TEST(runTokenTool({"verify", jwks, token}).status == 1);
}

BOOST_AUTO_TEST_CASE(issuerAudienceAndAlgorithmsCanBeSaid) {
    BOOST_TEST(runTokenTool({"verify", jwks, "--issuer=" + std::string(TokenRecipe::issuer),
                             "--audience=x," + std::string(TokenRecipe::audience), good})
                   .status == 0);
    BOOST_TEST(runTokenTool({"verify", jwks, "--issuer=other", good})
                   .output.find("unexpected \\\"iss\\\" claim value") != std::string::npos);
    BOOST_TEST(runTokenTool({"verify", jwks, "--audience=other", good})
                   .output.find("unexpected \\\"aud\\\" claim value") != std::string::npos);
    BOOST_TEST(
        runTokenTool({"verify", jwks, "--algorithms=ES256", good}).output.find("ERR_JOSE_ALG_NOT_ALLOWED") !=
        std::string::npos);
    BOOST_TEST(runTokenTool({"verify", jwks, "--algorithms=ES256,RS256", good}).status == 0);
}

BOOST_AUTO_TEST_CASE(filesOfTheDaemonThatThisUserCannotReachAreOfNoConcern) {
    const auto file =
        folder.write("c.properties",
                     "log.target = file:/nonexistent/log\naudit.file = /nonexistent/audit\n"
                     "auth.jwks.snapshot = /nonexistent/keys\nserver.tls.key = /nonexistent/key\n"
                     "auth.dpop.nonce.secretFile = /nonexistent/secret\n");
    BOOST_TEST(runTokenTool({"verify", jwks, "--config=" + file, good}).status == 0);
    const auto faulty = folder.write("c.properties", "auth.leeway = soon\n");
    BOOST_TEST(runTokenTool({"verify", jwks, "--config=" + faulty, good}).status == 78);
}

BOOST_AUTO_TEST_CASE(aKeySetWithoutUsableKeysStillAnswersEveryToken) {
    for (const std::string& document :
         {std::string(R"({"keys":[]})"), std::string(R"({"keys":[{"kty":"oct","k":"AAAA"}]})")}) {
        const auto result =
            runTokenTool({"verify", write("odd.json", document), "-"}, good + "\n" + good + "\n");
        BOOST_TEST(result.status == 1);
        BOOST_REQUIRE(result.lines().size() == 2U);
        BOOST_TEST(result.lines()[1].find("ERR_JWKS_NO_MATCHING_KEY") != std::string::npos);
    }
    const auto malformed = runTokenTool({"verify", write("odd.json", "{}"), "-"}, good + "\n");
    BOOST_TEST(malformed.status == 1);
    BOOST_TEST(malformed.lines().at(0).find("ERR_JWKS_INVALID") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(keysComeFromAnAddressToo) {
    ScriptedKeyServer server(ScriptedKeyServer::document(keySetOf({key.jwk(R"("kid":"k1")")})));
    BOOST_TEST(runTokenTool({"verify", "--jwks=" + server.uri(), good}).status == 0);
    server.play(ScriptedKeyServer::status(500));
    const auto failed = runTokenTool({"verify", "--jwks=" + server.uri(), good});
    BOOST_TEST(failed.status == 69);
    BOOST_TEST(failed.errors.find("the response has status 500") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(misuseEndsWith64) {
    const auto keyFile =
        folder.write("key.pem", privatePemOf(TestKey::shared(security::KeyFamily::p256).key()));
    for (const auto& arguments : std::initializer_list<std::vector<std::string>>{
             {},
             {"decode"},
             {"verify", "--jwks=" + folder.file("absent.json"), good},
             {"verify", write("text.json", "no JSON"), good},
             {"verify", jwks, "--algorithms=none", good},
             {"verify", jwks, "--algorithms=", good},
             {"verify", jwks, "--unknown", good},
             {"verify", jwks, "--dpop=x", good},
             {"verify", jwks, "--dpop=x", "--url=bank.example", good},
             {"verify", jwks, "--dpop=x", "--url=https://bank.example", "--method=G T", good},
             {"verify", jwks, "--dpop=x", "--url=https://bank.example", "--signature-only", good},
             {"prove", good},
             {"prove", "--url=https://bank.example", good},
             {"prove", "--url=https://bank.example", "--key=" + keyFile, "--nonce=a b", good},
             {"prove", "--url=https://bank.example", "--key=" + keyFile, "--nonce=a\"b", good},
             {"prove", "--url=https://bank.example", "--key=" + folder.file("absent.pem"), good},
             {"verify", jwks, "--key=/nonexistent", good},
             {"verify", jwks, "--nonce=x", good},
             {"verify", jwks, "--method=POST", good},
             {"verify", jwks, "--url=https://bank.example", good},
             {"inspect", jwks, "--key=/nonexistent", good},
             {"inspect", jwks, "--nonce=x", good},
             {"inspect", jwks, "--method=POST", good},
             {"inspect", jwks, "--url=https://bank.example", good},
             {"inspect", jwks, "--signature-only", good},
             {"inspect", jwks, "--algorithms=RS256", good},
             {"inspect", jwks, "--audience=x", good},
             {"prove", "--url=https://bank.example", "--key=" + keyFile, jwks, good},
             {"prove", "--url=https://bank.example", "--key=" + keyFile, "--json", good},
             {"prove", "--url=https://bank.example", "--key=" + keyFile, "--dpop=x", good},
             {"prove", "--url=https://bank.example", "--key=" + keyFile, "--config=/nonexistent", good},
             {"prove", "--url=https://bank.example", "--key=" + keyFile, "--issuer=x", good},
             {"verify", jwks, good, good}}) {
        const auto result = runTokenTool(arguments);
        BOOST_TEST(result.status == 64);
        BOOST_TEST(result.output.empty());
        BOOST_TEST(!result.errors.empty());
    }
    BOOST_TEST(runTokenTool({"--help"}).status == 0);
}

BOOST_AUTO_TEST_CASE(showsWhatATokenSaysWithoutJudgingIt) {
    const auto token = TokenRecipe(1'000'000'000)
                           .header("x", R"("a\u001b[31m")")
                           .signedBy(TestKey::generate(security::KeyFamily::rsa));
    const auto result = runTokenTool({"inspect", jwks, token});
    BOOST_TEST(result.status == 0);
    BOOST_TEST(result.output.find("\"exp\": 1000000600  (2001-09-09 01:56:40 UTC, ") != std::string::npos);
    BOOST_TEST(result.output.find("key: kid \"k1\", RSA 2048 bits") != std::string::npos);
    BOOST_TEST(result.output.find("The signature was not verified") != std::string::npos);
    BOOST_TEST(result.output.find('\x1b') == std::string::npos);
    // Neither as they are nor as escapes of JSON do characters get through that a terminal obeys.
    const std::string hidden = "\u009B31m\u202E\u2028";
    const auto odd = TokenRecipe(1'000'000'000)
                         .header("kid", R"("k\u009b31m\u202e")")
                         .claim("name", '"' + hidden + '"')
                         .claim(hidden, R"("x")")
                         .signedBy(key);
    for (const auto& text : {runTokenTool({"inspect", jwks, odd}).output,
                             runTokenTool({"inspect", jwks, "-"}, odd + "\n").output,
                             runTokenTool({"verify", jwks, "-"}, odd + "\n").output,
                             runTokenTool({"verify", jwks, odd}).output}) {
        for (const char* character : {"\u009B", "\u202E", "\u2028"})
            BOOST_TEST(text.find(character) == std::string::npos, text);
    }
    BOOST_TEST(runTokenTool({"inspect", jwks, odd}).output.find(R"("\u009b31m\u202e\u2028")") !=
               std::string::npos);
    const auto json = Json::parse(runTokenTool({"inspect", jwks, "-"}, token + "\n").lines().at(0)).value();
    BOOST_TEST(*json.find("key")->find("kid")->string() == "k1");
    BOOST_TEST(json.find("claims")->find("exp")->number()->value() == 1'000'000'600.0);
    const auto unreadable = runTokenTool({"inspect", jwks, "abc"});
    BOOST_TEST(unreadable.status == 1);
    BOOST_TEST(unreadable.output == "unreadable: \"Invalid Compact JWS\"\n");
}

BOOST_AUTO_TEST_CASE(aFolderIsNoKeySet) {
    const auto result = runTokenTool({"verify", "--jwks=" + folder.file(""), good});
    BOOST_TEST(result.status == 64);
    BOOST_TEST(result.errors.find("is a folder") != std::string::npos);
}

// Shells say what a program cannot be told otherwise: what its streams are.
BOOST_AUTO_TEST_CASE(streamsThatFailAreNoSuccess) {
    const auto shell = [this](const std::string& streams) {
        Process process("sh", {"-c", "\"$0\" token verify \"$1\" " + streams, changebankctl, jwks}, {}, good);
        return process.wait().value_or(-1);
    };
    BOOST_TEST(shell("-") == 0);
    BOOST_TEST(shell("- >/dev/full") == 70);
    BOOST_TEST(shell("- </") == 70);
}

BOOST_AUTO_TEST_CASE(anAnswerComesBeforeTheNextTokenIsAskedFor) {
    Process process("bash", {"-c", R"sh(
        coproc "$0" token verify "$1" -
        for token in "$2" abc "$2"; do
            echo "$token" >&"${COPROC[1]}"
            read -r -t 30 answer <&"${COPROC[0]}" || exit 3
            echo "${answer:0:13}"
        done
        kill "$COPROC_PID")sh",
                             changebankctl, jwks, good});
    BOOST_TEST(process.wait(std::chrono::minutes(2)).value_or(-1) == 0);
    BOOST_TEST(process.output() == "{\"valid\":true\n{\"valid\":fals\n{\"valid\":true\n");
}

BOOST_AUTO_TEST_SUITE_END()
