#include "changebank/daemon/control/DpopKey.h"

#include <boost/test/unit_test.hpp>

#include "changebank/base/text/Base64Url.h"
#include "changebank/base/text/Json.h"
#include "changebank/security/dpop/DpopProof.h"
#include "changebank/security/jose/KeyThumbprint.h"
#include "tests/support/PrivatePem.h"
#include "tests/support/TemporaryFolder.h"
#include "tests/support/TestKey.h"

using namespace changebank;
using namespace changebank::security;
using changebank::daemon::DpopKey;

namespace {

constexpr std::int64_t now = 1'790'000'000;
constexpr const char* uri = "https://bank.example/make-change";

/// What the resource server reads; the text must outlive it.
DpopProof parsed(const std::string& proof) {
    auto read = DpopProof::parse(proof, {Algorithm::es256});
    BOOST_REQUIRE(std::holds_alternative<DpopProof>(read));
    return std::get<DpopProof>(std::move(read));
}

struct Fixture {
    const DpopKey key = DpopKey::generate();
    const tests::TemporaryFolder folder;

    std::string faultOf(const std::string& text) const {
        const auto read = DpopKey::read(folder.write("key.pem", text));
        const auto* why = std::get_if<std::string>(&read);
        return why ? why->substr(why->find(": ") + 2) : "";
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DpopKeyTest, Fixture)

BOOST_AUTO_TEST_CASE(AProofHasWhatAResourceServerChecks) {
    // Coordinates and signatures may begin with zeros, one in 256 each.
    for (int i = 0; i < 600; ++i) {
        const auto some = DpopKey::generate();
        const auto text = some.prove("GET", uri, "a.b.c", now);
        const auto proof = parsed(text);
        BOOST_TEST(!proof.checkTime(now, std::chrono::seconds(0), std::chrono::seconds(0)));
        BOOST_TEST(!proof.checkTarget("GET", uri));
        BOOST_TEST(!proof.checkTokenHash("a.b.c"));
        const auto imported = proof.importKey();
        BOOST_REQUIRE(std::holds_alternative<std::shared_ptr<const JsonWebKey>>(imported));
        BOOST_TEST(!proof.checkSignature(*std::get<std::shared_ptr<const JsonWebKey>>(imported)));
        BOOST_TEST(proof.keyThumbprint() == *keyThumbprint(*Json::parse(some.jwk())));
    }
}

BOOST_AUTO_TEST_CASE(WithoutATokenThereIsNoHash) {
    const auto text = key.prove("POST", uri, "", now);
    BOOST_TEST(!parsed(text).claims().find("ath"));
}

BOOST_AUTO_TEST_CASE(ANonceIsThereIfItIsGiven) {
    BOOST_TEST(!parsed(key.prove("GET", uri, "a.b.c", now)).claims().find("nonce"));
    const auto text = key.prove("GET", uri, "a.b.c", now, "eyJ7S_zG.eyJH0-Z");
    BOOST_TEST(parsed(text).nonce() == "eyJ7S_zG.eyJH0-Z");
    BOOST_TEST(!parsed(text).checkTokenHash("a.b.c"));
}

BOOST_AUTO_TEST_CASE(EveryProofHasItsOwnId) {
    const auto one = key.prove("GET", uri, "", now);
    const auto other = key.prove("GET", uri, "", now);
    BOOST_TEST(parsed(one).id().size() == 22U);
    BOOST_TEST(parsed(one).id() != parsed(other).id());
}

BOOST_AUTO_TEST_CASE(AKeyIsReadAsItWasWritten) {
    const auto path = folder.write("key.pem", key.pem());
    const auto read = DpopKey::read(path);
    BOOST_REQUIRE(std::holds_alternative<DpopKey>(read));
    BOOST_TEST(std::get<DpopKey>(read).jwk() == key.jwk());
    BOOST_TEST(!Json::parse(key.jwk())->find("d"));
}

BOOST_AUTO_TEST_CASE(OtherFilesAreRefused) {
    using tests::TestKey;
    const std::string why = "not a private key on P-256 in PEM, without a passphrase";
    BOOST_TEST(faultOf("") == why);
    BOOST_TEST(faultOf(TestKey::shared(KeyFamily::p256).publicPem()) == why);
    BOOST_TEST(faultOf(tests::privatePemOf(TestKey::shared(KeyFamily::p256).key())) == "");
    BOOST_TEST(faultOf(tests::privatePemOf(TestKey::shared(KeyFamily::p256).key(), "secret")) == why);
    BOOST_TEST(faultOf(tests::privatePemOf(TestKey::shared(KeyFamily::p384).key())) == why);
    BOOST_TEST(faultOf(tests::privatePemOf(TestKey::shared(KeyFamily::ed25519).key())) == why);
    const auto absent = DpopKey::read(folder.file("absent"));
    BOOST_TEST(std::get<std::string>(absent) == folder.file("absent") + ": No such file or directory");
}

BOOST_AUTO_TEST_SUITE_END()
