#include "changebank/daemon/revocation/WebhookKeys.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>

#include "changebank/base/text/Base64.h"
#include "changebank/base/text/Base64Url.h"
#include "changebank/base/text/Json.h"
#include "tests/support/TestKey.h"
#include "tests/support/TokenRecipe.h"

using namespace changebank;
using namespace changebank::security;
using namespace changebank::daemon;
using changebank::tests::TestKey;
using Verdict = WebhookKeys::Verdict;

namespace {

const std::string body = R"({"event":{"type":"test"}})";

std::shared_ptr<const JwkSet> setOf(const std::vector<std::string>& jwks) {
    return std::get<std::shared_ptr<const JwkSet>>(JwkSet::parse(tests::keySetOf(jwks)));
}

std::string claimsOf(std::string_view text) {
    return R"({"request_body_sha256":")" + encodeBase64(tests::sha256(text)) + "\"}";
}

std::string headerOf(std::string_view algorithm, const std::string& kid = {}) {
    return R"({"alg":")" + std::string(algorithm) + R"(","typ":"JWT")" +
           (kid.empty() ? "" : ",\"kid\":" + quoteJson(kid)) + "}";
}

/// As FusionAuth signs, with ES256.
std::string signatureBy(const TestKey& key, const std::string& kid = {}, const std::string& text = body) {
    return key.token(Algorithm::es256, headerOf("ES256", kid), claimsOf(text));
}

/// An issuer's keys, which a fetch replaces.
class ScriptedKeySource : public KeySource {
public:
    explicit ScriptedKeySource(std::shared_ptr<const JwkSet> now, std::shared_ptr<const JwkSet> fetched = {},
                               bool isReady = true)
        : _now(snapshotOf(std::move(now))), _fetched(snapshotOf(std::move(fetched))), _isReady(isReady) {}

    std::shared_ptr<const KeySnapshot> current() const override { return _now; }
    bool mayRefetch(FetchReason reason) const override {
        return _isReady && reason == FetchReason::keyMissing;
    }
    std::shared_ptr<const KeySnapshot> refetch(FetchReason, std::uint64_t) override {
        ++fetches;
        return _now = _fetched;
    }
    std::chrono::seconds retryAfter() const override { return std::chrono::seconds(1); }

    int fetches = 0;

private:
    static std::shared_ptr<const KeySnapshot> snapshotOf(std::shared_ptr<const JwkSet> keys) {
        return std::make_shared<KeySnapshot>(KeySnapshot{std::move(keys), 1});
    }

    std::shared_ptr<const KeySnapshot> _now;
    std::shared_ptr<const KeySnapshot> _fetched;
    bool _isReady;
};

/// Keys of a file: k1 on P-256 with its kid, and another one without.
struct OwnKeys {
    const TestKey key = TestKey::shared(KeyFamily::p256);
    const TestKey bare = TestKey::generate(KeyFamily::p256);
    const TestKey strange = TestKey::generate(KeyFamily::p256);
    const WebhookKeys keys{setOf({key.jwk(R"("kid":"k1")"), bare.jwk()}), {}, nullptr};

    bool accepts(const std::string& signature, const std::string& text = body) const {
        return verdictOf(signature, text) == Verdict::authentic;
    }
    /// Checks that there is a reason exactly if it is not authentic, in one line.
    Verdict verdictOf(const std::string& signature, const std::string& text = body) const {
        const auto result = keys.verify(signature, text);
        BOOST_TEST(result.why.empty() == (result.verdict == Verdict::authentic));
        BOOST_TEST(result.why.find('\n') == std::string::npos);
        return result.verdict;
    }
    std::string refusalOf(const std::string& header, const std::string& claims) const {
        const auto result = keys.verify(key.token(Algorithm::es256, header, claims), body);
        return result.verdict == Verdict::refused ? result.why : "none";
    }
};

/// An issuer that has the pinned key k1, and k2 for something else.
struct PinnedKeys {
    const TestKey key = TestKey::shared(KeyFamily::p256);
    const TestKey other = TestKey::generate(KeyFamily::p256);
    const std::string pinnedJwk = key.jwk(R"("kid":"k1")");
    const std::string otherJwk = other.jwk(R"("kid":"k2")");

