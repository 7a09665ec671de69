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
    const auto* failure = std::get_if<FetchFailure>(&response);
    BOOST_REQUIRE(failure != nullptr);
    BOOST_TEST(!failure->reason.empty());
    return failure->cause;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(JwksResponseTest)

BOOST_AUTO_TEST_CASE(aUsableKeySetIsASuccess) {
    const auto response = JwksResponse::evaluate(fetched(goodDocument()), nullptr);
    const auto& keys = std::get<JwksResponse>(response).keys;
    BOOST_REQUIRE(keys != nullptr);
    BOOST_TEST(keys->keys().size() == 1U);
}

BOOST_AUTO_TEST_CASE(oneUsableKeyIsEnough) {
    const auto document =
        keySetOf({R"({"kty":"oct","k":"AAAA"})", TestKey::shared(KeyFamily::p256).jwk(R"("kid":"k1")")});
    const auto response = JwksResponse::evaluate(fetched(document), nullptr);
    BOOST_TEST(std::get<JwksResponse>(response).keys->keys().size() == 1U);
}

BOOST_AUTO_TEST_CASE(notModifiedConfirmsThePreviousKeysAlone) {
    const auto previous = std::get<std::shared_ptr<const JwkSet>>(JwkSet::parse(goodDocument()));
    const auto response = JwksResponse::evaluate(notModified(), previous.get());
    BOOST_TEST(std::get<JwksResponse>(response).keys == nullptr);
    BOOST_TEST((causeOf(notModified()) == Cause::keysStatus));
}

BOOST_AUTO_TEST_CASE(aFailedFetchStaysWhatItIs) {
    const auto response =
        JwksResponse::evaluate(FetchFailure{Cause::keysTimedOut, "no response within 5000 ms"}, nullptr);
    const auto& failure = std::get<FetchFailure>(response);
    BOOST_TEST((failure.cause == Cause::keysTimedOut));
    BOOST_TEST(failure.reason == "no response within 5000 ms");
}

BOOST_AUTO_TEST_CASE(aDocumentWithoutAUsableKeyIsAFailure) {
    const auto previous = std::get<std::shared_ptr<const JwkSet>>(JwkSet::parse(goodDocument()));
    for (const JwkSet* known : {static_cast<const JwkSet*>(nullptr), previous.get()}) {
        BOOST_TEST((causeOf(fetched(""), known) == Cause::keysNotJson));
        BOOST_TEST((causeOf(fetched("<html>"), known) == Cause::keysNotJson));
        BOOST_TEST((causeOf(fetched("{}"), known) == Cause::keysMalformed));
        BOOST_TEST((causeOf(fetched(R"({"keys":[1]})"), known) == Cause::keysMalformed));
        BOOST_TEST((causeOf(fetched(R"({"keys":[]})"), known) == Cause::keysUnusable));
        BOOST_TEST(
            (causeOf(fetched(keySetOf({R"({"kty":"oct","k":"AAAA"})"})), known) == Cause::keysUnusable));
    }
}

BOOST_AUTO_TEST_SUITE_END()
