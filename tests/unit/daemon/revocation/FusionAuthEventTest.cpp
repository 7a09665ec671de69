#include "changebank/daemon/revocation/FusionAuthEvent.h"

#include <boost/test/unit_test.hpp>

#include <vector>

#include "changebank/base/text/Json.h"

using changebank::daemon::FusionAuthEvent;
using changebank::security::Revocation;

namespace {

/// The body of an event that was created at 1764500000.999.
std::string bodyOf(const std::string& type, const std::string& members) {
    return R"({"event":{"id":"e1","createInstant":1764500000999,"tenantId":"t1","type":)" +
           changebank::quoteJson(type) + (members.empty() ? "" : ",") + members + "}}";
}

FusionAuthEvent parsed(const std::string& body) {
    auto result = FusionAuthEvent::parse(body);
    if (const auto* malformed = std::get_if<FusionAuthEvent::Malformed>(&result))
        BOOST_FAIL(malformed->why + ": " + body);
    return std::get<FusionAuthEvent>(std::move(result));
}

/// What the event revokes as JSON without the reason, which is the type.
std::string revokedBy(const std::string& type, const std::string& members) {
    auto revocation = parsed(bodyOf(type, members)).revocation;
    if (!revocation) return "nothing";
    BOOST_TEST(revocation->reason == type);
    BOOST_TEST(revocation->issuedUpTo == 1764500000);
    return revocation->session + "|" + revocation->user + "|" + revocation->application + "|" +
           revocation->tenant;
}

std::string faultOf(const std::string& body) {
    const auto result = FusionAuthEvent::parse(body);
    const auto* malformed = std::get_if<FusionAuthEvent::Malformed>(&result);
    return malformed ? malformed->why : "none";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(FusionAuthEventTest)

BOOST_AUTO_TEST_CASE(aRevokedTokenRevokesItsSession) {
    BOOST_TEST(revokedBy("jwt.refresh-token.revoke",
                         R"("userId":"u1","applicationId":"a1","refreshToken":{"id":"s1","userId":"u1"})") ==
               "s1|||");
}

BOOST_AUTO_TEST_CASE(aRevokedTokenOfBefore137RevokesTheUserInTheApplication) {
    constexpr auto type = "jwt.refresh-token.revoke";
    BOOST_TEST(revokedBy(type, R"("userId":"u1","applicationId":"a1")") == "|u1|a1|");
    BOOST_TEST(revokedBy(type, R"("userId":"u1","applicationId":"a1","refreshToken":null)") == "|u1|a1|");
    BOOST_TEST(revokedBy(type, R"("userId":"u1","applicationId":"a1","refreshToken":{})") == "|u1|a1|");
}

BOOST_AUTO_TEST_CASE(allTokensOfAUserRevokeTheUser) {
    BOOST_TEST(revokedBy("jwt.refresh-token.revoke",
                         R"("userId":"u1","user":{"id":"u2"},"applicationTimeToLiveInSeconds":{"a1":600})") ==
               "|u1||");
}

BOOST_AUTO_TEST_CASE(allTokensOfAnApplicationRevokeItInItsTenant) {
    BOOST_TEST(revokedBy("jwt.refresh-token.revoke",
                         R"("applicationId":"a1","applicationTimeToLiveInSeconds":{"a1":600})") == "||a1|t1");
    BOOST_TEST(parsed(R"({"event":{"id":"e","createInstant":1,"type":"jwt.refresh-token.revoke",)"
                      R"("applicationId":"a1"}})")
                   .revocation->tenant == "");
}

BOOST_AUTO_TEST_CASE(eventsOfAUserRevokeTheUser) {
    for (const auto* type : {"user.deactivate", "user.delete", "user.password.update"})
        BOOST_TEST(revokedBy(type, R"("user":{"id":"u1","registrations":[{"applicationId":"a1"}]})") ==
                   "|u1||");
}

BOOST_AUTO_TEST_CASE(aDeletedRegistrationRevokesTheUserInTheApplication) {
    BOOST_TEST(revokedBy("user.registration.delete",
                         R"("applicationId":"a1","registration":{"id":"r1"},"user":{"id":"u1"})") ==
               "|u1|a1|");
}

BOOST_AUTO_TEST_CASE(changedKeysRevokeNothing) {
    const auto event = parsed(bodyOf("jwt.public-key.update", R"("applicationIds":["a1"])"));
    BOOST_TEST(event.changesKeys);
    BOOST_TEST(!event.revocation.has_value());
    BOOST_TEST(!event.isIgnored());
    BOOST_TEST(event.id == "e1");
    BOOST_TEST(event.createInstant == 1764500000999);
}

BOOST_AUTO_TEST_CASE(otherTypesAreIgnoredWhateverElseTheyHave) {
    for (const auto* type : {"user.login.success", "user.update", "jwt.refresh", "test", "", "USER.DELETE",
                             "user.delete ", "user.delete.complete"})
        BOOST_TEST(parsed(bodyOf(type, R"("user":{"id":"u1"},"applicationId":"a1")")).isIgnored());
    BOOST_TEST(parsed(R"({"event":{"type":"test"}})").isIgnored());
    BOOST_TEST(parsed(R"({"event":{"type":"test","id":5,"createInstant":"x"}})").isIgnored());
}

BOOST_AUTO_TEST_CASE(unknownMembersAreExpected) {
    const auto body = R"({"sender":[1,2],"event":{"id":"e1","createInstant":1,"type":"user.delete",)"
                      R"("info":{"ipAddress":"::1"},"user":{"id":"u1","data":{"a":[[{"b":null}]]}}}})";
    BOOST_TEST(parsed(body).revocation->user == "u1");
}

BOOST_AUTO_TEST_CASE(secondsAreRoundedDown) {
    const auto issuedUpTo = [](const std::string& createInstant) {
        return parsed(R"({"event":{"id":"e1","type":"user.delete","user":{"id":"u1"},"createInstant":)" +
                      createInstant + "}}")
            .revocation->issuedUpTo;
    };
    BOOST_TEST(issuedUpTo("0") == 0);
    BOOST_TEST(issuedUpTo("999") == 0);
    BOOST_TEST(issuedUpTo("1000") == 1);
    BOOST_TEST(issuedUpTo("1764500000999") == 1764500000);
    BOOST_TEST(issuedUpTo("253402300799999") == 253402300799);
}

BOOST_AUTO_TEST_CASE(theInstantIsAWholeNumberOfMilliseconds) {
    for (const auto* instant : {"-1", "-0", "1.0", "1.5", "1e3", "9223372036854775808", "\"1764500000999\"",
                                "null", "true", "[1]", "{}"})
        BOOST_TEST(faultOf(R"({"event":{"id":"e1","type":"user.delete","user":{"id":"u1"},"createInstant":)" +
                           std::string(instant) + "}}") ==
                   "\"event.createInstant\" is not a number of milliseconds");
    BOOST_TEST(faultOf(R"({"event":{"id":"e1","type":"user.delete","user":{"id":"u1"}}})") ==
               "\"event.createInstant\" is not a number of milliseconds");
}

BOOST_AUTO_TEST_CASE(anIdIsATextThatIsNotTooLong) {
    const auto withId = [](const std::string& id) {
        return R"({"event":{"id":)" + id +
               R"(,"type":"user.delete","user":{"id":"u1"},"createInstant":1000}})";
    };
    BOOST_TEST(faultOf(withId("null")) == "\"event.id\" is missing");
    for (const auto* id : {"5", "\"\"", "[\"e1\"]", "{}", "false"})
        BOOST_TEST(faultOf(withId(id)) == "\"event.id\" is not a text of 1 to 256 bytes");
    BOOST_TEST(parsed(withId('"' + std::string(256, 'e') + '"')).id.size() == 256U);
    BOOST_TEST(faultOf(withId('"' + std::string(257, 'e') + '"')) ==
               "\"event.id\" is not a text of 1 to 256 bytes");
}

BOOST_AUTO_TEST_CASE(whatCannotBeReadIsNotIgnored) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {bodyOf("user.delete", ""), "\"event.user.id\" is missing"},
        {bodyOf("user.delete", R"("user":null)"), "\"event.user.id\" is missing"},
        {bodyOf("user.delete", R"("user":{})"), "\"event.user.id\" is missing"},
        {bodyOf("user.delete", R"("user":"u1")"), "\"event.user\" is not an object"},
        {bodyOf("user.delete", R"("user":[{"id":"u1"}])"), "\"event.user\" is not an object"},
        {bodyOf("user.delete", R"("user":{"id":7})"), "\"event.user.id\" is not a text of 1 to 256 bytes"},
        {bodyOf("user.registration.delete", R"("user":{"id":"u1"})"), "\"event.applicationId\" is missing"},
        {bodyOf("user.registration.delete", R"("applicationId":"a1")"), "\"event.user.id\" is missing"},
        {bodyOf("jwt.refresh-token.revoke", R"("refreshToken":"s1","userId":"u1")"),
         "\"event.refreshToken\" is not an object"},
        {bodyOf("jwt.refresh-token.revoke", R"("refreshToken":{"id":""},"userId":"u1")"),
         "\"event.refreshToken.id\" is not a text of 1 to 256 bytes"},
        {bodyOf("jwt.refresh-token.revoke", R"("userId":"u1","applicationId":5)"),
         "\"event.applicationId\" is not a text of 1 to 256 bytes"},
        {bodyOf("jwt.refresh-token.revoke", R"("userId":5,"applicationId":"a1")"),
         "\"event.userId\" is not a text of 1 to 256 bytes"},
    };
    for (const auto& [body, fault] : cases)
        BOOST_TEST(faultOf(body) == fault);
    BOOST_TEST(
        faultOf(bodyOf("jwt.refresh-token.revoke", R"("applicationTimeToLiveInSeconds":{"a1":600})")) ==
        "it makes no revocation: it names no session, user or application");
    BOOST_TEST(
        faultOf(bodyOf("user.delete", R"("user":{"id":"u\u0000"})")).starts_with("it makes no revocation: "));
    BOOST_TEST(faultOf(R"({"event":{"id":"e1","type":"user.delete","user":{"id":"u1"},)"
                       R"("createInstant":9223372036854775807}})")
                   .starts_with("it makes no revocation: "));
}

