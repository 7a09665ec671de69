#include "changebank/daemon/settings/files/PublicKeyFile.h"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <vector>

#include "tests/support/TemporaryFolder.h"
#include "tests/support/TestCertificate.h"
#include "tests/support/TestKey.h"

using namespace changebank;
using namespace changebank::daemon;
using namespace changebank::security;
using changebank::tests::TestKey;

namespace {

const TestKey& key() {
    return TestKey::shared(KeyFamily::p256);
}

std::shared_ptr<const JwkSet> keysIn(const std::string& path) {
    auto read = readPublicKeys(path);
    if (const auto* bad = std::get_if<BadPublicKeys>(&read)) BOOST_FAIL(bad->why);
    return std::get<std::shared_ptr<const JwkSet>>(std::move(read));
}

std::string faultOfFile(const std::string& path) {
    const auto read = readPublicKeys(path);
    const auto* bad = std::get_if<BadPublicKeys>(&read);
    return bad ? bad->why : "none";
}

/// Whether the only key is the test's: it verifies what that signs.
bool isOurs(const JwkSet& keys) {
    const std::string text = "text";
    return keys.keys().size() == 1 && keys.keys()
                                          .front()
                                          ->verifierFor(Algorithm::es256)
                                          ->verify(text, key().sign(Algorithm::es256, text));
}

struct Files {
    tests::TemporaryFolder folder;

    std::string file(const std::string& content) const { return folder.write("key", content); }
    std::string faultOf(const std::string& content) const { return faultOfFile(file(content)); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(PublicKeyFileTest, Files)

BOOST_AUTO_TEST_CASE(readsEachFormOfAKey) {
    for (const auto& content :
         {tests::keySetOf({key().jwk()}), key().jwk(), " \r\n" + key().jwk() + "\n",
          "\xEF\xBB\xBF" + key().jwk(), key().publicPem(), "a comment\n" + key().publicPem()})
        BOOST_TEST(isOurs(*keysIn(file(content))), content);
}

BOOST_AUTO_TEST_CASE(aJwkKeepsItsKidAndPemHasNone) {
    BOOST_TEST(keysIn(file(key().jwk(R"("kid":"k1")")))->keys().front()->keyId().value() == "k1");
    BOOST_TEST(!keysIn(file(key().publicPem()))->keys().front()->keyId().has_value());
}

BOOST_AUTO_TEST_CASE(readsACertificateWhateverItsDates) {
    tests::TestCertificate::Recipe recipe;
    recipe.key = std::shared_ptr<EVP_PKEY>(&key().key(), [](EVP_PKEY*) {});
    recipe.validFor = std::chrono::seconds(-60);
    const tests::TestCertificate certificate(recipe);
    BOOST_TEST(isOurs(*keysIn(certificate.certificateFile())));
    BOOST_TEST(faultOfFile(certificate.keyFile()).find("-pubout") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(saysWhyAFileCannotBeRead) {
    BOOST_TEST(faultOfFile(folder.file("none")) == "cannot be read: No such file or directory");
    BOOST_TEST(faultOfFile(folder.file("")) == "is a folder");
    BOOST_REQUIRE(::mkfifo(folder.file("pipe").c_str(), S_IRUSR | S_IWUSR) == 0);
    BOOST_TEST(faultOfFile(folder.file("pipe")) == "is not a regular file");
    BOOST_TEST(faultOf(std::string(JwkSet::maxSize + 1, ' ')) == "has more than 1048576 bytes");
}

BOOST_AUTO_TEST_CASE(saysWhatIsWrongWithTheContent) {
    BOOST_TEST(faultOf("") == "is neither JSON nor PEM");
    BOOST_TEST(faultOf("secret") == "is neither JSON nor PEM");
    BOOST_TEST(faultOf("[]") == "is neither JSON nor PEM");
    BOOST_TEST(faultOf("{") == "is not JSON");
    BOOST_TEST(faultOf(key().jwk() + "x") == "is not JSON");
    BOOST_TEST(faultOf("{}") == "is neither a JWK nor a JWK set");
    BOOST_TEST(faultOf(R"({"keys":{}})") == "is neither a JWK nor a JWK set");
    BOOST_TEST(faultOf(R"({"keys":[]})") == "has no key");
    BOOST_TEST(faultOf(key().publicPem() + key().publicPem()).starts_with("has several PEM blocks"));
}

BOOST_AUTO_TEST_CASE(aPrivateKeyIsRefused) {
    BOOST_TEST(faultOf(key().privatePem()).starts_with("has a private key"));
    BOOST_TEST(faultOf(key().publicPem() + key().privatePem()).starts_with("has a private key"));
    BOOST_TEST(faultOf(key().jwk(R"("d":"AAAA")")).find("private") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(everyKeyMustBeUsable) {
    const std::string start = "has a key that cannot be used: ";
    const std::string secret = R"({"kty":"oct","k":"AAAA"})";
    BOOST_TEST(faultOf(key().jwk(R"("use":"enc")")).starts_with(start));
    BOOST_TEST(faultOf(secret).starts_with(start));
    BOOST_TEST(faultOf(tests::keySetOf({key().jwk(), secret})).starts_with(start));
    const auto weak = TestKey::generate(KeyFamily::rsa, 1024);
    BOOST_TEST(faultOf(weak.publicPem()).find("the modulus is below 2048 bits") != std::string::npos);
    BOOST_TEST(faultOf(weak.jwk()).find("the modulus is below 2048 bits") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(theNumberOfKeysIsBounded) {
    std::vector<std::string> jwks;
    for (std::size_t i = 0; i < maxPublicKeys; ++i)
        jwks.push_back(key().jwk("\"kid\":\"" + std::to_string(i) + "\""));
    BOOST_TEST(keysIn(file(tests::keySetOf(jwks)))->keys().size() == maxPublicKeys);
    jwks.push_back(key().jwk(R"("kid":"one more")"));
    BOOST_TEST(faultOf(tests::keySetOf(jwks)) == "has more than 16 keys");
}

BOOST_AUTO_TEST_SUITE_END()
