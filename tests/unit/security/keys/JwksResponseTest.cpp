#include "changebank/security/keys/JwksResponse.h"

#include <boost/test/unit_test.hpp>

#include "tests/support/TestKey.h"

using namespace changebank::security;
using namespace changebank::tests;

namespace {

FetchedKeys fetched(std::string document) {
    FetchedKeys keys;
    keys.document = std::move(document);
    return keys;
}

FetchedKeys notModified() {
    FetchedKeys keys;
    keys.notModified = true;
    return keys;
}

std::string goodDocument() {
    return keySetOf({TestKey::shared(KeyFamily::p256).jwk(R"("kid":"k1")")});
}

/// The cause of a failure, which must have a reason for the operator.
Cause causeOf(const FetchResult& result, const JwkSet* previous = nullptr) {
    const auto response = JwksResponse::evaluate(result, previous);
    BOOST_REQUIRE(response.failure.has_value());
    BOOST_TEST(!response.failure->reason.empty());
    return response.failure->cause;
}

std::string reasonFor(std::string document) {
    return JwksResponse::evaluate(fetched(std::move(document)), nullptr).failure.value().reason;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(JwksResponseTest)

BOOST_AUTO_TEST_CASE(aUsableKeySetIsASuccess) {
    const auto response = JwksResponse::evaluate(fetched(goodDocument()), nullptr);
    BOOST_TEST(!response.failure.has_value());
    BOOST_REQUIRE(response.keys != nullptr);
    BOOST_TEST(response.keys->keys().size() == 1U);
}

BOOST_AUTO_TEST_CASE(oneUsableKeyIsEnough) {
    const auto document =
        keySetOf({R"({"kty":"oct","k":"AAAA"})", TestKey::shared(KeyFamily::p256).jwk(R"("kid":"k1")")});
    const auto response = JwksResponse::evaluate(fetched(document), nullptr);
    BOOST_TEST(!response.failure.has_value());
    BOOST_TEST(response.keys->keys().size() == 1U);
}

BOOST_AUTO_TEST_CASE(notModifiedConfirmsThePreviousKeysAlone) {
    const auto previous = std::get<std::shared_ptr<const JwkSet>>(JwkSet::parse(goodDocument()));
    const auto response = JwksResponse::evaluate(notModified(), previous.get());
    BOOST_TEST(!response.failure.has_value());
    BOOST_TEST(response.keys == nullptr);
    BOOST_TEST((causeOf(notModified()) == Cause::keysStatus));
}

BOOST_AUTO_TEST_CASE(aFailedFetchStaysWhatItIs) {
    const auto response =
        JwksResponse::evaluate(FetchFailure{Cause::keysTimedOut, "no response within 5000 ms"}, nullptr);
    const auto& failure = response.failure.value();
    BOOST_TEST((failure.cause == Cause::keysTimedOut));
    BOOST_TEST(failure.reason == "no response within 5000 ms");
}

BOOST_AUTO_TEST_CASE(aDocumentWithoutAUsableKeyIsAFailure) {
    const auto previous = std::get<std::shared_ptr<const JwkSet>>(JwkSet::parse(goodDocument()));
    for (const JwkSet* known : {static_cast<const JwkSet*>(nullptr), previous.get()}) {
        BOOST_TEST((causeOf(fetched(""), known) == Cause::keysNotJson));
        BOOST_TEST((causeOf(fetched("<html>"), known) == Cause::keysNotJson));
        BOOST_TEST((causeOf(fetched("{}"), known) == Cause::keysMalformed));
        BOOST_TEST((causeOf(fetched(R"({"keys":[1]})"), known) == Cause::keysUnusable));
        BOOST_TEST((causeOf(fetched(R"({"keys":[]})"), known) == Cause::keysUnusable));
        BOOST_TEST(
            (causeOf(fetched(keySetOf({R"({"kty":"oct","k":"AAAA"})"})), known) == Cause::keysUnusable));
    }
}

// Keys that are all rejected are not checked again and again either.
BOOST_AUTO_TEST_CASE(aSetWithoutAUsableKeyIsKeptForItsResults) {
    const auto document = keySetOf({R"({"kty":"RSA","kid":"x"})"});
    const auto first = JwksResponse::evaluate(fetched(document), nullptr);
    BOOST_TEST(first.failure.has_value());
    BOOST_REQUIRE(first.keys != nullptr);
    int checks = 0;
    const auto count = [&checks] { return ++checks > 0; };
    JwksResponse::evaluate(fetched(document), first.keys.get(), {.mayCheck = count});
    BOOST_TEST(checks == 0);
    JwksResponse::evaluate(fetched(document), nullptr, {.mayCheck = count});
    BOOST_TEST(checks == 1);
}

BOOST_AUTO_TEST_CASE(saysWhatTheDocumentIsInstead) {
    BOOST_TEST(reasonFor(R"({"issuer":"https://a","jwks_uri":"https://a/keys?x=\"\n"})") ==
               R"(the response is a discovery document, not a key set; the key set is at its jwks_uri )"
               R"("https://a/keys?x=\"\u000a")");
    BOOST_TEST(reasonFor("{}") == "the response has no array \"keys\"");
    BOOST_TEST(reasonFor("<html>") == "the response is not JSON");
    BOOST_TEST(reasonFor(std::string("\xFF\xFE{\0", 4)) == "the response is in UTF-16, not UTF-8");
    BOOST_TEST(reasonFor(std::string("\xFE\xFF\0{", 4)) == "the response is in UTF-16, not UTF-8");
    BOOST_TEST(reasonFor("\x1F\x8B\x08") == "the response is compressed by gzip");
    BOOST_TEST(reasonFor(std::string(JwkSet::maxSize + 1, ' ')) == "the response is larger than 1 MiB");
}

BOOST_AUTO_TEST_SUITE_END()
