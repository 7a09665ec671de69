#include "changebank/security/dpop/DpopProof.h"

#include <boost/test/unit_test.hpp>
#include <functional>
#include <vector>

#include "changebank/base/text/Base64Url.h"
#include "tests/support/ProofRecipe.h"
#include "tests/unit/security/dpop/Rfc9449.h"

using namespace changebank;
using namespace changebank::security;
using namespace changebank::tests;
using namespace std::chrono_literals;

namespace {

constexpr long long now = 1'790'000'000;
const AlgorithmSet algorithms{Algorithm::es256, Algorithm::es384, Algorithm::ed25519, Algorithm::rs256,
                              Algorithm::ps256};

/// A cause, and the parameter or claim that it is about.
std::string nameOf(const Refusal& refusal) {
    return std::string(traitsOf(refusal.cause).name) +
           (refusal.parameter.empty() ? "" : " " + refusal.parameter);
}

std::string nameOf(const std::optional<Refusal>& refusal) {
    return refusal ? nameOf(*refusal) : "good";
}

std::string resultOf(const std::string& text) {
    const auto parsed = DpopProof::parse(text, algorithms);
    const auto* refusal = std::get_if<Refusal>(&parsed);
    return refusal ? nameOf(*refusal) : "good";
}

/// The views in a proof point into the text.
struct Parsed {
    explicit Parsed(std::string given)
        : text(std::move(given)), proof(std::get<DpopProof>(DpopProof::parse(text, algorithms))) {}
    const std::string text;
    const DpopProof proof;
};

std::string signatureOf(const std::string& text) {
    const Parsed parsed(text);
    const auto key = parsed.proof.importKey();
    if (const auto* refusal = std::get_if<Refusal>(&key)) return nameOf(*refusal);
    return nameOf(parsed.proof.checkSignature(*std::get<std::shared_ptr<const JsonWebKey>>(key)));
}

using Change = std::function<void(ProofRecipe&)>;

/// What is changed in the good proof, and what comes of it.
struct Row {
    std::string name;
    Change change;
};

void expectEach(const std::string& result, const std::vector<Row>& rows) {
    for (const auto& [name, change] : rows) {
        ProofRecipe recipe(now);
        change(recipe);
        BOOST_TEST(resultOf(recipe.text()) == result, name);
    }
}

Change header(const std::string& name, const std::string& json) {
    return [=](ProofRecipe& recipe) { recipe.header(name, json); };
}

Change claim(const std::string& name, const std::string& json) {
    return [=](ProofRecipe& recipe) { recipe.claim(name, json); };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(DpopProofTest)

BOOST_AUTO_TEST_CASE(theExamplesOfRfc9449) {
    for (const auto& text : {rfc9449::figure5, rfc9449::figure7, rfc9449::figure13}) {
        const Parsed parsed(text);
        BOOST_TEST(parsed.proof.keyThumbprint() == rfc9449::thumbprint);
        BOOST_TEST(signatureOf(text) == "good");
        auto changed = text;
        changed[changed.size() - 10] = changed[changed.size() - 10] == 'A' ? 'B' : 'A';
        BOOST_TEST(signatureOf(changed) == "dpop_signature_invalid");
    }
    const Parsed token(rfc9449::figure5);
    BOOST_TEST(nameOf(token.proof.checkTarget("POST", "https://server.example.com/token")) == "good");
    BOOST_TEST(token.proof.issuedAt() == 1562262616.0);
    BOOST_TEST(Parsed(rfc9449::figure7).proof.issuedAt() == 1562265296.0);
    const Parsed resource(rfc9449::figure13);
    BOOST_TEST(resource.proof.id() == "e1j3V_bKic8-LAEB");
    BOOST_TEST(nameOf(resource.proof.checkTarget("GET", "https://resource.example.org/protectedresource")) ==
               "good");
    BOOST_TEST(nameOf(resource.proof.checkTokenHash(rfc9449::accessToken)) == "good");
    BOOST_TEST(nameOf(resource.proof.checkTime(1562262618, 60s, 0s)) == "good");
}

// RFC 9449 section 4.3, check 2.
BOOST_AUTO_TEST_CASE(whatIsNoJwtIsMalformed) {
    const auto good = ProofRecipe(now).text();
    const auto& key = TestKey::shared(KeyFamily::p256);
    const auto jwk = key.jwk();
    const auto header = R"({"typ":"dpop+jwt","alg":"ES256","jwk":)" + jwk + "}";
    for (const auto& text :
         {std::string(),
          std::string("x"),
          std::string(".."),
          good + ".",
          good + ".x",
          good + "=",
          " " + good,
          good + " ",
          good + "," + good,
          good + ", " + good,
          "DPoP " + good,
          good.substr(0, good.rfind('.')),
          key.token(Algorithm::es256, header, "[]"),
          key.token(Algorithm::es256, header, "no JSON"),
          key.token(Algorithm::es256, header, R"({"jti":"a","jti":"b"})"),
          key.token(Algorithm::es256, "[]", "{}"),
          key.token(Algorithm::es256,
                    R"({"typ":"dpop+jwt","alg":"ES256","crit":["x"],"x":1,"jwk":)" + jwk + "}", "{}"),
          key.token(Algorithm::es256,
                    R"({"typ":"dpop+jwt","alg":"ES256","crit":["b64"],"b64":false,"jwk":)" + jwk + "}", "{}"),
          key.token(Algorithm::es256, R"({"typ":"dpop+jwt","jwk":)" + jwk + "}", "{}"),
          ProofRecipe(now).claim("x", "\"" + std::string(DpopProof::sizeLimit, 'x') + "\"").text()}) {
        BOOST_TEST(resultOf(text) == "dpop_malformed", text.substr(0, 40));
    }
}

// Checks 3 to 5 and 7.
BOOST_AUTO_TEST_CASE(eachParameterAndClaimIsChecked) {
    BOOST_TEST(resultOf(ProofRecipe(now).text()) == "good");
    // A media type has no case (RFC 7515 section 4.1.9, RFC 6838 section 4.2).
    expectEach("good", {{"typ in other case", header("typ", R"("DPoP+JWT")")},
                        {"the whole media type", header("typ", R"("application/dpop+jwt")")},
                        {"a key id beside the key", header("kid", R"("k1")")},
                        {"another claim", claim("iss", R"("client")")},
                        {"no ath", [](ProofRecipe& recipe) { recipe.without("ath"); }},
                        {"a fraction", claim("iat", "1790000000.5")}});
    expectEach("dpop_header_unexpected typ",
               {{"no typ", [](ProofRecipe& recipe) { recipe.withoutHeader("typ"); }},
                {"JWT", header("typ", R"("JWT")")},
                {"at+jwt", header("typ", R"("at+jwt")")},
                {"a prefix", header("typ", R"("dpop+jwt2")")},
                {"a blank", header("typ", R"("dpop+jwt ")")},
                {"a list", header("typ", R"(["dpop+jwt"])")},
                {"null", header("typ", "null")}});
    expectEach("dpop_algorithm_not_allowed", {{"none", header("alg", R"("none")")},
                                              {"HMAC", header("alg", R"("HS256")")},
                                              {"not on the list", header("alg", R"("RS512")")},
                                              {"other case", header("alg", R"("es256")")},
                                              {"unknown", header("alg", R"("ES256K")")}});
    const auto jwk = TestKey::shared(KeyFamily::p256).jwk();
    std::vector<Row> keys{{"no key", [](ProofRecipe& recipe) { recipe.withoutHeader("jwk"); }},
                          {"null", header("jwk", "null")},
                          {"a text", header("jwk", R"("key")")},
                          {"a list", header("jwk", "[" + jwk + "]")},
                          {"an empty key", header("jwk", "{}")},
                          {"a secret", header("jwk", R"({"kty":"oct","k":"AAAA"})")},
                          {"a key set", header("jwk", R"({"keys":[]})")},
                          {"no y", header("jwk", R"({"kty":"EC","crv":"P-256","x":"AA"})")}};
    for (const auto member : {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}) {
        for (const auto value : {R"("AAAA")", "null", "1"}) {
            const auto key = jwk.substr(0, jwk.size() - 1) + ",\"" + member + "\":" + value + "}";
            keys.push_back({std::string("private member ") + member, header("jwk", key)});
        }
    }
    const auto with = [&](const std::string& member) {
        return header("jwk", jwk.substr(0, jwk.size() - 1) + "," + member + "}");
    };
    for (const auto member : {R"("alg":"ES384")", R"("alg":"x")", R"("alg":1)", R"("use":"enc")",
                              R"("key_ops":["sign"])", R"("kid":1)"})
        keys.push_back({member, with(member)});
    expectEach("good", {{"what the key is for", with(R"("alg":"ES256","use":"sig","key_ops":["verify"])")}});
    expectEach("dpop_key_invalid", keys);
    for (const std::string name : {"jti", "htm", "htu"}) {
        expectEach("dpop_claim_missing " + name,
                   {{"none", [&](ProofRecipe& recipe) { recipe.without(name); }}});
        expectEach("dpop_claim_unexpected " + name, {{"empty", claim(name, R"("")")},
                                                     {"null", claim(name, "null")},
                                                     {"a number", claim(name, "1")},
                                                     {"a list", claim(name, R"(["a"])")}});
    }
    expectEach("dpop_claim_missing iat", {{"none", [](ProofRecipe& recipe) { recipe.without("iat"); }}});
    expectEach("dpop_claim_unexpected iat", {{"a text", claim("iat", R"("1790000000")")},
                                             {"null", claim("iat", "null")},
                                             {"huge", claim("iat", "1e400")},
                                             {"beyond the year 9999", claim("iat", "253402300800")}});
    expectEach("dpop_claim_unexpected nonce",
               {{"a number", claim("nonce", "1")}, {"null", claim("nonce", "null")}});
}

// Check 11.
BOOST_AUTO_TEST_CASE(aProofIsGoodForAShortTime) {
    const auto at = [](
                        double time, const Change& change = [](ProofRecipe&) {}) {
        ProofRecipe recipe(now);
        change(recipe);
        return nameOf(Parsed(recipe.text()).proof.checkTime(time, 60s, 15s));
    };
    constexpr double made = now;
    BOOST_TEST(at(made) == "good");
    BOOST_TEST(at(made + 75) == "good");
    BOOST_TEST(at(made + 75.5) == "dpop_timestamp_failed iat");
    BOOST_TEST(at(made - 15) == "good");
    BOOST_TEST(at(made - 15.5) == "dpop_timestamp_failed iat");
    BOOST_TEST(at(made, claim("iat", "-1")) == "dpop_timestamp_failed iat");
    BOOST_TEST(at(made, claim("iat", "0")) == "dpop_timestamp_failed iat");
    const auto seconds = [](long long offset) { return std::to_string(now + offset); };
    BOOST_TEST(at(made, claim("exp", seconds(0))) == "good");
    BOOST_TEST(at(made, claim("exp", seconds(-15))) == "dpop_timestamp_failed exp");
    BOOST_TEST(at(made, claim("exp", R"("never")")) == "dpop_timestamp_failed exp");
    BOOST_TEST(at(made, claim("nbf", seconds(15))) == "good");
    BOOST_TEST(at(made, claim("nbf", seconds(16))) == "dpop_timestamp_failed nbf");
    BOOST_TEST(at(made, claim("nbf", "null")) == "dpop_timestamp_failed nbf");
}

// Checks 8 and 9.
BOOST_AUTO_TEST_CASE(aProofIsForOneRequest) {
    const auto target = [](const Change& change) {
        ProofRecipe recipe(now);
        change(recipe);
        return nameOf(Parsed(recipe.text()).proof.checkTarget(ProofRecipe::method, ProofRecipe::uri));
    };
    for (const auto method : {R"("POST")", R"("get")", R"("GET ")", R"("HEAD")"})
        BOOST_TEST(target(claim("htm", method)) == "dpop_claim_unexpected htm", method);
    for (const auto uri :
         {R"("HTTPS://API.example.com:443/%74hings?a=1#b")", R"("https://api.example.com/./things")"})
        BOOST_TEST(target(claim("htu", uri)) == "good", uri);
    for (const auto uri :
         {R"("https://api.example.com/things/")", R"("https://api.example.com/Things")", R"("/things")",
          R"("http://api.example.com/things")", R"("https://api.example.com.evil.com/things")",
          R"("https://api.example.com")", R"("https://user@api.example.com/things")"}) {
        BOOST_TEST(target(claim("htu", uri)) == "dpop_claim_unexpected htu", uri);
    }
}

// Check 12.
BOOST_AUTO_TEST_CASE(aProofIsForOneToken) {
    const auto hash = [](const Change& change) {
        ProofRecipe recipe(now);
        change(recipe);
        return nameOf(Parsed(recipe.text()).proof.checkTokenHash(ProofRecipe::accessToken));
    };
    BOOST_TEST(hash([](ProofRecipe&) {}) == "good");
    BOOST_TEST(hash([](ProofRecipe& recipe) { recipe.without("ath"); }) == "dpop_claim_missing ath");
    BOOST_TEST(hash([](ProofRecipe& recipe) { recipe.forToken("another"); }) == "dpop_claim_unexpected ath");
    const auto digest = encodeBase64Url(sha256(ProofRecipe::accessToken));
    for (const auto& json :
         {std::string("null"), std::string("1"), quoteJson(digest + "="), R"("")" + std::string(),
          quoteJson(ProofRecipe::accessToken), "[" + quoteJson(digest) + "]"}) {
        BOOST_TEST(hash(claim("ath", json)) == "dpop_claim_unexpected ath", json);
    }
}

// Check 6.
BOOST_AUTO_TEST_CASE(theKeyInTheProofMustHaveSignedIt) {
    for (const auto& [family, algorithm, name] :
         {std::tuple(KeyFamily::p256, Algorithm::es256, "ES256"),
          std::tuple(KeyFamily::p384, Algorithm::es384, "ES384"),
          std::tuple(KeyFamily::ed25519, Algorithm::ed25519, "Ed25519"),
          std::tuple(KeyFamily::rsa, Algorithm::rs256, "RS256"),
          std::tuple(KeyFamily::rsa, Algorithm::ps256, "PS256")}) {
        const auto& key = TestKey::shared(family);
        const auto recipe = ProofRecipe(now, key).header("alg", quoteJson(name));
        BOOST_TEST(signatureOf(recipe.text(algorithm)) == "good", name);
        BOOST_TEST(
            signatureOf(recipe.signedBy(TestKey::generate(family), algorithm)) == "dpop_signature_invalid",
            name);
    }
    // Another padding.
    BOOST_TEST(signatureOf(ProofRecipe(now, TestKey::shared(KeyFamily::rsa))
                               .header("alg", R"("PS256")")
                               .text(Algorithm::rs256)) == "dpop_signature_invalid");
    const auto good = ProofRecipe(now).text();
    BOOST_TEST(signatureOf(good.substr(0, good.rfind('.') + 1)) == "dpop_signature_invalid");
}

BOOST_AUTO_TEST_CASE(aKeyThatIsUnusableIsRefused) {
    const auto keyOf = [](const std::string& jwk, const std::string& algorithm) {
        return signatureOf(ProofRecipe(now).header("jwk", jwk).header("alg", quoteJson(algorithm)).text());
    };
    const std::string coordinate(43, 'A');
    const auto curve = [&](const std::string& name) {
        return R"({"kty":"EC","crv":")" + name + R"(","x":")" + coordinate + R"(","y":")" + coordinate +
               R"("})";
    };
    BOOST_TEST(keyOf(curve("P-256"), "ES256") == "dpop_key_invalid");
    BOOST_TEST(keyOf(curve("secp256k1"), "ES256") == "dpop_key_invalid");
    BOOST_TEST(keyOf(R"({"kty":"OKP","crv":"Ed25519","x":")" + coordinate + R"("})", "Ed25519") ==
               "dpop_key_invalid");
    for (const auto& [bits, result] :
         {std::pair(1024U, "dpop_key_invalid"), std::pair(2048U, "dpop_signature_invalid"),
          std::pair(4104U, "dpop_key_invalid")}) {
        const auto key = TestKey::generate(KeyFamily::rsa, bits);
        BOOST_TEST(keyOf(key.jwk(), "RS256") == result, bits);
    }
    const auto modulus = std::string(342, '_');
    BOOST_TEST(keyOf(R"({"kty":"RSA","e":"AQ","n":")" + modulus + R"("})", "RS256") == "dpop_key_invalid");
    // The algorithm is that of another kind of key.
    BOOST_TEST(keyOf(TestKey::shared(KeyFamily::p256).jwk(), "ES384") == "dpop_key_invalid");
    BOOST_TEST(keyOf(TestKey::shared(KeyFamily::p256).jwk(), "RS256") == "dpop_key_invalid");
}

BOOST_AUTO_TEST_SUITE_END()
