#include "changebank/security/revocation/RevocationTable.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/Eventually.h"

using namespace changebank::security;
using changebank::tests::eventually;

namespace {

constexpr RevocationTable::Seed seed{0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F};
/// Puts all keys into the same place.
constexpr RevocationTable::Seed sameForAll{0, 0};

PackedRevocation packed(const std::string& user) {
    return PackedRevocation(Revocation{.user = user});
}

std::string userOf(const PackedRevocation& texts) {
    Revocation revocation;
    texts.unpack(revocation);
    return revocation.user;
}

RevocationKey keyOf(std::size_t number) {
    return revocationKeyOfUser(std::to_string(number));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RevocationTableTest)

BOOST_AUTO_TEST_CASE(findsWhatWasSet) {
    for (const auto each : {seed, sameForAll}) {
        RevocationTable table(100, each);
        for (std::size_t i = 0; i < 100; ++i) {
            BOOST_TEST(table.hasRoom());
            BOOST_TEST(!table.find(keyOf(i)).has_value());
            table.set(keyOf(i), static_cast<std::int64_t>(i), packed(std::to_string(i)));
        }
        for (std::size_t i = 0; i < 100; ++i)
            BOOST_TEST(table.find(keyOf(i)).value() == static_cast<std::int64_t>(i));
        for (std::size_t i = 100; i < 200; ++i)
            BOOST_TEST(!table.find(keyOf(i)).has_value());
        BOOST_TEST(table.used() == 100U);
    }
}

BOOST_AUTO_TEST_CASE(bothHalvesOfAKeyCount) {
    for (const auto each : {seed, sameForAll}) {
        RevocationTable table(10, each);
        table.set({1, 2}, 7, packed("u"));
        for (const RevocationKey& other : {RevocationKey{1, 0}, RevocationKey{0, 2}, RevocationKey{2, 1},
                                           RevocationKey{1, 1}, RevocationKey{2, 2}, RevocationKey{0, 0}})
            BOOST_TEST(!table.find(other).has_value());
        BOOST_TEST(table.find({1, 2}).value() == 7);
    }
}

// No key and no instant means "none".
BOOST_AUTO_TEST_CASE(anyKeyAndAnyInstantCanBeSet) {
    RevocationTable table(10, seed);
    const std::vector<RevocationKey> keys{{0, 0}, {0, 1}, {1, 0}, {UINT64_MAX, UINT64_MAX}};
    for (const auto& key : keys) {
        BOOST_TEST(!table.find(key).has_value());
        table.set(key, 0, packed("u"));
        BOOST_TEST(table.find(key).value() == 0);
        table.set(key, Revocation::latestInstant, packed("u"));
        BOOST_TEST(table.find(key).value() == Revocation::latestInstant);
    }
    BOOST_TEST(table.used() == keys.size());
}

BOOST_AUTO_TEST_CASE(oneWithTheSameKeyTakesItsPlace) {
    RevocationTable table(10, seed);
    table.set(keyOf(1), 7, packed("old"));
    const auto bytes = table.bytes();
    for (std::int64_t instant = 8; instant < 1000; ++instant)
        table.set(keyOf(1), instant, packed("new"));
    BOOST_TEST(table.used() == 1U);
    BOOST_TEST(table.bytes() == bytes);
    table.forEach([](std::int64_t instant, const PackedRevocation& texts) {
        BOOST_TEST(userOf(texts) == "new");
        BOOST_TEST(instant == 999);
    });
}

BOOST_AUTO_TEST_CASE(hasRoomForAsManyAsSaidAndIsNeverFull) {
    for (const std::size_t entries : {0U, 1U, 8U, 9U, 1000U, 1024U}) {
        RevocationTable table(entries, seed);
        std::size_t set = 0;
        for (; table.hasRoom(); ++set)
            table.set(keyOf(set), 1, packed("u"));
        BOOST_TEST(set >= entries);
        BOOST_TEST(table.used() == set);
        // A full table would be searched for ever.
        BOOST_TEST(!table.find(keyOf(set)).has_value());
    }
}

BOOST_AUTO_TEST_CASE(whatIsNotTooOldIsMoved) {
    RevocationTable table(100, seed);
    for (std::size_t i = 0; i < 100; ++i)
        table.set(keyOf(i), static_cast<std::int64_t>(i), packed(std::to_string(i)));
    RevocationTable next(60, seed);
    table.moveTo(next, 40);
    for (std::size_t i = 0; i < 100; ++i) {
        BOOST_TEST(next.find(keyOf(i)).has_value() == (i >= 40));
        BOOST_TEST(table.find(keyOf(i)).value() == static_cast<std::int64_t>(i));
    }
    BOOST_TEST(next.used() == 60U);
    std::size_t seen = 0;
    next.forEach([&seen](std::int64_t instant, const PackedRevocation& texts) {
        BOOST_TEST(userOf(texts) == std::to_string(instant));
        ++seen;
    });
    BOOST_TEST(seen == 60U);
}

BOOST_AUTO_TEST_CASE(bytesAreThoseOfSlotsAndTexts) {
    RevocationTable table(100, seed);
    const auto empty = table.bytes();
    BOOST_TEST(empty >= 100 * 32U);
    std::size_t texts = 0;
    for (std::size_t i = 0; i < 50; ++i) {
        texts += packed(std::to_string(i)).bytes();
        table.set(keyOf(i), 1, packed(std::to_string(i)));
    }
    BOOST_TEST(table.bytes() == empty + texts);
    RevocationTable next(100, seed);
    table.moveTo(next, 1);
    BOOST_TEST(next.bytes() == empty + texts);
    RevocationTable last(100, seed);
    next.set(keyOf(50), 2, packed("one that is left"));
    next.moveTo(last, 2);
    BOOST_TEST(last.bytes() == empty + packed("one that is left").bytes());
}

/// Fills tables in turn while another thread looks in the same one for a key that is never set. Returns how
/// often it was found; -1 if that thread never looked.
long fillWhileLooking(std::size_t tableCount) {
    constexpr std::size_t entries = 16;
    std::vector<std::unique_ptr<RevocationTable>> tables;
    for (std::size_t i = 0; i < tableCount; ++i)
        tables.push_back(std::make_unique<RevocationTable>(entries, sameForAll));
    std::atomic<std::size_t> current{0};
    std::atomic<bool> isAtWork{false};
    std::atomic<bool> stopping{false};
    long found = 0;
    std::thread looking([&] {
        while (!stopping) {
            const auto& table = *tables[current];
            // As the parts of a slot that is not written yet.
            for (int i = 0; i < 10; ++i)
                found += table.find({0, 0}) ? 1 : 0;
            isAtWork = true;
        }
    });
    const bool isStarted = eventually([&isAtWork] { return isAtWork.load(); });
    for (std::size_t i = 0; i < tableCount; ++i) {
        current = i;
        for (std::uint64_t key = 1; key <= entries; ++key)
            tables[i]->set({key, key}, 1, PackedRevocation());
    }
    stopping = true;
    looking.join();
    return isStarted ? found : -1;
}

BOOST_AUTO_TEST_CASE(noKeyIsSeenHalfWritten) {
    for (int i = 0; i < 20; ++i)
        BOOST_TEST(fillWhileLooking(5000) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
