#include "changebank/security/refusal/Challenge.h"

#include <Poco/Exception.h>

#include <boost/test/unit_test.hpp>
#include <vector>

using namespace changebank::security;
using namespace std::chrono_literals;

namespace {

const std::string metadata = "https://bank.example/.well-known/oauth-protected-resource";

Challenge::Parts everything() {
    return {.resourceMetadata = metadata,
            .scopes = {"change:make", "panic"},
            .maxAge = 5min,
            .authenticationClasses = {"urn:mfa", "phr"}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ChallengeTest)

// RFC 6750 section 3: no error code where nothing was presented. These stay as they are, byte for byte.
BOOST_AUTO_TEST_CASE(withoutSettingsAChallengeHasRealmAndError) {
    const Challenge challenge;
    for (const auto& [cause, value] : std::vector<std::pair<Cause, std::string>>{
             {Cause::missingToken, R"(Bearer realm="changebank")"},
             {Cause::expired, R"(Bearer realm="changebank", error="invalid_token")"},
             {Cause::extensionUnknown, R"(Bearer realm="changebank", error="invalid_token")"},
             {Cause::roleMissing, R"(Bearer realm="changebank", error="insufficient_scope")"},
             {Cause::scopeMissing, R"(Bearer realm="changebank", error="insufficient_scope")"},
             {Cause::permissionMissing, R"(Bearer realm="changebank", error="insufficient_scope")"},
             {Cause::insufficientAuthentication,
              R"(Bearer realm="changebank", error="insufficient_user_authentication")"},
             {Cause::repeatedAuthorization, R"(Bearer realm="changebank", error="invalid_request")"},
             {Cause::malformedAuthorization, R"(Bearer realm="changebank", error="invalid_request")"},
             {Cause::crossSiteRequest, ""},
             {Cause::forwardedRequestInvalid, ""},
             {Cause::pathAmbiguous, ""},
             {Cause::fieldForbidden, ""},
             {Cause::ruleMissing, ""},
             {Cause::dpopTooMany, ""},
             {Cause::clientRateExceeded, ""},
             {Cause::badTokenRateExceeded, ""},
             {Cause::subjectRateExceeded, ""},
             {Cause::keysUnreachable, ""},
             {Cause::keysBusy, ""}}) {
        BOOST_TEST(challenge.valueFor(cause) == value, traitsOf(cause).name);
    }
}

// RFC 9728 section 5.1, RFC 6750 section 3.1, RFC 9470 section 3.
BOOST_AUTO_TEST_CASE(whatARouteWantsIsNamedWhereItHelps) {
    const Challenge challenge(everything());
    const std::string scope = R"(, scope="change:make panic")";
    const std::string where = R"(, resource_metadata=")" + metadata + '"';
    for (const auto& [cause, value] : std::vector<std::pair<Cause, std::string>>{
             {Cause::missingToken, R"(Bearer realm="changebank")" + scope + where},
             {Cause::expired, R"(Bearer realm="changebank", error="invalid_token")" + scope + where},
             {Cause::noMatchingKey, R"(Bearer realm="changebank", error="invalid_token")" + scope + where},
             {Cause::roleMissing, R"(Bearer realm="changebank", error="insufficient_scope")" + scope + where},
             {Cause::scopeMissing,
              R"(Bearer realm="changebank", error="insufficient_scope")" + scope + where},
             {Cause::permissionMissing,
              R"(Bearer realm="changebank", error="insufficient_scope")" + scope + where},
             {Cause::insufficientAuthentication,
              R"(Bearer realm="changebank", error="insufficient_user_authentication")" + scope +
                  R"(, max_age="300", acr_values="urn:mfa phr")" + where},
             {Cause::repeatedAuthorization, R"(Bearer realm="changebank", error="invalid_request")" + where},
             {Cause::crossSiteRequest, ""},
             {Cause::keysUnreachable, ""}}) {
        BOOST_TEST(challenge.valueFor(cause) == value, traitsOf(cause).name);
    }
}

BOOST_AUTO_TEST_CASE(every401NamesTheMetadata) {
    const Challenge challenge(Challenge::Parts{.resourceMetadata = metadata});
    for (const auto& traits : allCauses()) {
        const auto value = challenge.valueFor(traits.cause);
        BOOST_TEST((value.find(metadata) != std::string::npos) == !value.empty(), traits.name);
        if (traits.status == 401) BOOST_TEST(!value.empty(), traits.name);
        BOOST_TEST(value.find("scope=") == std::string::npos, traits.name);
        BOOST_TEST(value.find("max_age") == std::string::npos, traits.name);
        BOOST_TEST(value.find("acr_values") == std::string::npos, traits.name);
    }
}

// RFC 9449 section 7.2, figures 15 to 19; the realm is ours.
BOOST_AUTO_TEST_CASE(bothSchemesAreOffered) {
    const Challenge both(Challenge::Parts{.dpopAlgorithms = {"ES256", "PS256"}});
    const std::string bearer = R"(Bearer realm="changebank")";
    const std::string dpop = R"(DPoP realm="changebank", algs="ES256 PS256")";
    const auto error = [](const std::string& code) { return R"(, error=")" + code + '"'; };
    using Scheme = AuthenticationScheme;
    BOOST_TEST(both.valueFor(Cause::missingToken) == bearer + ", " + dpop);
    BOOST_TEST(both.valueFor(Cause::expired) == bearer + error("invalid_token") + ", " + dpop);
    BOOST_TEST(both.valueFor(Cause::expired, Scheme::dpop) == bearer + ", " + dpop + error("invalid_token"));
    BOOST_TEST(both.valueFor(Cause::dpopReplayed, Scheme::dpop) ==
               bearer + ", " + dpop + error("invalid_dpop_proof"));
    BOOST_TEST(both.valueFor(Cause::dpopNonceMissing, Scheme::dpop) ==
               bearer + ", " + dpop + error("use_dpop_nonce"));
    BOOST_TEST(both.valueFor(Cause::dpopTokenAsBearer) == bearer + error("invalid_token") + ", " + dpop);
    BOOST_TEST(both.valueFor(Cause::roleMissing, Scheme::dpop) ==
               bearer + ", " + dpop + error("insufficient_scope"));
    BOOST_TEST(both.valueFor(Cause::repeatedAuthorization) ==
               bearer + error("invalid_request") + ", " + dpop + error("invalid_request"));
    BOOST_TEST(both.valueFor(Cause::dpopTooMany, Scheme::dpop) == "");
    BOOST_TEST(both.valueFor(Cause::dpopStoreFull, Scheme::dpop) == "");
    const Challenge only(Challenge::Parts{.dpopAlgorithms = {"ES256", "PS256"}, .isDpopRequired = true});
    BOOST_TEST(only.valueFor(Cause::missingToken) == dpop);
    BOOST_TEST(only.valueFor(Cause::dpopRequired) == dpop + error("invalid_token"));
    BOOST_TEST(only.valueFor(Cause::dpopKeyMismatch, Scheme::dpop) == dpop + error("invalid_token"));
}

BOOST_AUTO_TEST_CASE(bothSchemesHaveTheRestOfAChallenge) {
    const Challenge challenge(
        Challenge::Parts{.resourceMetadata = metadata, .scopes = {"a"}, .dpopAlgorithms = {"ES256"}});
    const auto rest = R"(, scope="a", resource_metadata=")" + metadata + '"';
    BOOST_TEST(challenge.valueFor(Cause::missingToken) ==
               R"(Bearer realm="changebank")" + rest + R"(, DPoP realm="changebank", algs="ES256")" + rest);
}

