#include <boost/test/unit_test.hpp>
#include <fstream>

#include "changebank/base/text/Base64Url.h"
#include "changebank/base/text/Json.h"
#include "tests/integration/TokenTool.h"

using namespace changebank;
using namespace changebank::security;
using namespace changebank::tests;

namespace {

/// Tokens with what is due to each, as the published suites of test vectors have them.
struct Vectors {
    struct Vector {
        std::string name;
        std::string token;
        bool valid;
    };

    void add(const std::string& name, const std::string& token, bool valid = false) {
        all.push_back({name, token, valid});
    }

    /// Has them all judged in one run, and compares.
    void check(const std::vector<std::string>& arguments) const {
        std::string input;
        bool allValid = true;
        for (const auto& vector : all) {
            input += vector.token + "\n";
            allValid = allValid && vector.valid;
        }
        const auto result = runTokenTool(arguments, input);
        BOOST_TEST(result.status == (allValid ? 0 : 1));
        const auto lines = result.lines();
        BOOST_REQUIRE(lines.size() == all.size());
        for (std::size_t i = 0; i < all.size(); ++i) {
            BOOST_TEST_CONTEXT(all[i].name << ": " << lines[i]) {
                const auto answer = Json::parse(lines[i]);
                BOOST_REQUIRE(answer.has_value());
                BOOST_TEST(*answer->find("valid")->boolean() == all[i].valid);
                if (all[i].valid) continue;
                BOOST_TEST(answer->find("code")->string()->rfind("ERR_", 0) == 0U);
                BOOST_TEST(!answer->find("error")->string()->empty());
            }
        }
    }

    std::vector<Vector> all;
};

std::string withFirstCharacterChanged(std::string text) {
    text.front() = text.front() == 'A' ? 'B' : 'A';
    return text;
}

/// The forms of a good token that a reader of compact tokens must refuse, and the attacks that need no key.
void addForms(Vectors& vectors, Algorithm algorithm, const TestKey& key, const std::string& keyId) {
    const std::string name(traitsOf(algorithm).name);
    const auto header = R"({"alg":")" + name + R"(","kid":")" + keyId + "\"}";
    const auto token = key.token(algorithm, header, "foo");
    const auto h = token.substr(0, token.find('.'));
    const std::string p = "Zm9v";
    const auto s = token.substr(token.rfind('.') + 1);
    const auto add = [&](const std::string& what, const std::string& form, bool valid = false) {
        vectors.add(name + " " + what, form, valid);
    };
    add("accepts valid", token, true);
    add("accepts an empty payload", key.token(algorithm, header, ""), true);
    add("accepts white space in the header",
        key.token(algorithm, "{ \"kid\" : \"" + keyId + "\",\n\t\"alg\" : \"" + name + "\" }", "foo"), true);
    add("accepts octets of any kind", key.token(algorithm, header, std::string("\xFF\0\n{", 4)), true);
    add("rejects a modified signature", h + "." + p + "." + withFirstCharacterChanged(s));
    add("rejects a missing signature", h + "." + p + ".");
    add("rejects a missing signature and separator", h + "." + p);
    add("rejects a modified payload", h + ".WG9v." + s);
    add("rejects a missing payload", h + ".." + s);
    add("rejects a missing payload and separator", h + "." + s);
    add("rejects a modified header",
        encodeBase64Url(R"({"alg":")" + name + R"(","kid":"other"})") + "." + p + "." + s);
    add("rejects a missing header", "." + p + "." + s);
    add("rejects a missing header and separator", p + "." + s);
    add("rejects a missing header and signature", "." + p + ".");
    add("rejects the payload alone", p);
    add("rejects an empty string", "");
    add("rejects an extra empty component", token + ".");
    add("rejects an extra component", token + ".foo");
    add("rejects white space before", " " + token);
    // These belong to the line.
    add("accepts white space behind", token + " ", true);
    add("accepts a carriage return", token + "\r", true);
    add("rejects a carriage return within", h + ".\r" + p + "." + s);
    add("rejects NUL", token + std::string(1, '\0'));
    add("rejects padding", token + "==");
    add("rejects the algorithm none",
        encodeBase64Url(R"({"alg":"none","kid":")" + keyId + "\"}") + "." + p + ".");
    add("rejects the algorithm none with a signature",
        encodeBase64Url(R"({"alg":"none","kid":")" + keyId + "\"}") + "." + p + "." + s);
    add("rejects the flattened JSON serialization",
        R"({"payload":")" + p + R"(","protected":")" + h + R"(","signature":")" + s + "\"}");
    add("rejects the general JSON serialization",
        R"({"payload":")" + p + R"(","signatures":[{"protected":")" + h + R"(","signature":")" + s + "\"}]}");

    const auto confused = encodeBase64Url(R"({"alg":"HS256","kid":")" + keyId + "\"}") + "." + p;
    for (const auto& secret : {key.publicPem(), key.jwk(), key.jwk().substr(0, 40)})
        add("rejects symmetry confusion", confused + "." + encodeBase64Url(hmacSha256(secret, confused)));

    const auto attacker = TestKey::shared(key.family() == KeyFamily::rsa ? KeyFamily::p256 : KeyFamily::rsa);
    const auto attackers = attacker.family() == KeyFamily::rsa ? Algorithm::rs256 : Algorithm::es256;
    add("rejects an embedded key",
        attacker.token(attackers,
                       R"({"alg":")" + std::string(traitsOf(attackers).name) + R"(","kid":")" + keyId +
                           R"(","jwk":)" + attacker.jwk() + "}",
                       "foo"));

    const auto with = [&](const std::string& members) {
        return key.token(algorithm, R"({"alg":")" + name + R"(","kid":")" + keyId + "\"," + members + "}",
                         "foo");
    };
    add("ignores what it does not know", with(R"("x":{"y":[1,2.5e3,null,true]})"), true);
    add("ignores the address of keys", with(R"("jku":"http://127.0.0.1:1/","x5u":"http://127.0.0.1:1/")"),
        true);
    add("rejects an unknown extension", with(R"("crit":["x"],"x":1)"));
    add("rejects an empty crit", with(R"("crit":[])"));
    add("rejects a crit that names alg", with(R"("crit":["alg"])"));
    add("rejects an unencoded payload", with(R"("crit":["b64"],"b64":false)"));
    add("accepts b64 true", with(R"("crit":["b64"],"b64":true)"), true);
    add("rejects a member twice", with(R"("kid":"other")"));
    add("rejects a key id that is a number",
        key.token(algorithm, R"({"alg":")" + name + R"(","kid":1})", "foo"));
}

