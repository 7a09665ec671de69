#include "changebank/daemon/revocation/RedisReplays.h"

#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/Eventually.h"
#include "tests/support/OnlyIf.h"
#include "tests/support/RedisProcess.h"
#include "tests/support/ScriptedRedis.h"
#include "tests/support/TemporaryFolder.h"

using namespace changebank::daemon;
using namespace changebank::tests;
using namespace std::chrono_literals;
using changebank::security::SharedReplays;

namespace {

using Outcome = SharedReplays::Outcome;

const auto withServer = onlyIf(RedisProcess::isInstalled(), RedisProcess::otherwise);

std::string nameOf(Outcome outcome) {
    if (outcome == Outcome::inserted) return "inserted";
    return outcome == Outcome::replayed ? "replayed" : "unavailable";
}

const RedisReplays::Report noReport = [](bool, const std::string&) {};

/// What was reported, from any thread.
class Lines {
public:
    RedisReplays::Report report() {
        return [this](bool isWarning, const std::string& text) {
            const std::lock_guard lock(_mutex);
            _lines.push_back((isWarning ? "W " : "I ") + text);
        };
    }
    std::vector<std::string> all() const {
        const std::lock_guard lock(_mutex);
        return _lines;
    }
    std::size_t countOf(const std::string& part) const {
        const auto lines = all();
        return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [&](const auto& line) {
            return line.find(part) != std::string::npos;
        }));
    }

private:
    mutable std::mutex _mutex;
    std::vector<std::string> _lines;
};

/// One who waits for an outcome.
class Waiter {
public:
    Waiter(RedisReplays& replays, const std::string& id, std::chrono::milliseconds lifetime = 60s)
        : _joined(replays.insert({id, lifetime}, [this] { _ended.set_value(); })) {}
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    bool waits() const { return std::holds_alternative<std::unique_ptr<SharedReplays::Place>>(_joined); }

    /// Waits for the end.
    std::string outcome() {
        if (!waits()) return nameOf(std::get<Outcome>(_joined)) + " at once";
        if (_ended.get_future().wait_for(30s) != std::future_status::ready) return "no end";
        return nameOf(std::get<std::unique_ptr<SharedReplays::Place>>(_joined)->outcome());
    }

private:
    std::promise<void> _ended;
    SharedReplays::Joined _joined;
};

std::string outcomeOf(RedisReplays& replays, const std::string& id,
                      std::chrono::milliseconds lifetime = 60s) {
    return Waiter(replays, id, lifetime).outcome();
}

RedisReplays::Options optionsOf(RedisAddress address, std::chrono::milliseconds timeout = 10s) {
    return {.address = std::move(address), .timeout = timeout};
}

RedisReplays::Options optionsOf(const RedisProcess& server, std::chrono::milliseconds timeout = 10s) {
    return optionsOf(RedisAddress{.host = server.socket()}, timeout);
}

RedisReplays::Options optionsOf(const ScriptedRedis& server, std::chrono::milliseconds timeout = 10s) {
    return optionsOf(RedisAddress{.host = "127.0.0.1", .port = server.port()}, timeout);
}

bool isUp(const RedisReplays& replays) {
    return replays.status().isUp;
}

bool isDown(const RedisReplays& replays) {
    const auto status = replays.status();
    return !status.isUp && status.failure != "not connected yet";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RedisReplaysTest)

BOOST_AUTO_TEST_CASE(aUseIsTheFirstAtOneReplica, *withServer) {
    const RedisProcess server;
    Lines lines;
    RedisReplays one(optionsOf(server), lines.report());
    RedisReplays other(optionsOf(server), lines.report());
    BOOST_TEST(outcomeOf(one, "a") == "inserted");
    BOOST_TEST(outcomeOf(other, "a") == "replayed");
    BOOST_TEST(outcomeOf(one, "a") == "replayed");
    BOOST_TEST(outcomeOf(other, "b") == "inserted");
    const auto status = one.status();
    BOOST_TEST(status.isUp);
    BOOST_TEST(status.failure == "");
    BOOST_TEST(status.inserted == 1U);
    BOOST_TEST(status.replayed == 1U);
    BOOST_TEST(status.unavailable == 0U);
    BOOST_TEST(lines.countOf("I used DPoP proofs are shared by unix://") == 2U);
    BOOST_TEST(lines.all().size() == 2U);
}

BOOST_AUTO_TEST_CASE(aUseIsForgottenAfterItsLifetime, *withServer) {
    const RedisProcess server;
    RedisReplays replays(optionsOf(server), noReport);
    BOOST_TEST(outcomeOf(replays, "a", 1ms) == "inserted");
    BOOST_TEST(outcomeOf(replays, "long") == "inserted");
    BOOST_TEST(eventually([&] { return outcomeOf(replays, "a", 1ms) == "inserted"; }));
    BOOST_TEST(outcomeOf(replays, "long") == "replayed");
}

