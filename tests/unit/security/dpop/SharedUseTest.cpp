#include "changebank/security/dpop/SharedUse.h"

#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

#include "tests/support/FakeSharedReplays.h"

using namespace changebank::security;
using namespace changebank::tests;
using namespace std::chrono_literals;

namespace {

const ReplayStore::Use use{.key = "thumbprint",
                           .method = "GET",
                           .uri = "https://api.example.com/things",
                           .id = "first",
                           .issuedAt = 1'790'000'000,
                           .caller = "dana"};

struct Fixture {
    SharedUse sharedUse(bool passesWhenUnavailable = false) const {
        return {{store, passesWhenUnavailable}, SharedUse::describe(use, 75s)};
    }

    static std::string resultOf(const SharedUse& shared) {
        const auto refusal = shared.refusal();
        return refusal ? std::string(traitsOf(refusal->cause).name) : "good";
    }

    std::shared_ptr<FakeSharedReplays> store = std::make_shared<FakeSharedReplays>();
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(SharedUseTest, Fixture)

// SHA-256 of "10:thumbprint3:GET30:https://api.example.com/things5:first". Replicas of different versions
// share one store: a change here makes their uses differ.
BOOST_AUTO_TEST_CASE(theIdIsTheSameAtAllServers) {
    const auto described = SharedUse::describe(use, 75s);
    BOOST_TEST(described.id == "TKnjLWi8VOR-dKmakITN1lNAEGragtQ-C9tzsypw3h4");
    BOOST_TEST((described.lifetime == 75s));
    auto byAnother = use;
    byAnother.caller = "erin";
    byAnother.issuedAt += 1;
    BOOST_TEST(SharedUse::describe(byAnother, 75s).id == described.id);
}

BOOST_AUTO_TEST_CASE(otherUsesHaveOtherIds) {
    std::set<std::string> ids{SharedUse::describe(use, 75s).id};
    const auto add = [&](std::string_view ReplayStore::Use::*member, std::string_view value) {
        auto other = use;
        other.*member = value;
        return ids.insert(SharedUse::describe(other, 75s).id).second;
    };
    BOOST_TEST(add(&ReplayStore::Use::key, "thumbprint2"));
    BOOST_TEST(add(&ReplayStore::Use::method, "POST"));
    BOOST_TEST(add(&ReplayStore::Use::uri, "https://api.example.com/thing"));
    BOOST_TEST(add(&ReplayStore::Use::id, "second"));
    // The parts have their borders.
    auto shifted = use;
    shifted.uri = "https://api.example.com/thing";
    shifted.id = "sfirst";
    BOOST_TEST(ids.insert(SharedUse::describe(shifted, 75s).id).second);
    shifted.id = "s5:first";
    BOOST_TEST(ids.insert(SharedUse::describe(shifted, 75s).id).second);
}

BOOST_AUTO_TEST_CASE(theStoreDecides) {
    for (const std::string expected : {"good", "dpop_replayed"}) {
        auto shared = sharedUse();
        int ended = 0;
        BOOST_TEST(shared.begin([&] { ++ended; }));
        BOOST_TEST((shared.maxWait() == 1234ms));
        BOOST_TEST(ended == 0);
        store->answer();
        BOOST_TEST(ended == 1);
        BOOST_TEST(resultOf(shared) == expected);
    }
}

BOOST_AUTO_TEST_CASE(withoutAnAnswerTheOperatorDecides) {
    for (const bool isDown : {false, true}) {
        store->isDown = isDown;
        for (const bool passes : {false, true}) {
            auto shared = sharedUse(passes);
            BOOST_TEST(shared.begin([] {}) == !isDown);
            BOOST_TEST(resultOf(shared) == (passes ? "good" : "dpop_store_unavailable"));
        }
    }
    // A replay is one all the same.
    store->isDown = false;
    store->used.insert(SharedUse::describe(use, 75s).id);
    auto shared = sharedUse(true);
    BOOST_TEST(shared.begin([] {}));
    store->answer();
    BOOST_TEST(resultOf(shared) == "dpop_replayed");
}

BOOST_AUTO_TEST_CASE(nobodyIsToldWhoHasLeft) {
    bool isTold = false;
    {
        auto shared = sharedUse();
        BOOST_TEST(shared.begin([&] { isTold = true; }));
        BOOST_TEST(store->waiting() == 1U);
    }
    BOOST_TEST(store->waiting() == 0U);
    store->answer();
    BOOST_TEST(!isTold);
}

BOOST_AUTO_TEST_SUITE_END()
