#include <boost/test/unit_test.hpp>
#include <regex>

#include "changebank/base/text/Json.h"
#include "tests/integration/TokenTool.h"
#include "tests/support/PrivatePem.h"
#include "tests/support/ProofRecipe.h"

using namespace changebank;
using namespace changebank::tests;

// changebankctl with tokens that are bound to a key (RFC 9449).

namespace {

constexpr const char* target = "https://bank.example/make-change";

/// A token that is bound to a key in a file, without an identity provider.
struct BoundToken {
    TemporaryFolder folder;
    const TestKey& issuerKey = TestKey::shared(security::KeyFamily::rsa);
    std::string jwks = "--jwks=" + folder.write("keys.json", keySetOf({issuerKey.jwk(R"("kid":"k1")")}));
    const TestKey& key = TestKey::shared(security::KeyFamily::p256);
    std::string thumbprint = ProofRecipe::thumbprintOf(key);
    long long now = std::time(nullptr);
    std::string unbound = TokenRecipe(now).signedBy(issuerKey);
    std::string token =
        TokenRecipe(now).claim("cnf", R"({"jkt":")" + thumbprint + R"("})").signedBy(issuerKey);

    ProofRecipe recipe() const {
        return ProofRecipe(now, key).claim("htu", quoteJson(target)).forToken(token);
    }

    TokenResult verify(const std::string& shown, std::vector<std::string> more = {}) const {
        more.insert(more.begin(), {"verify", jwks, "--dpop=" + shown, "--url=" + std::string(target)});
        more.push_back(token);
        return runTokenTool(std::move(more));
    }

    static std::string invalid(const std::string& code, const std::string& message) {
        return "invalid: " + code + ": \"" + message + "\"\n";
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DpopCommandTest, BoundToken)

BOOST_AUTO_TEST_CASE(aBoundTokenIsValidWithItsProof) {
    const auto valid = verify(recipe().text());
    BOOST_TEST(valid.status == 0, valid.errors);
    BOOST_TEST(valid.output == "valid: subject \"00000000-0000-0000-0000-000000000001\"\n");
    const auto posted = verify(recipe().claim("htm", R"("POST")").text(), {"--method=POST"});
    BOOST_TEST(posted.status == 0, posted.output);
}

// The manual says so: a proof can be tried before the daemon accepts any.
BOOST_AUTO_TEST_CASE(aProofIsJudgedEvenIfTheSettingsAcceptNone) {
    const auto off = "--config=" + folder.write("c.properties", "auth.dpop = off\n");
    BOOST_TEST(verify(recipe().text(), {off}).status == 0);
    BOOST_TEST(verify(recipe().without("ath").text(), {off}).status == 1);
    const auto help = runTokenTool({"--help"}).output;
    BOOST_TEST(std::regex_search(help, std::regex(R"(even\s+if\s+auth\.dpop\s+is\s+off)")), help);
}

BOOST_AUTO_TEST_CASE(withoutAProofABoundTokenIsCalledBound) {
    const auto hint = "; the token is bound to the key " + thumbprint +
                      ": give the proof that came with it by --dpop, and the URL of its request by --url";
    // As the daemon, which does not take such tokens by default.
    const auto code = "ERR_JWT_CLAIM_VALIDATION_FAILED";
    const auto result = runTokenTool({"verify", jwks, token});
    BOOST_TEST(result.status == 1);
    BOOST_TEST(result.output == invalid(code, R"(unexpected \"cnf\" claim value)" + hint));
    const auto json = runTokenTool({"verify", jwks, "-"}, token + "\n");
    BOOST_TEST(json.output == R"({"valid":false,"code":")" + std::string(code) +
                                  R"(","error":"unexpected \"cnf\" claim value"})"
                                  "\n");
    const auto allowed =
        folder.write("c.properties", "auth.dpop = allow\nserver.resource = https://bank.example\n");
    BOOST_TEST(runTokenTool({"verify", jwks, "--config=" + allowed, token}).output ==
               invalid("ERR_DPOP_MISSING", "the DPoP header is missing" + hint));
}

