#include "changebank/daemon/settings/DecisionTokenSettings.h"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

#include "changebank/daemon/settings/SettingsReader.h"
#include "changebank/security/jose/JwkSet.h"
#include "changebank/security/jose/JwsVerification.h"
#include "tests/support/TemporaryFolder.h"
#include "tests/support/TestKey.h"

using namespace changebank;
using namespace changebank::daemon;
using namespace std::chrono_literals;
using changebank::security::KeyFamily;
using changebank::tests::TestKey;

namespace {

using Defines = std::vector<std::string>;

struct Fixture {
    ParsedSettings read(Defines defines) const {
        SettingsSources sources;
        sources.defines = std::move(defines);
        return readSettings(sources);
    }

    /// The good settings with others behind them, which must not repeat one.
    Defines with(const Defines& others) const {
        Defines all{keyFiles, issuer, audience};
        all.insert(all.end(), others.begin(), others.end());
        return all;
    }

    std::string faultsOf(Defines defines) const {
        std::string text;
        for (const auto& fault : read(std::move(defines)).faults)
            text += fault.key + ": " + fault.why + "\n";
        return text;
    }

    static std::string notesIn(const ParsedSettings& parsed) {
        std::string text;
        for (const auto& note : parsed.notes) {
            if (note.find("decision.token.") != std::string::npos) text += note + "\n";
        }
        return text;
    }

    /// The notes while decision.listen is set.
    std::string notesOf(Defines defines) const {
        auto parsed = read(std::move(defines));
        parsed.notes.clear();
        parsed.settings.decision.listen = ListenerAddress::parse("127.0.0.1:3002");
        checkDecisionToken(parsed);
        return notesIn(parsed);
    }

    std::string keyFile(const std::string& name, KeyFamily family, mode_t mode = 0600) const {
        auto path = folder.write(name, TestKey::shared(family).privatePem());
        BOOST_REQUIRE(::chmod(path.c_str(), mode) == 0);
        return path;
    }