BOOST_AUTO_TEST_CASE(ofManyAtOnceOneIsTheFirst, *withServer) {
    const RedisProcess server;
    constexpr std::size_t count = 3000;
    RedisReplays one(optionsOf(server), noReport);
    RedisReplays other(optionsOf(server), noReport);
    std::vector<std::unique_ptr<Waiter>> waiters;
    for (std::size_t i = 0; i < count; ++i) {
        for (auto* replays : {&one, &other})
            waiters.push_back(std::make_unique<Waiter>(*replays, std::to_string(i)));
    }
    for (std::size_t i = 0; i < count; ++i) {
        const auto first = waiters[2 * i]->outcome();
        const auto second = waiters[2 * i + 1]->outcome();
        const bool isOne = (first == "inserted") != (second == "inserted");
        const bool isOther = (first == "replayed") != (second == "replayed");
        if (!isOne || !isOther) BOOST_ERROR(std::to_string(i) + ": " + first + ", " + second);
    }
    BOOST_TEST(one.status().inserted + other.status().inserted == count);
    BOOST_TEST(one.status().replayed + other.status().replayed == count);
}

BOOST_AUTO_TEST_CASE(aServerThatIsAwayMakesNobodyWait, *withServer) {
    RedisProcess server({.isPersistent = true});
    Lines lines;
    RedisReplays replays(optionsOf(server), lines.report());
    BOOST_TEST(outcomeOf(replays, "a") == "inserted");
    server.kill();
    // The first one finds out.
    BOOST_TEST(outcomeOf(replays, "b") == "unavailable");
    BOOST_REQUIRE(eventually([&] { return isDown(replays); }));
    BOOST_TEST(outcomeOf(replays, "c") == "unavailable at once");
    BOOST_TEST(replays.status().unavailable == 2U);
    BOOST_TEST(replays.status().failure.starts_with("cannot connect: "));
    server.start();
    BOOST_REQUIRE(eventually([&] { return isUp(replays); }));
    BOOST_TEST(replays.status().failure == "");
    BOOST_TEST(outcomeOf(replays, "a") == "replayed");
    BOOST_TEST(outcomeOf(replays, "c") == "inserted");
    BOOST_TEST(lines.countOf("W used DPoP proofs are not shared by unix://") >= 1U);
    BOOST_TEST(lines.countOf("I used DPoP proofs are shared by unix://") == 2U);
}

// A server that was restarted while nobody used it is no failure.
BOOST_AUTO_TEST_CASE(aLostConnectionIsMadeAnew, *withServer) {
    RedisProcess server({.isPersistent = true});
    RedisReplays replays(optionsOf(server), noReport);
    BOOST_TEST(outcomeOf(replays, "a") == "inserted");
    server.kill();
    server.start();
    BOOST_TEST(outcomeOf(replays, "b") == "inserted");
    BOOST_TEST(outcomeOf(replays, "a") == "replayed");
    BOOST_TEST(replays.status().unavailable == 0U);
}

BOOST_AUTO_TEST_CASE(aServerThatStallsIsAway, *withServer) {
    RedisProcess server;
    RedisReplays replays(optionsOf(server, 200ms), noReport);
    BOOST_REQUIRE(eventually([&] { return isUp(replays); }));
    server.stall();
    Waiter first(replays, "a");
    BOOST_TEST(first.waits());
    BOOST_TEST(first.outcome() == "unavailable");
    BOOST_REQUIRE(eventually([&] { return isDown(replays); }));
    BOOST_TEST(outcomeOf(replays, "b") == "unavailable at once");
    server.resume();
    BOOST_REQUIRE(eventually([&] { return isUp(replays); }));
    BOOST_TEST(outcomeOf(replays, "b") == "inserted");
}

BOOST_AUTO_TEST_CASE(aServerThatStallsHoldsUpNoEnd, *withServer) {
    RedisProcess server;
    std::vector<std::unique_ptr<Waiter>> waiters;
    std::chrono::steady_clock::time_point begun;
    {
        RedisReplays replays(optionsOf(server, 1min), noReport);
        BOOST_REQUIRE(eventually([&] { return isUp(replays); }));
        server.stall();
        for (int i = 0; i < 10; ++i)
            waiters.push_back(std::make_unique<Waiter>(replays, std::to_string(i)));
        begun = std::chrono::steady_clock::now();
    }
    BOOST_TEST((std::chrono::steady_clock::now() - begun < 20s));
    for (auto& waiter : waiters)
        BOOST_TEST(waiter->outcome() == "unavailable");
}

