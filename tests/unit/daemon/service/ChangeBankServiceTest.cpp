#include "changebank/daemon/service/ChangeBankService.h"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "changebank/daemon/http/socket/ServerTlsContext.h"
#include "changebank/daemon/settings/SettingsReader.h"
#include "tests/support/Eventually.h"
#include "tests/support/ScriptedKeyServer.h"
#include "tests/support/TemporaryFolder.h"
#include "tests/support/TestCertificate.h"
#include "tests/support/TokenRecipe.h"
#include "tests/unit/daemon/RecordingLog.h"
#include "tests/unit/daemon/http/TestServer.h"
#include "tests/unit/handlers/FakeExchange.h"

using namespace changebank;
using namespace changebank::daemon;
using changebank::handlers::FakeRequest;
using changebank::tests::eventually;
using changebank::tests::ScriptedKeyServer;
using changebank::tests::TemporaryFolder;
using changebank::tests::TestCertificate;
using changebank::tests::TestKey;
using changebank::tests::TokenRecipe;

namespace {

const TestKey& key() {
    return TestKey::shared(changebank::security::KeyFamily::rsa);
}

ScriptedKeyServer::Script goodKeys() {
    return ScriptedKeyServer::document(changebank::tests::keySetOf({key().jwk(R"("kid":"k1","use":"sig")")}));
}

/// Writes nothing down.
class NoTrail : public changebank::security::AuditTrail {
public:
    bool record(Event, const Poco::Net::HTTPServerRequest&,
                const changebank::security::Principal&) noexcept override {
        return true;
    }
};

/// Has the service take over settings; returns why it cannot, if so.
std::optional<std::string> reload(ChangeBankService& service, const Settings& settings) {
    auto pending = service.prepare(settings);
    if (auto* failure = std::get_if<ChangeBankService::KeysUnavailable>(&pending))
        return failure->key + ": " + failure->why;
    service.commit(settings, std::get<ChangeBankService::PendingUpdate>(std::move(pending)));
    return std::nullopt;
}

/// A service that serves by these settings.
struct ServiceWith : ChangeBankService {
    explicit ServiceWith(const Settings& settings,
                         std::shared_ptr<const Lifecycle> lifecycle = std::make_shared<Lifecycle>())
        : ChangeBankService(std::move(lifecycle), std::make_shared<NoTrail>(), nullptr) {
        BOOST_TEST(!reload(*this, settings));
    }
};

Settings settingsWith(const std::string& uri, std::vector<std::string> defines = {}) {
    SettingsSources sources;
    sources.defines = std::move(defines);
    sources.defines.push_back("auth.jwks.uri=" + uri);
    const auto parsed = readSettings(sources);
    for (const auto& fault : parsed.faults)
        BOOST_ERROR(fault.toText());
    return parsed.settings;
}

std::string tokenOf(const std::string& role) {
    TokenRecipe recipe(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()));
    return recipe.claim("roles", "[\"" + role + "\"]").signedBy(key());
}

int statusOf(const ChangeBankService& service, const std::string& method, const std::string& target,
             const std::string& token = {}) {
    FakeRequest request(method, target);
    if (!token.empty()) request.set("Authorization", "Bearer " + token);
    return request.handledBy(service.factory()->createRequestHandler(request)).getStatus();
}

}  // namespace

