#include "changebank/base/system/Snapshot.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/LockCount.h"
#include "tests/support/OnlyIf.h"

using namespace changebank;
using changebank::tests::LockCount;

namespace {

struct Outliving {};
/// Destroyed later than all that comes into being with the first Snapshot of this type.
std::unique_ptr<Snapshot<const Outliving>> outliving;

}  // namespace

BOOST_AUTO_TEST_SUITE(SnapshotTest)

// As that of a thread of a POCO pool. What is wrong ends the program with a signal, after the last case.
BOOST_AUTO_TEST_CASE(oneMayEndAfterMain) {
    outliving = std::make_unique<Snapshot<const Outliving>>(std::make_shared<const Outliving>());
    BOOST_TEST(outliving->load() != nullptr);
}

BOOST_AUTO_TEST_CASE(loadReturnsTheValueStoredLast) {
    Snapshot<const int> snapshot(std::make_shared<const int>(1));
    BOOST_TEST(*snapshot.load() == 1);
    snapshot.store(std::make_shared<const int>(2));
    BOOST_TEST(*snapshot.load() == 2);
    BOOST_TEST(*snapshot.load() == 2);
}

BOOST_AUTO_TEST_CASE(aThreadMayReadSeveralInTurn) {
    Snapshot<const int> one(std::make_shared<const int>(1));
    Snapshot<const int> other(std::make_shared<const int>(2));
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(*one.load() == 1);
        BOOST_TEST(*other.load() == 2);
    }
}

BOOST_AUTO_TEST_CASE(oneInThePlaceOfAnotherIsNotMistakenForIt) {
    std::optional<Snapshot<const int>> snapshot;
    snapshot.emplace(std::make_shared<const int>(1));
    BOOST_TEST(*snapshot->load() == 1);
    snapshot.emplace(std::make_shared<const int>(2));
    BOOST_TEST(*snapshot->load() == 2);
}

BOOST_AUTO_TEST_CASE(readingTakesALockOnlyForAnotherValue,
                     *changebank::tests::onlyIf(LockCount::isCounting,
                                                "sanitizers have locks of their own")) {
    Snapshot<const int> snapshot(std::make_shared<const int>(1));
    LockCount::includeThisThread();
    const auto locksOfNextRead = [&snapshot] {
        const auto before = LockCount::now();
        snapshot.load();
        return LockCount::now() - before;
    };
    BOOST_TEST(locksOfNextRead() == 1U);
    BOOST_TEST(locksOfNextRead() == 0U);
    snapshot.store(std::make_shared<const int>(2));
    BOOST_TEST(locksOfNextRead() == 1U);
    BOOST_TEST(locksOfNextRead() == 0U);
}

BOOST_AUTO_TEST_CASE(readingManyObjectsInTurnTakesNoLock,
                     *changebank::tests::onlyIf(LockCount::isCounting,
                                                "sanitizers have locks of their own")) {
    std::vector<std::unique_ptr<Snapshot<const int>>> snapshots;
    for (int i = 0; i < 20; ++i)
        snapshots.push_back(std::make_unique<Snapshot<const int>>(std::make_shared<const int>(i)));
    const auto readAll = [&snapshots] {
        int wrong = 0;
        for (int i = 0; i < 20; ++i)
            wrong += *snapshots[static_cast<std::size_t>(i)]->load() == i ? 0 : 1;
        return wrong;
    };
    LockCount::includeThisThread();
    BOOST_TEST(readAll() == 0);
    const auto before = LockCount::now();
    BOOST_TEST(readAll() == 0);
    BOOST_TEST(readAll() == 0);
    BOOST_TEST(LockCount::now() - before == 0U);
}

BOOST_AUTO_TEST_CASE(aReferenceOutlivesReadsOfOtherObjects) {
    std::vector<std::unique_ptr<Snapshot<const int>>> snapshots;
    std::vector<const std::shared_ptr<const int>*> references;
    for (int i = 0; i < 20; ++i) {
        snapshots.push_back(std::make_unique<Snapshot<const int>>(std::make_shared<const int>(i)));
        references.push_back(&snapshots.back()->load());
    }
    for (int i = 0; i < 20; ++i)
        BOOST_TEST(**references[static_cast<std::size_t>(i)] == i);
}

BOOST_AUTO_TEST_CASE(aNewObjectTakesThePlaceOfADestroyedOne) {
    std::weak_ptr<const std::string> watched;
    {
        auto value = std::make_shared<const std::string>("destroyed");
        watched = value;
        const Snapshot<const std::string> destroyed(std::move(value));
        destroyed.load();
    }
    BOOST_TEST(!watched.expired());
    const Snapshot<const std::string> next(std::make_shared<const std::string>("next"));
    BOOST_TEST(*next.load() == "next");
    BOOST_TEST(watched.expired());
}

BOOST_AUTO_TEST_CASE(aReplacedValueIsReleasedWhenItsReadersReadAgain) {
    auto first = std::make_shared<const int>(1);
    const std::weak_ptr<const int> watched = first;
    Snapshot<const int> snapshot(std::move(first));
    snapshot.load();
    snapshot.store(std::make_shared<const int>(2));
    BOOST_TEST(!watched.expired());
    snapshot.load();
    BOOST_TEST(watched.expired());
}

BOOST_AUTO_TEST_CASE(readersNeverSeeAValueOlderThanOneTheySawBefore) {
    Snapshot<const std::vector<int>> snapshot(std::make_shared<const std::vector<int>>(3, 0));
    std::atomic<bool> done{false};
    std::atomic<int> wrong{0};
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i) {
        readers.emplace_back([&] {
            int last = 0;
            while (!done) {
                const auto& value = *snapshot.load();
                if (value.front() < last || value.front() != value.back()) ++wrong;
                last = value.front();
            }
        });
    }
    for (int i = 1; i <= 20'000; ++i)
        snapshot.store(std::make_shared<const std::vector<int>>(3, i));
    done = true;
    for (auto& reader : readers)
        reader.join();
    BOOST_TEST(wrong == 0);
    BOOST_TEST(snapshot.load()->front() == 20'000);
}

BOOST_AUTO_TEST_SUITE_END()
