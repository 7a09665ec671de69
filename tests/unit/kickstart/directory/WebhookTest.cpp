#include "changebank/kickstart/directory/Webhook.h"

#include "tests/unit/kickstart/ProviderFixture.h"

using namespace changebank;

namespace {

struct Fixture : tests::ProviderFixture {
    tests::Answer create(const std::string& members) {
        return call("POST", "/api/webhook",
                    R"({"webhook":{"url":"http://127.0.0.1:1/hook")" + members + "}}");
    }

    kickstart::Webhook read(const std::string& text) {
        kickstart::Errors errors;
        kickstart::Webhook webhook{kickstart::Uuid::random()};
        const auto object = *Json::parse(text);
        webhook.readFrom(kickstart::BodyReader(object, "webhook", errors));
        BOOST_TEST(errors.toText().empty(), errors.toText());
        return webhook;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(WebhookTest, Fixture)

BOOST_AUTO_TEST_CASE(WantsOnlyNamedEvents) {
    const auto tenant = *kickstart::Uuid::parse(tenantId);
    const auto other = *kickstart::Uuid::parse(keyId);
    const auto global =
        read(R"({"url":"http://x/","eventsEnabled":{"user.delete":true,"user.create":false}})");
    BOOST_TEST(global.wants("user.delete", tenant));
    BOOST_TEST(global.wants("user.delete", other));
    BOOST_TEST(!global.wants("user.create", tenant));
    BOOST_TEST(!global.wants("user.update", tenant));
    const auto ofTenant = read(R"({"url":"http://x/","eventsEnabled":{"user.delete":true},"tenantIds":[")" +
                               std::string(tenantId) + R"("]})");
    BOOST_TEST(ofTenant.wants("user.delete", tenant));
    BOOST_TEST(!ofTenant.wants("user.delete", other));
}

BOOST_AUTO_TEST_CASE(IsCreatedReturnedAndDeleted) {
    const auto created = create(R"(,"eventsEnabled":{"user.delete":true},"connectTimeout":5)");
    BOOST_REQUIRE_EQUAL(created.status, 200);
    const auto path = "/api/webhook/" + textAt(*created.body, "webhook", "id");
    BOOST_TEST(textAt(*created.body, "webhook", "readTimeout") == "2000");
    BOOST_TEST(call("GET", path).body->toText() == created.body->toText());
    BOOST_TEST(call("DELETE", path).status == 200);
    BOOST_TEST(call("DELETE", path).status == 404);
    BOOST_TEST(call("GET", path).status == 404);
    BOOST_TEST(callOpenly("GET", path).status == 401);
}

BOOST_AUTO_TEST_CASE(InvalidValuesGet400) {
    const auto code = [&](const std::string& body) { return onlyCode(call("POST", "/api/webhook", body)); };
    BOOST_TEST(code("{}") == "[blank]webhook.url");
    for (const char* url : {"https://x/", "x", "http://", "http:///path", "//x/"}) {
        BOOST_TEST(code(R"({"webhook":{"url":")" + std::string(url) + "\"}}") == "[invalid]webhook.url");
    }
    BOOST_TEST(onlyCode(create(R"(,"headers":{"X-A":"b\r\nc: d"})")) == "[invalid]webhook.headers.X-A");
    BOOST_TEST(onlyCode(create(R"(,"headers":{"a b":"c"})")) == "[invalid]webhook.headers.a b");
    BOOST_TEST(onlyCode(create(R"(,"signatureConfiguration":{"enabled":true})")) ==
               "[blank]webhook.signatureConfiguration.signingKeyId");
    BOOST_TEST(onlyCode(create(R"(,"signatureConfiguration":{"enabled":true,"signingKeyId":")" +
                               std::string(keyId) + "\"}")) ==
               "[invalid]webhook.signatureConfiguration.signingKeyId");
    BOOST_TEST(onlyCode(create(R"(,"tenantIds":[")" + std::string(keyId) + "\"]")) ==
               "[invalid]webhook.tenantIds");
    BOOST_TEST(onlyCode(create(R"(,"tenantIds":["x"])")) == "[couldNotConvert]webhook.tenantIds");
    BOOST_TEST(onlyCode(create(R"(,"readTimeout":0)")) == "[couldNotConvert]webhook.readTimeout");
}

BOOST_AUTO_TEST_SUITE_END()
