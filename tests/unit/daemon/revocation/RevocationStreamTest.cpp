#include "changebank/daemon/revocation/RevocationStream.h"

#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "changebank/daemon/revocation/RedisConnection.h"
#include "tests/integration/FreePort.h"
#include "tests/support/Contains.h"
#include "tests/support/Eventually.h"
#include "tests/support/ManualClock.h"
#include "tests/support/OnlyIf.h"
#include "tests/support/RedisProcess.h"
#include "tests/support/ScriptedRedis.h"

using namespace changebank;
using namespace changebank::daemon;
using namespace changebank::tests;
using namespace std::chrono_literals;
using changebank::security::Revocation;
using std::chrono::steady_clock;

namespace {

const auto withServer = onlyIf(RedisProcess::isInstalled(), RedisProcess::otherwise);

Revocation ofUser(const std::string& user) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return {.user = user, .issuedUpTo = std::chrono::floor<std::chrono::seconds>(now).count()};
}

std::vector<Revocation> ofUsers(const std::string& prefix, int count) {
    std::vector<Revocation> all;
    for (int i = 0; i < count; ++i)
        all.push_back(ofUser(prefix + std::to_string(i)));
    return all;
}

RevocationStream::Options optionsFor(const RedisProcess& server) {
    RevocationStream::Options options;
    options.address = {.host = server.socket()};
    return options;
}

RevocationStream::Options optionsFor(const ScriptedRedis& server) {
    RevocationStream::Options options;
    options.address = {.host = "127.0.0.1", .port = server.port()};
    options.timeout = 200ms;
    return options;
}

/// One process that shares its revocations: a list with room for some, and the stream.
class Replica {
public:
    explicit Replica(const RevocationStream::Options& options, const std::vector<Revocation>& known = {},
                     std::size_t capacity = 1'000'000, Clock& clock = Clock::system(),
                     const RevocationStream::Standing& standing = {})
        : _capacity(capacity) {
        for (const auto& revocation : known)
            _known.emplace(revocation.user, revocation);
        stream = std::make_unique<RevocationStream>(
            options,
            RevocationStream::Observer{[this](const Revocation& revocation) { return add(revocation); },
                                       [this] { return all(); },
                                       [this](bool isWarning, const std::string& text) {
                                           const std::lock_guard lock(_mutex);
                                           _reports.emplace_back(isWarning, text);
                                       }},
            known, clock, standing);
    }

    /// As a webhook does it.
    std::optional<std::string> revoke(const Revocation& revocation) {
        auto failure = stream->publish(revocation);
        add(revocation);
        return failure;
    }

    bool knows(const std::string& user) const {
        const std::lock_guard lock(_mutex);
        return _known.contains(user);
    }
    std::size_t count() const {
        const std::lock_guard lock(_mutex);
        return _known.size();
    }
    void setCapacity(std::size_t capacity) {
        const std::lock_guard lock(_mutex);
        _capacity = capacity;
    }
    std::vector<std::string> reports(bool isWarning) const {
        const std::lock_guard lock(_mutex);
        std::vector<std::string> texts;
        for (const auto& [kind, text] : _reports)
            if (kind == isWarning) texts.push_back(text);
        return texts;
    }

    bool isUpToDate() const { return stream->status().isUpToDate; }
    bool becomesUpToDate() const {
        return eventually([this] { return isUpToDate(); });
    }
    bool fails() const {
        return eventually([this] { return !isUpToDate() && !reports(true).empty(); });
    }
    bool comesToKnow(const std::string& user) const {
        return eventually([&] { return knows(user); });
    }

private:
    bool add(const Revocation& revocation) {
        const std::lock_guard lock(_mutex);
        if (!_known.contains(revocation.user) && _known.size() >= _capacity) return false;
        _known[revocation.user] = revocation;
        return true;
    }
    std::vector<Revocation> all() const {
        const std::lock_guard lock(_mutex);
        std::vector<Revocation> list;
        for (const auto& [user, revocation] : _known)
            list.push_back(revocation);
        return list;
    }

    mutable std::mutex _mutex;
    std::size_t _capacity;
    std::map<std::string, Revocation> _known;
    std::vector<std::pair<bool, std::string>> _reports;

public:
    /// Ends first, since it calls the others.
    std::unique_ptr<RevocationStream> stream;
};

/// What somebody else does with the server.
class Visitor {
public:
    explicit Visitor(const RedisProcess& server) : _connection({.address = {.host = server.socket()}}, {}) {
        BOOST_REQUIRE(!_connection.open(deadline()).has_value());
    }
    RedisConnection::Reply send(const RedisConnection::Command& command) {
        auto result = _connection.send(command, deadline());
        const auto* failure = std::get_if<RedisConnection::Failure>(&result);
        BOOST_REQUIRE_MESSAGE(!failure, (failure ? failure->why : ""));
        return std::get<RedisConnection::Reply>(std::move(result));
    }
    long long streamLength() { return send({"XLEN", "changebank:revocations"})->integer; }

private:
    static steady_clock::time_point deadline() { return steady_clock::now() + 20s; }
    RedisConnection _connection;
};