struct Fixture {
    TemporaryFolder folder;

    std::string write(const std::string& document) const {
        std::ofstream(folder.file("keys.json"), std::ios::binary) << document;
        return "--jwks=" + folder.file("keys.json");
    }

    static std::string everyAlgorithm() { return "--algorithms=" + AlgorithmSet::all().toText(); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(TokenVerificationTest, Fixture)

BOOST_AUTO_TEST_CASE(everyFormOfATokenIsJudgedForEveryAlgorithm) {
    Vectors vectors;
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < algorithmCount; ++i) {
        const auto algorithm = static_cast<Algorithm>(i);
        const auto& key = TestKey::shared(traitsOf(algorithm).family);
        const auto name = std::string(traitsOf(algorithm).name);
        const auto keyId = "key-" + name;
        keys.push_back(key.jwk(R"("kid":")" + keyId + R"(","use":"sig","alg":")" + name + "\""));
        addForms(vectors, algorithm, key, keyId);
        // The key's own algorithm is the only one, whatever another signature looks like.
        for (std::size_t j = 0; j < algorithmCount; ++j) {
            const auto other = static_cast<Algorithm>(j);
            if (i == j || traitsOf(other).family != key.family()) continue;
            const auto otherName = std::string(traitsOf(other).name);
            vectors.add(otherName + " rejected by a key for " + name,
                        key.token(other, R"({"alg":")" + otherName + R"(","kid":")" + keyId + "\"}", "foo"));
            vectors.add(otherName + " rejected under the name " + name,
                        key.token(other, R"({"alg":")" + name + R"(","kid":")" + keyId + "\"}", "foo"));
        }
    }
    BOOST_TEST(vectors.all.size() > 400U);
    vectors.check({"verify", write(keySetOf(keys)), everyAlgorithm(), "--signature-only", "-"});
}