    tests::TemporaryFolder folder;
    std::string key = keyFile("key.pem", KeyFamily::p256);
    std::string keyFiles = "decision.token.keyFiles=" + key;
    std::string issuer = "decision.token.issuer=https://gate.example.com";
    std::string audience = "decision.token.audience=orders";
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DecisionTokenSettingsTest, Fixture)

BOOST_AUTO_TEST_CASE(byDefaultThereAreNoTokens) {
    const auto parsed = read({});
    BOOST_TEST(!parsed.settings.decision.tokens);
    BOOST_TEST(notesIn(parsed) == "");
}

BOOST_AUTO_TEST_CASE(aKeyAnIssuerAndAnAudienceMakeTokens) {
    const auto parsed = read(with({}));
    BOOST_TEST(parsed.ok());
    BOOST_REQUIRE(parsed.settings.decision.tokens);
    const auto& tokens = *parsed.settings.decision.tokens;
    BOOST_TEST((parsed.settings.decision.tokenLifetime == 30s));
    const auto keys = std::get<0>(security::JwkSet::parse(tokens.keySet()));
    const auto verified = verifyJws(tokens.tokenFor({}), *keys, security::AlgorithmSet::all());
    BOOST_REQUIRE(std::holds_alternative<security::VerifiedJws>(verified));
    const auto& claims = std::get<security::VerifiedJws>(verified).payload;
    BOOST_TEST(claims.starts_with(R"({"iss":"https://gate.example.com","aud":"orders",)"));
}

BOOST_AUTO_TEST_CASE(allKeysArePublishedInTheirOrder) {
    const auto other = keyFile("other.pem", KeyFamily::ed25519);
    const auto keySet = [&](const std::string& files) {
        const auto parsed = read({"decision.token.keyFiles=" + files, issuer, audience});
        BOOST_REQUIRE(parsed.settings.decision.tokens);
        return parsed.settings.decision.tokens->keySet();
    };
    const auto set = keySet(key + " , " + other);
    BOOST_TEST(set.find("ES256") < set.find("Ed25519"));
    const auto swapped = keySet(other + "," + key);
    BOOST_TEST(swapped.find("Ed25519") < swapped.find("ES256"));
    BOOST_TEST(swapped.size() == set.size());
}

BOOST_AUTO_TEST_CASE(theLifetimeIsBounded) {
    BOOST_TEST((read(with({"decision.token.lifetime=5s"})).settings.decision.tokenLifetime == 5s));
    BOOST_TEST((read(with({"decision.token.lifetime=1h"})).settings.decision.tokenLifetime == 1h));
    for (const auto* lifetime : {"4s", "61m", "5500ms"})
        BOOST_TEST(faultsOf(with({std::string("decision.token.lifetime=") + lifetime}))
                       .starts_with("decision.token.lifetime: "));
}

BOOST_AUTO_TEST_CASE(issuerAndAudienceAreNeeded) {
    BOOST_TEST(faultsOf({keyFiles}) ==
               "decision.token.issuer: must be set, since decision.token.keyFiles is\n"
               "decision.token.audience: must be set, since decision.token.keyFiles is\n");
    BOOST_TEST(!read({keyFiles}).settings.decision.tokens);
}

BOOST_AUTO_TEST_CASE(anIssuerOfCallersTokensIsRefused) {
    BOOST_TEST(
        faultsOf({keyFiles, audience, "decision.token.issuer=http://localhost:9011"}) ==
        "decision.token.issuer: is that of auth.issuer, whose tokens callers show; identity tokens need "
        "an issuer of their own\n");
    const Defines further{"auth.issuers=ci", "auth.issuer.ci.url=https://gate.example.com",
                          "auth.issuer.ci.audience=bank"};
    BOOST_TEST(faultsOf(with(further)).find("decision.token.issuer: is that of auth.issuer.ci.url") == 0U);
}

BOOST_AUTO_TEST_CASE(aFileIsAnAbsolutePath) {
    BOOST_TEST(faultsOf({"decision.token.keyFiles=" + key + ",key.pem", issuer, audience})
                   .starts_with("decision.token.keyFiles: \"key.pem\""));
}

BOOST_AUTO_TEST_CASE(eachBadFileIsNamedWithItsFault) {
    const auto open = keyFile("open.pem", KeyFamily::p384, 0644);
    const auto empty = folder.write("empty.pem", "");
    BOOST_REQUIRE(::chmod(empty.c_str(), 0600) == 0);
    const auto faults =
        faultsOf({"decision.token.keyFiles=" + open + "," + key + "," + empty, issuer, audience});
    BOOST_TEST(faults.find("decision.token.keyFiles: \"" + open + "\" is open to every user") == 0U);
    BOOST_TEST(faults.find("decision.token.keyFiles: \"" + empty + "\" has no complete PEM block") !=
               std::string::npos);
    BOOST_TEST(faults.find(key + "\"") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(aKeyThatSignsSlowlyIsRefusedWithTheRemedy) {
    for (const auto family : {KeyFamily::rsa, KeyFamily::p384, KeyFamily::p521}) {
        const auto slow = keyFile("slow.pem", family);
        BOOST_TEST(faultsOf({keyFiles + "," + slow, issuer, audience}) ==
                   "decision.token.keyFiles: \"" + slow +
                       "\" has a key that signs too slowly for every request; make one by openssl genpkey "
                       "-algorithm EC -pkeyopt ec_paramgen_curve:P-256, or with Ed25519\n");
        BOOST_TEST(!read({"decision.token.keyFiles=" + slow, issuer, audience}).settings.decision.tokens);
    }
}

BOOST_AUTO_TEST_CASE(oneKeyInTwoFilesIsAFault) {
    const auto copy = keyFile("copy.pem", KeyFamily::p256);
    const auto why = "decision.token.keyFiles: \"" + copy + "\" has the key of a file before it\n";
    BOOST_TEST(faultsOf({keyFiles + "," + copy, issuer, audience}) == why);
    BOOST_TEST(faultsOf({keyFiles + "," + key, issuer, audience}).find("has the key of a file before it") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(whatHasNoEffectIsNoted) {
    BOOST_TEST(notesOf(with({"decision.token.lifetime=1m"})) == "");
    for (const auto& define : {issuer, audience, std::string("decision.token.lifetime=1m")})
        BOOST_TEST(notesOf({define}).find("has no effect, since decision.token.keyFiles is not set") !=
                   std::string::npos);
    const auto notes = notesIn(read(with({})));
    for (const auto* name : {"keyFiles", "issuer", "audience"})
        BOOST_TEST(notes.find(std::string("decision.token.") + name +
                              ": without decision.listen is for changebankctl decide alone") !=
                   std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