/// Is up to date although it cannot publish, and says so once.
void refuses(const Replica& replica, const std::string& why) {
    BOOST_REQUIRE(eventually([&] { return !replica.stream->status().publishFailure.empty(); }));
    BOOST_REQUIRE(replica.becomesUpToDate());
    const auto status = replica.stream->status();
    BOOST_TEST(status.isUpToDate);
    BOOST_TEST(status.failure == "");
    BOOST_TEST(has(status.publishFailure, why));
    BOOST_TEST(status.unpublished == 1U);
    BOOST_TEST(replica.reports(true).size() == 1U);
}

void accepts(const Replica& replica) {
    BOOST_REQUIRE(eventually([&] { return replica.stream->status().unpublished == 0; }));
    BOOST_TEST(eventually([&] { return replica.stream->status().publishFailure.empty(); }));
    BOOST_TEST(replica.isUpToDate());
    BOOST_TEST(replica.reports(false).size() == 1U);
}

/// Confirms what is published and loses it; every reading goes by in a moment.
class ForgetfulRedis {
public:
    /// What it answers to readings after nothing and after an entry.
    ForgetfulRedis(std::string fromBeginning, std::string afterEntry)
        : _server([this, fromBeginning = std::move(fromBeginning),
                   afterEntry = std::move(afterEntry)](const std::string& received) {
              if (has(received, "XADD")) return "$3\r\n6-" + std::to_string(++_published) + "\r\n";
              std::this_thread::sleep_for(5ms);
              return has(received, "XRANGE") ? afterEntry : fromBeginning;
          }) {}

    const ScriptedRedis& server() const { return _server; }
    int published() const { return _published; }

private:
    std::atomic<int> _published{0};
    ScriptedRedis _server;
};

std::string asBulk(const std::string& text) {
    return "$" + std::to_string(text.size()) + "\r\n" + text + "\r\n";
}

std::string whyNot(const std::optional<std::string>& failure) {
    return failure.value_or("");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RevocationStreamTest)

BOOST_AUTO_TEST_CASE(replicasExchangeRevocations, *withServer) {
    const RedisProcess server;
    Replica one(optionsFor(server));
    Replica other(optionsFor(server));
    BOOST_REQUIRE(one.becomesUpToDate());
    BOOST_REQUIRE(other.becomesUpToDate());
    std::vector<std::chrono::microseconds> times;
    for (int i = 0; i < 100; ++i) {
        auto& from = i % 2 == 0 ? one : other;
        auto& to = i % 2 == 0 ? other : one;
        const auto user = "user" + std::to_string(i);
        const auto begin = steady_clock::now();
        BOOST_REQUIRE(whyNot(from.revoke(ofUser(user))) == "");
        while (!to.knows(user)) {
            BOOST_REQUIRE((steady_clock::now() - begin < 20s));
            std::this_thread::sleep_for(50us);
        }
        times.push_back(std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - begin));
    }
    std::sort(times.begin(), times.end());
    BOOST_TEST_MESSAGE("from one replica to another: median " << times[50].count() << " µs, 99 % "
                                                              << times[98].count() << " µs");
    BOOST_TEST((times[50] < 100ms));
    BOOST_REQUIRE(eventually([&] { return one.stream->status().received == 100; }));
    BOOST_TEST(one.stream->status().unpublished == 0U);
    BOOST_TEST(one.stream->status().failure == "");
    BOOST_TEST(one.stream->status().lastUpToDate.has_value());
    BOOST_TEST((one.stream->outOfDateFor() == 0ms));
    BOOST_TEST(one.reports(true).empty());
    BOOST_TEST(one.reports(false).size() == 1U);
}

BOOST_AUTO_TEST_CASE(whatTheStreamLacksAtTheStartIsPublishedOnce, *withServer) {
    const RedisProcess server;
    const auto all = ofUsers("a", 310);
    const Replica one(optionsFor(server), {all.begin(), all.begin() + 300});
    BOOST_REQUIRE(one.becomesUpToDate());
    const Replica other(optionsFor(server), all);
    BOOST_REQUIRE(other.becomesUpToDate());
    BOOST_TEST(one.comesToKnow("a309"));
    const Replica third(optionsFor(server));
    BOOST_REQUIRE(third.becomesUpToDate());
    BOOST_TEST(third.count() == 310U);
    BOOST_TEST(Visitor(server).streamLength() == 310);
}