BOOST_AUTO_TEST_CASE(aChallengeOffersSomething) {
    BOOST_CHECK_THROW(Challenge(Challenge::Parts{.isDpopRequired = true}), Poco::InvalidArgumentException);
    BOOST_CHECK_THROW(Challenge(Challenge::Parts{.dpopAlgorithms = {"a b"}}), Poco::InvalidArgumentException);
}

BOOST_AUTO_TEST_CASE(aServiceHasARealmOfItsOwn) {
    BOOST_TEST(Challenge(Challenge::Parts{.realm = "a shop"}).valueFor(Cause::expired) ==
               R"(Bearer realm="a shop", error="invalid_token")");
}

BOOST_AUTO_TEST_CASE(textThatCannotStandInAHeaderIsRejectedAtOnce) {
    for (const std::string bad : {"a\"b", "a\\", "a\r\nb", "\x7F", "caf\xC3\xA9", "a\tb"}) {
        BOOST_CHECK_THROW(Challenge(Challenge::Parts{.realm = bad}), Poco::InvalidArgumentException);
        for (const auto& text : {bad, std::string("a b")}) {
            BOOST_CHECK_THROW(Challenge(Challenge::Parts{.resourceMetadata = text}),
                              Poco::InvalidArgumentException);
            BOOST_CHECK_THROW(Challenge(Challenge::Parts{.scopes = {"a", text}}),
                              Poco::InvalidArgumentException);
            BOOST_CHECK_THROW(Challenge(Challenge::Parts{.authenticationClasses = {text}}),
                              Poco::InvalidArgumentException);
        }
    }
    BOOST_CHECK_THROW(Challenge(Challenge::Parts{.scopes = {""}}), Poco::InvalidArgumentException);
    for (const auto age : {0s, -1s})
        BOOST_CHECK_THROW(Challenge(Challenge::Parts{.maxAge = age}), Poco::InvalidArgumentException);
}

BOOST_AUTO_TEST_SUITE_END()
