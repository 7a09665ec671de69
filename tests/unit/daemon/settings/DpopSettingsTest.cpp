#include "changebank/daemon/settings/DpopSettings.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/TemporaryFolder.h"
#include "tests/unit/daemon/settings/ReadDefines.h"

using namespace changebank;
using namespace changebank::daemon;
using changebank::tests::TemporaryFolder;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(DpopSettingsTest)

BOOST_AUTO_TEST_CASE(proofsAreOfIssuersThatUseThem) {
    BOOST_TEST(!readSettings({}).settings.auth.usesDpop());
    const TemporaryFolder folder;
    const auto secret = folder.write("secret", std::string(32, 's') + "\n");
    std::filesystem::permissions(secret, std::filesystem::perms::owner_read);
    const auto parsed =
        readDefines({"server.resource=https://api.example.com", "auth.dpop=require", "auth.dpop.maxAge=5m",
                     "auth.dpop.leeway=0s", "auth.dpop.algorithms=ES256", "auth.dpop.replay.entries=2000",
                     "auth.dpop.replay.entriesPerCaller=1500", "auth.dpop.nonce=true",
                     "auth.dpop.nonce.lifetime=1m", "auth.dpop.nonce.secretFile=" + secret});
    BOOST_TEST(faultsOf(parsed) == "");
    const auto& auth = parsed.settings.auth;
    BOOST_TEST((auth.first().policy.dpop == security::DpopUse::require));
    BOOST_TEST((auth.dpop.policy.maxAge == 5min));
    BOOST_TEST((auth.dpop.policy.leeway == 0s));
    BOOST_TEST(auth.dpop.policy.algorithms.toText() == "ES256");
    BOOST_TEST(auth.dpop.replays.entries == 2000U);
    BOOST_TEST(auth.dpop.replays.entriesPerCaller == 1500U);
    BOOST_TEST(auth.dpop.needsNonce);
    BOOST_TEST((auth.dpop.nonceLifetime == 1min));
    BOOST_TEST(auth.dpop.nonceSecret == std::string(32, 's'));
    BOOST_TEST(auth.requiresDpop());
    BOOST_TEST((parsed.settings.resources.dpopAlgorithms == std::vector<std::string>{"ES256"}));
    BOOST_TEST(parsed.settings.resources.isDpopRequired);

    const auto mixed = readDefines({"server.resource=https://api.example.com", "auth.issuers=ci",
                                    "auth.issuer.ci.url=https://ci.example.com", "auth.issuer.ci.audience=a",
                                    "auth.issuer.ci.dpop=require"});
    BOOST_TEST(faultsOf(mixed) == "");
    BOOST_TEST(mixed.settings.auth.usesDpop());
    BOOST_TEST(!mixed.settings.auth.requiresDpop());
    BOOST_TEST(!mixed.settings.resources.isDpopRequired);
    BOOST_TEST(mixed.settings.auth.dpop.policy.algorithms.toText() == "RS256,PS256,ES256,ES384,Ed25519");
}

BOOST_AUTO_TEST_CASE(usesOfProofsAreSharedByRedis) {
    const std::vector<std::string> dpop{"server.resource=https://api.example.com", "auth.dpop=allow"};
    const auto readMore = [&](std::vector<std::string> more) {
        more.insert(more.begin(), dpop.begin(), dpop.end());
        return readDefines(more);
    };
    BOOST_TEST(!readMore({}).settings.auth.dpop.sharesReplays);
    const auto shared = readMore({"auth.dpop.replay.shared=true", "revocation.redis=redis://127.0.0.1:6379"});
    BOOST_TEST(faultsOf(shared) == "");
    BOOST_TEST(shared.settings.auth.dpop.sharesReplays);
    BOOST_TEST(!shared.settings.auth.dpop.passesWhenUnavailable);
    const auto open = readMore({"auth.dpop.replay.shared=true", "auth.dpop.replay.whenUnavailable=open",
                                "revocation.redis=redis://127.0.0.1:6379"});
    BOOST_TEST(faultsOf(open) == "");
    BOOST_TEST(open.settings.auth.dpop.passesWhenUnavailable);
    BOOST_TEST(faultsOf(readMore({"auth.dpop.replay.shared=true", "revocation.file=/tmp/revocations"})) ==
               "--define: auth.dpop.replay.shared: needs revocation.redis\n");
    const std::string noEffect = " has no effect, since ";
    BOOST_TEST((readMore({"auth.dpop.replay.whenUnavailable=open"}).notes ==
                std::vector<std::string>{"--define: auth.dpop.replay.whenUnavailable:" + noEffect +
                                         "auth.dpop.replay.shared is false"}));
    BOOST_TEST(
        (readDefines({"auth.dpop.replay.shared=true", "revocation.redis=redis://127.0.0.1:6379"}).notes ==
         std::vector<std::string>{"--define: auth.dpop.replay.shared:" + noEffect + "auth.dpop is off"}));
}

BOOST_AUTO_TEST_CASE(proofsThatCannotBeCheckedSayWhy) {
    BOOST_TEST(faultsOf(readDefines({"auth.dpop=allow"})) ==
               "--define: auth.dpop: needs server.resource, since a DPoP proof is for one of its URLs\n");
    BOOST_TEST(
        faultsOf(readDefines({"auth.issuers=ci", "auth.issuer.ci.url=https://ci.example.com",
                              "auth.issuer.ci.audience=a", "auth.issuer.ci.dpop=allow"})) ==
        "--define: auth.issuer.ci.dpop: needs server.resource, since a DPoP proof is for one of its URLs\n");
    BOOST_TEST(faultsOf(readDefines({"access.panic=roles=teller dpop=require"})) ==
               "--define: access.panic: has dpop=require, which needs auth.dpop to be allow or require\n");
    BOOST_TEST(readDefines({"auth.dpop.replay.entries=1000"}).settings.auth.dpop.replays.entriesPerCaller ==
               1000U);
    BOOST_TEST(faultsOf(readDefines({"auth.dpop.replay.entries=1000",
                                     "auth.dpop.replay.entriesPerCaller=1001", "auth.dpop.maxAge=1500ms",
                                     "auth.dpop.algorithms=HS256", "auth.dpop.nonce.secretFile=/none"})) ==
               "--define: auth.dpop.maxAge: \"1500ms\" has a fraction of a second\n"
               "--define: auth.dpop.algorithms: \"HS256\" is not a list of supported algorithms\n"
               "--define: auth.dpop.replay.entriesPerCaller: is above auth.dpop.replay.entries\n"
               "--define: auth.dpop.nonce.secretFile: \"/none\" cannot be read: No such file or directory\n");
}

BOOST_AUTO_TEST_CASE(settingsOfProofsWithoutEffectAreNoted) {
    const TemporaryFolder folder;
    const auto secret = folder.write("secret", std::string(32, 's'));
    std::filesystem::permissions(secret, std::filesystem::perms::owner_read);
    const auto unused = readDefines({"auth.dpop.nonce=true"});
    BOOST_TEST(faultsOf(unused) == "");
    BOOST_TEST((unused.notes == std::vector<std::string>{
                                    "--define: auth.dpop.nonce: has no effect, since auth.dpop is off"}));
    const auto off = readDefines({"auth.dpop.nonce.secretFile=" + secret});
    BOOST_TEST((off.notes ==
                std::vector<std::string>{
                    "--define: auth.dpop.nonce.secretFile: has no effect, since auth.dpop.nonce is false"}));
}

BOOST_AUTO_TEST_SUITE_END()