    static WebhookKeys::Result verify(const std::shared_ptr<KeySource>& issuer,
                                      const std::string& signature) {
        return WebhookKeys(nullptr, {"k0", "k1"}, issuer).verify(signature, body);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(WebhookKeysTest)

BOOST_FIXTURE_TEST_CASE(aKeyOfTheFileSignsUnderItsKidOrNone, OwnKeys) {
    BOOST_TEST(accepts(signatureBy(key, "k1")));
    BOOST_TEST(accepts(signatureBy(key)));
    BOOST_TEST(!accepts(signatureBy(key, "k2")));
    BOOST_TEST(!accepts(signatureBy(strange, "k1")));
    BOOST_TEST(!accepts(signatureBy(strange)));
}

BOOST_FIXTURE_TEST_CASE(aKeyOfTheFileWithoutKidSignsUnderAny, OwnKeys) {
    BOOST_TEST(accepts(signatureBy(bare, "k9")));
    BOOST_TEST(accepts(signatureBy(bare, "k1")));
    BOOST_TEST(accepts(signatureBy(bare)));
}

BOOST_AUTO_TEST_CASE(everyAsymmetricAlgorithmIsAccepted) {
    for (std::size_t i = 0; i < algorithmCount; ++i) {
        const auto& traits = traitsOf(static_cast<Algorithm>(i));
        const auto& key = TestKey::shared(traits.family);
        const WebhookKeys keys(setOf({key.jwk()}), {}, nullptr);
        const auto signature = key.token(traits.algorithm, headerOf(traits.name, "k1"), claimsOf(body));
        BOOST_TEST((keys.verify(signature, body).verdict == Verdict::authentic), traits.name);
    }
}

BOOST_AUTO_TEST_CASE(aKeyForOneAlgorithmServesNoOther) {
    const auto& key = TestKey::shared(KeyFamily::rsa);
    const WebhookKeys keys(setOf({key.jwk(R"("alg":"RS256")")}), {}, nullptr);
    const auto verdictFor = [&](Algorithm algorithm) {
        return keys.verify(key.token(algorithm, headerOf(traitsOf(algorithm).name), claimsOf(body)), body)
            .verdict;
    };
    BOOST_TEST((verdictFor(Algorithm::rs256) == Verdict::authentic));
    BOOST_TEST((verdictFor(Algorithm::ps256) == Verdict::refused));
    BOOST_TEST((verdictFor(Algorithm::rs512) == Verdict::refused));
}

BOOST_FIXTURE_TEST_CASE(unsignedOnesAreRefused, OwnKeys) {
    const auto payload = encodeBase64Url(claimsOf(body));
    for (const auto* algorithm : {"none", "None", "NONE", ""}) {
        const auto input = encodeBase64Url(headerOf(algorithm, "k1")) + "." + payload;
        BOOST_TEST(!accepts(input + "."));
        BOOST_TEST(!accepts(input));
        BOOST_TEST(!accepts(input + ".AAAA"));
    }
    const auto input = encodeBase64Url(headerOf("ES256", "k1")) + "." + payload;
    BOOST_TEST(!accepts(input + "."));
    BOOST_TEST(!accepts(input + "." + encodeBase64Url(std::string(64, '\0'))));
    for (const auto* text : {"", ".", "..", "...", "k1", "null"})
        BOOST_TEST(!accepts(text));
}

BOOST_FIXTURE_TEST_CASE(aPublicKeyIsNoSecret, OwnKeys) {
    for (const auto* kid : {"k1", ""}) {
        const auto input = encodeBase64Url(headerOf("HS256", kid)) + "." + encodeBase64Url(claimsOf(body));
        for (const auto& secret :
             {key.publicPem(), key.publicDer(), key.jwk(), key.jwk(R"("kid":"k1")"), std::string()})
            BOOST_TEST(!accepts(input + "." + encodeBase64Url(tests::hmacSha256(secret, input))));
    }
}

BOOST_FIXTURE_TEST_CASE(anotherBodyIsRefused, OwnKeys) {
    const auto signature = signatureBy(key, "k1");
    BOOST_TEST(accepts(signature));
    for (const auto& text : {body + " ", body + "\n", body + std::string(1, '\0'), " " + body,
                             "\xEF\xBB\xBF" + body, std::string(), body.substr(1)})
        BOOST_TEST(!accepts(signature, text));
}

BOOST_FIXTURE_TEST_CASE(theHashIsThatOfTheBytes, OwnKeys) {
    const std::string spaced = "{ \"event\" : {\"type\":\"\\u0074est\"} }";
    BOOST_TEST(accepts(signatureBy(key, "k1", spaced), spaced));
    const auto rewritten = Json::parse(spaced).value().toText();
    BOOST_TEST(rewritten == body);
    BOOST_TEST(!accepts(signatureBy(key, "k1", rewritten), spaced));
    const std::string bytes("\0\xFF\xEF\xBB\xBF", 5);
    BOOST_TEST(accepts(signatureBy(key, "k1", bytes), bytes));
    BOOST_TEST(accepts(signatureBy(key, "k1", ""), ""));
}

BOOST_FIXTURE_TEST_CASE(theHashIsPaddedBase64, OwnKeys) {
    // A body whose hash has both of the characters that base64url writes otherwise.
    std::string text = "x";
    while (encodeBase64(tests::sha256(text)).find('+') == std::string::npos ||
           encodeBase64(tests::sha256(text)).find('/') == std::string::npos)
        text += 'x';
    const auto acceptsHash = [&](const std::string& hash) {
        return accepts(
            key.token(Algorithm::es256, headerOf("ES256"), R"({"request_body_sha256":)" + hash + "}"), text);
    };
    const auto good = encodeBase64(tests::sha256(text));
    BOOST_TEST(acceptsHash('"' + good + '"'));
    auto urlSafe = good;
    std::replace(urlSafe.begin(), urlSafe.end(), '+', '-');
    std::replace(urlSafe.begin(), urlSafe.end(), '/', '_');
    std::string hex;
    for (const char c : tests::sha256(text)) {
        const auto byte = static_cast<unsigned char>(c);
        hex += "0123456789abcdef"[byte / 16];
        hex += "0123456789abcdef"[byte % 16];
    }
    const auto unpadded = good.substr(0, good.size() - 1);
    for (const auto& hash : {urlSafe, encodeBase64Url(tests::sha256(text)), unpadded, good + "=", good + " ",
                             unpadded + "\\u0000", hex, std::string()})
        BOOST_TEST(!acceptsHash('"' + hash + '"'));
    for (const auto* hash : {"null", "true", "5", "[]", "{}"})
        BOOST_TEST(!acceptsHash(hash));
    BOOST_TEST(!acceptsHash("[\"" + good + "\"]"));
    BOOST_TEST(!acceptsHash('"' + good + "\",\"request_body_sha256\":\"" + good + '"'));
}

BOOST_FIXTURE_TEST_CASE(aTokenIsNoSignature, OwnKeys) {
    tests::TokenRecipe recipe(1'790'000'000);
    recipe.header("alg", R"("ES256")");
    BOOST_TEST(!accepts(recipe.signedBy(key, Algorithm::es256)));
    recipe.claim("request_body_sha256", '"' + encodeBase64(tests::sha256(body)) + '"');
    BOOST_TEST(!accepts(recipe.signedBy(key, Algorithm::es256)));
    BOOST_TEST(accepts(recipe.without("sub").signedBy(key, Algorithm::es256)));
}

BOOST_FIXTURE_TEST_CASE(otherClaimsAreIgnored, OwnKeys) {
    const auto hash = '"' + encodeBase64(tests::sha256(body)) + '"';
    BOOST_TEST(refusalOf(headerOf("ES256"),
                         R"({"exp":1,"iat":2,"x":{},"request_body_sha256":)" + hash + "}") == "none");
}

BOOST_FIXTURE_TEST_CASE(thePayloadIsAnObject, OwnKeys) {
    const auto header = headerOf("ES256");
    for (const auto* payload : {"", "{", "[]", "null", "\"request_body_sha256\"", "\xFF"})
        BOOST_TEST(refusalOf(header, payload) == "the payload is not a JSON object");
    BOOST_TEST(refusalOf(header, claimsOf(body) + " x") == "the payload is not a JSON object");
    BOOST_TEST(refusalOf(header, "{}") == "it has no request_body_sha256");
}

BOOST_FIXTURE_TEST_CASE(headersThatMeanSomethingElseAreRefused, OwnKeys) {
    const auto claims = claimsOf(body);
    BOOST_TEST(refusalOf(R"({"alg":"ES256"})", claims) == "none");
    for (const auto* header : {R"({"alg":"ES256","typ":"at+jwt"})",
                               R"({"alg":"ES256","typ":"dpop+jwt"})",
                               R"({"alg":"ES256","typ":"JOSE"})",
                               R"({"alg":"ES256","typ":null})",
                               R"({"alg":"ES256","typ":["JWT"]})",
                               R"({"alg":"ES256","b64":false,"crit":["b64"]})",
                               R"({"alg":"ES256","b64":false})",
                               R"({"alg":"ES256","crit":[]})",
                               R"({"alg":"ES256","crit":["exp"],"exp":1})",
                               R"({"alg":"ES256","kid":1})",
                               R"({"alg":"ES256","kid":null})",
                               R"({"alg":"ES256","kid":["k1"]})",
                               R"({"alg":"es256"})",
                               R"({"alg":["ES256"]})",
                               R"({"alg":"ES384"})",
                               R"({"alg":"EdDSA"})",
                               R"({})",
                               R"({"alg":"ES256","alg":"ES256"})",
                               R"([])",
                               ""})
        BOOST_TEST(refusalOf(header, claims) != "none", header);
}

BOOST_FIXTURE_TEST_CASE(aKeyInTheHeaderIsNotUsed, OwnKeys) {
    const auto header = R"({"alg":"ES256","typ":"JWT","jwk":)" + strange.jwk() +
                        R"(,"jku":"http://127.0.0.1:9/","x5c":["AAAA"]})";
    BOOST_TEST(!accepts(strange.token(Algorithm::es256, header, claimsOf(body))));
    BOOST_TEST(accepts(key.token(Algorithm::es256, header, claimsOf(body))));
}

BOOST_FIXTURE_TEST_CASE(everyCharacterOfTheSignatureCounts, OwnKeys) {
    const auto signature = signatureBy(key, "k1");
    for (std::size_t i = 0; i < signature.size(); ++i) {
        auto changed = signature;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        BOOST_TEST(!accepts(changed));
        BOOST_TEST(!accepts(signature.substr(0, i)));
    }
    for (const auto* tail : {" ", "\n", "=", ".", "A", ".A"})
        BOOST_TEST(!accepts(signature + tail));
    BOOST_TEST(!accepts(signature + std::string(1, '\0')));
    BOOST_TEST(!accepts(signature + ", " + signature));
    BOOST_TEST(!accepts(" " + signature));
}

BOOST_FIXTURE_TEST_CASE(theReasonNamesAnUnknownKidInOneLine, OwnKeys) {
    const auto why = keys.verify(signatureBy(strange, "k\n7"), body).why;
    BOOST_TEST(why.find(quoteJson("k\n7")) != std::string::npos);
    BOOST_TEST(why.find('\n') == std::string::npos);
    BOOST_TEST(keys.verify(signatureBy(strange), body).why.find("no kid") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(aPinnedKeySignsUnderItsKid, PinnedKeys) {
    const auto issuer = std::make_shared<ScriptedKeySource>(setOf({otherJwk, pinnedJwk}));
    BOOST_TEST((verify(issuer, signatureBy(key, "k1")).verdict == Verdict::authentic));
    BOOST_TEST((verify(issuer, signatureBy(key, "k1", "another body")).verdict == Verdict::refused));
    BOOST_TEST((verify(issuer, signatureBy(key)).verdict == Verdict::refused));
    BOOST_TEST((verify(issuer, signatureBy(other, "k1")).verdict == Verdict::refused));
    BOOST_TEST(issuer->fetches == 0);
}

BOOST_FIXTURE_TEST_CASE(otherKeysOfTheIssuerDoNotSign, PinnedKeys) {
    const auto issuer = std::make_shared<ScriptedKeySource>(setOf({otherJwk, pinnedJwk}));
    BOOST_TEST((verify(issuer, signatureBy(other, "k2")).verdict == Verdict::refused));
    BOOST_TEST((verify(issuer, signatureBy(other)).verdict == Verdict::refused));
    BOOST_TEST((verify(issuer, signatureBy(key, "k2")).verdict == Verdict::refused));
    BOOST_TEST(issuer->fetches == 0);
}

BOOST_FIXTURE_TEST_CASE(aKidThatAnotherKeyHasTooIsRefused, PinnedKeys) {
    const auto imported = TestKey::shared(KeyFamily::ed25519);
    const auto issuer =
        std::make_shared<ScriptedKeySource>(setOf({pinnedJwk, imported.jwk(R"("kid":"k1")")}));
    const auto theirs = imported.token(Algorithm::ed25519, headerOf("EdDSA", "k1"), claimsOf(body));
    BOOST_TEST((verify(issuer, theirs).verdict == Verdict::refused));
    BOOST_TEST((verify(issuer, signatureBy(key, "k1")).verdict == Verdict::refused));
}

BOOST_FIXTURE_TEST_CASE(aMissingPinnedKeyIsFetchedOnce, PinnedKeys) {
    const auto issuer = std::make_shared<ScriptedKeySource>(setOf({otherJwk}), setOf({otherJwk, pinnedJwk}));
    BOOST_TEST((verify(issuer, signatureBy(key, "k1")).verdict == Verdict::authentic));
    BOOST_TEST((verify(issuer, signatureBy(key, "k1")).verdict == Verdict::authentic));
    BOOST_TEST(issuer->fetches == 1);
    const auto without = std::make_shared<ScriptedKeySource>(setOf({otherJwk}), setOf({otherJwk}));
    BOOST_TEST((verify(without, signatureBy(key, "k1")).verdict == Verdict::refused));
    BOOST_TEST(without->fetches == 1);
}

BOOST_FIXTURE_TEST_CASE(nothingIsFetchedForOtherKids, PinnedKeys) {
    const auto issuer = std::make_shared<ScriptedKeySource>(nullptr, setOf({pinnedJwk}));
    BOOST_TEST((verify(issuer, signatureBy(other, "k2")).verdict == Verdict::refused));
    BOOST_TEST((verify(issuer, signatureBy(other)).verdict == Verdict::refused));
    BOOST_TEST((verify(issuer, "x.y.z").verdict == Verdict::refused));
    BOOST_TEST(issuer->fetches == 0);
}

BOOST_FIXTURE_TEST_CASE(aSpentBudgetRefuses, PinnedKeys) {
    const auto issuer = std::make_shared<ScriptedKeySource>(setOf({otherJwk}), setOf({pinnedJwk}), false);
    BOOST_TEST((verify(issuer, signatureBy(key, "k1")).verdict == Verdict::refused));
    BOOST_TEST(issuer->fetches == 0);
}

BOOST_FIXTURE_TEST_CASE(withoutKeysNobodyCanTell, PinnedKeys) {
    for (const bool isReady : {true, false}) {
        const auto issuer = std::make_shared<ScriptedKeySource>(nullptr, nullptr, isReady);
        const auto result = verify(issuer, signatureBy(key, "k1"));
        BOOST_TEST((result.verdict == Verdict::keysUnavailable));
        BOOST_TEST(!result.why.empty());
        BOOST_TEST(issuer->fetches == (isReady ? 1 : 0));
    }
}

BOOST_FIXTURE_TEST_CASE(aKeyOfTheFileNeedsNoIssuer, PinnedKeys) {
    const auto issuer = std::make_shared<ScriptedKeySource>(nullptr, nullptr);
    const WebhookKeys keys(setOf({other.jwk()}), {"k1"}, issuer);
    BOOST_TEST((keys.verify(signatureBy(other, "k1"), body).verdict == Verdict::authentic));
    BOOST_TEST(issuer->fetches == 0);
    BOOST_TEST((keys.verify(signatureBy(key, "k1"), body).verdict == Verdict::keysUnavailable));
}

BOOST_AUTO_TEST_SUITE_END()
