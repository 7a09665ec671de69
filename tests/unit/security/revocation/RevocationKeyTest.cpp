#include "changebank/security/revocation/RevocationKey.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <set>
#include <string>

using namespace changebank;
using namespace changebank::security;

namespace {

using Keys = std::set<RevocationKey>;

/// All keys, each of which must be there once.
Keys keysOf(const std::string& claims, std::string_view subject) {
    const auto keys = revocationKeysOf(Json::parse(claims).value(), subject);
    Keys distinct(keys.begin(), keys.end());
    BOOST_TEST(distinct.size() == keys.size(), claims);
    return distinct;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RevocationKeyTest)

// By another implementation of SHA-256: printf 'user 1:u 0:' | sha256sum.
BOOST_AUTO_TEST_CASE(aKeyIsTheSameOnEveryMachine) {
    BOOST_TEST((revocationKeyOfSession("s") == RevocationKey{0xa944ca36faeb5bfd, 0x5b810f341760d98a}));
    BOOST_TEST((revocationKeyOfUser("u") == RevocationKey{0xff061c8d30b18e80, 0x5cfe3b0d5eb8c7d8}));
    BOOST_TEST((revocationKeyOfUser("u", "a") == RevocationKey{0xd4a3c63a984b6b67, 0x85b02e9fc5ea976b}));
    BOOST_TEST(
        (revocationKeyOfApplication("a", "t") == RevocationKey{0x62bcaf2c352ceabc, 0xf181c0136b59fb7e}));
}

BOOST_AUTO_TEST_CASE(aTokenHasTheKeysOfAllThatItBelongsTo) {
    BOOST_TEST((keysOf(R"({"sid":"s","sub":"u","aud":"a","applicationId":"a","tid":"t"})", "u") ==
                Keys{revocationKeyOfSession("s"), revocationKeyOfUser("u"), revocationKeyOfUser("u", "a"),
                     revocationKeyOfApplication("a"), revocationKeyOfApplication("a", "t")}));
    BOOST_TEST((keysOf(R"({"sub":"u"})", "u") == Keys{revocationKeyOfUser("u")}));
    BOOST_TEST((keysOf("{}", "u") == Keys{revocationKeyOfUser("u")}));
    BOOST_TEST((keysOf(R"({"sid":"s"})", "") == Keys{revocationKeyOfSession("s")}));
    BOOST_TEST((keysOf(R"({"tid":"t"})", "") == Keys{}));
}

BOOST_AUTO_TEST_CASE(theAudienceMayBeSeveralApplications) {
    const Keys both{revocationKeyOfUser("u"), revocationKeyOfUser("u", "a"), revocationKeyOfUser("u", "b"),
                    revocationKeyOfApplication("a"), revocationKeyOfApplication("b")};
    BOOST_TEST((keysOf(R"({"aud":["a","b"]})", "u") == both));
    BOOST_TEST((keysOf(R"({"aud":["b","a","a","b"]})", "u") == both));
    BOOST_TEST((keysOf(R"({"aud":["a"],"applicationId":"b"})", "u") == both));
    BOOST_TEST((keysOf(R"({"aud":"b","applicationId":"a"})", "u") == both));
    BOOST_TEST((keysOf(R"({"aud":["a",1,null,["c"],{"d":"e"},"",true,"b"]})", "u") == both));
}

BOOST_AUTO_TEST_CASE(whatIsNoTextHasNoKey) {
    for (const std::string value : {"1", "null", "true", "[]", "{}", R"("")", R"({"a":"s"})"}) {
        const auto claims = R"({"sid":)" + value + R"(,"tid":)" + value + R"(,"aud":)" + value +
                            R"(,"sub":)" + value + R"(,"applicationId":)" + value + "}";
        BOOST_TEST((keysOf(claims, "u") == Keys{revocationKeyOfUser("u")}), claims);
        BOOST_TEST(keysOf(claims, "").empty(), claims);
    }
    for (const std::string name : {"sid", "tid", "applicationId", "sub"})
        BOOST_TEST(keysOf("{\"" + name + R"(":["s"]})", "").empty(), name);
    for (const char* claims : {"[]", "null", "1", R"("sid")"})
        BOOST_TEST(keysOf(claims, "").empty(), claims);
}

// A policy may take the subject from another claim; who revokes knows `sub`.
BOOST_AUTO_TEST_CASE(theUserIsTheSubjectAndTheClaimSub) {
    BOOST_TEST((keysOf(R"({"sub":"u","email":"e","aud":"a"})", "e") ==
                Keys{revocationKeyOfUser("u"), revocationKeyOfUser("u", "a"), revocationKeyOfUser("e"),
                     revocationKeyOfUser("e", "a"), revocationKeyOfApplication("a")}));
    BOOST_TEST((keysOf(R"({"sub":"u"})", "") == Keys{revocationKeyOfUser("u")}));
}

BOOST_AUTO_TEST_CASE(idsAreComparedExactly) {
    Keys keys;
    const std::vector<std::string> ids{"u", "U", " u", "u ", "\xC3\xBC", "u\xCC\x88"};
    for (const auto& id : ids)
        keys.insert(revocationKeyOfUser(id));
    BOOST_TEST(keys.size() == ids.size());
}

// Ids of a token may have any character in them, also those that stand between the ids of a key.
BOOST_AUTO_TEST_CASE(noOtherIdsHaveTheSameKey) {
    std::vector<std::string> ids{""};
    const std::vector<std::string> pieces{
        std::string(1, '\0'), " ", ":", "0", "1", "1:a", " 0:", "a", "session", "user", "application"};
    for (const auto& piece : pieces) {
        ids.push_back(piece);
        for (const auto& other : pieces)
            ids.push_back(piece + other);
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());

    std::map<RevocationKey, std::string> known;
    std::size_t count = 0;
    const auto note = [&](const RevocationKey& key, const std::string& what) {
        ++count;
        const auto [place, isNew] = known.emplace(key, what);
        BOOST_TEST(isNew, quoteJson(what) << " and " << quoteJson(place->second));
    };
    for (const auto& one : ids) {
        note(revocationKeyOfSession(one), "session " + one);
        for (const auto& other : ids) {
            note(revocationKeyOfUser(one, other), "user " + one + "|" + other);
            note(revocationKeyOfApplication(one, other), "application " + one + "|" + other);
        }
    }
    BOOST_TEST(known.size() == count);
}

BOOST_AUTO_TEST_SUITE_END()
