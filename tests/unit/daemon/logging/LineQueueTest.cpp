#include "changebank/daemon/logging/LineQueue.h"

#include <Poco/Exception.h>

#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <condition_variable>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/Eventually.h"

using namespace changebank::daemon;
using namespace std::chrono_literals;
using changebank::tests::eventually;

namespace {

/// What a sink was given, and how it behaves; shared with the test, since the queue owns the sink.
class Script {
public:
    /// The sink stalls from the next line on.
    void stall() {
        const std::lock_guard lock(_mutex);
        _isStalled = true;
    }
    void goOn() {
        const std::lock_guard lock(_mutex);
        _isStalled = false;
        _changed.notify_all();
    }
    bool hasStalled() const {
        const std::lock_guard lock(_mutex);
        return _hasStalled;
    }
    /// The sink fails with this errno value, or works if it is 0.
    void failWith(int error) {
        const std::lock_guard lock(_mutex);
        _error = error;
    }
    std::string text() const {
        const std::lock_guard lock(_mutex);
        return _text;
    }
    int syncs() const {
        const std::lock_guard lock(_mutex);
        return _syncs;
    }

    LineSink::Written write(std::span<const LogLine> lines) {
        std::unique_lock lock(_mutex);
        _hasStalled = _isStalled;
        _changed.wait(lock, [this] { return !_isStalled; });
        LineSink::Written written;
        for (const auto& line : lines) {
            written.error = line.text == "bad" ? EMSGSIZE : _error;
            if (written.error != 0) return written;
            _text += line.text + "\n";
            ++written.lines;
        }
        return written;
    }
    int sync() {
        const std::lock_guard lock(_mutex);
        ++_syncs;
        return _error;
    }

private:
    mutable std::mutex _mutex;
    std::condition_variable _changed;
    bool _isStalled = false;
    bool _hasStalled = false;
    int _error = 0;
    int _syncs = 0;
    std::string _text;
};

class ScriptedSink : public LineSink {
public:
    explicit ScriptedSink(std::shared_ptr<Script> script) : _script(std::move(script)) {}
    Written write(std::span<const LogLine> lines) override { return _script->write(lines); }
    int sync() override { return _script->sync(); }

private:
    std::shared_ptr<Script> _script;
};

LogLine lossReport(std::uint64_t lost) {
    return {"lost " + std::to_string(lost)};
}

struct Fixture {
    std::shared_ptr<Script> script = std::make_shared<Script>();
    LineQueue queue{"the sink", std::make_unique<ScriptedSink>(script), 4096};

    Fixture() { queue.setLossReport(lossReport); }
    ~Fixture() { script->goOn(); }
    Fixture(const Fixture&) = delete;
    Fixture& operator=(const Fixture&) = delete;

    void stall() {
        script->stall();
        queue.push({"stalls"});
        BOOST_REQUIRE(eventually([this] { return script->hasStalled(); }));
    }