BOOST_AUTO_TEST_CASE(tenThousandEntriesAreReadAtTheStart, *withServer) {
    const RedisProcess server;
    const Replica one(optionsFor(server), ofUsers("a", 10'000));
    BOOST_REQUIRE(one.becomesUpToDate());
    const auto begin = steady_clock::now();
    const Replica other(optionsFor(server));
    BOOST_REQUIRE(other.becomesUpToDate());
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - begin);
    BOOST_TEST_MESSAGE("10,000 entries read in " << took.count() << " ms");
    BOOST_TEST(other.count() == 10'000U);
    BOOST_TEST(other.stream->status().received == 10'000U);
}

BOOST_AUTO_TEST_CASE(whatWasRevokedWithoutTheServerIsPublishedLater, *withServer) {
    RedisProcess server;
    Replica one(optionsFor(server));
    Replica other(optionsFor(server));
    BOOST_REQUIRE(one.becomesUpToDate());
    BOOST_REQUIRE(other.becomesUpToDate());
    server.kill();
    BOOST_TEST(whyNot(one.revoke(ofUser("a"))) != "");
    BOOST_TEST(one.stream->status().unpublished == 1U);
    BOOST_REQUIRE(one.fails());
    BOOST_TEST(one.stream->status().failure != "");
    server.start();
    BOOST_TEST(other.comesToKnow("a"));
    BOOST_REQUIRE(one.becomesUpToDate());
    BOOST_TEST(one.stream->status().unpublished == 0U);
    BOOST_TEST(one.stream->status().failure == "");
}

BOOST_AUTO_TEST_CASE(aFailureIsReportedOnce, *withServer) {
    const RedisProcess server;
    auto options = optionsFor(server);
    options.address.host += ".missing";
    const Replica replica(options);
    BOOST_REQUIRE(replica.fails());
    const auto begin = steady_clock::now();
    // Within that time are at least two more attempts.
    BOOST_REQUIRE(eventually([&] { return steady_clock::now() - begin > 500ms; }));
    BOOST_TEST(replica.reports(true).size() == 1U);
    BOOST_TEST(has(replica.stream->status().failure, "cannot connect: No such file or directory"));
    BOOST_TEST(!replica.stream->status().lastUpToDate.has_value());
}

BOOST_AUTO_TEST_CASE(aServerRestartedEmptyGetsEverythingAgain, *withServer) {
    RedisProcess server;
    Replica one(optionsFor(server));
    Replica other(optionsFor(server));
    BOOST_REQUIRE(one.becomesUpToDate());
    BOOST_REQUIRE(other.becomesUpToDate());
    for (const auto& revocation : ofUsers("a", 20))
        BOOST_REQUIRE(whyNot(one.revoke(revocation)) == "");
    BOOST_REQUIRE(other.comesToKnow("a19"));
    server.kill();
    BOOST_REQUIRE(one.fails());
    BOOST_REQUIRE(other.fails());
    // Each knows one that the other has not got.
    one.revoke(ofUser("one"));
    other.revoke(ofUser("other"));
    server.start();
    BOOST_TEST(one.comesToKnow("other"));
    BOOST_TEST(other.comesToKnow("one"));
    const Replica third(optionsFor(server));
    BOOST_REQUIRE(third.becomesUpToDate());
    BOOST_TEST(eventually([&] { return third.count() == 22; }));
}

BOOST_AUTO_TEST_CASE(aStreamThatOthersHaveBegunAnewIsNoticed, *withServer) {
    RedisProcess server;
    Replica one(optionsFor(server));
    BOOST_REQUIRE(one.becomesUpToDate());
    BOOST_REQUIRE(whyNot(one.revoke(ofUser("a"))) == "");
    BOOST_REQUIRE(eventually([&] { return one.stream->status().received == 1; }));
    server.kill();
    BOOST_REQUIRE(one.fails());
    server.start();
    {
        // Its entry has a later id than any that the first replica has read, unless that was faster.
        Replica other(optionsFor(server));
        BOOST_REQUIRE(other.becomesUpToDate());
        BOOST_REQUIRE(whyNot(other.revoke(ofUser("b"))) == "");
        BOOST_TEST(other.comesToKnow("a"));
    }
    BOOST_TEST(one.comesToKnow("b"));
}

BOOST_AUTO_TEST_CASE(aDeletedStreamIsNoticedWithoutALostConnection, *withServer) {
    const RedisProcess server;
    Replica one(optionsFor(server));
    BOOST_REQUIRE(one.becomesUpToDate());
    BOOST_REQUIRE(whyNot(one.revoke(ofUser("a"))) == "");
    BOOST_REQUIRE(eventually([&] { return one.stream->status().received == 1; }));
    Visitor visitor(server);
    visitor.send({"FLUSHALL"});
    BOOST_TEST(eventually([&] { return visitor.streamLength() == 1; }));
    BOOST_TEST(one.reports(true).empty());
}

BOOST_AUTO_TEST_CASE(aStreamThatIsDeletedAndBegunAnewAtOnceIsNoticed, *withServer) {
    const RedisProcess server;
    Replica one(optionsFor(server));
    Replica other(optionsFor(server));
    BOOST_REQUIRE(one.becomesUpToDate());
    BOOST_REQUIRE(other.becomesUpToDate());
    BOOST_REQUIRE(whyNot(one.revoke(ofUser("a"))) == "");
    BOOST_REQUIRE(eventually([&] { return one.stream->status().received == 1; }));
    BOOST_REQUIRE(eventually([&] { return other.stream->status().received == 1; }));
    Visitor(server).send({"FLUSHALL"});
    BOOST_REQUIRE(whyNot(other.revoke(ofUser("b"))) == "");
    const Replica third(optionsFor(server));
    BOOST_TEST(third.comesToKnow("a"));
    BOOST_TEST(third.comesToKnow("b"));
}

BOOST_AUTO_TEST_CASE(aStreamThatGivesTheLastIdAgainIsNoticed, *withServer) {
    const RedisProcess server;
    Visitor visitor(server);
    const auto add = [&visitor](const std::string& user) {
        visitor.send({"XADD", "changebank:revocations", "5-1", "r", ofUser(user).toJson()});
    };
    add("a");
    const Replica one(optionsFor(server));
    BOOST_REQUIRE(one.comesToKnow("a"));
    visitor.send({"FLUSHALL"});
    add("b");
    BOOST_TEST(one.comesToKnow("b"));
    const Replica third(optionsFor(server));
    BOOST_TEST(third.comesToKnow("a"));
}

BOOST_AUTO_TEST_CASE(anEmptyStreamThatLosesEverythingAgainGetsItAgain) {
    const ForgetfulRedis redis("*-1\r\n", "*-1\r\n*0\r\n");
    ManualClock clock(std::chrono::system_clock::now());
    const Replica replica(optionsFor(redis.server()), {ofUser("a")}, 10, clock);
    BOOST_REQUIRE(eventually([&] { return redis.published() == 1; }));
    for (int i = 2; i <= 3; ++i) {
        clock.advance(1s);
        BOOST_REQUIRE(eventually([&] { return redis.published() == i; }));
    }
    BOOST_TEST(replica.isUpToDate());
}

BOOST_AUTO_TEST_CASE(whatIsConfirmedButNotReadBackIsPublishedAgain) {
    const auto entry = "*2\r\n" + asBulk("5-1") + "*2\r\n" + asBulk("r") + asBulk(ofUser("x").toJson());
    const ForgetfulRedis redis("*1\r\n*2\r\n" + asBulk(RevocationStream::Options().key) + "*1\r\n" + entry,
                               "*-1\r\n*1\r\n" + entry);
    ManualClock clock(std::chrono::system_clock::now());
    const Replica replica(optionsFor(redis.server()), {ofUser("a")}, 10, clock);
    BOOST_REQUIRE(eventually([&] { return redis.published() == 1; }));
    BOOST_REQUIRE(replica.becomesUpToDate());
    BOOST_TEST(replica.reports(true).empty());
    for (int i = 2; i <= 3; ++i) {
        clock.advance(6s);
        BOOST_REQUIRE(eventually([&] { return redis.published() == i; }));
    }
    BOOST_TEST(replica.reports(true).size() == 1U);
    BOOST_TEST(replica.isUpToDate());
}

BOOST_AUTO_TEST_CASE(aClockThatIsAheadCutsNothingOff, *withServer) {
    const RedisProcess server;
    Visitor visitor(server);
    visitor.send({"CONFIG", "SET", "stream-node-max-entries", "1"});
    Replica right(optionsFor(server));
    ManualClock clock(std::chrono::system_clock::now() + 30 * 24h);
    Replica ahead(optionsFor(server), {}, 10, clock);
    BOOST_REQUIRE(right.becomesUpToDate());
    BOOST_REQUIRE(ahead.becomesUpToDate());
    BOOST_REQUIRE(whyNot(right.revoke(ofUser("a"))) == "");
    BOOST_REQUIRE(ahead.comesToKnow("a"));
    BOOST_REQUIRE(whyNot(ahead.revoke(ofUser("b"))) == "");
    BOOST_REQUIRE(whyNot(ahead.revoke(ofUser("c"))) == "");
    BOOST_TEST(visitor.streamLength() == 3);
    BOOST_TEST(right.comesToKnow("c"));
}

BOOST_AUTO_TEST_CASE(anIdThatIsAheadCutsNothingOff, *withServer) {
    const RedisProcess server;
    Visitor visitor(server);
    visitor.send({"CONFIG", "SET", "stream-node-max-entries", "1"});
    Replica replica(optionsFor(server), {ofUser("a")});
    BOOST_REQUIRE(replica.becomesUpToDate());
    visitor.send({"XADD", "changebank:revocations", "99999999999999-1", "r", ofUser("b").toJson()});
    BOOST_REQUIRE(replica.comesToKnow("b"));
    BOOST_REQUIRE(whyNot(replica.revoke(ofUser("c"))) == "");
    BOOST_TEST(visitor.streamLength() == 3);
}

BOOST_AUTO_TEST_CASE(aFailedOneCanBeForgotten, *withServer) {
    RedisProcess server;
    auto options = optionsFor(server);
    options.timeout = 200ms;
    Replica one(options);
    BOOST_REQUIRE(one.becomesUpToDate());
    const auto forget = RevocationStream::WhenFailed::forget;
    server.stall();
    BOOST_TEST(whyNot(one.stream->publish(ofUser("late"), forget)) == "no answer in time");
    BOOST_TEST(one.stream->status().unpublished == 0U);
    server.resume();
    // The server had got it.
    BOOST_TEST(one.comesToKnow("late"));
    server.kill();
    BOOST_TEST(whyNot(one.stream->publish(ofUser("never"), forget)) != "");
    BOOST_REQUIRE(one.fails());
    BOOST_TEST(whyNot(one.stream->publish(ofUser("never"), forget)) != "");
    server.start();
    BOOST_REQUIRE(one.becomesUpToDate());
    BOOST_TEST(one.stream->status().unpublished == 0U);
    const Replica other(options);
    BOOST_REQUIRE(other.becomesUpToDate());
    BOOST_TEST(other.comesToKnow("late"));
    BOOST_TEST(!other.knows("never"));
}

BOOST_AUTO_TEST_CASE(theUnpublishedAreForgottenWithTheirTokensWhileTheServerIsDown, *withServer) {
    const RedisProcess server;
    auto options = optionsFor(server);
    options.address.host += ".missing";
    ManualClock clock(std::chrono::system_clock::now());
    Replica replica(options, {ofUser("a")}, 10, clock);
    replica.revoke(ofUser("b"));
    BOOST_REQUIRE(replica.fails());
    BOOST_TEST(replica.stream->status().unpublished == 2U);
    clock.advance(options.lifetime + 60s);
    BOOST_TEST(eventually([&] { return replica.stream->status().unpublished == 0; }));
}

BOOST_AUTO_TEST_CASE(aServerThatStallsAfterItTookTheConnectionStaysOutOfReach, *withServer) {
    RedisProcess server;
    server.stall();
    auto options = optionsFor(server);
    options.timeout = 1s;
    const Replica replica(options);
    BOOST_REQUIRE(replica.fails());
    const auto begin = steady_clock::now();
    while (steady_clock::now() - begin < 2500ms) {
        const auto before = steady_clock::now();
        BOOST_TEST(whyNot(replica.stream->publish(ofUser("a"))) != "");
        BOOST_REQUIRE((steady_clock::now() - before < 500ms));
        std::this_thread::sleep_for(10ms);
    }
}

BOOST_AUTO_TEST_CASE(anErrorIsReportedOnceHoweverItGoesOn) {
    std::atomic<int> count{0};
    const ScriptedRedis server(
        [&count](const std::string&) { return "-SORRY number " + std::to_string(++count) + "\r\n"; });
    const Replica replica(optionsFor(server));
    BOOST_REQUIRE(eventually([&] { return count >= 5; }));
    BOOST_TEST(replica.reports(true).size() == 1U);
}

BOOST_AUTO_TEST_CASE(noMoreThanAFewKindsOfErrorsAreReported) {
    std::atomic<int> count{0};
    const ScriptedRedis server(
        [&count](const std::string&) { return "-SORRY" + std::to_string(++count) + " it is\r\n"; });
    const Replica replica(optionsFor(server));
    BOOST_REQUIRE(eventually([&] { return count >= 6; }));
    BOOST_TEST(replica.reports(true).size() == 4U);
    BOOST_TEST(has(replica.stream->status().failure, "SORRY"));
}

BOOST_AUTO_TEST_CASE(anInstantFarAheadIsMalformed, *withServer) {
    const RedisProcess server;
    const auto revocation = [](const std::string& user, std::chrono::seconds ahead) {
        auto late = ofUser(user);
        late.issuedUpTo += ahead.count();
        return late;
    };
    ManualClock clock(std::chrono::system_clock::now());
    const Replica replica(optionsFor(server), {revocation("own", 2h)}, 10, clock);
    BOOST_REQUIRE(replica.becomesUpToDate());
    Visitor visitor(server);
    for (const auto& each : {revocation("far", 2h), revocation("near", 59min)})
        visitor.send({"XADD", "changebank:revocations", "*", "r", each.toJson()});
    BOOST_REQUIRE(replica.comesToKnow("near"));
    BOOST_TEST(!replica.knows("far"));
    BOOST_TEST(replica.stream->status().malformed == 2U);
    // Its own is in the stream nevertheless: it is not missed.
    clock.advance(6s);
    for (const std::string user : {"a", "b"}) {
        visitor.send({"XADD", "changebank:revocations", "*", "r", ofUser(user).toJson()});
        BOOST_REQUIRE(replica.comesToKnow(user));
    }
    BOOST_TEST(visitor.streamLength() == 5);
    BOOST_TEST(replica.reports(true).size() == 1U);
}

BOOST_AUTO_TEST_CASE(aSuccessorTakesTheStandingOver, *withServer) {
    const RedisProcess server;
    ManualClock clock;
    const auto options = optionsFor(server);
    const Replica first(options, {}, 10, clock);
    BOOST_REQUIRE(first.becomesUpToDate());
    const auto since = clock.wall();
    auto other = options;
    other.address.host += ".missing";
    const Replica second(other, {}, 10, clock, first.stream->standing());
    clock.advance(90s);
    BOOST_TEST((second.stream->status().lastUpToDate == since));
    BOOST_TEST(!second.isUpToDate());
    BOOST_TEST((second.stream->outOfDateFor() == 90s));
    const Replica third(other, {}, 10, clock, second.stream->standing());
    clock.advance(10s);
    BOOST_TEST((third.stream->status().lastUpToDate == since));
    BOOST_TEST((third.stream->outOfDateFor() == 100s));
}

BOOST_AUTO_TEST_CASE(anInterruptEndsTheWaitsOfThosePublishing, *withServer) {
    RedisProcess server;
    auto options = optionsFor(server);
    options.timeout = 20s;
    const Replica replica(options);
    BOOST_REQUIRE(replica.becomesUpToDate());
    server.stall();
    std::atomic<int> ended{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&, i] {
            if (whyNot(replica.stream->publish(ofUser("a" + std::to_string(i)))) == "stopped") ++ended;
        });
    }
    // Whether they wait by then or not does not matter.
    std::this_thread::sleep_for(50ms);
    const auto begin = steady_clock::now();
    replica.stream->interrupt();
    for (auto& thread : threads)
        thread.join();
    BOOST_TEST((steady_clock::now() - begin < 2s));
    BOOST_TEST(ended == 3);
    BOOST_TEST(replica.stream->status().unpublished == 3U);
    BOOST_TEST(whyNot(replica.stream->publish(ofUser("b"))) == "stopped");
}

BOOST_AUTO_TEST_CASE(aServerRestartedFromItsFileGoesOn, *withServer) {
    RedisProcess server({.isPersistent = true});
    Replica one(optionsFor(server));
    Replica other(optionsFor(server));
    BOOST_REQUIRE(one.becomesUpToDate());
    for (const auto& revocation : ofUsers("a", 20))
        BOOST_REQUIRE(whyNot(one.revoke(revocation)) == "");
    BOOST_REQUIRE(eventually([&] { return other.stream->status().received == 20; }));
    BOOST_REQUIRE(eventually([&] { return one.stream->status().received == 20; }));
    server.kill();
    BOOST_REQUIRE(one.fails());
    BOOST_REQUIRE(other.fails());
    server.start();
    BOOST_REQUIRE(one.becomesUpToDate());
    BOOST_REQUIRE(other.becomesUpToDate());
    BOOST_REQUIRE(whyNot(one.revoke(ofUser("b"))) == "");
    BOOST_TEST(other.comesToKnow("b"));
    // Read from the last id: nothing twice, and nothing was published again.
    BOOST_TEST(eventually([&] { return other.stream->status().received >= 21; }));
    BOOST_TEST(other.stream->status().received == 21U);
    BOOST_TEST(Visitor(server).streamLength() == 21);
}

BOOST_AUTO_TEST_CASE(aStalledServerIsNoticedAndCaughtUpWith, *withServer) {
    RedisProcess server;
    auto options = optionsFor(server);
    options.timeout = 200ms;
    Replica one(options);
    Replica other(options);
    BOOST_REQUIRE(one.becomesUpToDate());
    BOOST_REQUIRE(other.becomesUpToDate());
    BOOST_REQUIRE(whyNot(one.revoke(ofUser("before"))) == "");
    server.stall();
    const auto begin = steady_clock::now();
    BOOST_TEST(whyNot(one.revoke(ofUser("a"))) == "no answer in time");
    BOOST_TEST((steady_clock::now() - begin < 1s));
    BOOST_REQUIRE(one.fails());
    // A block of 1 s and the timeout; the rest is for a slow machine.
    BOOST_TEST((steady_clock::now() - begin < 5s));
    BOOST_TEST(one.stream->status().unpublished == 1U);
    BOOST_TEST(has(one.stream->status().failure, "no answer in time"));
    const auto known = steady_clock::now();
    BOOST_TEST(whyNot(one.revoke(ofUser("b"))) != "");
    BOOST_TEST((steady_clock::now() - known < 150ms));
    server.resume();
    BOOST_TEST(other.comesToKnow("a"));
    BOOST_TEST(other.comesToKnow("b"));
    BOOST_REQUIRE(one.becomesUpToDate());
    BOOST_TEST(eventually([&] { return one.stream->status().unpublished == 0; }));
}

BOOST_AUTO_TEST_CASE(itEndsAtOnceWhateverTheServerDoes, *withServer) {
    RedisProcess server;
    auto options = optionsFor(server);
    options.timeout = 20s;
    auto reading = std::make_unique<Replica>(options);
    BOOST_REQUIRE(reading->becomesUpToDate());
    server.stall();
    auto connecting = std::make_unique<Replica>(options);
    const ScriptedRedis silent(ScriptedRedis::saying(""));
    auto slow = optionsFor(silent);
    slow.timeout = 20s;
    slow.password = "sesame";
    auto authenticating = std::make_unique<Replica>(slow);
    BOOST_REQUIRE(eventually([&] { return silent.connections() == 1; }));
    for (auto* replica : {&reading, &connecting, &authenticating}) {
        const auto begin = steady_clock::now();
        replica->reset();
        const auto took = std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - begin);
        BOOST_TEST_MESSAGE("ended in " << took.count() << " µs");
        BOOST_TEST((took < 500ms));
    }
}

