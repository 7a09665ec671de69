#include "changebank/security/jose/JwkSet.h"

#include <boost/test/unit_test.hpp>

#include "tests/support/TestKey.h"

using namespace changebank;
using namespace changebank::security;
using changebank::tests::keySetOf;
using changebank::tests::TestKey;

namespace {

std::shared_ptr<const JwkSet> parse(const std::string& document, const JwkSet* previous = nullptr) {
    return std::get<std::shared_ptr<const JwkSet>>(JwkSet::parse(document, previous));
}

Cause causeOf(const std::string& document) {
    return std::get<Cause>(JwkSet::parse(document));
}

const TestKey& rsa() {
    return TestKey::shared(KeyFamily::rsa);
}

std::string keyIdOf(const std::variant<const JsonWebKey*, Cause>& selected) {
    return std::get<const JsonWebKey*>(selected)->keyId().value_or("none");
}

/// An RSA modulus of 2048 bits that OpenSSL's check takes for half of its random bases and rejects for the
/// others: 757 * q with a prime q of remainder 379 modulo 756, where 757 is the smallest factor that the
/// check does not look for. Then b^(n-1) is 1 modulo 757, which shows the factor, exactly for the squares b.
const std::string modulusOfRandomResult =
    "7QceNA1AVVa8g1Hgh6t8lA6b0LtXVm67Tfqq6zzm2bI19zX57s_h-WZD4tLOO-lcs415nAek8k8DnfUj_tXaXTVN"
    "afY3OV2nGrF78jKK9RDXS9wJLq5yz_ABvovHd0RjJP0yhC-b254qgMo5wV5qStgTY3YiMRqdf05TshxhtdQKuyq7"
    "PtlQAsmC5t6fLf-fRudQjhQhlHFcxffUb_5jZ8EJCyTjPgToxwFPpJ5Xf7IaLCSWwaX5gHkI5wEKPPSy7kUhPQde"
    "oLld_MHuCaPLi1A6KPiyB2QueBB2Hir-8PXMNoN9_z1MFj5AH7bfwOMi7fHwO2voa64Ueb75LFTerw";

const std::string keyOfRandomResult =
    R"({"kty":"RSA","kid":"random","e":"AQAB","n":")" + modulusOfRandomResult + "\"}";

const std::string otherRsaKey = TestKey::generate(KeyFamily::rsa).jwk(R"("kid":"k2")");

}  // namespace

BOOST_AUTO_TEST_SUITE(JwkSetTest)

