#include <boost/test/unit_test.hpp>
#include <functional>
#include <vector>

#include "changebank/base/text/Base64Url.h"
#include "changebank/security/token/TokenValidator.h"
#include "tests/support/ManualClock.h"
#include "tests/support/TokenRecipe.h"

using namespace changebank;
using namespace changebank::security;
using namespace changebank::tests;

namespace {

constexpr long long now = 1'790'000'000;
constexpr const char* tenant = "30663132-6464-6665-3032-326466613934";

/// A token in the making, which faults are put into.
struct Draft {
    TokenRecipe recipe = TokenRecipe(now).claim("tid", quoteJson(tenant));
    std::string behindHeaderText{};
    std::string behindClaimsText{};
    std::string behindEncodedPayload{};
    std::string behindToken{};
    bool wrongSignature = false;

    std::string token() const {
        const auto& key = TestKey::shared(KeyFamily::rsa);
        const auto signingInput = encodeBase64Url(recipe.headerText() + behindHeaderText) + "." +
                                  encodeBase64Url(recipe.claimsText() + behindClaimsText) +
                                  behindEncodedPayload;
        const auto signature = key.sign(Algorithm::rs256, signingInput + (wrongSignature ? "x" : ""));
        return signingInput + "." + encodeBase64Url(signature) + behindToken;
    }
};

struct Fault {
    Refusal refusal;
    /// What it changes; two faults of one place cannot be had at once.
    std::string place;
    std::function<void(Draft&)> put;
};

Fault header(const Refusal& refusal, const std::string& name, const std::string& json) {
    return {refusal, "header " + name, [=](Draft& draft) { draft.recipe.header(name, json); }};
}

Fault claim(const Refusal& refusal, const std::string& name, const std::string& json) {
    return {refusal, "claim " + name, [=](Draft& draft) { draft.recipe.claim(name, json); }};
}

Fault missing(const std::string& name) {
    return {{Cause::claimMissing, name}, "claim " + name, [=](Draft& draft) { draft.recipe.without(name); }};
}

/// Every fault that a token can have, in jose's order; behind its last one those that we look for beyond it.
/// (An unencoded payload is never decoded, so that `b64` is judged before what the payload is.)
std::vector<Fault> faultsInOrder() {
    const auto later = std::to_string(now + 3600);
    return {
        {{Cause::notCompact}, "token", [](Draft& draft) { draft.behindToken = ".AAAA"; }},
        {{Cause::headerInvalid}, "header", [](Draft& draft) { draft.behindHeaderText = "}"; }},
        header({Cause::critInvalid}, "crit", "[]"),
        header({Cause::extensionUnknown, "x"}, "crit", R"(["x"])"),
        {{Cause::b64Missing}, "header b64", [](Draft& draft) { draft.recipe.header("crit", R"(["b64"])"); }},
        header({Cause::b64NotBoolean}, "b64", "1"),
        {{Cause::algorithmMissing}, "header alg", [](Draft& draft) { draft.recipe.withoutHeader("alg"); }},
        header({Cause::algorithmUnsupported}, "alg", R"("HS256")"),
        header({Cause::algorithmNotAllowed}, "alg", R"("RS384")"),
        header({Cause::noMatchingKey}, "kid", R"("unknown")"),
        header({Cause::multipleMatchingKeys}, "kid", R"("twice")"),
        {{Cause::signatureInvalid}, "signature", [](Draft& draft) { draft.wrongSignature = true; }},
        header({Cause::payloadUnencoded}, "b64", "false"),
        {{Cause::payloadNotBase64Url}, "payload", [](Draft& draft) { draft.behindEncodedPayload = "*"; }},
        header({Cause::typeUnexpected}, "typ", R"("dpop+jwt")"),
        {{Cause::claimsNotObject}, "claims", [](Draft& draft) { draft.behindClaimsText = "}"; }},
        missing("iss"),
        missing("aud"),
        missing("exp"),
        claim({Cause::claimUnexpected, "iss"}, "iss", R"("x")"),
        claim({Cause::claimUnexpected, "aud"}, "aud", R"(["x"])"),
        claim({Cause::claimNotNumber, "iat"}, "iat", R"("1")"),
        claim({Cause::claimNotNumber, "nbf"}, "nbf", "null"),
        claim({Cause::claimTimestampFailed, "nbf"}, "nbf", later),
        claim({Cause::claimNotNumber, "exp"}, "exp", "[]"),
        claim({Cause::expired}, "exp", std::to_string(now)),
        claim({Cause::issuedInFuture}, "iat", later),
        missing("tid"),
        claim({Cause::claimUnexpected, "tid"}, "tid", R"("x")"),
        claim({Cause::claimUnexpected, "tty"}, "tty", R"("idt")"),
        claim({Cause::claimUnexpected, "at_hash"}, "at_hash", R"("x")"),
        claim({Cause::claimUnexpected, "c_hash"}, "c_hash", R"("x")"),
        claim({Cause::claimUnexpected, "nonce"}, "nonce", R"("x")"),
        claim({Cause::claimUnexpected, "cnf"}, "cnf", R"({"jkt":"x"})"),
    };
}

struct Fixture {
    ManualClock clock;
    TokenValidator validator = makeValidator(clock);