BOOST_AUTO_TEST_CASE(garbageIsAFailure) {
    for (const std::string garbage :
         {"HTTP/1.1 400 Bad Request\r\n\r\n", "+OK\r\n", ":1\r\n", "*1\r\n:1\r\n",
          "*1\r\n*2\r\n$1\r\na\r\n*1\r\n*2\r\n$1\r\nx\r\n*0\r\n", "*2147483647\r\n",
          "*1\r\n*2\r\n$1\r\nx\r\n*1\r\n*2\r\n$3\r\n5-1\r\n*0\r\n"}) {
        const ScriptedRedis server(ScriptedRedis::saying(garbage));
        Replica replica(optionsFor(server));
        BOOST_REQUIRE(replica.fails());
        BOOST_TEST(whyNot(replica.revoke(ofUser("a"))) != "");
        BOOST_TEST(replica.stream->status().unpublished == 1U);
        BOOST_TEST(replica.stream->status().received == 0U);
    }
}

BOOST_AUTO_TEST_CASE(entriesThatDoNotGoOnAreAFailure) {
    const auto json = ofUser("a").toJson();
    const std::string entry =
        "*2\r\n$3\r\n5-1\r\n*2\r\n$1\r\nr\r\n$" + std::to_string(json.size()) + "\r\n" + json + "\r\n";
    const ScriptedRedis server(ScriptedRedis::saying(
        "*1\r\n*2\r\n" + asBulk(RevocationStream::Options().key) + "*2\r\n" + entry + entry));
    const Replica replica(optionsFor(server));
    BOOST_REQUIRE(replica.fails());
    BOOST_TEST(replica.stream->status().failure == "the server's answer has an unexpected form");
    BOOST_TEST(replica.count() == 0U);
}

