#pragma once

#include <boost/test/unit_test.hpp>
#include <ctime>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "changebank/handlers/decision/Decisions.h"
#include "tests/support/TokenRecipe.h"
#include "tests/unit/handlers/FakeExchange.h"
#include "tests/unit/handlers/RecordingTrail.h"

namespace changebank::handlers {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// Decisions by rules, with the keys to sign tokens for them.
struct DecisionFixture {
    using Factory = Poco::Net::HTTPRequestHandlerFactory::Ptr;

    static std::vector<DecisionRule> rules(const std::vector<std::string>& lines) {
        std::vector<DecisionRule> all;
        for (const auto& line : lines) {
            auto parsed = DecisionRule::parse(static_cast<unsigned>(all.size() + 1), line);
            BOOST_REQUIRE_MESSAGE(std::holds_alternative<DecisionRule>(parsed), line);
            all.push_back(std::get<DecisionRule>(std::move(parsed)));
        }
        return all;
    }

    tests::TokenRecipe recipe() const {
        tests::TokenRecipe recipe(now);
        recipe.header("alg", "\"ES256\"");
        return recipe;
    }

    /// With the roles in JSON.
    std::string token(const std::string& roles = R"(["teller"])") const {
        return sign(recipe().claim("roles", roles));
    }

    std::string sign(const tests::TokenRecipe& recipe) const {
        return recipe.signedBy(key, security::Algorithm::es256);
    }

    std::shared_ptr<security::TokenValidator> validator(std::shared_ptr<security::KeySource> keys) const {
        security::TokenPolicy policy{tests::TokenRecipe::issuer, {tests::TokenRecipe::audience}};
        policy.algorithms = security::AlgorithmSet{security::Algorithm::es256};
        policy.dpop = security::DpopUse::allow;
        policy.acceptsCertificateBound = true;
        return std::make_shared<security::TokenValidator>(
            policy, std::move(keys), std::make_shared<security::VerifiedTokenCache>(100));
    }

    std::shared_ptr<const security::JwkSet> keySet() const {
        return std::get<std::shared_ptr<const security::JwkSet>>(
            security::JwkSet::parse(tests::keySetOf({key.jwk(R"("kid":"k1")")})));
    }

    Factory decisions() const { return makeDecisions(options, validating, reporter, trail); }
    Factory endpoint() const { return makeDecisionEndpoint(options, decisions(), reporter); }

    /// A request of a proxy about another one, in the convention `forwarded`.
    static std::unique_ptr<ContextFakeRequest> asking(const std::string& method, const std::string& target,
                                                      const Fields& fields = {},
                                                      const std::string& host = "api.example.com") {
        auto request = std::make_unique<ContextFakeRequest>("GET", "/decision");
        request->add("X-Forwarded-Method", method);
        request->add("X-Forwarded-Host", host);
        request->add("X-Forwarded-Uri", target);
        for (const auto& [name, value] : fields)
            request->add(name, value);
        return request;
    }

    /// The same after it was answered.
    std::unique_ptr<ContextFakeRequest> answered(const std::string& method, const std::string& target,
                                                 const Fields& fields = {},
                                                 const std::string& host = "api.example.com") const {
        auto request = asking(method, target, fields, host);
        request->handledBy(endpoint()->createRequestHandler(*request));
        return request;
    }

    /// `STATUS CAUSE`, or `200 ROUTE SUBJECT`.
    std::string decision(const std::string& method, const std::string& target, const Fields& fields = {},
                         const std::string& host = "api.example.com") const {
        const auto request = answered(method, target, fields, host);
        const auto& response = request->sentResponse();
        const auto status = std::to_string(response.getStatus()) + " ";
        if (!request->denial.empty()) return status + std::string(request->denial);
        return status + request->route + " " + response.get("X-Auth-Subject", "none");
    }

    static Fields bearer(const std::string& token) { return {{"Authorization", "Bearer " + token}}; }

    const tests::TestKey& key = tests::TestKey::shared(security::KeyFamily::p256);
    long long now = std::time(nullptr);
    DecisionOptions options{.cookie = "app.at"};
    std::shared_ptr<security::TokenValidator> validating =
        validator(std::make_shared<security::FixedKeySource>(keySet()));
    security::RefusalReporter::Ptr reporter = std::make_shared<security::RefusalReporter>(
        security::ErrorDetail::detailed, std::make_shared<security::RefusalCounters>());
    std::shared_ptr<RecordingTrail> trail = std::make_shared<RecordingTrail>();
};

/// `sub` of TokenRecipe.
inline const std::string subjectOfRecipe = "00000000-0000-0000-0000-000000000001";

}  // namespace changebank::handlers