    /// Writes a line and returns why that failed.
    std::string faultOf(const std::string& text, std::chrono::milliseconds patience) {
        try {
            queue.write({text}, patience);
            return {};
        } catch (const Poco::WriteFileException& error) {
            return error.message();
        }
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(LineQueueTest, Fixture)

BOOST_AUTO_TEST_CASE(linesAreWrittenInTheirOrder) {
    std::string expected;
    for (int i = 0; i < 20; ++i) {
        queue.push({std::to_string(i)});
        expected += std::to_string(i) + "\n";
    }
    BOOST_TEST(queue.flush(30s));
    BOOST_TEST(script->text() == expected);
    BOOST_TEST(queue.lost() == 0U);
    BOOST_TEST(script->syncs() == 0);
}

BOOST_AUTO_TEST_CASE(aSinkThatStallsHoldsUpNobodyAndTheLossIsReportedWhereItHappened) {
    stall();
    for (int i = 0; i < 1000; ++i)
        queue.push({"line"});
    const auto lost = queue.lost();
    BOOST_TEST(lost > 900U);
    BOOST_TEST(!queue.flush(1ms));
    script->goOn();
    BOOST_TEST(queue.flush(30s));
    queue.push({"after"});
    BOOST_TEST(queue.flush(30s));
    const auto text = script->text();
    BOOST_TEST(text.ends_with("line\nlost " + std::to_string(lost) + "\nafter\n"), text);
    BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 1000 - static_cast<long>(lost) + 3);
    BOOST_TEST(queue.lost() == lost);
}

BOOST_AUTO_TEST_CASE(anAwaitedLineDoesNotGiveWayToOthers) {
    stall();
    for (int i = 0; i < 100; ++i)
        queue.push({std::string(100, 'x')});
    auto written = std::async(std::launch::async, [this] { queue.write({"awaited"}, 10s); });
    BOOST_TEST((written.wait_for(50ms) == std::future_status::timeout), "it waits, and is not refused");
    script->goOn();
    written.get();
    BOOST_TEST(script->text().find("awaited") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(theReportOfALossDoesNotWaitForAnotherLine) {
    stall();
    for (int i = 0; i < 1000; ++i)
        queue.push({"line"});
    script->goOn();
    BOOST_TEST(eventually([this] { return script->text().find("lost ") != std::string::npos; }));
}

BOOST_AUTO_TEST_CASE(linesThatCannotBeWrittenAreLostUntilTheSinkWorksAgain) {
    script->failWith(ENOSPC);
    queue.push({"one"});
    BOOST_TEST(queue.flush(30s));
    queue.push({"two"});
    BOOST_TEST(queue.flush(30s));
    BOOST_TEST(queue.lost() == 2U);
    script->failWith(0);
    queue.push({"three"});
    BOOST_TEST(queue.flush(30s));
    BOOST_TEST(script->text() == "lost 2\nthree\n");
    BOOST_TEST(queue.lost() == 2U);
}

BOOST_AUTO_TEST_CASE(aLineThatCannotBeWrittenTakesNoOtherWithIt) {
    stall();
    for (const auto* text : {"one", "bad", "two"})
        queue.push({text});
    script->goOn();
    BOOST_TEST(queue.flush(30s));
    BOOST_TEST(script->text().starts_with("stalls\none\ntwo\n"));
    BOOST_TEST(queue.lost() == 1U);
}

BOOST_AUTO_TEST_CASE(anAwaitedLineIsDurable) {
    BOOST_TEST(faultOf("line", 30s) == "");
    BOOST_TEST(script->text() == "line\n");
    BOOST_TEST(script->syncs() == 1);
}

BOOST_AUTO_TEST_CASE(awaitedLinesThatCameDuringAFlushShareTheNext) {
    stall();
    std::atomic<int> written = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&] { written += faultOf("line", 30s).empty() ? 1 : 0; });
        BOOST_TEST(eventually([this] { return queue.queued() == 8U; }));
        script->goOn();
    }
    BOOST_TEST(written == 8);
    BOOST_TEST(script->syncs() == 1);
}

BOOST_AUTO_TEST_CASE(anAwaitedLineThatCannotBeWrittenIsAnErrorAndNoLoss) {
    script->failWith(ENOSPC);
    BOOST_TEST(faultOf("line", 30s) == "the sink: No space left on device");
    BOOST_TEST(queue.lost() == 0U);
}

BOOST_AUTO_TEST_CASE(anAwaitedLineIsWithdrawnWhenItsTimeIsOver) {
    stall();
    queue.push({"before"});
    BOOST_TEST(faultOf("late", 50ms) == "the sink: not written within 50ms");
    queue.push({"behind"});
    script->goOn();
    BOOST_TEST(queue.flush(30s));
    BOOST_TEST(script->text() == "stalls\nbefore\nbehind\n");
    BOOST_TEST(queue.lost() == 0U);
}

BOOST_AUTO_TEST_CASE(nobodyWaitsWhileTheSinkHasStalledForTooLong) {
    stall();
    BOOST_TEST(faultOf("late", 50ms) == "the sink: not written within 50ms");
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 1000; ++i)
        BOOST_TEST(faultOf("later", 50ms) == "the sink: not written within 50ms");
    // One after the other they would wait for 50 seconds.
    BOOST_TEST((std::chrono::steady_clock::now() - begin < 25s));
}

BOOST_AUTO_TEST_CASE(anotherSinkGetsTheLinesBehind) {
    const auto other = std::make_shared<Script>();
    queue.push({"one"});
    queue.replaceSink(std::make_unique<ScriptedSink>(other));
    queue.push({"two"});
    BOOST_TEST(queue.flush(30s));
    BOOST_TEST(script->text() == "one\n");
    BOOST_TEST(other->text() == "two\n");
}

BOOST_AUTO_TEST_CASE(aQueueThatEndsWritesWhatItHas) {
    auto ended = std::make_unique<LineQueue>("ended", std::make_unique<ScriptedSink>(script), 4096);
    script->stall();
    ended->push({"one"});
    ended->push({"two"});
    ended.reset();
    script->goOn();
    BOOST_TEST(eventually([this] { return script->text() == "one\ntwo\n"; }));
}

BOOST_AUTO_TEST_CASE(aLineBeyondTheCapacityFitsAnEmptyQueue) {
    const std::string big(10'000, 'x');
    queue.push({big});
    BOOST_TEST(queue.flush(30s));
    BOOST_TEST(script->text() == big + "\n");
    queue.setCapacity(100'000);
    stall();
    queue.push({big});
    BOOST_TEST(queue.lost() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