namespace {

/// The rules of these tests, from the first.
std::vector<std::string> rules(const std::vector<std::string>& texts) {
    std::vector<std::string> defines;
    for (const auto& text : texts)
        defines.push_back("decision.rule." + std::to_string(defines.size() + 1) + "=" + text);
    return defines;
}

/// What a proxy is told about that request.
int decisionOn(const ChangeBankService& service, const std::string& method, const std::string& target,
               const std::string& token = {}) {
    FakeRequest request("GET", "/decision");
    request.set("X-Forwarded-Method", method);
    request.set("X-Forwarded-Host", "api.example");
    request.set("X-Forwarded-Uri", target);
    if (!token.empty()) request.set("Authorization", "Bearer " + token);
    return request.handledBy(service.decisionFactory()->createRequestHandler(request)).getStatus();
}

/// Counts the audit lines of refused roles.
class RefusalTrail : public NoTrail {
public:
    bool record(Event, const Poco::Net::HTTPServerRequest& request,
                const changebank::security::Principal&) noexcept override {
        ++count;
        return request.getURI() == "/orders/1";
    }
    int count = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ChangeBankServiceTest)

BOOST_AUTO_TEST_CASE(decisionsAreMadeByTheRulesOfTheSettings) {
    ScriptedKeyServer server(goodKeys());
    ServiceWith service(settingsWith(server.uri(), rules({"GET /orders/** roles=customer"})));
    const auto token = tokenOf("customer");
    BOOST_TEST(decisionOn(service, "GET", "/orders/1", token) == 200);
    BOOST_TEST(decisionOn(service, "PUT", "/orders/1", token) == 403);
    BOOST_TEST(decisionOn(service, "GET", "/orders/1") == 401);
    // A rule that a reload takes away counts no more, not even for a token that is remembered.
    BOOST_TEST(!reload(service, settingsWith(server.uri(), rules({"PUT /orders/** roles=customer"}))));
    BOOST_TEST(decisionOn(service, "GET", "/orders/1", token) == 403);
    BOOST_TEST(decisionOn(service, "PUT", "/orders/1", token) == 200);
    BOOST_TEST(!reload(service, settingsWith(server.uri())));
    BOOST_TEST(decisionOn(service, "PUT", "/orders/1", token) == 403);
    BOOST_TEST(service.cache()->misses == 1U);
}

BOOST_AUTO_TEST_CASE(theDecisionsStayForAListenerThatGoes) {
    ScriptedKeyServer server(goodKeys());
    ServiceWith service(settingsWith(server.uri(), rules({"GET /orders/** roles=customer"})));
    const auto token = tokenOf("customer");
    const auto without = settingsWith(server.uri());
    auto pending = std::get<ChangeBankService::PendingUpdate>(service.prepare(without));
    pending.decisions = nullptr;
    service.commit(without, std::move(pending));
    BOOST_TEST(decisionOn(service, "GET", "/orders/1", token) == 200);
    BOOST_TEST(decisionOn(service, "PUT", "/orders/1", token) == 403);
    BOOST_TEST(!service.decisionTrials());
    BOOST_TEST(!reload(service, settingsWith(server.uri(), rules({"PUT /orders/** roles=customer"}))));
    BOOST_TEST(decisionOn(service, "GET", "/orders/1", token) == 403);
}

BOOST_AUTO_TEST_CASE(aTrialDecidesAlikeAndLeavesNoTrace) {
    ScriptedKeyServer server(goodKeys());
    const auto trail = std::make_shared<RefusalTrail>();
    int decisions = 0;
    ChangeBankService service(std::make_shared<Lifecycle>(), trail, nullptr,
                              [&decisions](unsigned, int) { ++decisions; });
    BOOST_TEST(!reload(service, settingsWith(server.uri())));
    BOOST_TEST(!service.decisionTrials());
    BOOST_TEST(!reload(service, settingsWith(server.uri(), rules({"GET /orders/** roles=customer"}))));
    const auto trials = service.decisionTrials();
    BOOST_REQUIRE(trials);
    for (const auto* role : {"customer", "teller"}) {
        const auto token = tokenOf(role);
        const auto outcome = trials->run({"GET", "/orders/1", "api.example", token});
        BOOST_TEST(outcome.rule->number == 1U);
        BOOST_TEST(trials->run({"GET", "/x", "api.example", token}).decision.cause == "rule_missing");
        BOOST_TEST(decisions == 0);
        BOOST_TEST(trail->count == 0);
        BOOST_TEST(service.cache()->entries == 0U);
        BOOST_TEST(service.refusals().of(changebank::security::Cause::roleMissing) == 0U);
        BOOST_TEST(outcome.decision.status == decisionOn(service, "GET", "/orders/1", token));
        BOOST_TEST(!reload(service, settingsWith(server.uri(), {"auth.cache.entries=0"})));
        BOOST_TEST(!reload(service, settingsWith(server.uri(), rules({"GET /orders/** roles=customer"}))));
        decisions = 0;
    }
    BOOST_TEST(trail->count == 1);
    BOOST_TEST(service.refusals().of(changebank::security::Cause::roleMissing) == 1U);
}

BOOST_AUTO_TEST_CASE(aGoodTokenIsServedByItsRoles) {
    ScriptedKeyServer server(goodKeys());
    const ServiceWith service(settingsWith(server.uri()));
    // The first request waits for the first fetch, or finds it done.
    BOOST_TEST(statusOf(service, "GET", "/make-change?total=1.02", tokenOf("customer")) == 200);
    BOOST_TEST(statusOf(service, "POST", "/panic", tokenOf("customer")) == 403);
    BOOST_TEST(statusOf(service, "POST", "/panic", tokenOf("teller")) == 200);
    BOOST_TEST(statusOf(service, "POST", "/panic") == 401);
    BOOST_TEST(statusOf(service, "GET", "/readyz") == 200);
}

BOOST_AUTO_TEST_CASE(aDaemonThatStopsIsNotReadyAndServesOn) {
    ScriptedKeyServer server(goodKeys());
    const auto lifecycle = std::make_shared<Lifecycle>();
    const ServiceWith service(settingsWith(server.uri()), lifecycle);
    BOOST_TEST(statusOf(service, "POST", "/panic", tokenOf("teller")) == 200);
    BOOST_TEST(statusOf(service, "GET", "/readyz") == 200);
    lifecycle->drain();
    BOOST_TEST(statusOf(service, "GET", "/readyz") == 503);
    BOOST_TEST(statusOf(service, "GET", "/livez") == 200);
    BOOST_TEST(statusOf(service, "POST", "/panic", tokenOf("teller")) == 200);
}

BOOST_AUTO_TEST_CASE(aReloadChangesRolesForTokensThatAreRemembered) {
    ScriptedKeyServer server(goodKeys());
    ServiceWith service(settingsWith(server.uri()));
    const auto token = tokenOf("customer");
    BOOST_TEST(statusOf(service, "POST", "/panic", token) == 403);
    BOOST_TEST(!reload(service, settingsWith(server.uri(), {"roles.panic=customer"})));
    BOOST_TEST(statusOf(service, "POST", "/panic", token) == 200);
    BOOST_TEST(!reload(service, settingsWith(server.uri(), {"auth.audience=somebody-else"})));
    BOOST_TEST(statusOf(service, "POST", "/panic", token) == 401);
    BOOST_TEST(server.hits() == 1U);
}

BOOST_AUTO_TEST_CASE(aReloadWithKeysFromElsewhereFetchesThemFirst) {
    ScriptedKeyServer first(goodKeys());
    ScriptedKeyServer second(goodKeys());
    ServiceWith service(settingsWith(first.uri()));
    BOOST_TEST(!reload(service, settingsWith(second.uri(), {"roles.panic=customer"})));
    BOOST_TEST(second.hits() >= 1U);
    BOOST_TEST(statusOf(service, "GET", "/readyz") == 200);
}

BOOST_AUTO_TEST_CASE(aReloadWithOtherAuthoritiesFetchesTheKeysAgain) {
    const TestCertificate authority;
    ScriptedKeyServer server(goodKeys());
    ServiceWith service(settingsWith(server.uri()));
    BOOST_TEST(statusOf(service, "GET", "/me", tokenOf("customer")) == 200);
    BOOST_TEST(server.hits() == 1U);
    BOOST_TEST(
        !reload(service, settingsWith(server.uri(), {"auth.jwks.caFile=" + authority.certificateFile()})));
    BOOST_TEST(server.hits() >= 2U);
    BOOST_TEST(statusOf(service, "GET", "/me", tokenOf("customer")) == 200);
}

BOOST_AUTO_TEST_CASE(aReloadGivesTheKeysAtHandAnotherSnapshotFile) {
    const TemporaryFolder folder;
    ScriptedKeyServer server(goodKeys());
    ServiceWith service(settingsWith(server.uri()));
    BOOST_TEST(statusOf(service, "GET", "/me", tokenOf("customer")) == 200);
    const auto path = folder.file("keys");
    BOOST_TEST(!reload(service, settingsWith(server.uri(), {"auth.jwks.snapshot=" + path})));
    BOOST_TEST(eventually([&path] { return std::filesystem::exists(path); }));
    BOOST_TEST(server.hits() == 1U);
}

BOOST_AUTO_TEST_CASE(aReloadComparesTheContentOfTheFileOfAuthorities) {
    const TemporaryFolder folder;
    const TestCertificate first;
    const TestCertificate second;
    const auto overwrite = std::filesystem::copy_options::overwrite_existing;
    const auto file = folder.file("authorities");
    std::filesystem::copy_file(first.certificateFile(), file);
    ScriptedKeyServer server(goodKeys());
    const auto settings = settingsWith(server.uri(), {"auth.jwks.caFile=" + file});
    ServiceWith service(settings);
    BOOST_TEST(statusOf(service, "GET", "/me", tokenOf("customer")) == 200);
    BOOST_TEST(!reload(service, settings));
    BOOST_TEST(server.hits() == 1U);
    std::filesystem::copy_file(second.certificateFile(), file, overwrite);
    BOOST_TEST(!reload(service, settings));
    const auto hits = server.hits();
    BOOST_TEST(hits >= 2U);
    // The same content under another name is no change.
    const auto copy = settingsWith(server.uri(), {"auth.jwks.caFile=" + second.certificateFile()});
    BOOST_TEST(!reload(service, copy));
    BOOST_TEST(server.hits() == hits);
}

BOOST_AUTO_TEST_CASE(authoritiesRenewedUnderTheirNameCountFromTheReloadOn) {
    const TemporaryFolder folder;
    const TestCertificate before;
    const TestCertificate after;
    const auto file = folder.file("authorities");
    std::filesystem::copy_file(before.certificateFile(), file);
    http::ServerParams::Ptr params(new http::ServerParams);
    params->setTlsContextSource(std::make_shared<http::ReplaceableTlsContext>(
        http::serverTlsContext({after.certificateFile(), after.keyFile(), ""})));
    const auto document = changebank::tests::keySetOf({key().jwk(R"("kid":"k1","use":"sig")")});
    http::test::TestServer server(
        [&document](const auto&) {
            return new http::test::FunctionHandler([&document](auto&, auto& response) {
                response.sendBuffer(document.data(), document.size());
            });
        },
        params);
    const auto settings = settingsWith("https://127.0.0.1:" + std::to_string(server.server().port()),
                                       {"auth.jwks.caFile=" + file});
    ServiceWith service(settings);
    BOOST_TEST(service.refreshKeys().has_value());
    BOOST_TEST(statusOf(service, "GET", "/readyz") == 503);
    std::filesystem::copy_file(after.certificateFile(), file,
                               std::filesystem::copy_options::overwrite_existing);
    BOOST_TEST(!reload(service, settings));
    BOOST_TEST(statusOf(service, "GET", "/readyz") == 200);
    BOOST_TEST(!service.refreshKeys().has_value());
}

BOOST_AUTO_TEST_CASE(aReloadWritesTheSnapshotAgain) {
    const TemporaryFolder folder;
    ScriptedKeyServer server(goodKeys());
    const auto path = folder.file("keys");
    const auto settings = settingsWith(server.uri(), {"auth.jwks.snapshot=" + path});
    ServiceWith service(settings);
    BOOST_TEST(statusOf(service, "GET", "/me", tokenOf("customer")) == 200);
    BOOST_REQUIRE(eventually([&path] { return std::filesystem::exists(path); }));
    std::filesystem::remove(path);
    BOOST_TEST(!reload(service, settings));
    BOOST_TEST(eventually([&path] { return std::filesystem::exists(path); }));
    const auto size = std::filesystem::file_size(path);
    folder.write("keys", "spoilt");
    BOOST_TEST(!reload(service, settings));
    BOOST_TEST(eventually([&] { return std::filesystem::file_size(path) == size; }));
    BOOST_TEST(server.hits() == 1U);
}

BOOST_AUTO_TEST_CASE(aReloadWhoseKeysCannotBeHadChangesNothing) {
    ScriptedKeyServer good(goodKeys());
    ScriptedKeyServer bad(ScriptedKeyServer::status(500));
    ServiceWith service(settingsWith(good.uri()));
    const auto token = tokenOf("customer");
    BOOST_TEST(statusOf(service, "POST", "/panic", token) == 403);
    const auto failure = reload(service, settingsWith(bad.uri(), {"roles.panic=customer"}));
    BOOST_REQUIRE(failure);
    BOOST_TEST(failure->find("500") != std::string::npos);
    BOOST_TEST(statusOf(service, "POST", "/panic", token) == 403);
    BOOST_TEST(statusOf(service, "GET", "/readyz") == 200);
}

BOOST_AUTO_TEST_CASE(theFactoryOutlivesItsService) {
    Poco::Net::HTTPRequestHandlerFactory::Ptr factory;
    {
        ScriptedKeyServer server(goodKeys());
        const ServiceWith service(settingsWith(server.uri()));
        factory = service.factory();
    }
    FakeRequest request("GET", "/livez");
    BOOST_TEST(request.handledBy(factory->createRequestHandler(request)).getStatus() == 200);
}

BOOST_AUTO_TEST_CASE(aReloadThatFailsLeavesTheSnapshotToTheOldKeys) {
    const TemporaryFolder folder;
    ScriptedKeyServer first(goodKeys());
    ScriptedKeyServer second(goodKeys());
    ScriptedKeyServer broken(ScriptedKeyServer::status(500));
    const auto path = folder.file("keys");
    ServiceWith service(settingsWith(first.uri(), {"auth.jwks.snapshot=" + path}));
    BOOST_TEST(statusOf(service, "GET", "/me", tokenOf("customer")) == 200);
    const auto content = [&path] {
        std::ifstream file(path);
        return std::string(std::istreambuf_iterator<char>(file), {});
    };
    BOOST_REQUIRE(eventually([&] { return content().find(first.uri()) != std::string::npos; }));
    const auto elsewhere = settingsWith(second.uri(), {"auth.jwks.snapshot=" + path});
    auto failing = elsewhere;
    failing.auth.issuers.push_back({.name = "other", .policy = {.issuer = "x", .audiences = {"y"}}});
    failing.auth.issuers.back().jwks = failing.auth.first().jwks;
    failing.auth.issuers.back().jwks.uri = broken.uri();
    failing.auth.issuers.back().jwks.snapshot.clear();
    BOOST_TEST(reload(service, failing).has_value());
    BOOST_TEST(second.hits() >= 1U);
    BOOST_TEST(content().find(first.uri()) != std::string::npos);
    BOOST_TEST(!reload(service, elsewhere));
    BOOST_TEST(eventually([&] { return content().find(second.uri()) != std::string::npos; }));
}

BOOST_AUTO_TEST_CASE(eachIssuerHasItsOwnKeysAndPolicy) {
    ScriptedKeyServer first(goodKeys());
    ScriptedKeyServer second(ScriptedKeyServer::status(500));
    const auto settings = [&](std::vector<std::string> more = {}) {
        more.insert(more.end(), {"auth.issuers=other", "auth.issuer.other.url=https://other.example.com",
                                 "auth.issuer.other.audience=them", "auth.issuer.other.claims.roles=groups",
                                 "auth.issuer.other.claims.roleMap=clerks=customer",
                                 "auth.issuer.other.jwks.uri=" + second.uri()});
        return settingsWith(first.uri(), std::move(more));
    };
    ServiceWith service(settings());
    const auto own = tokenOf("customer");
    TokenRecipe recipe(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()));
    recipe.claim("iss", R"("https://other.example.com")").claim("aud", R"("them")");
    const auto theirs =
        recipe.claim("roles", R"(["customer"])").claim("groups", R"(["clerks"])").signedBy(key());
    const auto without = recipe.without("groups").signedBy(key());
    const std::string target = "/make-change?total=1.02";
    BOOST_TEST(statusOf(service, "GET", target, own) == 200);
    BOOST_TEST(statusOf(service, "GET", target, theirs) == 503);
    BOOST_TEST(statusOf(service, "GET", "/readyz") == 200);
    BOOST_TEST(service.keys().size() == 2U);
    BOOST_TEST(service.keys()[1].name == "other");
    BOOST_TEST(!service.keys()[1].keys.keys);

    second.play(goodKeys());
    BOOST_TEST(!service.refreshKeys());
    BOOST_TEST(statusOf(service, "GET", target, theirs) == 200);
    BOOST_TEST(statusOf(service, "GET", target, without) == 403);
    BOOST_TEST(statusOf(service, "POST", "/panic", theirs) == 403);

    // Another policy of one issuer leaves the cached tokens of the other.
    const auto hits = service.cache()->hits;
    BOOST_TEST(!reload(service, settings({"auth.issuer.other.tenant=t"})));
    BOOST_TEST(statusOf(service, "GET", target, own) == 200);
    BOOST_TEST(service.cache()->hits == hits + 1);
    BOOST_TEST(statusOf(service, "GET", target, theirs) == 401);

    // One that is required makes the server unready, and one that is gone is unknown.
    second.play(ScriptedKeyServer::status(500));
    BOOST_TEST(!reload(service, settingsWith(first.uri())));
    BOOST_TEST(service.keys().size() == 1U);
    BOOST_TEST(statusOf(service, "GET", target, theirs) == 401);
    const auto failure = reload(service, settings({"auth.requiredIssuers=default,other"}));
    BOOST_REQUIRE(failure);
    BOOST_TEST(failure->find("auth.issuer.other.jwks.uri: other: ") == 0U);
}

BOOST_AUTO_TEST_CASE(issuersOfOneKeyServerShareItsKeys) {
    ScriptedKeyServer server(goodKeys());
    ServiceWith service(settingsWith(
        server.uri(), {"auth.issuers=b,c", "auth.issuer.b.url=b.example.com", "auth.issuer.b.audience=x",
                       "auth.issuer.b.jwks.uri=" + server.uri(), "auth.issuer.c.url=c.example.com",
                       "auth.issuer.c.audience=x", "auth.issuer.c.jwks.uri=" + server.uri()}));
    BOOST_TEST(statusOf(service, "GET", "/me", tokenOf("customer")) == 200);
    BOOST_TEST(!service.refreshKeys());
    BOOST_TEST(service.keys().size() == 3U);
    BOOST_TEST(server.hits() == 2U);
}

BOOST_AUTO_TEST_CASE(aReloadForbidsPlainHttpForDiscoveredKeys) {
    ScriptedKeyServer server(goodKeys());
    const auto settings = [&](const char* allowed) {
        return settingsWith(server.uri(), {"auth.issuers=d", "auth.issuer.d.url=http://127.0.0.1:1",
                                           "auth.issuer.d.audience=x", "auth.issuer.d.discovery=true",
                                           std::string("auth.issuer.d.jwks.allowHttp=") + allowed});
    };
    ServiceWith service(settings("true"));
    // Another source, so it is asked before the settings are accepted.
    BOOST_TEST(reload(service, settings("false")).has_value());
    BOOST_TEST(!reload(service, settings("true")).has_value());
}

BOOST_AUTO_TEST_CASE(theStartReadsTheSnapshotOnce) {
    const TemporaryFolder folder;
    ScriptedKeyServer server(ScriptedKeyServer::status(500));
    const RecordingLog recording(Poco::Message::PRIO_WARNING);
    const ServiceWith service(
        settingsWith(server.uri(), {"auth.jwks.snapshot=" + folder.write("keys", "garbage")}));
    const auto text = recording.text();
    const auto first = text.find("key snapshot: ");
    BOOST_TEST(first != std::string::npos);
    BOOST_TEST(text.find("key snapshot: ", first + 1) == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
