#include "changebank/daemon/settings/RevocationSettings.h"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "changebank/daemon/settings/SettingsReader.h"
#include "tests/support/TemporaryFolder.h"
#include "tests/support/TestKey.h"

using namespace changebank;
using namespace changebank::daemon;
using namespace std::chrono_literals;
using changebank::tests::TemporaryFolder;
using changebank::tests::TestKey;

namespace {

struct Fixture {
    ParsedSettings read(std::vector<std::string> defines) const {
        SettingsSources sources;
        sources.defines = std::move(defines);
        return readSettings(sources);
    }

    std::string faultsOf(std::vector<std::string> defines) const {
        std::string text;
        for (const auto& fault : read(std::move(defines)).faults)
            text += fault.key + ": " + fault.why + "\n";
        return text;
    }

    std::string notesOf(std::vector<std::string> defines) const {
        std::string text;
        for (const auto& note : read(std::move(defines)).notes)
            text += note + "\n";
        return text;
    }

    std::string secret(const std::string& text) const {
        auto path = folder.write("secret", text);
        BOOST_REQUIRE(::chmod(path.c_str(), 0600) == 0);
        return path;
    }

    TemporaryFolder folder;
    std::string file = "revocation.file=" + folder.file("revocations");
    std::string keyFile = folder.write(
        "keys.json", tests::keySetOf({TestKey::shared(security::KeyFamily::rsa).jwk(R"("kid":"w")")}));
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(RevocationSettingsTest, Fixture)

BOOST_AUTO_TEST_CASE(byDefaultNothingCanBeRevokedAndTokensLiveAsLongAsTheyLike) {
    const auto settings = read({}).settings;
    BOOST_TEST(!settings.revocation.isOn());
    BOOST_TEST(settings.auth.first().policy.maxLifetime.count() == 0);
    BOOST_TEST(settings.revocation.limits.entries == 100'000U);
    BOOST_TEST((settings.revocation.staleFor == 1h));
    BOOST_TEST(!settings.revocation.staysOpen);
}

BOOST_AUTO_TEST_CASE(aFileTurnsItOnAndLimitsTheLifeOfTokens) {
    const auto parsed = read({file, "revocation.tokenLifetime=2h", "auth.leeway=30s"});
    BOOST_TEST(parsed.ok());
    BOOST_TEST(parsed.settings.revocation.isOn());
    BOOST_TEST((parsed.settings.auth.first().policy.maxLifetime == 2h));
    BOOST_TEST((parsed.settings.revocation.limits.lifetime == 2h + 60s));
}

BOOST_AUTO_TEST_CASE(aRevocationLastsAsLongAsTheTokensOfTheIssuerWithTheMostLeeway) {
    const auto parsed =
        read({file, "auth.issuers=ci", "auth.issuer.ci.url=https://ci.example.com",
              "auth.issuer.ci.audience=bank", "auth.issuer.ci.leeway=100s", "revocation.tokenLifetime=1h"});
    BOOST_TEST(parsed.ok());
    for (const auto& issuer : parsed.settings.auth.issuers)
        BOOST_TEST((issuer.policy.maxLifetime == 1h));
    BOOST_TEST((parsed.settings.revocation.limits.lifetime == 1h + 200s));
}

BOOST_AUTO_TEST_CASE(tokensWithoutAnEndAreNotedToBeRefused) {
    BOOST_TEST(notesOf({file, "auth.requireExpiration=false"}).find("tokens without exp are refused") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(theFileMustBeAbleToBeMade) {
    BOOST_TEST(faultsOf({"revocation.file=/missing/revocations"}).find("revocation.file: ") == 0U);
    BOOST_TEST(faultsOf({file, "audit.file=" + folder.file("revocations")})
                   .find("is the file of audit.file as well") != std::string::npos);
    for (const auto* other : {"audit.file=", "log.target=file:"}) {
        for (const auto* end : {".lock", ".new"})
            BOOST_TEST(faultsOf({file, other + folder.file("revocations") + end}).find("revocation.file: ") ==
                       0U);
    }
}

BOOST_AUTO_TEST_CASE(anAddressOfRedisIsRead) {
    const auto parsed = read({"revocation.redis=redis://127.0.0.1:6380/2"});
    BOOST_TEST(parsed.ok());
    BOOST_TEST(parsed.notes.empty());
    BOOST_REQUIRE(parsed.settings.revocation.redis.has_value());
    BOOST_TEST(parsed.settings.revocation.redis->port == 6380);
    BOOST_TEST(parsed.settings.revocation.redis->database == 2U);
    BOOST_TEST(parsed.settings.revocation.isOn());
    BOOST_TEST(faultsOf({"revocation.redis=http://127.0.0.1"}).find("revocation.redis: ") == 0U);
}

BOOST_AUTO_TEST_CASE(redisElsewhereWithoutTlsIsNoted) {
    BOOST_TEST(notesOf({"revocation.redis=redis://redis.example.com"}).find("without TLS") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(theCredentialsOfRedisAreAPasswordOrAUserWithOne) {
    const std::string redis = "revocation.redis=redis://localhost";
    const auto credentials = [&](const std::string& text) {
        const auto parsed = read({redis, "revocation.redis.credentialsFile=" + secret(text)});
        BOOST_TEST(parsed.ok());
        return parsed.settings.revocation.redisUser + "|" + parsed.settings.revocation.redisPassword;
    };
    BOOST_TEST(credentials("pass\n") == "|pass");
    BOOST_TEST(credentials("bank:pass:word\n") == "bank|pass:word");
    BOOST_TEST(faultsOf({redis, "revocation.redis.credentialsFile=/missing"})
                   .find("revocation.redis.credentialsFile: ") == 0U);
    const auto open = folder.write("open", "pass");
    BOOST_REQUIRE(::chmod(open.c_str(), 0644) == 0);
    BOOST_TEST(faultsOf({redis, "revocation.redis.credentialsFile=" + open})
                   .find("revocation.redis.credentialsFile: ") == 0U);
}

BOOST_AUTO_TEST_CASE(eventsNeedAPlaceToBeKeptAndAKey) {
    const std::string listen = "revocation.listen=127.0.0.1:3001";
    BOOST_TEST(faultsOf({listen, "revocation.webhook.keyFile=" + keyFile}) ==
               "revocation.listen: needs revocation.file or revocation.redis, which keep what is revoked\n");
    BOOST_TEST(faultsOf({listen, file}) ==
               "revocation.listen: needs revocation.webhook.keyFile or "
               "revocation.webhook.kids: the keys that sign events\n");
    BOOST_TEST(faultsOf({listen, file, "revocation.webhook.kids=a,b"}) == "");
    const auto parsed = read({listen, file, "revocation.webhook.keyFile=" + keyFile});
    BOOST_TEST(parsed.ok());
    BOOST_REQUIRE(parsed.settings.revocation.webhookKeys);
    BOOST_TEST(parsed.settings.revocation.webhookKeys->keys().size() == 1U);
    BOOST_TEST(faultsOf({listen, file, "revocation.webhook.keyFile=/missing"})
                   .find("revocation.webhook.keyFile: ") == 0U);
}

BOOST_AUTO_TEST_CASE(aListenerIsAHostWithAPortOrAPath) {
    BOOST_TEST(faultsOf({"revocation.listen=3001"}) ==
               "revocation.listen: \"3001\" is neither HOST:PORT nor an absolute path\n");
    BOOST_TEST(
        notesOf({"revocation.listen=0.0.0.0:3001", file, "revocation.webhook.kids=a"}).find("without TLS") !=
        std::string::npos);
    BOOST_TEST(notesOf({"revocation.listen=" + folder.file("events"), file, "revocation.webhook.kids=a"}) ==
               "");
}

BOOST_AUTO_TEST_CASE(whatHasNoEffectIsNoted) {
    BOOST_TEST(
        notesOf({"revocation.webhook.kids=a"}).find("has no effect, since revocation.listen is not set") !=
        std::string::npos);
    BOOST_TEST(notesOf({file, "revocation.redis.caFile=/ca.pem"})
                   .find("has no effect, since revocation.redis is not set") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(theAuthoritiesOfRedisAreCertificatesAndOnlyForTls) {
    const auto caFile = "revocation.redis.caFile=" + folder.write("ca.pem", "no certificate\n");
    BOOST_TEST(faultsOf({"revocation.redis=rediss://localhost", caFile})
                   .find("is not a PEM file with certificates") != std::string::npos);
    const std::string plain = "revocation.redis=redis://localhost";
    BOOST_TEST(faultsOf({plain, caFile}) == "");
    BOOST_TEST(notesOf({plain, caFile}).find("has no effect, since revocation.redis is not rediss://") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(whatHasNoEffectWhileNothingCanBeRevokedIsNoted) {
    for (const auto* define : {"revocation.entries=1000", "revocation.tokenLifetime=1h",
                               "revocation.staleFor=2h", "revocation.whenStale=open"}) {
        BOOST_TEST(notesOf({define}).find("has no effect, since ") != std::string::npos, define);
        BOOST_TEST(notesOf({define, "revocation.redis=redis://localhost"}) == "");
    }
    BOOST_TEST(notesOf({file, "revocation.staleFor=2h"}).find("revocation.redis is not set") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(revocationsThatOneSlowAnswerMakesStaleAreNoted) {
    const std::string redis = "revocation.redis=redis://localhost";
    BOOST_TEST(notesOf({redis, "revocation.staleFor=2s"}).find("shorter than revocation.redis.timeout") !=
               std::string::npos);
    BOOST_TEST(notesOf({redis, "revocation.staleFor=3s"}) == "");
}

BOOST_AUTO_TEST_SUITE_END()
