#include "kickstart/Directory.h"

#include <stdexcept>

#include "tests/unit/kickstart/ProviderFixture.h"

using namespace changebank;
using kickstart::DirectoryState;

namespace {

struct Fixture : tests::ProviderFixture {
    kickstart::Directory directory{freshState(clock)};

    std::size_t readKeys() {
        return directory.read([](const DirectoryState& state) { return state.apiKeys.size(); });
    }

    void addKey() {
        directory.change([](DirectoryState& state) {
            state.apiKeys.emplace_back("another-one");
            state.publish({"user.update", state.defaultTenantId, 0});
        });
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DirectoryTest, Fixture)

BOOST_AUTO_TEST_CASE(TheKeeperComesBeforeReadersAndObservers) {
    std::vector<std::size_t> kept;
    std::vector<std::size_t> visible;
    directory.keepWith([&](const DirectoryState& state) {
        kept.push_back(state.apiKeys.size());
        visible.push_back(readKeys());
        BOOST_TEST(events.empty());
    });
    directory.observe([&](const DirectoryState& state, const std::vector<kickstart::Event>& happened) {
        events = happened;
        BOOST_TEST(state.apiKeys.size() == 2U);
    });
    addKey();
    BOOST_TEST(kept == (std::vector<std::size_t>{1, 2}), boost::test_tools::per_element());
    BOOST_TEST(visible == (std::vector<std::size_t>{1, 1}), boost::test_tools::per_element());
    BOOST_TEST(readKeys() == 2U);
    BOOST_TEST(eventTypes() == (std::vector<std::string>{"user.update", "user.update.complete"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(WhatCannotBeKeptHasNotHappened) {
    bool isFull = false;
    directory.keepWith([&](const DirectoryState&) {
        if (isFull) throw std::runtime_error("full");
    });
    directory.observe([&](const DirectoryState&, const std::vector<kickstart::Event>& happened) {
        events.insert(events.end(), happened.begin(), happened.end());
    });
    isFull = true;
    BOOST_CHECK_THROW(addKey(), std::runtime_error);
    BOOST_TEST(readKeys() == 1U);
    BOOST_TEST(events.empty());
    isFull = false;
    addKey();
    BOOST_TEST(readKeys() == 2U);
    BOOST_TEST(events.size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