    static TokenValidator makeValidator(Clock& clock) {
        TokenPolicy policy;
        policy.issuer = TokenRecipe::issuer;
        policy.audiences = {TokenRecipe::audience};
        policy.tenant = tenant;
        const auto& key = TestKey::shared(KeyFamily::rsa);
        const auto twice = key.jwk(R"("kid":"twice")");
        auto keys = JwkSet::parse(keySetOf({key.jwk(R"("kid":"k1")"), twice, twice}));
        return {policy, std::make_shared<FixedKeySource>(std::get<std::shared_ptr<const JwkSet>>(keys)),
                nullptr, 1, clock};
    }

    std::string refusalOf(const Draft& draft) {
        const auto result = validator.validate(draft.token());
        const auto* refusal = std::get_if<Refusal>(&result);
        return refusal ? refusal->message() : "none";
    }
};

}  // namespace

// Of several faults the first in jose's order is the one that is reported.
BOOST_FIXTURE_TEST_SUITE(OrderOfChecksTest, Fixture)

BOOST_AUTO_TEST_CASE(aDraftWithoutFaultsPasses) {
    BOOST_TEST(refusalOf(Draft()) == "none");
}

BOOST_AUTO_TEST_CASE(eachFaultAloneIsReported) {
    for (const auto& fault : faultsInOrder()) {
        Draft draft;
        fault.put(draft);
        BOOST_TEST(refusalOf(draft) == fault.refusal.message());
    }
}

BOOST_AUTO_TEST_CASE(ofTwoFaultsTheFirstIsReported) {
    const auto faults = faultsInOrder();
    int pairs = 0;
    for (std::size_t first = 0; first < faults.size(); ++first) {
        for (std::size_t second = first + 1; second < faults.size(); ++second) {
            if (faults[first].place == faults[second].place) continue;
            Draft draft;
            faults[second].put(draft);
            faults[first].put(draft);
            BOOST_TEST(refusalOf(draft) == faults[first].refusal.message(),
                       faults[first].place << " and " << faults[second].place << ": " << refusalOf(draft));
            ++pairs;
        }
    }
    BOOST_TEST(pairs > 500);
}

BOOST_AUTO_TEST_CASE(ofAllFaultsAtOnceTheFirstIsReported) {
    const auto faults = faultsInOrder();
    Draft draft;
    for (auto fault = faults.rbegin(); fault != faults.rend(); ++fault) {
        fault->put(draft);
        // The one fault that another hides: crit names b64, and b64 is there by now.
        if (fault->refusal.cause == Cause::b64Missing) continue;
        BOOST_TEST(refusalOf(draft) == fault->refusal.message());
    }
}

BOOST_AUTO_TEST_SUITE_END()