BOOST_AUTO_TEST_CASE(refusesADocumentThatIsNotAKeySet) {
    for (const char* document : {"", "<html>", "{", "{\"keys\":[}", "\xFF", R"({"keys":[],"keys":1})"}) {
        BOOST_TEST((causeOf(document) == Cause::keysNotJson), document);
    }
    for (const char* document : {"{}", "[]", "null", "1", R"({"keys":{}})", R"({"keys":null})",
                                 R"({"keys":"x"})", R"({"Keys":[]})"}) {
        BOOST_TEST((causeOf(document) == Cause::keysMalformed), document);
    }
    BOOST_TEST((causeOf("{\"keys\":[" + std::string(100'000, '[')) == Cause::keysNotJson));
    BOOST_TEST(
        (causeOf("{\"keys\":[]," + std::string(JwkSet::maxSize, ' ') + "\"x\":1}") == Cause::keysNotJson));
}

BOOST_AUTO_TEST_CASE(anEmptySetIsASet) {
    BOOST_TEST(parse(R"({"keys":[]})")->empty());
}

BOOST_AUTO_TEST_CASE(oneBadKeyIsSkippedAndTheRestServes) {
    const auto set = parse(keySetOf(
        {R"({"kty":"oct","k":"AAAA","kid":"secret"})", rsa().jwk(R"("kid":"good")"), R"({"kty":"RSA"})",
         rsa().jwk(R"("kid":"enc","use":"enc")"), rsa().jwk(R"("kid":"private","d":"AQAB")"), "{}"}));
    BOOST_TEST(set->keys().size() == 1U);
    BOOST_TEST(keyIdOf(set->select(Algorithm::rs256, "good")) == "good");
    BOOST_REQUIRE(set->skipped().size() == 5U);
    BOOST_TEST(set->skipped()[0].index == 0U);
    BOOST_TEST(set->skipped()[0].keyId == "secret");
    BOOST_TEST(set->skipped()[1].index == 2U);
    BOOST_TEST(set->skipped()[1].keyId.empty());
    BOOST_TEST(set->skipped()[2].reason == "\"use\" is not \"sig\"");
    for (const char* keyId : {"secret", "enc", "private"}) {
        BOOST_TEST((std::get<Cause>(set->select(Algorithm::rs256, keyId)) == Cause::noMatchingKey));
    }
}

// Nothing in one entry makes another unusable.
BOOST_AUTO_TEST_CASE(entriesAreReadOneByOne) {
    const std::string deep = std::string(40, '[') + std::string(40, ']');
    for (const auto& [entry, name] : std::initializer_list<std::pair<std::string, const char*>>{
             {R"({"kty":"RSA","kid":"x","use":"sig","use":"sig"})", "\"x\" (not JSON, a member twice"},
             {"{\"kty\":\"RSA\",\"kid\":\"x\",\"issuer\":\"M\xFCller\"}", "\"x\" (not UTF-8)"},
             {R"({"kty":"RSA","kid":"x","vendor":)" + deep + "}",
              "\"x\" (not JSON, a member twice, or too deep"},
             {R"({"kid":"x","vendor":")" + std::string(70'000, 'x') + "\"}", "\"x\" (larger than 64 KiB)"},
             {R"({"kid":nonsense})", "keys[0] (not JSON"},
             {"1", "keys[0] (not a JSON object)"},
             {"null", "keys[0] (not a JSON object)"}}) {
        const auto set = parse("{\"vendor\":" + deep + ",\"keys\":[" + entry + "," + otherRsaKey + "]}");
        BOOST_TEST(keyIdOf(set->select(Algorithm::rs256, "k2")) == "k2");
        BOOST_TEST(set->skipped().size() == 1U);
        BOOST_TEST(set->summary().find(name) != std::string::npos, set->summary());
    }
    BOOST_TEST(parse("{\"\\u006beys\":[" + otherRsaKey + "]}")->keys().size() == 1U);
}

BOOST_AUTO_TEST_CASE(skipsAByteOrderMark) {
    BOOST_TEST(parse("\xEF\xBB\xBF" + keySetOf({otherRsaKey}))->keys().size() == 1U);
    BOOST_TEST((causeOf("\xEF\xBB\xBF\xEF\xBB\xBF" + keySetOf({otherRsaKey})) == Cause::keysNotJson));
}

BOOST_AUTO_TEST_CASE(ignoresEntriesBeyondTheMaximum) {
    const std::vector<std::string> three{rsa().jwk(R"("kid":"k1")"), otherRsaKey, "{}"};
    const auto set =
        std::get<std::shared_ptr<const JwkSet>>(JwkSet::parse(keySetOf(three), nullptr, {.maxKeys = 1}));
    BOOST_TEST(set->keys().size() == 1U);
    BOOST_TEST(set->skipped().empty());
    BOOST_TEST(set->summary() == "1 keys, 2 ignored: a set may have 1");
}

BOOST_AUTO_TEST_CASE(checksAsManyKeysAsItMayAndContinuesThere) {
    const auto document = keySetOf({rsa().jwk(R"("kid":"k1")"), R"({"kty":"RSA"})", otherRsaKey});
    int left = 2;
    const JwkSetBounds bounds{.mayCheck = [&left] { return left-- > 0; }};
    const auto first = std::get<std::shared_ptr<const JwkSet>>(JwkSet::parse(document, nullptr, bounds));
    BOOST_TEST(!first->isComplete());
    BOOST_TEST(first->keys().size() == 1U);
    BOOST_REQUIRE(first->skipped().size() == 2U);
    BOOST_TEST(first->skipped()[1].reason == "not checked yet: the checks of this set take too long");
    left = 1;
    const auto second = std::get<std::shared_ptr<const JwkSet>>(JwkSet::parse(document, first.get(), bounds));
    BOOST_TEST(second->isComplete());
    BOOST_TEST(second->keys().size() == 2U);
    left = 0;
    BOOST_TEST(std::get<std::shared_ptr<const JwkSet>>(JwkSet::parse(document, second.get(), bounds))
                   ->hasSameKeysAs(*second));
}

BOOST_AUTO_TEST_CASE(selectsByKeyIdTypeAndAlgorithm) {
    const auto set = parse(keySetOf({rsa().jwk(R"("kid":"k1","alg":"RS256")"), otherRsaKey,
                                     TestKey::shared(KeyFamily::p256).jwk(R"("kid":"k1")"),
                                     TestKey::shared(KeyFamily::ed25519).jwk(R"("kid":"e")")}));
    BOOST_TEST(keyIdOf(set->select(Algorithm::rs256, "k1")) == "k1");
    BOOST_TEST(keyIdOf(set->select(Algorithm::rs512, "k2")) == "k2");
    // One key id, two families: the algorithm tells them apart.
    BOOST_TEST(
        (std::get<const JsonWebKey*>(set->select(Algorithm::es256, "k1"))->family() == KeyFamily::p256));
    for (const auto& [algorithm, keyId] :
         std::initializer_list<std::pair<Algorithm, const char*>>{{Algorithm::rs384, "k1"},
                                                                  {Algorithm::ps256, "k1"},
                                                                  {Algorithm::es384, "k1"},
                                                                  {Algorithm::es256, "k2"},
                                                                  {Algorithm::rs256, "e"},
                                                                  {Algorithm::rs256, "K1"},
                                                                  {Algorithm::rs256, ""},
                                                                  {Algorithm::rs256, "../../dev/null"}}) {
        BOOST_TEST((std::get<Cause>(set->select(algorithm, keyId)) == Cause::noMatchingKey), keyId);
    }
}

BOOST_AUTO_TEST_CASE(withoutAKeyIdTheOnlyCandidateServes) {
    const auto one = parse(keySetOf({rsa().jwk(R"("kid":"k1")"), TestKey::shared(KeyFamily::p256).jwk()}));
    BOOST_TEST(keyIdOf(one->select(Algorithm::rs256, std::nullopt)) == "k1");
    BOOST_TEST(keyIdOf(one->select(Algorithm::es256, std::nullopt)) == "none");
    const auto two = parse(keySetOf({rsa().jwk(), otherRsaKey}));
    BOOST_TEST((std::get<Cause>(two->select(Algorithm::rs256, std::nullopt)) == Cause::multipleMatchingKeys));
}

BOOST_AUTO_TEST_CASE(twoKeysOfOneIdAreAmbiguous) {
    const auto set = parse(keySetOf({rsa().jwk(R"("kid":"k2")"), otherRsaKey}));
    BOOST_TEST((std::get<Cause>(set->select(Algorithm::rs256, "k2")) == Cause::multipleMatchingKeys));
}

// What jose 4 says to an alg that begins like a known family's and is none.
BOOST_AUTO_TEST_CASE(unknownAlgorithmsFailByTheKeysThatAreThere) {
    const auto set = parse(keySetOf({rsa().jwk(R"("kid":"bound","alg":"RS256")"), otherRsaKey,
                                     TestKey::shared(KeyFamily::p256).jwk(R"("kid":"p")"),
                                     TestKey::shared(KeyFamily::ed25519).jwk(R"("kid":"e")")}));
    BOOST_TEST((set->causeForUnknown("RSxyz", "bound") == Cause::noMatchingKey));
    BOOST_TEST((set->causeForUnknown("RS1", "k2") == Cause::algorithmUnsupported));
    BOOST_TEST((set->causeForUnknown("ES999", "p") == Cause::algorithmUnsupported));
    BOOST_TEST((set->causeForUnknown("EdFoo", "e") == Cause::algorithmUnsupported));
    BOOST_TEST((set->causeForUnknown("EdFoo", "p") == Cause::noMatchingKey));
    const auto ambiguous = parse(keySetOf({rsa().jwk(), otherRsaKey}));
    BOOST_TEST((ambiguous->causeForUnknown("RSxyz", std::nullopt) == Cause::multipleMatchingKeys));
}

BOOST_AUTO_TEST_CASE(takesOverKeysThatDidNotChange) {
    const auto before = parse(keySetOf({rsa().jwk(R"("kid":"k1")"), otherRsaKey}));
    const auto after = parse(keySetOf({otherRsaKey, rsa().jwk(R"("kid":"new")")}), before.get());
    BOOST_TEST(after->keys()[0] == before->keys()[1]);
    BOOST_TEST(!after->hasSameKeysAs(*before));
    const auto reordered = parse(keySetOf({otherRsaKey, rsa().jwk(R"("kid":"k1")")}), before.get());
    BOOST_TEST(reordered->hasSameKeysAs(*before));
    // Every key that is left after one was withdrawn was there before.
    const auto withdrawn = parse(keySetOf({otherRsaKey}), before.get());
    BOOST_TEST(!withdrawn->hasSameKeysAs(*before));
    BOOST_TEST(!before->hasSameKeysAs(*withdrawn));
    // A key that is there twice is ambiguous, which a key that is there once is not.
    const auto first = rsa().jwk(R"("kid":"k1")");
    BOOST_TEST(!parse(keySetOf({first, first, otherRsaKey}))
                    ->hasSameKeysAs(*parse(keySetOf({first, otherRsaKey, otherRsaKey}))));
    // One key id with new material is another key.
    const auto replaced =
        parse(keySetOf({TestKey::generate(KeyFamily::rsa).jwk(R"("kid":"k1")"), otherRsaKey}), before.get());
    BOOST_TEST(!replaced->hasSameKeysAs(*before));
}

BOOST_AUTO_TEST_CASE(theSameKeyHasTheSameResultThroughoutASet) {
    const auto set = parse(keySetOf(std::vector<std::string>(50, keyOfRandomResult)));
    BOOST_TEST((set->keys().empty() || set->skipped().empty()));
    BOOST_TEST(set->keys().size() + set->skipped().size() == 50U);
}

BOOST_AUTO_TEST_CASE(aKeyKeepsItsResultInTheNextSet) {
    std::shared_ptr<const JwkSet> accepting;
    std::shared_ptr<const JwkSet> rejecting;
    while (!accepting || !rejecting) {
        const auto set = parse(keySetOf({keyOfRandomResult}));
        (set->empty() ? rejecting : accepting) = set;
    }
    for (int refresh = 0; refresh < 50; ++refresh) {
        BOOST_TEST(!parse(keySetOf({otherRsaKey, keyOfRandomResult}), accepting.get())
                        ->select(Algorithm::rs256, "random")
                        .index());
        rejecting = parse(keySetOf({otherRsaKey, keyOfRandomResult}), rejecting.get());
        BOOST_TEST(rejecting->skipped().size() == 1U);
    }
}

BOOST_AUTO_TEST_CASE(summarisesItselfInOneLine) {
    BOOST_TEST(parse(keySetOf({otherRsaKey}))->summary() == "1 keys");
    const auto set = parse(keySetOf({otherRsaKey, R"({"kty":"oct","k":"AAAA","kid":"a\nb"})", "{}"}));
    BOOST_TEST(set->summary() == R"(1 keys, 2 skipped: "a\u000ab" (it has private or symmetric members))"
                                 R"( keys[2] ("kty" is missing or not supported))");
}

BOOST_AUTO_TEST_SUITE_END()