BOOST_AUTO_TEST_CASE(aWrongPasswordIsSaidButNotShown, *withServer) {
    const RedisProcess server({.arguments = {"--requirepass", "sesame"}});
    auto options = optionsFor(server);
    options.password = "opensesame";
    const Replica wrong(options);
    BOOST_REQUIRE(wrong.fails());
    const auto failure = wrong.stream->status().failure;
    BOOST_TEST(has(failure, "does not accept the user or the password"));
    BOOST_TEST(!has(failure, "sesame"));
    options.password = "sesame";
    const Replica right(options);
    BOOST_TEST(right.becomesUpToDate());
    options.password.clear();
    const Replica without(options);
    BOOST_REQUIRE(without.fails());
    BOOST_TEST(has(without.stream->status().failure, "it wants a password"));
}

BOOST_AUTO_TEST_CASE(anotherKindOfKeyIsAFailure, *withServer) {
    const RedisProcess server;
    Visitor(server).send({"SET", "changebank:revocations", "text"});
    const Replica replica(optionsFor(server), {ofUser("a")});
    BOOST_REQUIRE(replica.fails());
    BOOST_TEST(has(replica.stream->status().failure, "WRONGTYPE"));
    BOOST_TEST(replica.stream->status().unpublished == 1U);
}

BOOST_AUTO_TEST_CASE(aServerThatRefusesWhatIsPublishedIsStillRead, *withServer) {
    const RedisProcess server;
    Visitor visitor(server);
    BOOST_TEST_CONTEXT("no memory") {
        visitor.send({"CONFIG", "SET", "maxmemory", "1"});
        const Replica full(optionsFor(server), {ofUser("a")});
        refuses(full, "it has no memory left");
        visitor.send({"CONFIG", "SET", "maxmemory", "0"});
        accepts(full);
    }
    BOOST_TEST_CONTEXT("too few replicas") {
        visitor.send({"CONFIG", "SET", "min-replicas-to-write", "1"});
        const Replica alone(optionsFor(server), {ofUser("b")});
        refuses(alone, "too few replicas follow it");
        // Within that time is another attempt.
        const auto begin = steady_clock::now();
        BOOST_REQUIRE(
            eventually([&] { return !alone.isUpToDate() || steady_clock::now() - begin > 2500ms; }));
        refuses(alone, "too few replicas follow it");
        visitor.send({"CONFIG", "SET", "min-replicas-to-write", "0"});
        accepts(alone);
    }
    BOOST_TEST_CONTEXT("a replica") {
        visitor.send({"REPLICAOF", "127.0.0.1", "1"});
        Replica replica(optionsFor(server));
        BOOST_REQUIRE(replica.becomesUpToDate());
        BOOST_TEST(has(whyNot(replica.revoke(ofUser("c"))), "it is a replica that cannot be written to"));
        refuses(replica, "it is a replica that cannot be written to");
        visitor.send({"REPLICAOF", "NO", "ONE"});
        accepts(replica);
    }
    BOOST_TEST_CONTEXT("no id left") {
        visitor.send({"XADD", "changebank:revocations", "18446744073709551615-18446744073709551615", "r",
                      ofUser("z").toJson()});
        const Replica late(optionsFor(server), {ofUser("d")});
        refuses(late, "");
    }
}

