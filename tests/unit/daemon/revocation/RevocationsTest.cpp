#include "changebank/daemon/revocation/Revocations.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/support/Eventually.h"
#include "tests/support/FullDisk.h"
#include "tests/support/ManualClock.h"
#include "tests/support/OnlyIf.h"
#include "tests/support/RedisProcess.h"
#include "tests/support/TemporaryFolder.h"

using namespace changebank;
using namespace changebank::daemon;
using namespace std::chrono_literals;
using changebank::security::Revocation;
using changebank::security::revocationKeysOf;
using changebank::tests::eventually;
using changebank::tests::FullDisk;
using changebank::tests::ManualClock;
using changebank::tests::RedisProcess;
using changebank::tests::TemporaryFolder;

namespace {

const auto withServer = changebank::tests::onlyIf(RedisProcess::isInstalled(), RedisProcess::otherwise);

struct Fixture {
    Settings::Revocation inFile(const std::string& name = "revocations") const {
        Settings::Revocation settings;
        settings.file = folder.file(name);
        settings.limits = {.entries = 1'000, .lifetime = 1h};
        return settings;
    }

    static Settings::Revocation inRedis(const RedisProcess& server) {
        Settings::Revocation settings;
        settings.redis = RedisAddress{.host = server.socket()};
        settings.redisStream = "changebank:revocations";
        settings.redisTimeout = 200ms;
        settings.staleFor = 1h;
        settings.limits = {.entries = 1'000, .lifetime = 1h};
        return settings;
    }

    Revocation ofUser(const std::string& user) const {
        return {.user = user, .issuedUpTo = static_cast<std::int64_t>(wholeSeconds(clock.wall()))};
    }

    static void use(Revocations& revocations, const Settings::Revocation& settings) {
        auto prepared = revocations.prepare(settings);
        BOOST_REQUIRE(std::holds_alternative<Revocations::PendingUpdate>(prepared));
        revocations.commit(settings, std::get<Revocations::PendingUpdate>(std::move(prepared)));
    }

    bool isRevoked(const Revocations& revocations, const std::string& user) const {
        return revocations.list()->isRevoked(revocationKeysOf(Json(Json::Object()), user),
                                             wholeSeconds(clock.wall()));
    }

    std::string content() const {
        std::ifstream file(folder.file("revocations"));
        return {std::istreambuf_iterator<char>(file), {}};
    }

    TemporaryFolder folder;
    ManualClock clock;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(RevocationsTest, Fixture)

BOOST_AUTO_TEST_CASE(withoutAFileOrARedisNothingIsRevoked) {
    Revocations revocations(clock);
    use(revocations, {});
    BOOST_TEST((revocations.revoke(ofUser("alice")).outcome == Revocations::Outcome::off));
    BOOST_TEST(!isRevoked(revocations, "alice"));
    BOOST_TEST(!revocations.status().isOn);
}

BOOST_AUTO_TEST_CASE(whatIsRevokedIsInEffectAtOnceAndAfterARestart) {
    {
        Revocations revocations(clock);
        use(revocations, inFile());
        BOOST_TEST((revocations.revoke(ofUser("alice")).outcome == Revocations::Outcome::kept));
        BOOST_TEST(isRevoked(revocations, "alice"));
        BOOST_TEST(!isRevoked(revocations, "bob"));
    }
    Revocations restarted(clock);
    use(restarted, inFile());
    BOOST_TEST(isRevoked(restarted, "alice"));
    BOOST_TEST(!isRevoked(restarted, "bob"));
    BOOST_TEST(restarted.status().list.entries == 1U);
}

BOOST_AUTO_TEST_CASE(whatIsKnownIsNotWrittenAgain) {
    Revocations revocations(clock);
    use(revocations, inFile());
    BOOST_TEST((revocations.revoke(ofUser("alice")).outcome == Revocations::Outcome::kept));
    BOOST_TEST((revocations.revoke(ofUser("alice")).outcome == Revocations::Outcome::unchanged));
    auto expired = ofUser("bob");
    expired.issuedUpTo -= 2 * 60 * 60;
    BOOST_TEST((revocations.revoke(expired).outcome == Revocations::Outcome::unchanged));
    BOOST_TEST(!isRevoked(revocations, "bob"));
}

BOOST_AUTO_TEST_CASE(aFullListRefusesFurtherOnesAndForgetsNone) {
    auto settings = inFile();
    settings.limits.entries = 100;
    Revocations revocations(clock);
    use(revocations, settings);
    for (int i = 0; i < 100; ++i)
        BOOST_REQUIRE((revocations.revoke(ofUser(std::to_string(i))).outcome == Revocations::Outcome::kept));
    BOOST_TEST((revocations.revoke(ofUser("more")).outcome == Revocations::Outcome::full));
    BOOST_TEST(!isRevoked(revocations, "more"));
    for (int i = 0; i < 100; ++i)
        BOOST_TEST(isRevoked(revocations, std::to_string(i)));
}

BOOST_AUTO_TEST_CASE(aFileWithMoreThanTheLimitIsInEffectAsAWhole) {
    auto settings = inFile();
    {
        Revocations revocations(clock);
        use(revocations, settings);
        for (int i = 0; i < 20; ++i)
            revocations.revoke(ofUser(std::to_string(i)));
    }
    settings.limits.entries = 5;
    Revocations restarted(clock);
    use(restarted, settings);
    for (int i = 0; i < 20; ++i)
        BOOST_TEST(isRevoked(restarted, std::to_string(i)));
    BOOST_TEST((restarted.revoke(ofUser("more")).outcome == Revocations::Outcome::full));
}

BOOST_AUTO_TEST_CASE(anotherFileGetsWhatIsInEffect) {
    {
        Revocations revocations(clock);
        use(revocations, inFile("one"));
        revocations.revoke(ofUser("alice"));
        use(revocations, inFile("two"));
        revocations.revoke(ofUser("bob"));
        BOOST_TEST(revocations.status().file == folder.file("two"));
        BOOST_TEST(isRevoked(revocations, "alice"));
    }
    Revocations restarted(clock);
    use(restarted, inFile("two"));
    BOOST_TEST(isRevoked(restarted, "alice"));
    BOOST_TEST(isRevoked(restarted, "bob"));
}

BOOST_AUTO_TEST_CASE(aDamagedFileIsAFault) {
    folder.write("revocations", "nonsense\n{\"user\":\"alice\",\"issuedUpTo\":1}\n");
    Revocations revocations(clock);
    BOOST_TEST(std::holds_alternative<Revocations::Fault>(revocations.prepare(inFile())));
}

BOOST_AUTO_TEST_CASE(whatHasExpiredIsNotInEffectAndLeavesTheFileWhenThereIsMuchOfIt) {
    std::string old;
    auto revocation = ofUser("");
    for (int i = 0; i <= 10'000; ++i) {
        revocation.user = "old" + std::to_string(i);
        old += revocation.toJson() + "\n";
    }
    folder.write("revocations", old);
    clock.advance(2h);
    Revocations revocations(clock);
    use(revocations, inFile());
    BOOST_TEST(revocations.status().list.entries == 0U);
    // A clock that is wrong for a while must not empty the file.
    BOOST_TEST(content() == old);
    revocations.revoke(ofUser("bob"));
    BOOST_TEST(content() == ofUser("bob").toJson() + "\n");
}

BOOST_AUTO_TEST_CASE(aFileThatIsRemovedIsWrittenAgain) {
    Revocations revocations(clock);
    use(revocations, inFile());
    revocations.revoke(ofUser("alice"));
    BOOST_REQUIRE(std::filesystem::remove(folder.file("revocations")));
    BOOST_TEST((revocations.revoke(ofUser("bob")).outcome == Revocations::Outcome::kept));
    BOOST_TEST(content().find("alice") != std::string::npos);
    BOOST_TEST(content().find("bob") != std::string::npos);
    BOOST_TEST(revocations.status().fileFailure == "");
}

BOOST_AUTO_TEST_CASE(anotherFileThatCannotTakeWhatIsInEffectIsAFault) {
    Revocations revocations(clock);
    use(revocations, inFile("one"));
    revocations.revoke(ofUser("alice"));
    folder.write("two", "");
    {
        const FullDisk full(0);
        BOOST_TEST(std::holds_alternative<Revocations::Fault>(revocations.prepare(inFile("two"))));
    }
    BOOST_TEST(std::holds_alternative<Revocations::PendingUpdate>(revocations.prepare(inFile("two"))));
}

BOOST_AUTO_TEST_CASE(aFullDiskIsToldAndNothingIsInEffectThen) {
    Revocations revocations(clock);
    use(revocations, inFile());
    {
        const FullDisk full(0);
        const auto result = revocations.revoke(ofUser("alice"));
        BOOST_TEST((result.outcome == Revocations::Outcome::notWritten));
        BOOST_TEST(revocations.status().fileFailure == result.why);
        BOOST_TEST(!isRevoked(revocations, "alice"));
    }
    BOOST_TEST((revocations.revoke(ofUser("alice")).outcome == Revocations::Outcome::kept));
    BOOST_TEST(revocations.status().fileFailure == "");
}

BOOST_AUTO_TEST_CASE(withoutAFileARevocationThatRedisLacksIsNotInEffect) {
    Settings::Revocation settings;
    settings.redis = RedisAddress{.host = folder.file("nobody")};
    settings.redisTimeout = 200ms;
    settings.staleFor = 1h;
    settings.limits = {.entries = 1'000, .lifetime = 1h};
    Revocations revocations(clock);
    use(revocations, settings);
    const auto result = revocations.revoke(ofUser("alice"));
    BOOST_TEST((result.outcome == Revocations::Outcome::notWritten));
    BOOST_TEST(!result.why.empty());
    BOOST_TEST(!isRevoked(revocations, "alice"));
    // Until Redis was read once, nobody knows what is revoked.
    BOOST_TEST(!revocations.list()->isAvailable());
    settings.staysOpen = true;
    use(revocations, settings);
    BOOST_TEST(revocations.list()->isAvailable());
}

BOOST_AUTO_TEST_CASE(withAFileARevocationIsKeptAndSharedLater) {
    auto settings = inFile();
    settings.redis = RedisAddress{.host = folder.file("nobody")};
    settings.redisTimeout = 200ms;
    Revocations revocations(clock);
    use(revocations, settings);
    BOOST_TEST((revocations.revoke(ofUser("alice")).outcome == Revocations::Outcome::kept));
    BOOST_TEST(isRevoked(revocations, "alice"));
    BOOST_REQUIRE(revocations.status().stream.has_value());
    BOOST_TEST(revocations.status().stream->unpublished == 1U);
}

BOOST_AUTO_TEST_CASE(replicasShareWhatTheyRevokeAndKeepIt, *withServer) {
    const RedisProcess redis;
    Revocations one(clock);
    Revocations other(clock);
    use(one, inRedis(redis));
    auto settings = inRedis(redis);
    settings.file = folder.file("revocations");
    use(other, settings);
    BOOST_REQUIRE(eventually([&] { return one.list()->isAvailable() && other.list()->isAvailable(); }));
    BOOST_TEST((one.revoke(ofUser("alice")).outcome == Revocations::Outcome::kept));
    BOOST_TEST(isRevoked(one, "alice"));
    BOOST_TEST(eventually([&] { return isRevoked(other, "alice"); }));
    // It is in the other one's file before an event of it is answered.
    BOOST_TEST((other.revoke(ofUser("alice")).outcome == Revocations::Outcome::unchanged));
    BOOST_TEST(content().find("alice") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(anotherTimeoutLeavesWhatIsKnownAsGoodAsItWas, *withServer) {
    RedisProcess redis;
    Revocations revocations(clock);
    auto settings = inRedis(redis);
    use(revocations, settings);
    BOOST_REQUIRE(eventually([&] { return revocations.list()->isAvailable(); }));
    redis.stall();
    settings.redisTimeout = 150ms;
    use(revocations, settings);
    BOOST_TEST(revocations.list()->isAvailable());
    clock.advance(settings.staleFor + 1s);
    BOOST_TEST(eventually([&] { return !revocations.list()->isAvailable(); }));
    redis.resume();
    BOOST_TEST(eventually([&] { return revocations.list()->isAvailable(); }));
}

BOOST_AUTO_TEST_CASE(whatRedisDidNotTakeIsNotSharedLater, *withServer) {
    RedisProcess redis;
    Revocations revocations(clock);
    use(revocations, inRedis(redis));
    BOOST_REQUIRE(eventually([&] { return revocations.list()->isAvailable(); }));
    redis.kill();
    BOOST_REQUIRE(eventually([&] { return !revocations.status().stream->isUpToDate; }));
    BOOST_TEST((revocations.revoke(ofUser("alice")).outcome == Revocations::Outcome::notWritten));
    redis.start();
    BOOST_REQUIRE(eventually([&] { return revocations.status().stream->isUpToDate; }));
    BOOST_TEST((revocations.revoke(ofUser("bob")).outcome == Revocations::Outcome::kept));
    BOOST_TEST(isRevoked(revocations, "bob"));
    BOOST_TEST(!isRevoked(revocations, "alice"));
}

BOOST_AUTO_TEST_SUITE_END()
