#include "changebank/security/guard/BindingCheck.h"

#include <boost/test/unit_test.hpp>

#include "tests/support/FakeSharedReplays.h"
#include "tests/support/ManualClock.h"
#include "tests/support/ProofRecipe.h"
#include "tests/unit/handlers/FakeExchange.h"

using namespace changebank;
using namespace changebank::security;
using namespace changebank::tests;
using namespace std::chrono_literals;
using changebank::handlers::ContextFakeRequest;

namespace {

constexpr long long now = 1'790'000'000;
const std::string certificate = "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0";

/// A request over a connection with that client certificate.
class CertifiedRequest : public ContextFakeRequest {
public:
    explicit CertifiedRequest(std::string thumbprint)
        : ContextFakeRequest("GET", "/things?x=1"), _thumbprint(std::move(thumbprint)) {}
    std::string_view clientCertificateThumbprint() const override { return _thumbprint; }

private:
    std::string _thumbprint;
};

Principal principalOf(const Confirmation& confirmation, const std::string& subject = "dana") {
    Principal principal;
    principal.subject = subject;
    principal.issuer = "https://id.example";
    principal.confirmation = confirmation;
    return principal;
}

std::string nameOf(const BindingCheck::Result& result) {
    if (std::holds_alternative<SharedUse>(result)) return "shared";
    const auto* refusal = std::get_if<Refusal>(&result);
    return refusal ? std::string(traitsOf(refusal->cause).name) : "passed";
}

struct Fixture {
    std::string check(const Poco::Net::HTTPServerRequest& request, AuthenticationScheme scheme,
                      const Confirmation& confirmation, const std::string& subject = "dana") const {
        const auto principal = principalOf(confirmation, subject);
        return nameOf(binding.check(request, {ProofRecipe::accessToken, false, scheme}, principal));
    }

    /// Of a request with these proofs.
    std::string checkProofs(const std::vector<std::string>& proofs, const std::string& target = "/things?x=1",
                            const std::string& method = "GET") const {
        ContextFakeRequest request(method, target);
        for (const auto& proof : proofs)
            request.add("dpop", proof);
        return check(request, AuthenticationScheme::dpop, bound);
    }

    static std::string proof(const std::string& id) {
        return ProofRecipe(now).claim("jti", quoteJson(id)).text();
    }