// There is no connection that could have the certificate.
BOOST_AUTO_TEST_CASE(aTokenOfACertificateIsNotValid) {
    const auto certified =
        TokenRecipe(now).claim("cnf", R"({"x5t#S256":")" + thumbprint + R"("})").signedBy(issuerKey);
    BOOST_TEST(runTokenTool({"verify", jwks, certified}).output ==
               invalid("ERR_JWT_CLAIM_VALIDATION_FAILED", R"(unexpected \"cnf\" claim value)"));
}

BOOST_AUTO_TEST_CASE(everyCheckOfAProofIsMade) {
    const auto other = TestKey::generate(security::KeyFamily::p256);
    struct Case {
        std::string proof;
        const char* code;
        const char* message;
    };
    const std::vector<Case> cases{
        {"x", "ERR_DPOP_INVALID", "the DPoP proof is not a well-formed JWT"},
        {token, "ERR_DPOP_INVALID", R"(unexpected \"typ\" header value in the DPoP proof)"},
        {ProofRecipe(now, other).claim("htu", quoteJson(target)).forToken(token).text(),
         "ERR_DPOP_KEY_MISMATCH", "the access token is bound to another key than the DPoP proof's"},
        {recipe().claim("iat", std::to_string(now - 100)).text(), "ERR_DPOP_EXPIRED",
         R"(\"iat\" claim timestamp check failed in the DPoP proof)"},
        {recipe().claim("iat", std::to_string(now + 60)).text(), "ERR_DPOP_EXPIRED",
         R"(\"iat\" claim timestamp check failed in the DPoP proof)"},
        {recipe().claim("htm", R"("POST")").text(), "ERR_DPOP_INVALID",
         R"(unexpected \"htm\" claim value in the DPoP proof)"},
        {recipe().claim("htu", R"("https://bank.example/panic")").text(), "ERR_DPOP_INVALID",
         R"(unexpected \"htu\" claim value in the DPoP proof)"},
        {recipe().forToken(unbound).text(), "ERR_DPOP_INVALID",
         R"(unexpected \"ath\" claim value in the DPoP proof)"},
        {recipe().without("ath").text(), "ERR_DPOP_INVALID",
         R"(missing required \"ath\" claim in the DPoP proof)"},
        {recipe().signedBy(other), "ERR_DPOP_SIGNATURE_VERIFICATION_FAILED",
         "signature verification of the DPoP proof failed"},
    };
    for (const auto& each : cases) {
        const auto result = verify(each.proof);
        BOOST_TEST(result.status == 1);
        BOOST_TEST(result.output == invalid(each.code, each.message));
    }
}

BOOST_AUTO_TEST_CASE(theSettingsSayHowOldAProofMayBe) {
    const auto old = recipe().claim("iat", std::to_string(now - 100)).text();
    const auto file = folder.write("c.properties", "auth.dpop.maxAge = 5m\nauth.dpop.algorithms = ES256\n");
    BOOST_TEST(verify(old, {"--config=" + file}).status == 0);
    const auto other = folder.write("c.properties", "auth.dpop.algorithms = RS256\n");
    BOOST_TEST(verify(recipe().text(), {"--config=" + other}).output.find("ERR_DPOP_ALG_NOT_ALLOWED") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(aProofDoesNotFitATokenThatIsBoundToNothing) {
    const auto result =
        runTokenTool({"verify", jwks, "--dpop=" + recipe().text(), "--url=" + std::string(target), unbound});
    BOOST_TEST(result.status == 1);
    BOOST_TEST(result.output == invalid("ERR_DPOP_UNBOUND", "the access token is not bound to a DPoP key"));
}

BOOST_AUTO_TEST_CASE(inspectShowsAProofBesideItsToken) {
    const auto good = recipe().text();
    const auto shown = runTokenTool({"inspect", jwks, "--dpop=" + good, token});
    BOOST_TEST(shown.status == 0);
    for (const auto& part :
         {std::string("\n  \"typ\": \"dpop+jwt\"\n"), std::string("\n  \"htm\": \"GET\"\n"),
          "\n  \"htu\": \"" + std::string(target) + "\"\n",
          "\nproof key: thumbprint \"" + thumbprint + "\"; the token is bound to it\n",
          std::string("\nproof ath: the hash of the token\n")}) {
        BOOST_TEST(shown.output.find(part) != std::string::npos, part);
    }
    BOOST_TEST(shown.output.find(good.substr(good.rfind('.') + 1)) == std::string::npos);
    const auto json = runTokenTool({"inspect", jwks, "--dpop=" + good, "-"}, token + "\n");
    const auto object = Json::parse(json.lines().at(0)).value();
    BOOST_TEST(*object.find("claims")->find("cnf")->find("jkt")->string() == thumbprint);
    BOOST_TEST(*object.find("proof")->find("thumbprint")->string() == thumbprint);
    BOOST_TEST(*object.find("proof")->find("matches")->boolean());
    BOOST_TEST(*object.find("proof")->find("athMatches")->boolean());
    BOOST_TEST(*object.find("proof")->find("claims")->find("htm")->string() == "GET");
    BOOST_TEST(json.output.find(good.substr(good.rfind('.') + 1)) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(inspectSaysThatAProofDoesNotMatch) {
    const auto foreign = ProofRecipe(now, TestKey::generate(security::KeyFamily::p256)).text();
    BOOST_TEST(runTokenTool({"inspect", jwks, "--dpop=" + foreign, token})
                   .output.find("; the token is bound to another one, \"" + thumbprint + "\"\n") !=
               std::string::npos);
    BOOST_TEST(runTokenTool({"inspect", jwks, "--dpop=" + foreign, "--json", token})
                   .output.find(R"("matches":false,"athMatches":false})") != std::string::npos);
    BOOST_TEST(runTokenTool({"inspect", jwks, "--dpop=" + recipe().text(), unbound})
                   .output.find("; the token is bound to no key\n") != std::string::npos);
    BOOST_TEST(runTokenTool({"inspect", jwks, "--dpop=" + recipe().forToken(unbound).text(), token})
                   .output.find("\nproof ath: not the hash of the token\n") != std::string::npos);
    BOOST_TEST(runTokenTool({"inspect", jwks, "--dpop=" + recipe().without("ath").text(), token})
                   .output.find("\nproof ath: missing\n") != std::string::npos);
    BOOST_TEST(runTokenTool({"inspect", jwks, "--dpop=" + recipe().without("ath").text(), "--json", token})
                   .output.find(R"("matches":true,"athMatches":false})") != std::string::npos);
    const auto unreadable = runTokenTool({"inspect", jwks, "--dpop=x", token});
    BOOST_TEST(unreadable.status == 1);
    BOOST_TEST(unreadable.output.find("proof unreadable: \"the DPoP proof is not a well-formed JWT\"\n") !=
               std::string::npos);
}

// What is said of a proof with a private key does not give the key away.
BOOST_AUTO_TEST_CASE(inspectKeepsAPrivateKeyToItself) {
    const auto bad = recipe().header("jwk", key.jwk(R"("d":"c2VjcmV0")")).text();
    const auto shown = runTokenTool({"inspect", jwks, "--dpop=" + bad, token});
    BOOST_TEST(shown.status == 1);
    BOOST_TEST(shown.output.find("is not a usable public key") != std::string::npos);
    BOOST_TEST(shown.output.find("c2VjcmV0") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(proveMakesTheHeaderFieldsOfARequest) {
    const auto keyFile = folder.write("key.pem", privatePemOf(key.key()));
    for (const bool isInput : {false, true}) {
        const auto result =
            runTokenTool({"prove", "--key=" + keyFile, "--url=" + std::string(target) + "?total=1",
                          "--method=POST", isInput ? "-" : token},
                         isInput ? token + "\n" : "");
        BOOST_TEST(result.status == 0, result.errors);
        BOOST_REQUIRE(result.lines().size() == 2U);
        BOOST_TEST(result.lines()[0] == "Authorization: DPoP " + token);
        const std::string name = "DPoP: ";
        BOOST_REQUIRE(result.lines()[1].rfind(name, 0) == 0U);
        BOOST_TEST(verify(result.lines()[1].substr(name.size()), {"--method=POST"}).status == 0);
    }
    const auto nonced = runTokenTool(
        {"prove", "--key=" + keyFile, "--url=" + std::string(target), "--nonce=eyJ7S_zG.eyJH0-Z", token});
    BOOST_REQUIRE(nonced.lines().size() == 2U);
    const auto proof = nonced.lines()[1].substr(std::string("DPoP: ").size());
    BOOST_TEST(verify(proof).status == 0);
    BOOST_TEST(runTokenTool({"inspect", jwks, "--dpop=" + proof, token})
                   .output.find("\n  \"nonce\": \"eyJ7S_zG.eyJH0-Z\"\n") != std::string::npos);
    // Nobody can smuggle a header field in.
    BOOST_TEST(
        runTokenTool({"prove", "--key=" + keyFile, "--url=" + std::string(target), "a\nX: y"}).status == 64);
}

BOOST_AUTO_TEST_CASE(proveTakesOneToken) {
    const auto keyFile = folder.write("key.pem", privatePemOf(key.key()));
    const auto prove = [&](const std::string& input) {
        return runTokenTool({"prove", "--key=" + keyFile, "--url=" + std::string(target)}, input);
    };
    for (const auto& input : {token, token + " \r\n", token + "\n\n \r\n"})
        BOOST_TEST(prove(input).output.find("Authorization: DPoP " + token + "\n") == 0U);
    for (const auto& input : {std::string(), std::string("\n"), token + "\n" + unbound + "\n",
                              token + "\nmore", std::string("abc"), std::string("a.b.c"), " " + token}) {
        const auto refused = prove(input);
        BOOST_TEST(refused.status == 64, input);
        BOOST_TEST(refused.output.empty(), input);
    }
}

BOOST_AUTO_TEST_SUITE_END()