BOOST_AUTO_TEST_CASE(odditiesOfAKeySetAreNoEndOfIt) {
    const auto& rsa = TestKey::shared(KeyFamily::rsa);
    const auto& p256 = TestKey::shared(KeyFamily::p256);
    const auto& ed = TestKey::shared(KeyFamily::ed25519);
    const auto token = [](const TestKey& key, Algorithm algorithm, const std::string& more) {
        return key.token(algorithm, R"({"alg":")" + std::string(traitsOf(algorithm).name) + "\"" + more + "}",
                         "");
    };
    // Without a key id the only key of the kind serves, whatever else is there.
    Vectors vectors;
    vectors.add("no kid, one RSA key", token(rsa, Algorithm::rs256, ""), true);
    vectors.add("no kid, one P-256 key", token(p256, Algorithm::es256, ""), true);
    vectors.add("no kid, two Ed25519 keys", token(ed, Algorithm::ed25519, ""));
    vectors.add("a kid that two keys have", token(ed, Algorithm::ed25519, R"(,"kid":"twice")"));
    vectors.add("the kid of a private key", token(rsa, Algorithm::rs256, R"(,"kid":"private")"));
    vectors.add("the kid of a symmetric key", token(rsa, Algorithm::rs256, R"(,"kid":"secret")"));
    vectors.add("the kid of a key for encryption", token(rsa, Algorithm::rs256, R"(,"kid":"enc")"));
    vectors.add("the kid of a key that does not verify", token(rsa, Algorithm::rs256, R"(,"kid":"signs")"));
    vectors.add("the kid of a key of another algorithm", token(rsa, Algorithm::rs256, R"(,"kid":"oaep")"));
    vectors.add("a key without kid does not serve a kid", token(rsa, Algorithm::rs256, R"(,"kid":"rsa")"));
    const auto document = keySetOf(
        {rsa.jwk(), p256.jwk(R"("key_ops":["verify"],"ext":true)"), ed.jwk(R"("kid":"twice")"),
         ed.jwk(R"("kid":"twice")"), rsa.jwk(R"("kid":"private","d":"AQAB")"),
         R"({"kty":"oct","kid":"secret","k":"AAAA","alg":"HS256"})", rsa.jwk(R"("kid":"enc","use":"enc")"),
         rsa.jwk(R"("kid":"signs","key_ops":["sign"])"), rsa.jwk(R"("kid":"oaep","alg":"RSA-OAEP")"), "{}",
         R"({"kty":1})", R"({"kty":"EC","crv":"P-256","x":"","y":""})"});
    vectors.check({"verify", write(document), everyAlgorithm(), "--signature-only", "-"});
}

// RFC 7515 appendices A.2 to A.5, RFC 8037 appendix A.4.
BOOST_AUTO_TEST_CASE(theExamplesOfTheStandardsAreJudged) {
    const std::string document = R"({"keys":[
        {"kty":"RSA","kid":"A.2","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"},
        {"kty":"EC","kid":"A.3","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
        {"kty":"EC","kid":"A.4","crv":"P-521","x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk","y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2"},
        {"kty":"OKP","kid":"8037","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})";
    const std::string claims =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    const std::string rs256 =
        "eyJhbGciOiJSUzI1NiJ9." + claims +
        ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
        "O8W2Fp5jujGbds9uJdb"
        "F9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_"
        "eSN9383"
        "LcOLn6_dO--xi12jzDwusC-"
        "eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWy"
        "wlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    const std::string es256 =
        "eyJhbGciOiJFUzI1NiJ9." + claims +
        ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    const std::string es512 =
        "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-"
        "mZZqwqT2SI-KGD"
        "KB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_"
        "Jn";
    const std::string edDsa =
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-"
        "09PGcvMg3AIbQR6dWbhi"
        "jcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    Vectors vectors;
    vectors.add("RFC 7515 A.2", rs256, true);
    vectors.add("RFC 7515 A.3", es256, true);
    vectors.add("RFC 7515 A.4", es512, true);
    vectors.add("RFC 8037 A.4", edDsa, true);
    vectors.add("RFC 7515 A.1", "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + claims +
                                    ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    vectors.add("RFC 7515 A.5", "eyJhbGciOiJub25lIn0." + claims + ".");
    vectors.check({"verify", write(document), everyAlgorithm(), "--signature-only", "-"});
    // The payload comes back as it is in the token.
    const auto line =
        runTokenTool({"verify", write(document), everyAlgorithm(), "--signature-only", "-"}, rs256);
    BOOST_TEST(line.output == R"({"valid":true,"header":{"alg":"RS256"},"payload":")" + claims + "\"}\n");
    // As an access token it is judged by its claims.
    const auto asToken = runTokenTool({"verify", write(document), "--issuer=joe", rs256});
    BOOST_TEST(asToken.output.find("missing required \\\"aud\\\" claim") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(aListOf100000TokensGetsAsManyAnswers) {
    const auto& key = TestKey::shared(KeyFamily::rsa);
    const auto good = TokenRecipe(std::time(nullptr)).signedBy(key);
    constexpr std::size_t count = 100'000;
    constexpr std::size_t goodOnes = 100;
    std::string input;
    for (std::size_t i = 0; i < count; ++i)
        input += (i % (count / goodOnes) == 0 ? good : "a.b." + std::to_string(i)) + "\n";
    const auto result = runTokenTool({"verify", write(keySetOf({key.jwk(R"("kid":"k1")")})), "-"}, input);
    BOOST_TEST(result.status == 1);
    const auto lines = result.lines();
    BOOST_TEST(lines.size() == count);
    const auto valid = std::count_if(lines.begin(), lines.end(), [](const std::string& line) {
        return line.rfind("{\"valid\":true", 0) == 0;
    });
    BOOST_TEST(valid == static_cast<std::ptrdiff_t>(goodOnes));
}

BOOST_AUTO_TEST_SUITE_END()