    ManualClock clock;
    std::shared_ptr<const DpopNonces> nonces = std::make_shared<const DpopNonces>(std::string(32, 's'), 300s);
    BindingCheck binding{
        std::make_shared<const DpopVerifier>(
            DpopPolicy(), std::make_shared<ReplayStore>(ReplayStore::Limits(), 0), nullptr, clock),
        ProtectedResources({.identifiers = {"https://other.example.com/v2", "HTTPS://API.example.com:443"}})};
    Confirmation bound{
        ProofRecipe::thumbprintOf(TestKey::shared(KeyFamily::p256)), {}, std::make_shared<const BoundKey>()};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(BindingCheckTest, Fixture)

BOOST_AUTO_TEST_CASE(aBoundTokenNeedsOneGoodProof) {
    BOOST_TEST(checkProofs({proof("a")}) == "passed");
    BOOST_TEST(checkProofs({proof("a")}) == "dpop_replayed");
    BOOST_TEST(checkProofs({}) == "dpop_missing");
    BOOST_TEST(checkProofs({proof("b"), proof("c")}) == "dpop_repeated");
    BOOST_TEST(checkProofs({proof("b"), proof("b")}) == "dpop_repeated");
    BOOST_TEST(checkProofs({proof("b"), ""}) == "dpop_repeated");
    BOOST_TEST(checkProofs({""}) == "dpop_malformed");
    BOOST_TEST(checkProofs({proof("b")}, "/things", "POST") == "dpop_claim_unexpected");
    BOOST_TEST(checkProofs({proof("b")}, "/things/") == "dpop_claim_unexpected");
    BOOST_TEST(checkProofs({proof("b")}, "/other") == "dpop_claim_unexpected");
    BOOST_TEST(checkProofs({proof("b")}, "/a%zz") == "dpop_claim_unexpected");
    // None of these used it up.
    BOOST_TEST(checkProofs({proof("b")}, "/%74hings#x") == "passed");
}

// The host of a request is what its sender says.
BOOST_AUTO_TEST_CASE(aProofIsForTheConfiguredResource) {
    const auto forUri = [](const std::string& uri, const std::string& id) {
        return ProofRecipe(now).claim("htu", quoteJson(uri)).claim("jti", quoteJson(id)).text();
    };
    BOOST_TEST(checkProofs({forUri("https://other.example.com/v2/x", "a")}, "/v2/x") == "passed");
    BOOST_TEST(checkProofs({forUri("https://api.example.com/v2/x", "b")}, "/v2/x") ==
               "dpop_claim_unexpected");
    BOOST_TEST(checkProofs({forUri("http://localhost:3000/things", "c")}) == "dpop_claim_unexpected");
}

// Only what passes here is asked of the other servers.
BOOST_AUTO_TEST_CASE(aGoodProofCanDependOnOtherServers) {
    const auto store = std::make_shared<FakeSharedReplays>();
    binding = BindingCheck(std::make_shared<const DpopVerifier>(
                               DpopPolicy(), std::make_shared<ReplayStore>(ReplayStore::Limits(), 0), nullptr,
                               clock, ReplaySharing{store, false}),
                           ProtectedResources({.identifiers = {"https://api.example.com"}}));
    BOOST_TEST(checkProofs({proof("a")}, "/things", "POST") == "dpop_claim_unexpected");
    BOOST_TEST(checkProofs({proof("a")}) == "shared");
    BOOST_TEST(checkProofs({proof("a")}) == "dpop_replayed");
    BOOST_TEST(checkProofs({proof("b")}) == "shared");
    ContextFakeRequest request("GET", "/things");
    BOOST_TEST(check(request, AuthenticationScheme::bearer, {}) == "passed");
    BOOST_TEST(store->uses.empty());
}

// RFC 9449 section 7.2.
BOOST_AUTO_TEST_CASE(theSchemeMustFitTheToken) {
    ContextFakeRequest request("GET", "/things");
    request.add("DPoP", proof("a"));
    BOOST_TEST(check(request, AuthenticationScheme::bearer, bound) == "dpop_token_as_bearer");
    BOOST_TEST(check(request, AuthenticationScheme::dpop, {}) == "dpop_token_unbound");
    BOOST_TEST(check(request, AuthenticationScheme::bearer, {}) == "passed");
    BOOST_TEST(check(request, AuthenticationScheme::dpop, bound) == "passed");
}

BOOST_AUTO_TEST_CASE(withoutAVerifierABoundTokenNeverPasses) {
    ContextFakeRequest request("GET", "/things");
    request.add("DPoP", proof("a"));
    for (const auto scheme : {AuthenticationScheme::bearer, AuthenticationScheme::dpop}) {
        const auto refusal =
            BindingCheck().check(request, {ProofRecipe::accessToken, false, scheme}, principalOf(bound));
        BOOST_TEST(nameOf(refusal) == "dpop_token_as_bearer");
    }
}

// RFC 8705 section 3.
BOOST_AUTO_TEST_CASE(aTokenCanNeedTheClientsCertificate) {
    const Confirmation confirmation{{}, certificate, nullptr};
    const auto bearer = AuthenticationScheme::bearer;
    BOOST_TEST(check(CertifiedRequest(certificate), bearer, confirmation) == "passed");
    BOOST_TEST(check(CertifiedRequest(bound.keyThumbprint), bearer, confirmation) == "certificate_mismatch");
    BOOST_TEST(check(CertifiedRequest(""), bearer, confirmation) == "certificate_missing");
    // A server that knows no certificates.
    BOOST_TEST(check(handlers::FakeRequest("GET", "/things"), bearer, confirmation) == "certificate_missing");
    BOOST_TEST(check(CertifiedRequest(certificate), bearer, {}) == "passed");
}

BOOST_AUTO_TEST_CASE(ofTwoBindingsBothMustHold) {
    auto both = bound;
    both.certificateThumbprint = certificate;
    const auto with = [&](const std::string& thumbprint, const std::string& id, AuthenticationScheme scheme) {
        CertifiedRequest request(thumbprint);
        if (!id.empty()) request.add("DPoP", proof(id));
        return check(request, scheme, both);
    };
    BOOST_TEST(with(certificate, "", AuthenticationScheme::bearer) == "dpop_token_as_bearer");
    BOOST_TEST(with(certificate, "", AuthenticationScheme::dpop) == "dpop_missing");
    BOOST_TEST(with("", "a", AuthenticationScheme::dpop) == "certificate_missing");
    BOOST_TEST(with(certificate, "a", AuthenticationScheme::dpop) == "passed");
}

// A caller with many keys has one limit.
BOOST_AUTO_TEST_CASE(theProofsOfACallerAreCountedTogether) {
    const BindingCheck check(
        std::make_shared<const DpopVerifier>(
            DpopPolicy(), std::make_shared<ReplayStore>(ReplayStore::Limits{6400, 64}, 0), nullptr, clock),
        ProtectedResources({.identifiers = {"https://api.example.com"}}));
    const auto outcome = [&](const TestKey& key, const std::string& subject, int id) {
        ContextFakeRequest request("GET", "/things");
        request.add("DPoP", ProofRecipe(now, key).claim("jti", quoteJson(std::to_string(id))).text());
        const auto principal =
            principalOf({ProofRecipe::thumbprintOf(key), {}, std::make_shared<const BoundKey>()}, subject);
        return nameOf(
            check.check(request, {ProofRecipe::accessToken, false, AuthenticationScheme::dpop}, principal));
    };
    const auto other = TestKey::generate(KeyFamily::p256);
    std::string last;
    int count = 0;
    for (; count < 400 && last != "dpop_too_many"; ++count)
        last = outcome(TestKey::shared(KeyFamily::p256), "dana", count);
    BOOST_TEST(last == "dpop_too_many");
    // The other key of the same caller adds to the same count; another caller has one of its own.
    int refused = 0;
    int refusedOthers = 0;
    for (int id = 1000; id < 1000 + 400; ++id) {
        refused += outcome(other, "dana", id) == "dpop_too_many" ? 1 : 0;
        if (id < 1020) refusedOthers += outcome(other, "erin", id + 1000) != "passed" ? 1 : 0;
    }
    BOOST_TEST(refused > 100);
    BOOST_TEST(refusedOthers == 0);
}

// RFC 9449 section 8.2.
BOOST_AUTO_TEST_CASE(aNewNonceRidesOnTheResponse) {
    const BindingCheck check(
        std::make_shared<const DpopVerifier>(
            DpopPolicy(), std::make_shared<ReplayStore>(ReplayStore::Limits(), 0), nonces, clock),
        ProtectedResources({.identifiers = {"https://api.example.com"}}));
    const auto nonceFor = [&](const std::string& nonce, const std::string& id) {
        ContextFakeRequest request("GET", "/things");
        const auto made = std::chrono::duration_cast<std::chrono::seconds>(clock.wall().time_since_epoch());
        request.add(
            "DPoP",
            ProofRecipe(made.count()).claim("jti", quoteJson(id)).claim("nonce", quoteJson(nonce)).text());
        const auto refusal = check.check(
            request, {ProofRecipe::accessToken, false, AuthenticationScheme::dpop}, principalOf(bound));
        BOOST_TEST(nameOf(refusal) == "passed");
        return request.response().get("DPoP-Nonce", "none");
    };
    const auto first = nonces->current(now);
    BOOST_TEST(nonceFor(first, "a") == "none");
    clock.advance(300s);
    BOOST_TEST(nonceFor(first, "b") == nonces->current(now + 300));
}

BOOST_AUTO_TEST_SUITE_END()