BOOST_AUTO_TEST_CASE(malformedEntriesAreCountedAndDoNotStopTheOthers, *withServer) {
    const RedisProcess server;
    Visitor visitor(server);
    const auto add = [&](const std::string& field, const std::string& value) {
        visitor.send({"XADD", "changebank:revocations", "*", field, value});
    };
    add("r", "no json");
    add("x", ofUser("b").toJson());
    add("r", R"({"user":"b"})");
    add("r", R"({"user":"","issuedUpTo":1})");
    add("r", std::string(100'000, 'x'));
    visitor.send({"XADD", "changebank:revocations", "*", "x", "y", "r", ofUser("a").toJson()});
    Replica replica(optionsFor(server));
    BOOST_REQUIRE(replica.becomesUpToDate());
    BOOST_TEST(replica.knows("a"));
    BOOST_TEST(!replica.knows("b"));
    BOOST_TEST(replica.stream->status().malformed == 5U);
    BOOST_TEST(replica.stream->status().received == 1U);
    add("r", "again");
    BOOST_REQUIRE(eventually([&] { return replica.stream->status().malformed == 6; }));
    BOOST_TEST(replica.reports(true).size() == 1U);
}

BOOST_AUTO_TEST_CASE(anEntryWithoutRoomIsTriedAgain, *withServer) {
    const RedisProcess server;
    Replica one(optionsFor(server), ofUsers("a", 10));
    BOOST_REQUIRE(one.becomesUpToDate());
    Replica small(optionsFor(server), {}, 5);
    BOOST_REQUIRE(small.fails());
    BOOST_TEST(has(small.stream->status().failure, "revocation.entries are in effect"));
    BOOST_TEST(small.count() == 5U);
    // What it revokes itself still reaches the others.
    BOOST_TEST(whyNot(small.stream->publish(ofUser("b"))) == "");
    BOOST_TEST(one.comesToKnow("b"));
    small.setCapacity(100);
    BOOST_REQUIRE(small.becomesUpToDate());
    BOOST_TEST(small.count() == 11U);
    BOOST_TEST(small.reports(true).size() == 1U);
}

BOOST_AUTO_TEST_CASE(oldEntriesAreCutOff, *withServer) {
    const RedisProcess server;
    Visitor visitor(server);
    for (int i = 1; i <= 500; ++i)
        visitor.send(
            {"XADD", "changebank:revocations", std::to_string(i) + "-1", "r", ofUser("old").toJson()});
    Replica replica(optionsFor(server));
    BOOST_REQUIRE(replica.becomesUpToDate());
    // What is old is known by the newest id.
    BOOST_REQUIRE(whyNot(replica.revoke(ofUser("a"))) == "");
    BOOST_REQUIRE(whyNot(replica.revoke(ofUser("b"))) == "");
    // Whole nodes of a hundred entries go.
    BOOST_TEST(visitor.streamLength() <= 102);
}

BOOST_AUTO_TEST_CASE(theTimeOutOfDateIsTheClocks, *withServer) {
    RedisProcess server;
    ManualClock clock;
    auto options = optionsFor(server);
    options.address.host += ".missing";
    const Replica never(options, {}, 10, clock);
    BOOST_REQUIRE(never.fails());
    clock.advance(90s);
    BOOST_TEST((never.stream->outOfDateFor() == 90s));

    const Replica replica(optionsFor(server), {}, 10, clock);
    BOOST_REQUIRE(replica.becomesUpToDate());
    const auto since = clock.wall();
    BOOST_TEST((replica.stream->outOfDateFor() == 0ms));
    server.kill();
    BOOST_REQUIRE(replica.fails());
    clock.advance(1h);
    BOOST_TEST((replica.stream->outOfDateFor() == 1h));
    BOOST_TEST((replica.stream->status().lastUpToDate == since));
}

BOOST_AUTO_TEST_CASE(manyThreadsPublish, *withServer) {
    const RedisProcess server;
    Replica one(optionsFor(server));
    const Replica other(optionsFor(server));
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&one, t] {
            for (const auto& revocation : ofUsers("t" + std::to_string(t) + "-", 50))
                one.revoke(revocation);
        });
    }
    for (auto& thread : threads)
        thread.join();
    BOOST_TEST(eventually([&] { return other.count() == 200; }));
    BOOST_TEST(eventually([&] { return one.stream->status().unpublished == 0; }));
}

BOOST_AUTO_TEST_SUITE_END()
