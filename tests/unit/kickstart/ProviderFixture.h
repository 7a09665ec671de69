#pragma once

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>
#include <variant>

#include "changebank/base/text/Json.h"
#include "changebank/base/text/JsonText.h"
#include "changebank/kickstart/directory/FreshInstallation.h"
#include "changebank/kickstart/server/IdentityProvider.h"
#include "changebank/security/jose/JwkSet.h"
#include "changebank/security/jose/JwsVerification.h"
#include "tests/support/ManualClock.h"

namespace changebank::tests {

/// A response of an API, with its body parsed as a client does. Threads of a test may share this, so it
/// throws where its body is no JSON: Boost.Test's assertions are for one thread.
struct Answer {
    Answer(const kickstart::ApiResponse& response)
        : status(response.status), cookies(response.cookies), allow(response.allow), reason(response.reason) {
        if (!response.body) return;
        body = Json::parse(textOf(*response.body));
        if (!body) throw std::runtime_error("a body that is not JSON");
    }

    int status;
    std::optional<Json> body;
    std::vector<std::string> cookies;
    std::string allow;
    std::string reason;
};

/// An identity provider with one API key, one application and one teller.
struct ProviderFixture {
    static constexpr const char* apiKey = "the-api-key-of-the-test";
    static constexpr const char* tenantId = "d7d09513-a3f5-401c-9685-34ab6c552453";
    static constexpr const char* keyId = "11111111-2222-3333-4444-555555555555";
    static constexpr const char* applicationId = "e9fdb985-9173-4e01-9d73-ac2d60d1dc8e";
    static constexpr const char* tellerId = "00000000-0000-0000-0000-111111111111";

    ProviderFixture() : provider(freshState(clock), clock) {}

    static kickstart::InstallationIds ids() {
        kickstart::InstallationIds ids;
        ids.tenant = *kickstart::Uuid::parse(tenantId);
        return ids;
    }

    static kickstart::DirectoryState freshState(const Clock& clock) {
        // Generating an RSA key takes longer than all else, and no test needs another default key.
        static const auto defaultKey = kickstart::SigningKey::generate(kickstart::KeyAlgorithm::rs256, 2048);
        auto state = kickstart::freshInstallation(ids(), clock, defaultKey);
        state.apiKeys.emplace_back(apiKey);
        return state;
    }

    /// A request with the API key.
    Answer call(const std::string& method, const std::string& path, const std::string& body = "") {
        return provider.apis().handle({method, path, body, apiKey, std::nullopt, "http://localhost:9011"});
    }

    /// A request with the API key and the parameters of a query.
    Answer callWith(const std::string& method, const std::string& path,
                    std::multimap<std::string, std::string> parameters) {
        kickstart::ApiRequest request{method, path, "", apiKey, std::nullopt, "http://localhost:9011"};
        request.parameters = std::move(parameters);
        return provider.apis().handle(request);
    }

    /// A request with an access token in place of the API key.
    Answer callAs(const std::string& token, const std::string& method, const std::string& path,
                  std::multimap<std::string, std::string> parameters = {}) {
        kickstart::ApiRequest request{method, path, "", "Bearer " + token};
        request.parameters = std::move(parameters);
        return provider.apis().handle(request);
    }

    /// The body of a login that must succeed.
    Json loggedIn() { return loggedIn(loginBody()); }
    Json loggedIn(const std::string& body) {
        const auto response = call("POST", "/api/login", body);
        BOOST_REQUIRE_EQUAL(response.status, 200);
        return *response.body;
    }

    /// A string in a response by its path: textAt(body, "user", "id").
    template <typename... Names>
    static std::string textAt(const Json& value, Names... names) {
        const auto* found = &value;
        for (const char* name : {names...}) {
            found = found->find(name);
            BOOST_REQUIRE_MESSAGE(found, name << " is missing");
        }
        return found->string() ? *found->string() : found->toText();
    }

    /// The events for webhooks from now on.
    void recordEvents() {
        provider.directory().observe(
            [this](const kickstart::DirectoryState&, const std::vector<kickstart::Event>& happened) {
                events.insert(events.end(), happened.begin(), happened.end());
            });
    }

    /// The event as a webhook receives it.
    static Json told(const kickstart::Event& event) {
        return *Json::parse(textOf(event.toJson()))->find("event");
    }

    std::vector<std::string> eventTypes() const {
        std::vector<std::string> types;
        for (const auto& event : events) {
            types.push_back(event.type);
        }
        return types;
    }

    /// A request without it.
    Answer callOpenly(const std::string& method, const std::string& path, const std::string& body = "") {
        return provider.apis().handle(
            {method, path, body, std::nullopt, std::nullopt, "http://localhost:9011"});
    }

    void createKey(const std::string& algorithm = "RS256") {
        const auto response =
            call("POST", std::string("/api/key/generate/") + keyId,
                 R"({"key":{"algorithm":")" + algorithm + R"(","name":"test","length":2048}})");
        BOOST_REQUIRE_EQUAL(response.status, 200);
    }

    void createApplication(const std::string& loginConfiguration = "{}") {
        const auto response =
            call("POST", std::string("/api/application/") + applicationId,
                 R"({"application":{"name":"ChangeBank","roles":[{"name":"teller"},{"name":"customer"}],)"
                 R"("jwtConfiguration":{"enabled":true,"accessTokenKeyId":")" +
                     std::string(keyId) + R"(","timeToLiveInSeconds":600},"loginConfiguration":)" +
                     loginConfiguration + "}}");
        BOOST_REQUIRE_EQUAL(response.status, 200);
    }

    void createTeller() {
        const auto response =
            call("POST", std::string("/api/user/registration/") + tellerId,
                 R"({"user":{"email":"teller@example.com","password":"password","firstName":"Tammy"},)"
                 R"("registration":{"applicationId":")" +
                     std::string(applicationId) + R"(","roles":["teller"]}})");
        BOOST_REQUIRE_EQUAL(response.status, 200);
    }

    static std::string loginBody(const std::string& loginId = "teller@example.com",
                                 const std::string& password = "password") {
        return R"({"loginId":")" + loginId + R"(","password":")" + password + R"(","applicationId":")" +
               applicationId + R"("})";
    }

    /// Verifies a token against the published key set and returns what was signed.
    security::VerifiedJws verified(const std::string& token) {
        const auto keys = callOpenly("GET", "/.well-known/jwks.json");
        const auto set = security::JwkSet::parse(keys.body->toText());
        BOOST_REQUIRE(std::holds_alternative<std::shared_ptr<const security::JwkSet>>(set));
        auto result = security::verifyJws(token, *std::get<0>(set), security::AlgorithmSet::all());
        BOOST_REQUIRE(std::holds_alternative<security::VerifiedJws>(result));
        return std::get<security::VerifiedJws>(std::move(result));
    }

    /// The code of the only error of an error response.
    static std::string onlyCode(const Answer& response) {
        BOOST_REQUIRE_EQUAL(response.status, 400);
        const auto* fields = response.body->find("fieldErrors");
        const auto& errors =
            fields ? *fields->object()->at(0).second.array() : *response.body->find("generalErrors")->array();
        BOOST_REQUIRE_EQUAL(errors.size(), 1U);
        if (fields) BOOST_REQUIRE_EQUAL(fields->object()->size(), 1U);
        return *errors[0].find("code")->string();
    }

    ManualClock clock;
    kickstart::IdentityProvider provider;
    std::vector<kickstart::Event> events;
};

}  // namespace changebank::tests