BOOST_AUTO_TEST_CASE(otherTextsAreNotEvents) {
    const auto good = bodyOf("user.delete", R"("user":{"id":"u1"})");
    for (const auto& body :
         {std::string(), std::string("event"), good + "x", good + good, "\xEF\xBB\xBF" + good,
          good + std::string(1, '\0'), std::string(1, '\0') + good, good.substr(0, good.size() - 1),
          std::string(100'000, '['), bodyOf("user.delete", R"("user":{"id":"u1","id":"u2"})"),
          bodyOf("user.delete", R"("type":"test","user":{"id":"u1"})"),
          bodyOf("user.delete", "\"user\":{\"id\":\"\xFF\"}")})
        BOOST_TEST(faultOf(body).starts_with("the body is not JSON"));
    for (const auto* body : {"[]", "5", "{}", R"({"event":null})", R"({"event":[]})", R"({"event":"x"})"})
        BOOST_TEST(faultOf(body) == "\"event\" is not an object");
    for (const auto* body :
         {R"({"event":{}})", R"({"event":{"type":null}})", R"({"event":{"type":["test"]}})"})
        BOOST_TEST(faultOf(body) == "\"event.type\" is not a text");
}

BOOST_AUTO_TEST_CASE(aBodyMayHoldAWholeUser) {
    std::string data = R"("user":{"id":"u1","data":[)";
    for (int i = 0; i < 50'000; ++i)
        data += "\"0123456789\",";
    BOOST_TEST(parsed(bodyOf("user.delete", data + "0]}")).revocation->user == "u1");
}

BOOST_AUTO_TEST_CASE(faultsShowNothingOfTheEvent) {
    BOOST_TEST(faultOf(bodyOf("user.delete", R"("user":{"id":["secret"]})")).find("secret") ==
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