BOOST_AUTO_TEST_CASE(onlySoManyWait, *withServer) {
    RedisProcess server;
    auto options = optionsOf(server, 1min);
    options.maxWaiting = 2;
    RedisReplays replays(options, noReport);
    BOOST_TEST(outcomeOf(replays, "a") == "inserted");
    server.stall();
    std::vector<std::unique_ptr<Waiter>> waiters;
    // One is sent, or more if the thread is fast.
    for (int i = 0; i < 5000 && (waiters.empty() || waiters.back()->waits()); ++i)
        waiters.push_back(std::make_unique<Waiter>(replays, "b" + std::to_string(i)));
    BOOST_TEST(!waiters.back()->waits());
    BOOST_TEST(waiters.size() <= 5U);
    server.resume();
    for (std::size_t i = 0; i + 1 < waiters.size(); ++i)
        BOOST_TEST(waiters[i]->outcome() == "inserted");
    BOOST_TEST(outcomeOf(replays, "c") == "inserted");
}

BOOST_AUTO_TEST_CASE(whoLeavesIsNotTold, *withServer) {
    RedisProcess server;
    RedisReplays replays(optionsOf(server, 1min), noReport);
    BOOST_TEST(outcomeOf(replays, "a") == "inserted");
    server.stall();
    std::atomic<int> told{0};
    const auto isSent = std::make_unique<Waiter>(replays, "b");
    for (int i = 0; i < 100; ++i)
        static_cast<void>(replays.insert({"left", 60s}, [&] { ++told; }));
    server.resume();
    BOOST_TEST(isSent->outcome() == "inserted");
    // All that came before it are done.
    BOOST_TEST(outcomeOf(replays, "c") == "inserted");
    BOOST_TEST(told == 0);
}

BOOST_AUTO_TEST_CASE(aPasswordIsNeeded, *withServer) {
    const RedisProcess server({.arguments = {"--requirepass", "secret"}});
    Lines lines;
    RedisReplays without(optionsOf(server), lines.report());
    BOOST_REQUIRE(eventually([&] { return isDown(without); }));
    BOOST_TEST(outcomeOf(without, "a") == "unavailable at once");
    BOOST_TEST(without.status().failure.find("it wants a password") != std::string::npos);
    auto options = optionsOf(server);
    options.password = "secret";
    RedisReplays with(options, lines.report());
    BOOST_TEST(outcomeOf(with, "a") == "inserted");
}

// The rights of docs/operation.md.
BOOST_AUTO_TEST_CASE(aUserNeedsFewRights, *withServer) {
    const TemporaryFolder folder;
    const auto users =
        folder.write("users.acl",
                     "user default off\n"
                     "user bank on >secret resetkeys ~changebank:* resetchannels -@all +set\n");
    const RedisProcess server({.arguments = {"--aclfile", users}});
    auto options = optionsOf(server);
    options.user = "bank";
    options.password = "secret";
    RedisReplays replays(options, noReport);
    BOOST_TEST(outcomeOf(replays, "a") == "inserted");
    BOOST_TEST(outcomeOf(replays, "a") == "replayed");
}

// It would take proofs for good that it forgets, or know nothing of what is used.
BOOST_AUTO_TEST_CASE(aServerThatCannotWriteIsAway, *withServer) {
    const RedisProcess server({.arguments = {"--min-replicas-to-write", "1"}});
    Lines lines;
    RedisReplays replays(optionsOf(server), lines.report());
    BOOST_REQUIRE(eventually([&] { return isDown(replays); }));
    BOOST_TEST(outcomeOf(replays, "a") == "unavailable at once");
    BOOST_TEST(replays.status().failure.find("NOREPLICAS") != std::string::npos);
    // The same failure again is no news.
    BOOST_TEST(lines.all().size() == 1U);
}

BOOST_AUTO_TEST_CASE(anotherAnswerIsNone) {
    const ScriptedRedis number([](const std::string& received) {
        return received.find("changebank:dpop:test") == std::string::npos ? ":1\r\n" : "+OK\r\n";
    });
    RedisReplays replays(optionsOf(number), noReport);
    BOOST_REQUIRE(eventually([&] { return isUp(replays); }));
    BOOST_TEST(outcomeOf(replays, "a") == "unavailable");

    for (const std::string answer :
         {"+QUEUED\r\n", ":1\r\n", "$2\r\nOK\r\n", "-ERR no\r\n", "HTTP/1.1 400\r\n"}) {
        const ScriptedRedis server(ScriptedRedis::saying(answer));
        RedisReplays other(optionsOf(server), noReport);
        BOOST_TEST(outcomeOf(other, "a").starts_with("unavailable"), answer);
    }
}

BOOST_AUTO_TEST_CASE(theFirstConnectionIsWaitedFor) {
    // Answers nothing.
    const ScriptedRedis server(ScriptedRedis::saying(""));
    RedisReplays replays(optionsOf(server, 300ms), noReport);
    Waiter waiter(replays, "a");
    BOOST_TEST(waiter.waits());
    BOOST_TEST(waiter.outcome() == "unavailable");
    BOOST_TEST((replays.maxWait() == 600ms));
}

BOOST_AUTO_TEST_SUITE_END()
